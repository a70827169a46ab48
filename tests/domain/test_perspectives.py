from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput
from planner.domain.perspectives import (
    View,
    Viewpoint,
    concordance,
    concordance_words,
    gap_words,
    perspective_gap,
    viewpoint_gap,
    viewpoint_words,
)

SCORES = st.integers(1, 5)


@pytest.mark.parametrize(
    ("scores", "gap"),
    [
        ([], None),
        ([3], None),
        ([5, 4, 4, 2], Fraction(9, 16)),
        ([5, 5, 1, 1], Fraction(1)),
        ([3, 3, 3, 3], Fraction(0)),
        ([5, 1], Fraction(1)),
        ([4, 4, 5, 5, 2], Fraction(7, 12)),
    ],
)
def test_the_gap_is_nothing_where_all_agree_and_one_where_they_are_split(
    scores: list[int], gap: Fraction | None
) -> None:
    assert perspective_gap(scores) == gap


@pytest.mark.parametrize(
    ("ratings", "agreement"),
    [
        (["5421", "4521", "5331"], Fraction(25, 29)),
        (["5421", "1245", "5421"], Fraction(1, 9)),
        (["543", "453", "543", "534"], Fraction(9, 16)),
        ([], None),
        (["5421"], None),
        (["5", "4"], None),
        (["333", "222"], None),
    ],
)
def test_agreement_on_the_whole_list(ratings: list[str], agreement: Fraction | None) -> None:
    assert concordance([[int(score) for score in row] for row in ratings]) == agreement


def views(strategy: list[int], work: list[int]) -> list[View]:
    return [View(score, Viewpoint.STRATEGY) for score in strategy] + [
        View(score, Viewpoint.WORK) for score in work
    ]


def test_the_two_viewpoints_are_compared_from_three_voices_each_on() -> None:
    assert viewpoint_gap(views([5, 4, 5], [2, 2, 5, 1])) == 3
    assert viewpoint_gap(views([1, 2, 2], [4, 5, 4])) == -2
    assert viewpoint_gap(views([5, 5], [1, 1, 1, 1, 1])) is None
    assert viewpoint_gap([*views([5, 5], [1, 1, 1]), View(5)]) is None


def test_a_rating_off_the_scale_is_refused_with_what_was_read() -> None:
    with pytest.raises(InvalidInput, match=r"score: is 6; expected a whole number from 1 to 5"):
        perspective_gap([1, 6])
    with pytest.raises(InvalidInput, match="is 0"):
        viewpoint_gap([View(0)])


def test_raters_who_rated_different_things_are_not_compared() -> None:
    with pytest.raises(InvalidInput, match="expected the same for each"):
        concordance([[1, 2], [1, 2, 3]])


def test_figures_are_said_in_words() -> None:
    gaps = [None, Fraction(0), Fraction(1, 4), Fraction(35, 100), Fraction(3, 4)]
    assert [gap_words(gap) for gap in gaps] == [
        "Too few votes to compare.",
        "All see it alike.",
        "Views are close.",
        "Views differ.",
        "Views are far apart.",
    ]
    assert [viewpoint_words(gap) for gap in (None, Fraction(0), Fraction(1), Fraction(-2))] == [
        "",
        "Nearer to strategy and nearer to the work it is seen alike.",
        "More important to those nearer to strategy.",
        "Much more important to those nearer to the work.",
    ]
    agreements = [None, Fraction(7, 10), Fraction(3, 10), Fraction(29, 100)]
    assert [concordance_words(agreement) for agreement in agreements] == [
        "",
        "You largely agree on what comes first.",
        "Your orders are mixed.",
        "You have different pictures of what comes first.",
    ]


@given(st.lists(SCORES, min_size=2, max_size=9))
def test_the_gap_lies_between_agreement_and_split(scores: list[int]) -> None:
    gap = perspective_gap(scores)

    assert gap is not None
    assert 0 <= gap <= 1
    assert (gap == 0) == (len(set(scores)) == 1)
    assert gap == perspective_gap(sorted(scores))
    assert gap == perspective_gap([6 - score for score in scores])


@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(SCORES, min_size=n, max_size=n), min_size=2)))
def test_agreement_lies_between_none_and_all(ratings: list[list[int]]) -> None:
    agreement = concordance(ratings)

    assert agreement is None or 0 <= agreement <= 1
    assert concordance([ratings[0]] * 3) in {None, Fraction(1)}
