"""Planning from an earlier plan: few sessions touched, the others as they were."""

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.consolidation.model import Attendee, Plan, Rules, Task
from planner.domain.consolidation.solver import replan, solve
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, random_task, task
from tests.domain.consolidation.checker import check

BOTH = pytest.mark.parametrize("rules", [WHOLE, WINDOW])
PEOPLE = "abcdefghijklmnop"


def some_task(rules: Rules) -> Task:
    return random_task(11, 40, rules=rules, people=PEOPLE)


def touched(before: Plan, after: Plan) -> int:
    """Sessions of before that are not exactly as they were."""
    return len(set(before.sessions) - set(after.sessions))


@BOTH
def test_nothing_new_changes_nothing(rules: Rules) -> None:
    given_task = some_task(rules)
    earlier = solve(given_task, effort=0.2).plan

    assert replan(given_task, earlier).plan == earlier


@BOTH
def test_one_dependency_more_touches_two_sessions_at_most(rules: Rules) -> None:
    given_task = some_task(rules)
    earlier = solve(given_task, effort=0.2).plan
    more = replace(given_task, items=(*given_task.items, item("new", "ab", 10)))

    found = replan(more, earlier)

    assert touched(earlier, found.plan) <= 2
    assert check(more, found.plan) == ()


@BOTH
def test_one_dependency_less_touches_its_own_session(rules: Rules) -> None:
    given_task = some_task(rules)
    earlier = solve(given_task, effort=0.2).plan
    gone = given_task.items[3].id
    fewer = replace(given_task, items=tuple(one for one in given_task.items if one.id != gone))

    found = replan(fewer, earlier)

    assert touched(earlier, found.plan) <= 2
    assert check(fewer, found.plan) == ()


def test_who_is_ill_is_spoken_for_and_the_other_sessions_stay() -> None:
    given_task = some_task(WINDOW)
    earlier = solve(given_task, effort=0.2).plan
    spoken_for = tuple(
        replace(one, people=one.people - {"a"} | {"z"}) if "a" in one.people else one
        for one in given_task.items
    )
    changed = replace(given_task, items=spoken_for, attendees={**given_task.attendees, "z": Attendee("z")})

    found = replan(changed, earlier)

    without = {session for session in earlier.sessions if "a" not in session.attendees}
    assert without <= set(found.plan.sessions)
    assert check(changed, found.plan) == ()


def test_a_price_for_moved_seats_keeps_a_session_that_could_be_a_little_cheaper() -> None:
    apart = task(item("x", "ab", 20), item("y", "bc", 20))
    pair = plan(apart, "x", "y")

    assert replan(apart, pair).plan == pair


def test_sessions_keep_their_start_and_the_new_one_goes_round_them() -> None:
    people = {name: Attendee(name, hours=WorkingHours("UTC", 540, 720)) for name in "abcd"}
    week = (date(2026, 3, 9), date(2026, 3, 10))
    given_task = replace(task(item("y", "cd", 60), item("z", "cd", 50)), attendees=people, days=week)
    earlier = solve(given_task).plan
    more = replace(given_task, items=(*given_task.items, item("x", "ac", 100)))

    found = replan(more, earlier)

    assert set(earlier.sessions) <= set(found.plan.sessions)
    assert check(more, found.plan) == ()


def test_an_empty_earlier_plan_is_no_obstacle() -> None:
    given_task = some_task(WHOLE)

    assert check(given_task, replan(given_task, Plan(())).plan) == ()
