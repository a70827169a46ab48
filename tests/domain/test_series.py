"""Sessions that come round again keep their local hour, and move where somebody could not be there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.away import stretch_of
from planner.domain.model import WorkingHours
from planner.domain.series import (
    Presence,
    Round,
    Series,
    after,
    count_until,
    fitting,
    in_turns,
    refitted,
    rounds,
)

BERLIN = WorkingHours("Europe/Berlin")
NEW_YORK = WorkingHours("America/New_York")
# two weeks before a change of clocks, each at nine in the morning there
SEVEN = [
    ("Europe/Berlin", datetime(2026, 3, 18, 8, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 14, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 2, 26, 14, tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2026, 10, 22, 16, tzinfo=UTC)),
    ("Australia/Sydney", datetime(2026, 3, 24, 22, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 3, 18, 3, 15, tzinfo=UTC)),
    ("America/St_Johns", datetime(2026, 2, 26, 12, 30, tzinfo=UTC)),
]


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "start"), SEVEN)
def test_the_local_hour_stays_over_a_change_of_clocks(zone: str, start: datetime) -> None:
    held = [one.planned.astimezone(ZoneInfo(zone)) for one in rounds(Series(start, zone, 14, 3))]

    assert [f"{one:%H:%M}" for one in held] == ["09:00"] * 3
    assert [(one.date() - held[0].date()).days for one in held] == [0, 14, 28]


def test_an_hour_that_clocks_leave_out_or_show_twice() -> None:
    assert after(utc(3, 15, 1, 30), "Europe/Berlin", 14) == utc(3, 29, 1, 30)  # 02:30 by the clock of before
    assert after(utc(10, 11, 0, 30), "Europe/Berlin", 14) == utc(10, 25, 0, 30)  # the first of the two


@given(
    zone=st.sampled_from([zone for zone, _start in SEVEN]),
    start=st.integers(0, 366 * 24 * 60).map(lambda minutes: utc(1, 1, 0) + timedelta(minutes=minutes)),
    every=st.integers(1, 60),
    count=st.integers(1, 12),
)
def test_rounds_are_in_order_and_apart(zone: str, start: datetime, every: int, count: int) -> None:
    found = [one.planned for one in rounds(Series(start, zone, every, count))]

    assert found[0] == start
    steps = [second - first for first, second in pairwise(found)]
    assert all(abs(step - timedelta(days=every)) <= timedelta(hours=2) for step in steps)


def test_rounds_that_are_moved_or_left_out() -> None:
    series = Series(utc(3, 3, 14), "Europe/Berlin", 14, 3, {1: utc(3, 18, 9), 2: None})

    assert rounds(series) == (
        Round(0, utc(3, 3, 14), utc(3, 3, 14)),
        Round(1, utc(3, 17, 14), utc(3, 18, 9)),
        Round(2, utc(3, 31, 13), None),
    )
    assert [one.is_moved for one in rounds(series)] == [False, True, False]


@pytest.mark.parametrize(
    ("last", "expected"),
    [(date(2026, 3, 3), 1), (date(2026, 3, 16), 1), (date(2026, 3, 17), 2), (date(2026, 3, 1), 1)],
)
def test_it_is_held_up_to_the_last_day(last: date, expected: int) -> None:
    assert count_until(utc(3, 3, 14), "Europe/Berlin", 14, last) == expected


def test_a_round_moves_into_the_hours_of_both_when_one_changes_its_clock_first() -> None:
    both = [Presence(BERLIN, (0, 60)), Presence(NEW_YORK, (0, 60))]  # 14 to 16, 13 to 16 UTC
    by_new_york = Series(utc(3, 3, 15), "America/New_York", 7, 5)

    found = refitted(by_new_york, both)

    # ten in New York is 15:00 in UTC until 8 March, 14:00 after it, and always in the hours of Berlin
    assert found == by_new_york
    by_berlin = Series(utc(3, 3, 14), "Europe/Berlin", 28, 2)
    assert refitted(by_berlin, both).exceptions == {}
    late = Series(utc(3, 3, 15), "Europe/Berlin", 7, 5)
    assert refitted(late, both).exceptions == {}


def test_a_round_that_leaves_the_hours_of_somebody_is_moved_on_its_day() -> None:
    early, late = (
        WorkingHours("Europe/Berlin", 15 * 60, 17 * 60),
        WorkingHours("America/New_York", 9 * 60, 600),
    )
    both = [Presence(early, (0, 60)), Presence(late, (0, 60))]
    series = Series(utc(3, 3, 14), "Europe/Berlin", 7, 2)

    # nine in New York is 13:00 in UTC from 8 March on, before three in Berlin: no time on that day
    assert fitting(utc(3, 10, 14), both) is None
    assert refitted(series, both) == series
    wide = [Presence(BERLIN, (0, 60)), Presence(late, (0, 60))]
    assert refitted(series, wide).exceptions == {1: utc(3, 10, 13)}


def test_a_round_gives_way_to_who_is_away() -> None:
    away = (stretch_of(utc(3, 10, 7), utc(3, 10, 10)),)
    alone = [Presence(BERLIN, (0, 60), away)]

    assert fitting(utc(3, 10, 9), alone) == utc(3, 10, 10)
    assert refitted(Series(utc(3, 3, 9), "Europe/Berlin", 7, 2), alone).exceptions == {1: utc(3, 10, 10)}


def test_where_the_first_round_fits_nobody_hours_say_nothing() -> None:
    series = Series(utc(3, 3, 3), "Europe/Berlin", 7, 3)

    assert refitted(series, [Presence(BERLIN, (0, 60))]) == series


def test_turns_are_taken_at_local_hours_also_when_clocks_change() -> None:
    """Every other round is at the hour of the other start, on its own day of the week."""
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 3, 10, 17, tzinfo=berlin).astimezone(UTC)
    second = datetime(2026, 3, 11, 8, 30, tzinfo=berlin).astimezone(UTC)

    found = in_turns(Series(first, "Europe/Berlin", 14, 4), second)

    held = [one.starts_at for one in rounds(found) if one.starts_at]
    assert [f"{moment.astimezone(berlin):%a %d %b %H:%M}" for moment in held] == [
        "Tue 10 Mar 17:00",
        "Wed 25 Mar 08:30",
        "Tue 07 Apr 17:00",
        "Wed 22 Apr 08:30",
    ]


def test_a_turn_in_another_week_is_on_the_nearest_day() -> None:
    first = datetime(2026, 3, 10, 17, tzinfo=UTC)

    found = in_turns(Series(first, "UTC", 14, 2), datetime(2026, 3, 16, 8, tzinfo=UTC))

    assert found.exceptions == {1: datetime(2026, 3, 23, 8, tzinfo=UTC)}
