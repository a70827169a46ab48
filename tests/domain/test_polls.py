from __future__ import annotations

from datetime import UTC, date, datetime

from planner.domain.away import stretch_of
from planner.domain.model import WorkingHours
from planner.domain.polls import Choice, Standing, best_of, options, standings
from planner.domain.series import Presence

DAYS = (date(2026, 3, 3), date(2026, 3, 4))
BERLIN = Presence(WorkingHours("Europe/Berlin"), (0, 60))
LOS_ANGELES = Presence(WorkingHours("America/Los_Angeles"), (0, 60))
NINE, TEN = datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_where_hours_are_common_the_earliest_of_each_day_are_proposed() -> None:
    assert options([BERLIN], DAYS) == (
        datetime(2026, 3, 3, 8, tzinfo=UTC),
        datetime(2026, 3, 4, 8, tzinfo=UTC),
    )


def test_berlin_and_los_angeles_meet_late_for_one_or_early_for_the_other() -> None:
    found = options([BERLIN, LOS_ANGELES], DAYS)

    # 09 to 17 is 08:00 to 16:00 and 17:00 to 01:00 in UTC: an hour apart, shared, or more of it Los Angeles'
    assert [f"{one:%d %H:%M}" for one in found] == ["03 15:30", "03 16:00", "04 16:00"]


def test_whoever_comes_later_may_begin_to_work_after_midnight() -> None:
    leading = Presence(WorkingHours("America/Los_Angeles", start=15 * 60), (0, 60))
    joining = Presence(WorkingHours("Asia/Tokyo"), (60, 90))

    assert options([leading, joining], [date(2026, 3, 2)]) == (datetime(2026, 3, 2, 23, tzinfo=UTC),)


def test_nobody_is_asked_for_when_they_are_away() -> None:
    away = Presence(BERLIN.hours, BERLIN.part, (stretch_of(NINE.replace(hour=0), NINE.replace(hour=23)),))

    assert [one.day for one in options([away], DAYS)] == [4]
    assert options([], DAYS) == ()
    assert options([BERLIN], [date(2026, 3, 7)]) == ()


def test_the_best_time_leaves_nobody_out_and_names_who_bears_it() -> None:
    answers = {
        ("a", NINE): Choice.YES, ("b", NINE): Choice.NO,
        ("a", TEN): Choice.MAYBE, ("b", TEN): Choice.YES,
    }  # fmt: skip

    found = standings([TEN, NINE], answers, ["a", "b", "c"])

    assert found == (
        Standing(NINE, ("a",), (), ("b",), ("c",)),
        Standing(TEN, ("b",), ("a",), (), ("c",)),
    )
    assert best_of(found) == found[1]
    assert best_of(standings([NINE], {}, ["a"])) is None
