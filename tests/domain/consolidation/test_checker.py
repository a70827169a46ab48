"""The rules, each broken once."""

from dataclasses import replace
from datetime import date

from planner.domain.consolidation.model import Attendee, Plan, Slot, Task
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, task
from tests.domain.consolidation.checker import check

TUESDAY = date(2026, 3, 3)


def at(given_task: Task, minute: int, *sessions: str) -> Plan:
    found = plan(given_task, *sessions)
    slotted = tuple(replace(session, slot=Slot(TUESDAY, minute)) for session in found.sessions)
    return replace(found, sessions=slotted)


def test_a_plan_that_keeps_every_rule_has_no_findings() -> None:
    given_task = task(item("x", "ab"), item("y", "bc", waits="x"))

    assert check(given_task, plan(given_task, "x y")) == ()


def test_an_item_left_out_is_found() -> None:
    given_task = task(item("x", "ab"), item("y", "bc"))

    assert check(given_task, plan(given_task, "x")) == ("R1: y is in no session.",)


def test_an_item_that_is_named_as_unplaced_is_covered() -> None:
    given_task = task(item("x", "ab"), item("y", "bc", 106))
    found = replace(plan(given_task, "x"), unplaced={"y": "R4: y takes 106 minutes, 105 of 120 are left."})

    assert check(given_task, replace(found, unplaced={"y": "R4: 121 minutes, at most 120."})) == ()
    assert check(given_task, found) == (
        "R4: the figures of y are others than in “R4: y takes 106 minutes, 105 of 120 are left.”",
    )


def test_an_item_met_twice_and_an_unknown_one_are_found() -> None:
    given_task = task(item("x", "ab"), item("y", "ab", 0))

    assert check(given_task, plan(given_task, "x", "x z", "y", "")) == (
        "R1: x is in session 0 and in session 1.",
        "R1: z in session 1 is not in the task.",
        "R1: y in session 2 needs no session.",
        "R1: session 3 is empty.",
    )


def test_somebody_missing_and_somebody_superfluous_are_named() -> None:
    given_task = task(item("x", "ab"))
    found = plan(given_task, "x")
    wrong = replace(found, sessions=(replace(found.sessions[0], attendees=frozenset("ac")),))

    assert check(given_task, wrong) == ("R2: session 0 misses b and has c for nothing.",)


def test_too_many_people_are_counted() -> None:
    given_task = task(item("x", "abc"), item("y", "cde"), rules=replace(WHOLE, people_max=4))

    assert check(given_task, plan(given_task, "x y")) == ("R3: session 0 has 5 people, 4 are allowed.",)


def test_in_window_mode_those_who_left_make_room() -> None:
    given_task = task(item("x", "abc"), item("y", "cde"), item("z", "ab"), rules=replace(WINDOW, room_max=3))

    assert check(given_task, plan(given_task, "z x y")) == ()
    assert check(given_task, plan(given_task, "x y z")) == (
        "R3: session 0 has 5 people at once, 3 are allowed.",
    )


def test_the_opening_counts_towards_the_length() -> None:
    given_task = task(item("x", "ab", 60), item("y", "ab", 46))

    assert check(given_task, plan(given_task, "x y")) == (
        "R4: session 0 takes 121 minutes, 120 are allowed.",
    )


def test_a_start_outside_somebodys_hours_is_found() -> None:
    people = {"a": Attendee("a", hours=WorkingHours("Europe/Berlin")), "b": Attendee("b")}
    given_task = replace(task(item("x", "ab", 15)), attendees=people, days=(TUESDAY,))

    assert check(given_task, at(given_task, 8 * 60, "x")) == ()
    assert check(given_task, at(given_task, 7 * 60 + 45, "x")) == (
        "R5: session 0 needs a from 2026-03-03 07:45:00+00:00 to 2026-03-03 08:15:00+00:00, "
        "outside their hours.",
    )


def test_nobody_sits_in_two_sessions_at_once() -> None:
    given_task = replace(task(item("x", "ab"), item("y", "bc")), days=(TUESDAY,))

    assert check(given_task, at(given_task, 600, "x", "y")) == (
        "R5: b sits in sessions 0 and 1 at the same time.",
    )


def test_with_days_every_session_needs_a_start_on_the_quarter_hour() -> None:
    given_task = replace(task(item("x", "ab")), days=(TUESDAY,))

    assert check(given_task, plan(given_task, "x")) == ("R5: session 0 has no start.",)
    assert check(given_task, at(given_task, 601, "x")) == (
        "R5: session 0 starts at 2026-03-03 10:01:00+00:00, which is not on offer.",
    )


def test_a_group_that_fits_stays_together() -> None:
    given_task = replace(task(item("x", "ab"), item("y", "bc")), keep_together=(frozenset("xy"),))

    assert check(given_task, plan(given_task, "x", "y")) == (
        "R6: x, y belong together and are in sessions [0, 1].",
    )


def test_a_group_too_large_for_the_caps_may_be_split_when_the_plan_says_so() -> None:
    long = task(item("x", "ab", 60), item("y", "bc", 60))
    given_task = replace(long, keep_together=(frozenset("xy"),))
    found = plan(given_task, "x", "y")

    assert check(given_task, replace(found, torn={"x,y": "R6: x, y take 135 minutes."})) == ()
    assert check(given_task, found) == ("R6: x, y cannot be kept together, and the plan does not say so.",)


def test_whole_queues_are_kept_together_when_asked() -> None:
    given_task = task(item("x", "ap"), item("y", "bp"), rules=replace(WHOLE, queues_whole=True))

    assert check(given_task, plan(given_task, "x", "y")) == (
        "R6: x, y belong together and are in sessions [0, 1].",
    )


def test_more_sessions_than_somebody_may_have_are_counted() -> None:
    given_task = task(item("x", "ab"), item("y", "bc"), rules=replace(WHOLE, sessions_max=1))

    assert check(given_task, plan(given_task, "x", "y")) == ("R7: b sits in 2 sessions, 1 are allowed.",)


def test_what_waits_comes_after_what_it_waits_for() -> None:
    given_task = task(item("x", "ab", waits="y"), item("y", "bc"))

    assert check(given_task, plan(given_task, "x y")) == (
        "R8: in session 0 x comes before y, for which it waits.",
    )
    assert check(given_task, plan(given_task, "x", "y")) == ()


def test_a_circle_of_waiting_has_no_order_to_break() -> None:
    given_task = task(item("x", "ab", waits="y"), item("y", "ab", waits="x"))

    assert check(given_task, plan(given_task, "x y")) == check(given_task, plan(given_task, "y x")) == ()
