"""Which round of a session is meant: edges of moved, left out, early closed and opened-again rounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import Sitting, round_now, round_to_read
from planner.domain.series import Series, rounds

PLANNED, RUNNING, CLOSED = MeetingState
START = datetime(2026, 3, 3, 9, tzinfo=UTC)
ZONE = "Europe/Berlin"
FORTNIGHT = timedelta(days=14)


def three(*states: MeetingState) -> list[Sitting]:
    """Three rounds, two weeks apart, the first ones in these states."""
    padded = [*states, *[PLANNED] * (3 - len(states))]
    return [Sitting(at, START + at * FORTNIGHT, state) for at, state in enumerate(padded)]


@pytest.mark.parametrize(
    ("found", "now", "expected"),
    [
        pytest.param(three(), START - FORTNIGHT, 0, id="long before, the first"),
        pytest.param(three(), START + timedelta(hours=9), 0, id="on its day, though its hour is over"),
        pytest.param(three(), START + timedelta(days=1), 1, id="nobody began it and its day has passed"),
        pytest.param(three(CLOSED), START, 1, id="closed, on its day already the next"),
        pytest.param(three(CLOSED), START - FORTNIGHT, 1, id="closed before its day"),
        pytest.param(three(RUNNING), START + FORTNIGHT, 0, id="one that runs, whatever the day"),
        pytest.param(three(RUNNING, CLOSED), START + FORTNIGHT, 0, id="opened again after the next was held"),
        pytest.param(three(RUNNING, RUNNING), START, 1, id="of two that run the later"),
        pytest.param(three(CLOSED, CLOSED, CLOSED), START, 2, id="all closed, the last"),
        pytest.param(three(CLOSED), START + 9 * FORTNIGHT, 2, id="none ahead, the last"),
        pytest.param([Sitting(0, None)], START, 0, id="no time yet"),
        pytest.param([Sitting(0, None, CLOSED)], START, 0, id="no time, and closed"),
    ],
)
def test_the_round_that_matters_now(found: list[Sitting], now: datetime, expected: int) -> None:
    assert round_now(found, ZONE, now) == expected


def test_what_is_left_out_is_passed_over() -> None:
    found = three(CLOSED)
    found[1] = replace(found[1], starts_at=None, is_left_out=True)

    assert round_now(found, ZONE, START) == 2
    assert round_now([replace(one, is_left_out=True) for one in found], ZONE, START) == 1


def test_a_round_that_moved_behind_the_next_comes_after_it() -> None:
    found = three(CLOSED)
    found[1] = replace(found[1], starts_at=START + 3 * FORTNIGHT)

    assert round_now(found, ZONE, START) == 2
    assert round_now([*found[:2], replace(found[2], state=CLOSED)], ZONE, START) == 1


def test_a_round_that_moved_forward_is_over_on_its_own_day() -> None:
    found = three()
    found[0] = replace(found[0], starts_at=START - FORTNIGHT)

    assert round_now(found, ZONE, START) == 1


def test_a_day_is_the_one_where_the_session_is_held() -> None:
    evening = datetime(2026, 3, 3, 23, tzinfo=UTC)  # the fourth in Auckland
    found = [Sitting(0, evening), Sitting(1, evening + FORTNIGHT)]

    assert round_now(found, "Pacific/Auckland", datetime(2026, 3, 4, 10, tzinfo=UTC)) == 0
    assert round_now(found, "Pacific/Auckland", datetime(2026, 3, 4, 11, tzinfo=UTC)) == 1
    assert round_now(found, "UTC", datetime(2026, 3, 4, 0, tzinfo=UTC)) == 1


def test_the_day_of_a_change_of_clocks_is_a_whole_day() -> None:
    late = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # half past three, of a day with 23 hours in Berlin
    found = [Sitting(one.number, one.starts_at) for one in rounds(Series(late, ZONE, 14, 2))]

    assert round_now(found, ZONE, datetime(2026, 3, 29, 21, 59, tzinfo=UTC)) == 0
    assert round_now(found, ZONE, datetime(2026, 3, 29, 22, 0, tzinfo=UTC)) == 1


def test_the_minutes_that_are_asked_for_are_those_of_the_last_that_was_held() -> None:
    assert round_to_read(three(), ZONE, START) == 0
    assert round_to_read(three(CLOSED), ZONE, START) == 0
    assert round_to_read(three(CLOSED, RUNNING), ZONE, START) == 1
    assert round_to_read(three(CLOSED, CLOSED), ZONE, START) == 1


@given(
    st.lists(
        st.tuples(st.integers(-30, 30), st.sampled_from(MeetingState), st.booleans()), min_size=1, max_size=6
    ),
    st.integers(-40, 40),
)
def test_it_runs_where_any_does_and_is_not_over_where_any_is_not(
    made: list[tuple[int, MeetingState, bool]], day: int
) -> None:
    now = START + timedelta(days=day)
    found = [
        Sitting(number, START + timedelta(days=at), state, is_left_out=out and state is PLANNED)
        for number, (at, state, out) in enumerate(made)
    ]
    held = [one for one in found if not one.is_left_out] or found

    chosen = found[round_now(found, ZONE, now)]

    assert chosen in held
    assert (chosen.state is RUNNING) == any(one.state is RUNNING for one in held)
    assert chosen.is_over(ZONE, now) == all(one.is_over(ZONE, now) for one in held)
