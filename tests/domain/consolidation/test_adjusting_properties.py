"""What holds for every plan that people have adjusted, whatever they have chosen in whichever order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from planner.domain.consolidation.adjusting import Workbench
from planner.domain.consolidation.adjustment_price import price_of
from planner.domain.consolidation.adjustments import (
    Adjustment,
    Again,
    Apart,
    ApartQueues,
    CannotAdjust,
    Draft,
    Drop,
    LeaveOut,
    Merge,
    Move,
    OnlyFor,
    OtherTime,
    Pin,
    Split,
    Turnout,
    Write,
)
from planner.domain.consolidation.cost import plan_figures
from planner.domain.consolidation.model import Attendee, Slot, Task
from planner.domain.consolidation.solver import solve
from planner.domain.model import WorkingHours
from tests.domain.consolidation.checker import check
from tests.domain.consolidation.test_properties import DAYS, PEOPLE, ZONES, tasks

pytestmark = pytest.mark.slow

adjusted_plans = settings(max_examples=150, deadline=None, derandomize=True)


@some.composite
def situations(draw: some.DrawFn) -> tuple[Task, dict[tuple[str, str], Attendee]]:
    """A task with or without hours, and for some people somebody who speaks in their place."""
    task = draw(tasks())
    task = replace(task, rules=replace(task.rules, sessions_max=draw(some.sampled_from((None, None, 2, 3)))))
    if draw(some.booleans()):
        hours = some.builds(
            WorkingHours,
            some.sampled_from(ZONES),
            some.sampled_from((480, 540, 600)),
            some.sampled_from((900, 1020, 1080)),
        )
        people = {name: Attendee(name, hours=draw(hours)) for name in (*PEOPLE, "z")}
        task = replace(task, attendees=people, days=DAYS)
    deputies = {
        (item.id, person): task.attendees.get("z", Attendee("z"))
        for item in task.items
        for person in sorted(item.people)
        if draw(some.integers(0, 3)) == 0
    }
    return task, deputies


def choices(draft: Draft) -> some.SearchStrategy[Adjustment]:
    """Mostly about what is in a session."""
    task = draft.task
    placed = sorted(id_ for one in draft.plan.sessions for id_ in one.items)
    item = some.sampled_from([*placed * 3, *sorted(one.id for one in task.items)])
    seats = [(id_, who) for one in draft.plan.sessions for id_ in one.items for who in sorted(one.attendees)]
    seat = some.sampled_from(seats or [("nothing", "nobody")])
    provider = some.sampled_from(sorted({one.provider for one in task.items}))
    slot = some.builds(Slot, some.sampled_from(DAYS), some.integers(0, 95).map(lambda n: 15 * n))
    return some.one_of(
        some.builds(Pin, item),
        seat.map(lambda pair: LeaveOut(*pair)),
        seat.map(lambda pair: OnlyFor(*pair)),
        some.builds(Move, item, some.one_of(some.none(), item)),
        some.builds(Write, item),
        some.builds(Apart, item, item),
        some.builds(ApartQueues, provider, provider),
        some.builds(OtherTime, item, slot),
        some.builds(Merge, item, item),
        some.builds(Split, item),
        some.builds(Drop, item),
        some.just(Again()),
        some.just(Again()),
    )


def held(draft: Draft) -> set[object]:
    """The sessions that are pinned."""
    return {one for one in draft.plan.sessions if draft.pinned.intersection(one.items)}


@given(some.data(), situations())
@adjusted_plans
def test_every_adjusted_plan_keeps_the_rules_and_the_pins_and_costs_what_was_said(
    data: some.DataObject, situation: tuple[Task, dict[tuple[str, str], Attendee]]
) -> None:
    task, deputies = situation
    bench = Workbench(task, deputies)
    draft = bench.start(solve(task, effort=0).plan)
    assert check(draft.task, draft.plan) == ()

    for _ in range(data.draw(some.integers(1, 8))):
        if not draft.task.items:
            break
        choice = data.draw(choices(draft))
        try:
            after = bench.adjusted(draft, choice)
        except CannotAdjust:
            continue

        assert check(after.task, after.plan) == ()
        assert held(draft) <= held(after)
        assert_price(draft, after)
        assert bench.adjusted(draft, choice) == after
        draft = after


def assert_price(before: Draft, after: Draft) -> None:
    """The price is the difference of the figures, counted anew from both plans."""
    then, now = plan_figures(before.task, before.plan), plan_figures(after.task, after.plan)
    price = price_of(before, after)
    people = then.sessions_of.keys() | now.sessions_of.keys()
    turnout = [Turnout(p, then.sessions_of.get(p, 0), now.sessions_of.get(p, 0)) for p in sorted(people)]
    assert (price.sessions, price.seats) == ((then.sessions, now.sessions), (then.seats, now.seats))
    assert price.minutes == now.person_minutes - then.person_minutes
    assert price.cost == now.cost - then.cost
    assert list(price.people) == [one for one in turnout if one.before != one.after]
