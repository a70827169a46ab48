"""Minutes that are learned: from five on, the median, drawn towards what is usual."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.meeting.learned import LEAST, MOST, Learned, Measured, Sort, learn

MINUTE = 60


def took(*minutes: int, sort: Sort = Sort.SEQUENTIAL, usual: int = 10) -> list[Measured]:
    return [Measured(sort, usual, each * MINUTE) for each in minutes]


def test_four_items_teach_nothing() -> None:
    assert learn(took(20, 20, 20, 20)) == Learned()
    assert Learned().minutes(Sort.SEQUENTIAL, 8) == 8


def test_five_items_are_half_believed() -> None:
    found = learn(took(20, 20, 20, 20, 20))

    assert found.scales == {Sort.SEQUENTIAL: (5, Fraction(3, 2))}
    assert (found.minutes(Sort.SEQUENTIAL, 10), found.count(Sort.SEQUENTIAL)) == (15, 5)


def test_many_items_are_believed_more() -> None:
    assert learn(took(*[20] * 45)).minutes(Sort.SEQUENTIAL, 10) == 19


def test_one_that_ran_away_lengthens_no_other() -> None:
    assert learn(took(10, 10, 10, 10, 600)).minutes(Sort.SEQUENTIAL, 10) == 10


def test_each_kind_learns_for_itself() -> None:
    found = learn(
        [*took(*[5] * 5), *took(*[40] * 5, sort=Sort.RECIPROCAL, usual=20), *took(9, sort=Sort.TOPIC)]
    )

    assert {sort: count for sort, (count, _scale) in found.scales.items()} == {
        Sort.SEQUENTIAL: 5,
        Sort.RECIPROCAL: 5,
    }
    assert (found.minutes(Sort.SEQUENTIAL, 10), found.minutes(Sort.RECIPROCAL, 20)) == (8, 30)
    assert (found.minutes(Sort.TOPIC, 5), found.count(Sort.TOPIC), found.count(None)) == (5, 0, 0)


def test_what_was_not_measured_is_left_out() -> None:
    assert learn([*took(20, 20, 20, 20, 0), Measured(Sort.SEQUENTIAL, 0, 900)]) == Learned()


@pytest.mark.parametrize(("minutes", "expected"), [(1, 5), (10_000, 30)])
def test_nothing_becomes_absurd(minutes: int, expected: int) -> None:
    assert learn(took(*[minutes] * 50)).minutes(Sort.SEQUENTIAL, 10) == expected


def test_nothing_stays_nothing_and_something_stays_something() -> None:
    found = learn(took(*[1] * 50, usual=2))

    assert (found.minutes(Sort.SEQUENTIAL, 0), found.minutes(Sort.SEQUENTIAL, 1)) == (0, 1)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20_000)), max_size=40))
def test_a_scale_lies_between_what_is_usual_and_what_was_measured(items: list[tuple[int, int]]) -> None:
    found = learn(Measured(Sort.TOPIC, usual, seconds) for usual, seconds in items)

    for count, scale in found.scales.values():
        ratios = sorted(Fraction(seconds, MINUTE * usual) for usual, seconds in items if seconds)
        assert count == len(ratios) >= 5
        usual_is = Fraction(1)
        assert max(min(ratios[0], usual_is), LEAST) <= scale <= min(
            max(ratios[-1], usual_is), MOST
        ) or scale in {
            LEAST,
            MOST,
        }
