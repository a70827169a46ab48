"""How long things of a kind really take here: learned from what was measured, never about anybody.

Of each kind the median of actual over usual minutes, shrunk towards 1 as if κ = 5 items had taken what is
usual: s = (κ + n · median) / (κ + n), from five measured items on. It is the scale of our domain notes
(C4: s = (κ + Σ actual/predicted) / (κ + n), with the κ = 5 of C13) with n times the median in place of the
sum, because one conversation that ran away should not lengthen all that follow. The usual minutes are those
of C4, 5 + 10·gap where one waits for the other and 10 + 20·gap where both do; they are guesses, and this is
how they become better ones. The rule of five is ours: fewer say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

LEARNED_FROM = 5
SHRINK = 5
LEAST, MOST = Fraction(1, 2), Fraction(3)
"""No kind becomes shorter or longer than so many times what is usual."""


class Sort(StrEnum):
    """The kind of an item, as far as it tells how long it takes."""

    RECIPROCAL = "reciprocal"
    SEQUENTIAL = "sequential"
    SETTLED = "settled"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Measured:
    """How long an item was meant to take by the usual minutes, and how many seconds it took."""

    sort: Sort
    usual: int
    seconds: int


@dataclass(frozen=True)
class Learned:
    """By kind how many items were measured and the scale that they give; kinds with too few are not in it."""

    scales: Mapping[Sort, tuple[int, Fraction]] = field(default_factory=dict)

    def minutes(self, sort: Sort, usual: int) -> int:
        """Return how long an item of this kind is given, in whole minutes; nothing stays nothing."""
        if sort not in self.scales or usual <= 0:
            return usual
        exact = self.scales[sort][1] * usual
        whole = Decimal(exact.numerator) / Decimal(exact.denominator)
        return max(int(whole.to_integral_value(ROUND_HALF_UP)), 1)

    def count(self, sort: Sort | None) -> int:
        """Return from how many items the minutes of a kind are learned; 0 where they are the usual ones."""
        return self.scales[sort][0] if sort is not None and sort in self.scales else 0


def learn(measured: Iterable[Measured]) -> Learned:
    """Return what these items tell; what has no usual minutes or took no time tells nothing."""
    ratios: dict[Sort, list[Fraction]] = {}
    for one in measured:
        if one.usual > 0 and one.seconds > 0:
            ratios.setdefault(one.sort, []).append(Fraction(one.seconds, 60 * one.usual))
    return Learned(
        {sort: (len(found), _scale(found)) for sort, found in ratios.items() if len(found) >= LEARNED_FROM}
    )


def _scale(ratios: list[Fraction]) -> Fraction:
    shrunk = (SHRINK + len(ratios) * median(ratios)) / (SHRINK + len(ratios))
    return min(max(shrunk, LEAST), MOST)
