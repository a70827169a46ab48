"""Adjusting a plan, one choice at a time: what changes, what stays, and which rule says no."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.consolidation.adjusting import Workbench
from planner.domain.consolidation.adjustment_menu import about_item, about_session, offers
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
    Obstacle,
    OnlyFor,
    OtherTime,
    Pin,
    Price,
    Split,
    Turnout,
    Write,
)
from planner.domain.consolidation.model import Attendee, Slot, Task
from planner.domain.consolidation.solver import solve
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import WINDOW, item, plan, random_task, task
from tests.domain.consolidation.checker import check

if TYPE_CHECKING:
    from types import CodeType, FrameType

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
# two sessions: ab, bc and bd with b in all of them, and ae
GIVEN = task(
    item("w", "ab", 10, provider="a"),
    item("x", "bc", 10, provider="c"),
    item("y", "bd", 20, provider="d"),
    item("z", "ae", 10, provider="e"),
    rules=WINDOW,
)
DEPUTY = Attendee("s")


def start(given: Task = GIVEN, *sessions: str) -> Draft:
    return Workbench(given).start(plan(given, *(sessions or ("w x y", "z"))))


def made(*choices: Adjustment, given: Task = GIVEN, sessions: tuple[str, ...] = ("w x y", "z")) -> list[str]:
    """The agendas after these choices; the rules hold after each."""
    bench = Workbench(given, {("y", "d"): DEPUTY})
    draft = bench.start(plan(given, *sessions))
    for choice in choices:
        draft = bench.adjusted(draft, choice)
        assert check(draft.task, draft.plan) == ()
    return agendas(draft)


def agendas(draft: Draft) -> list[str]:
    return ["".join(one.items) for one in draft.plan.sessions]


def refusal(
    *choices: Adjustment, given: Task = GIVEN, sessions: tuple[str, ...] = ("w x y", "z")
) -> tuple[str, str]:
    """The rule and the obstacle that the last choice meets."""
    bench = Workbench(given)
    draft = bench.start(plan(given, *sessions))
    for choice in choices[:-1]:
        draft = bench.adjusted(draft, choice)
    with pytest.raises(CannotAdjust) as caught:
        bench.adjusted(draft, choices[-1])
    return caught.value.obstacle.rule, caught.value.obstacle.value


def with_hours(given: Task, *, of_a: WorkingHours | None = None) -> Task:
    """Everybody works from nine to twelve on two days."""
    usual = WorkingHours("UTC", 540, 720)
    people = {name: Attendee(name, hours=usual) for name in given.attendees}
    if of_a:
        people["a"] = Attendee("a", hours=of_a)
    return replace(given, attendees=people, days=(MONDAY, TUESDAY))


def test_an_item_moves_and_the_order_of_the_others_stays() -> None:
    assert made(Move("z", "w")) == ["zwxy"]
    assert made(Move("w", "z")) == ["wz", "xy"]
    assert made(Move("x")) == ["wy", "x", "z"]


def test_what_belongs_together_moves_together() -> None:
    pair = replace(GIVEN, keep_together=(frozenset("wx"),))

    assert made(Move("w", "z"), given=pair) == ["zwx", "y"] or made(Move("w", "z"), given=pair) == [
        "wxz",
        "y",
    ]


def test_sessions_merge_split_and_drop() -> None:
    assert made(Merge("x", "z")) == made(Merge("z", "w"))
    assert len(made(Merge("x", "z"))) == 1
    assert made(Split("x")) == ["w", "xy", "z"]
    assert made(Drop("x")) == ["z"]


def test_an_item_is_settled_in_writing_and_an_empty_session_is_gone() -> None:
    assert made(Write("x")) == ["wy", "z"]
    assert made(Write("z")) == ["wxy"]


def test_who_is_left_out_is_spoken_for_or_it_is_written() -> None:
    bench = Workbench(GIVEN, {("y", "d"): DEPUTY})
    draft = bench.start(plan(GIVEN, "w x y", "z"))

    spoken_for = bench.adjusted(draft, LeaveOut("w", "d"))
    written = bench.adjusted(draft, LeaveOut("w", "c"))

    assert spoken_for.plan.sessions[0].attendees == frozenset("abcs")
    assert agendas(spoken_for) == ["wxy", "z"]
    assert agendas(written) == ["wy", "z"]
    assert price_of(draft, written) == Price(
        sessions=(2, 2), seats=(6, 5), minutes=-20, cost=-35, people=(Turnout("c", 1, 0),),
        shorter=("b",), written=("x",),
    )  # fmt: skip


def test_somebody_comes_for_one_item_alone() -> None:
    assert made(OnlyFor("y", "b")) == ["y", "z"]
    assert refusal(OnlyFor("x", "c")) == ("", "nothing-changes")
    assert refusal(OnlyFor("x", "d")) == ("", "not-there")


def test_two_items_are_kept_apart_where_it_costs_least() -> None:
    bench = Workbench(GIVEN)
    draft = start()

    found = bench.adjusted(draft, Apart("w", "x"))

    costs = [
        price_of(draft, bench.adjusted(draft, choice)).cost
        for choice in (Move("w"), Move("w", "z"), Move("x"))
    ]
    assert price_of(draft, found).cost == min(costs)
    assert refusal(Apart("w", "x"), Merge("w", "x")) == ("R9", "kept-apart")


def test_what_belongs_together_is_not_kept_apart_nor_split() -> None:
    pair = replace(GIVEN, keep_together=(frozenset("wx"),))

    assert refusal(Apart("w", "x"), given=pair) == ("R6", "belongs-together")
    assert refusal(Split("z"), given=pair) == ("R6", "belongs-together")
    assert refusal(Split("w"), given=pair, sessions=("w x", "y", "z")) == ("R6", "belongs-together")


def test_two_queues_are_kept_apart_in_every_session() -> None:
    found = made(ApartQueues("c", "d"))

    assert not [one for one in found if "x" in one and "y" in one]
    assert refusal(ApartQueues("c", "nobody")) == ("", "not-there")


@pytest.mark.parametrize(
    "choice",
    [Move("w"), Write("w"), Drop("x"), LeaveOut("y", "b"), Merge("z", "x"), Split("x"), Pin("x"),
     Apart("w", "x"), Move("z", "w"), OtherTime("x", Slot(MONDAY, 540))],
)  # fmt: skip
def test_a_pinned_session_stays_as_it_is(choice: Adjustment) -> None:
    assert refusal(Pin("w"), choice) == ("R9", "pinned")


def test_the_rule_that_forbids_a_merger_is_named() -> None:
    narrow = replace(GIVEN, rules=replace(WINDOW, people_max=4))
    short = replace(GIVEN, rules=replace(WINDOW, minutes_max=WINDOW.opening + 40))
    room = task(item("w", "ab"), item("x", "bc"), item("z", "ca"), rules=WINDOW)
    room = replace(room, rules=replace(WINDOW, room_max=2))

    assert refusal(Merge("w", "z"), given=narrow) == ("R3", "too-many-people")
    assert refusal(Merge("w", "z"), given=short) == ("R4", "too-long")
    assert refusal(Merge("w", "z"), given=room, sessions=("w x", "z")) == ("R3", "room-full")


def test_nobody_gets_into_one_session_more_than_they_may() -> None:
    one_each = replace(GIVEN, rules=replace(WINDOW, sessions_max=2))

    assert refusal(Move("w", "z"), Move("x"), given=one_each) == ("R7", "too-many-sessions")


def test_what_is_not_there_or_changes_nothing_is_said() -> None:
    assert refusal(Pin("nothing")) == ("", "not-there")
    assert refusal(LeaveOut("z", "b")) == ("", "not-there")
    assert refusal(Move("w", "x")) == ("", "nothing-changes")
    assert refusal(Move("z")) == ("", "nothing-changes")
    assert refusal(Merge("w", "x")) == ("", "nothing-changes")
    assert refusal(Again()) == ("", "nothing-changes")


def test_a_session_begins_at_another_time_and_the_others_stay() -> None:
    given = with_hours(GIVEN)
    bench = Workbench(given)
    draft = bench.start(solve(given).plan)
    moved = bench.adjusted(draft, OtherTime("w", Slot(TUESDAY, 600)))

    assert [one.slot for one in moved.plan.sessions if "w" in one.items] == [Slot(TUESDAY, 600)]
    assert price_of(draft, moved) == replace(price_of(draft, draft), moved=1)
    for slot in (Slot(TUESDAY, 715), Slot(date(2026, 3, 14), 600), draft.plan.sessions[0].slot):
        assert slot is not None
        with pytest.raises(CannotAdjust):
            bench.adjusted(draft, OtherTime("w", slot))


def test_where_no_time_is_left_a_choice_is_refused_with_those_who_have_none() -> None:
    given = with_hours(GIVEN, of_a=WorkingHours("UTC", 540, 570))
    bench = Workbench(given)
    draft = bench.start(solve(given).plan)

    with pytest.raises(CannotAdjust) as caught:
        bench.adjusted(draft, OtherTime("z", Slot(MONDAY, 660)))

    assert (caught.value.obstacle, caught.value.people) == (
        Obstacle.NO_COMMON_TIME,
        ("a", "b", "c", "d", "e"),
    )


def test_planning_again_keeps_what_is_pinned_and_made_by_hand() -> None:
    choices = (Split("x"), Pin("z"), Again())

    assert refusal(*choices) == ("", "nothing-changes")


def test_planning_again_fits_in_what_a_choice_has_left_over() -> None:
    given = task(
        item("v", "ab", 10), item("w", "ab", 10), item("x", "cd", 10), item("y", "bd", 10), rules=WINDOW
    )
    left = made(Write("x"), given=given, sessions=("v w", "x y"))

    again = made(Write("x"), Again(), given=given, sessions=("v w", "x y"))

    assert (left, len(again)) == (["vw", "y"], 1)


def test_what_had_no_session_left_gets_one_when_a_choice_makes_room() -> None:
    given = replace(
        task(item("w", "ab", 10), item("x", "cd", 10), item("y", "ac", 10), rules=WINDOW),
        rules=replace(WINDOW, sessions_max=1, minutes_max=WINDOW.opening + 10),
    )
    bench = Workbench(given)
    draft = bench.start(solve(given).plan)
    assert (agendas(draft), list(draft.plan.unplaced)) == (["y"], ["w", "x"])

    pinned, found = bench.adjusted(draft, Pin("y")), bench.adjusted(draft, Write("y"))

    assert pinned.plan == draft.plan
    assert (agendas(found), found.plan.unplaced) == (["w", "x"], {})


def test_what_no_session_holds_can_still_be_written() -> None:
    given = replace(GIVEN, rules=replace(WINDOW, minutes_max=WINDOW.opening + 10))
    bench = Workbench(given)
    draft = bench.start(solve(given).plan)

    found = bench.adjusted(draft, Write("y"))

    assert (list(draft.plan.unplaced), dict(found.plan.unplaced)) == (["y"], {})
    assert about_session(bench, draft, "y") == ()
    assert (about_item(bench, draft, "y"), about_item(bench, found, "y")) == ((Write("y"),), ())


def test_whole_queues_stay_whole() -> None:
    queue = task(item("w", "ab", provider="a"), item("x", "ac", provider="a"), item("y", "bc"), rules=WINDOW)
    given = replace(queue, rules=replace(WINDOW, queues_whole=True))

    assert made(Move("w"), given=given, sessions=("w x y",)) == ["wx", "y"]


def calls_while(act: object, names: set[str]) -> int:
    """How often functions of these names are called."""
    count = 0

    def hear(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        code: CodeType = frame.f_code
        count += event == "call" and code.co_name in names

    sys.setprofile(hear)
    try:
        act()  # type: ignore[operator]
    finally:
        sys.setprofile(None)
    return count


SEARCHES = {"merge_by_savings", "repaired", "refined", "solve", "replan", "best_agendas", "compile_task"}


def test_a_menu_is_priced_without_any_search() -> None:
    given = random_task(7, 60, rules=WINDOW, people="abcdefghijklmnop")
    bench = Workbench(given)
    draft = bench.start(solve(given, effort=0).plan)
    first = draft.plan.sessions[0].items[0]
    choices = (*about_session(bench, draft, first), *about_item(bench, draft, first))

    found = calls_while(lambda: offers(bench, draft, choices), SEARCHES)

    assert (found, len(choices) > 20) == (0, True)


def test_a_menu_offers_a_start_for_each_day_with_what_stands_in_the_way() -> None:
    given = with_hours(GIVEN, of_a=WorkingHours("UTC", 540, 720, days=frozenset({0})))
    bench = Workbench(given)
    draft = bench.start(solve(given).plan)
    choices = about_session(bench, draft, "z")

    times = [one for one in offers(bench, draft, choices) if isinstance(one.choice, OtherTime)]

    assert [one.refusal.obstacle for one in times if one.refusal] == [Obstacle.NO_COMMON_TIME]
