"""When sessions begin."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from planner.domain.consolidation.model import Attendee, Item, Plan, Rules, Slot, Task
from planner.domain.consolidation.schedule import schedule
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, task
from tests.domain.consolidation.checker import check

BERLIN = WorkingHours("Europe/Berlin")
NEW_YORK = WorkingHours("America/New_York")
LOS_ANGELES = WorkingHours("America/Los_Angeles")
TUESDAY = date(2026, 3, 3)


def timed(
    *items: Item, hours: Mapping[str, WorkingHours], days: tuple[date, ...] = (TUESDAY,), rules: Rules = WHOLE
) -> Task:
    given_task = task(*items, rules=rules)
    people = {name: Attendee(name, hours=hours.get(name)) for name in given_task.attendees}
    return replace(given_task, attendees=people, days=days)


def slots(found: Plan) -> list[tuple[tuple[str, ...], Slot | None]]:
    return [(session.items, session.slot) for session in found.sessions]


@pytest.mark.parametrize(("day", "hour"), [(3, 14), (10, 13), (31, 13)])
def test_berlin_and_new_york_meet_when_new_york_begins(day: int, hour: int) -> None:
    on = date(2026, 3, day)
    given_task = timed(item("x", "ab", 60), hours={"a": BERLIN, "b": NEW_YORK}, days=(on,))

    found = schedule(given_task, plan(given_task, "x"))

    assert slots(found) == [(("x",), Slot(on, hour * 60))]
    assert check(given_task, found) == ()


def test_berlin_and_los_angeles_have_no_common_hour_and_the_plan_says_so() -> None:
    given_task = timed(item("x", "ab", 60), hours={"a": BERLIN, "b": LOS_ANGELES})

    found = schedule(given_task, plan(given_task, "x"))

    assert found == Plan((), {"x": "R5: a, b have no 75 common minutes left for x on the 1 days given."})


def test_in_window_mode_one_may_leave_before_the_other_begins() -> None:
    hours = {"a": BERLIN, "c": WorkingHours("UTC", 16 * 60, 20 * 60)}
    given_task = timed(
        item("x", "ab", 30), item("y", "bc", 30), hours=hours, rules=replace(WINDOW, opening=0)
    )

    found = schedule(given_task, plan(given_task, "x y"))

    assert slots(found) == [(("x", "y"), Slot(TUESDAY, 15 * 60 + 30))]
    assert check(given_task, found) == ()


def test_those_who_are_needed_first_open_a_session_within_their_hours() -> None:
    given_task = timed(item("x", "ab", 30), hours={"a": BERLIN, "b": BERLIN}, rules=WINDOW)

    found = schedule(given_task, plan(given_task, "x"))

    assert slots(found) == [(("x",), Slot(TUESDAY, 8 * 60))]


def test_those_who_share_a_person_follow_each_other_and_others_do_not_wait() -> None:
    given_task = timed(item("x", "ab", 30), item("y", "bc", 30), item("z", "de", 30), hours={"b": BERLIN})

    found = schedule(given_task, plan(given_task, "x", "y", "z"))

    assert slots(found) == [
        (("x",), Slot(TUESDAY, 8 * 60)),
        (("y",), Slot(TUESDAY, 8 * 60 + 45)),
        (("z",), Slot(TUESDAY, 0)),
    ]


def test_a_long_session_needs_ten_minutes_more_for_its_break() -> None:
    hours = {"b": WorkingHours("UTC", 540, 540 + 105)}
    just = timed(item("x", "ab", 40), item("y", "bc", 35), hours=hours)
    over = timed(item("x", "ab", 40), item("y", "bc", 41), hours=hours)

    assert slots(schedule(just, plan(just, "x y"))) == [(("x", "y"), Slot(TUESDAY, 540))]
    assert len(schedule(over, plan(over, "x y")).unplaced) == 1


def test_a_session_that_fits_no_day_is_parted() -> None:
    short = WorkingHours("UTC", 540, 600)
    days = (TUESDAY, date(2026, 3, 4))
    given_task = timed(item("x", "ab", 40), item("y", "bc", 40), hours={"b": short}, days=days)

    found = schedule(given_task, plan(given_task, "x y"))

    assert slots(found) == [(("x",), Slot(days[0], 540)), (("y",), Slot(days[1], 540))]
    assert check(given_task, found) == ()


def test_an_evening_in_california_is_the_next_day_in_utc() -> None:
    given_task = timed(item("x", "ab", 30), hours={"a": replace(LOS_ANGELES, start=16 * 60)})

    found = schedule(given_task, plan(given_task, "x"))

    assert slots(found) == [(("x",), Slot(TUESDAY, 0))]


def test_a_day_off_is_nobodys_day() -> None:
    saturday = date(2026, 3, 7)
    given_task = timed(item("x", "ab", 30), hours={"a": WorkingHours("UTC")}, days=(saturday,))

    found = schedule(given_task, plan(given_task, "x"))

    assert found.sessions == ()


def test_without_days_sessions_have_places_but_no_slots() -> None:
    people = {"a": Attendee("a", "N"), "b": Attendee("b", "S")}
    given_task = replace(task(item("x", "ab")), attendees=people, travel={frozenset("NS"): 6})

    (session,) = schedule(given_task, plan(given_task, "x")).sessions

    assert (session.slot, session.place) == (None, "N")
