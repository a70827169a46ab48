"""Where views of the same things differ, and how that is said.

All figures are exact fractions. Ratings are on a scale from 1 to `scale`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from statistics import median

from planner.domain.errors import InvalidInput, Problem

SCALE = 5
EACH_VIEWPOINT_AT_LEAST = 3
"""Fewer on one side would show single people."""
SPLIT = Fraction(35, 100)
"""From this gap on people see a thing differently enough to talk; an assumption, see docs/assumptions.md."""
APART = Fraction(2, 3)
LARGELY_AGREE, MIXED = Fraction(7, 10), Fraction(3, 10)


class Viewpoint(StrEnum):
    """From where somebody says they look at a thing, for each vote anew."""

    STRATEGY = "strategy"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class View:
    """One rating, with where it is given from; None where that is not said."""

    score: int
    viewpoint: Viewpoint | None = None


def perspective_gap(scores: Sequence[int], *, scale: int = SCALE) -> Fraction | None:
    """Return how far ratings are apart: 0 all equal, 1 split to the ends; None for fewer than two.

    The sum of all distances between two ratings over the largest such sum that so many can have.
    Raises InvalidInput for a rating that is not on the scale.
    """
    _expect_on_scale(scores, scale)
    count = len(scores)
    if count < 2:
        return None
    apart = sum(abs(one - other) for one, other in combinations(scores, 2))
    return Fraction(apart, count * count // 4 * (scale - 1))


def viewpoint_gap(views: Iterable[View]) -> Fraction | None:
    """Return the median of those nearer to strategy minus that of those nearer to the work.

    None unless three or more have rated from each side. Raises InvalidInput as `perspective_gap` does.
    """
    views = list(views)
    _expect_on_scale([view.score for view in views], SCALE)
    near = [[Fraction(view.score) for view in views if view.viewpoint is side] for side in Viewpoint]
    if min(len(scores) for scores in near) < EACH_VIEWPOINT_AT_LEAST:
        return None
    strategy, work = near
    return median(strategy) - median(work)


def concordance(ratings: Sequence[Sequence[int]]) -> Fraction | None:
    """Return how far raters order the same things alike: Kendall's W with mid-ranks, 0 to 1.

    One row for each rater, one column for each thing (Kendall and Babington Smith, The problem of m
    rankings, 1939, corrected for ties). None for fewer than two raters or things, and where every rater
    finds everything equal. Raises InvalidInput for rows of different length.
    """
    lengths = {len(row) for row in ratings}
    if len(lengths) > 1:
        raise InvalidInput(Problem("ratings", f"are of {sorted(lengths)} things; expected the same for each"))
    raters, things = len(ratings), max(lengths, default=0)
    if raters < 2 or things < 2:
        return None
    sums = [sum(column) for column in zip(*(_mid_ranks(row) for row in ratings), strict=True)]
    ties = sum(tie**3 - tie for row in ratings for tie in (row.count(score) for score in set(row)))
    spread = raters**2 * things * (things**2 - 1) - raters * ties
    if not spread:
        return None
    squares = 12 * sum((one * one for one in sums), Fraction())
    return (squares - 3 * raters**2 * things * (things + 1) ** 2) / spread


def gap_words(gap: Fraction | None) -> str:
    """Say a perspective gap without its number."""
    if gap is None:
        return "Too few votes to compare."
    if gap == 0:
        return "All see it alike."
    if gap < SPLIT:
        return "Views are close."
    return "Views are far apart." if gap >= APART else "Views differ."


def viewpoint_words(gap: Fraction | None) -> str:
    """Say which side finds a thing more important; "" where too few have said where they stand."""
    if gap is None:
        return ""
    if gap == 0:
        return "Nearer to strategy and nearer to the work it is seen alike."
    side = "strategy" if gap > 0 else "the work"
    return f"{'Much more' if abs(gap) >= 2 else 'More'} important to those nearer to {side}."


def concordance_words(agreement: Fraction | None) -> str:
    """Say how far people order the whole list alike; "" where that cannot be told."""
    if agreement is None:
        return ""
    if agreement >= LARGELY_AGREE:
        return "You largely agree on what comes first."
    return (
        "Your orders are mixed." if agreement >= MIXED else "You have different pictures of what comes first."
    )


def _expect_on_scale(scores: Iterable[int], scale: int) -> None:
    wrong = sorted({score for score in scores if not 1 <= score <= scale})
    if wrong:
        raise InvalidInput(Problem("score", f"is {wrong[0]}; expected a whole number from 1 to {scale}"))


def _mid_ranks(row: Sequence[int]) -> list[Fraction]:
    """1 for the highest score; equal ones share the mean of their ranks."""
    order = sorted(row, reverse=True)
    return [Fraction(2 * order.index(score) + 1 + order.count(score), 2) for score in row]
