from __future__ import annotations

from datetime import date

import pytest

from planner.domain.calendars import common, starts, windows, working_days
from planner.domain.model import WorkingHours

BERLIN = WorkingHours("Europe/Berlin")
NEW_YORK = WorkingHours("America/New_York")
LOS_ANGELES = WorkingHours("America/Los_Angeles")
KOLKATA = WorkingHours("Asia/Kolkata")
AUCKLAND = WorkingHours("Pacific/Auckland")
DAYS = (date(2026, 3, 3), date(2026, 3, 10), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((BERLIN, NEW_YORK), [((840, 960),), ((780, 960),), ((780, 900),)]),
        ((BERLIN, LOS_ANGELES), [(), (), ()]),
        ((LOS_ANGELES, KOLKATA), [(), (), ()]),
        ((BERLIN, KOLKATA), [((480, 690),), ((480, 690),), ((420, 690),)]),
    ],
)
def test_the_common_window_moves_with_daylight_saving(
    people: tuple[WorkingHours, ...], expected: list[tuple[tuple[int, int], ...]]
) -> None:
    assert [common(windows(hours, day) for hours in people) for day in DAYS] == expected


def test_nobody_works_on_a_free_day() -> None:
    assert windows(BERLIN, date(2026, 3, 7)) == ()
    assert common([]) == ()


def test_the_next_morning_in_auckland_is_the_same_evening_in_utc() -> None:
    assert windows(AUCKLAND, date(2026, 3, 3)) == ((-240, 240), (1200, 1680))


def test_spans_that_only_touch_have_nothing_in_common() -> None:
    assert common([[(0, 60)], [(60, 90)]]) == ()


def test_each_person_needs_to_be_there_only_for_their_own_part() -> None:
    opening, ending = (BERLIN, (0, 60)), (LOS_ANGELES, (120, 180))

    assert starts([opening, ending], date(2026, 3, 3)) == ((900, 900),)


def test_whoever_comes_later_may_begin_to_work_after_midnight() -> None:
    leading, joining = (LOS_ANGELES, (0, 60)), (WorkingHours("Asia/Tokyo"), (60, 90))

    assert starts([leading, joining], date(2026, 3, 3)) == ((0, 0), (1380, 1439))


def test_everybody_always_free_may_start_at_any_minute() -> None:
    assert starts([], DAYS[0]) == ((0, 1439),)


def test_working_days_leave_out_the_weekend() -> None:
    assert working_days(date(2026, 3, 6), 3) == (date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10))
