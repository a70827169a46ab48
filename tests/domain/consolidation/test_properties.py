"""What holds for every plan of every organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from planner.domain.consolidation.cost import plan_cost
from planner.domain.consolidation.model import Attendance, Attendee, Item, Plan, PlannedSession, Rules, Task
from planner.domain.consolidation.solver import replan, solve, widened
from planner.domain.model import WorkingHours
from tests.domain.consolidation.checker import check

pytestmark = pytest.mark.slow

EFFORT = 0.1
NOISE = 0.05  # how far a short search may be above a lucky one
DAYS = tuple(date(2026, 3, day) for day in range(9, 12))
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
PEOPLE = "abcdefghij"

settings.register_profile("plans", max_examples=60, deadline=None, derandomize=True)
plans = settings.get_profile("plans")


@some.composite
def rules(draw: some.DrawFn) -> Rules:
    return Rules(
        attendance=draw(some.sampled_from(Attendance)),
        people_max=draw(some.integers(3, 8)),
        room_max=draw(some.one_of(some.none(), some.integers(3, 6))),
        minutes_max=draw(some.sampled_from((60, 90, 120))),
        seat_cost=draw(some.sampled_from((0, 15, 60))),
        split_cost=draw(some.sampled_from((0, 5))),
    )


@some.composite
def tasks(draw: some.DrawFn) -> Task:
    """Up to eighteen items of ten people, some of which wait, belong together or are kept apart."""
    count = draw(some.integers(0, 18))
    items = tuple(_item(draw, number) for number in range(count))
    ids = [item.id for item in items]
    pairs = some.lists(some.frozensets(some.sampled_from(ids), min_size=2, max_size=3), max_size=2)
    together = tuple(draw(pairs)) if count > 2 else ()
    apart = tuple(draw(pairs)) if count > 2 else ()
    people = {name: Attendee(name) for name in PEOPLE}
    return Task(items, people, draw(rules()), keep_together=together, apart=apart)


def _item(draw: some.DrawFn, number: int) -> Item:
    crowd = draw(some.lists(some.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    waits = draw(some.sets(some.integers(0, max(number - 1, 0)), max_size=1)) if number % 4 == 3 else set()
    return Item(
        f"i{number:02}",
        crowd[0],
        crowd[-1],
        frozenset(crowd),
        draw(some.sampled_from((0, 5, 10, 20, 45, 110))),
        waits_for=frozenset(f"i{other:02}" for other in waits),
        rank=draw(some.integers(0, 3)),
    )


@some.composite
def timed(draw: some.DrawFn) -> Task:
    """The same with working hours in three zones."""
    people = {name: Attendee(name, hours=_hours(draw)) for name in PEOPLE}
    return replace(draw(tasks()), attendees=people, days=DAYS)


def _hours(draw: some.DrawFn) -> WorkingHours | None:
    start = 60 * draw(some.integers(7, 10))
    return draw(some.sampled_from((None, WorkingHours(draw(some.sampled_from(ZONES)), start, start + 480))))


def talks_of(task: Task, plan: Plan) -> Plan:
    """Each set of people settles what the plan settles alone, as far as one talk reaches."""
    known = {item.id: item for item in task.items}
    talks: dict[frozenset[str], list[list[Item]]] = {}
    for key in sorted(key for session in plan.sessions for key in session.items):
        item = known[key]
        open_talk = talks.setdefault(item.people, [[]])[-1]
        longer = task.rules.opening + item.minutes + sum(other.minutes for other in open_talk)
        if open_talk and longer > task.rules.minutes_max:
            talks[item.people].append([item])
        else:
            open_talk.append(item)
    return Plan(
        tuple(
            PlannedSession(tuple(item.id for item in talk), people)
            for people, several in talks.items()
            for talk in several
        )
    )


@plans
@given(some.one_of(tasks(), timed()))
def test_no_rule_is_broken(task: Task) -> None:
    assert check(task, solve(task, effort=EFFORT).plan) == ()


@plans
@given(tasks())
def test_no_plan_costs_less_than_its_bound_or_more_than_talks_in_pairs(task: Task) -> None:
    task = replace(task, keep_together=(), apart=())

    solution = solve(task, effort=EFFORT)

    assert solution.lower_bound <= solution.cost <= plan_cost(task, talks_of(task, solution.plan))


@plans
@given(tasks())
def test_a_first_plan_breaks_no_rule_and_a_search_makes_it_no_dearer(task: Task) -> None:
    first, found = solve(task, effort=0), solve(task, effort=EFFORT)

    assert check(task, first.plan) == ()
    assert found.cost <= first.cost


@plans
@given(some.one_of(tasks(), timed()), some.sampled_from((45, 120)))
def test_a_plan_under_a_higher_price_goes_on_from_the_one_below(task: Task, seat_cost: int) -> None:
    priced = replace(task, rules=replace(task.rules, seat_cost=seat_cost))
    below = solve(task, effort=0).plan

    found = widened(priced, below)

    assert check(priced, found.plan) == ()
    assert len(found.plan.sessions) <= len(below.sessions)
    if found.plan.unplaced.keys() == below.unplaced.keys() and not task.days:
        assert found.cost <= plan_cost(priced, below)


@plans
@given(timed(), some.sampled_from(PEOPLE))
def test_more_free_hours_make_no_plan_dearer_than_the_noise_of_the_search(task: Task, name: str) -> None:
    task = replace(task, keep_together=(), apart=())
    freer = replace(task, attendees={**task.attendees, name: Attendee(name)})

    before, after = solve(task, effort=EFFORT), solve(freer, effort=EFFORT)

    assert after.plan.unplaced.keys() <= before.plan.unplaced.keys()
    if after.plan.unplaced.keys() == before.plan.unplaced.keys():
        assert after.cost <= (1 + NOISE) * before.cost


@plans
@given(some.one_of(tasks(), timed()), some.data())
def test_planning_near_an_earlier_plan_breaks_no_rule(task: Task, data: some.DataObject) -> None:
    kept = [item for item in task.items if data.draw(some.booleans())]
    earlier = solve(replace(task, items=tuple(kept)), effort=0).plan

    assert check(task, replan(task, earlier).plan) == ()


@plans
@given(tasks(), some.integers(1, 3))
def test_nobody_sits_in_more_sessions_than_they_may(task: Task, most: int) -> None:
    limited = replace(task, rules=replace(task.rules, sessions_max=most))

    assert check(limited, solve(limited, effort=EFFORT).plan) == ()
