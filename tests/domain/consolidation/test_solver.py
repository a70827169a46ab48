"""The plans the solver finds."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from planner.domain.consolidation.cost import plan_cost, plan_figures
from planner.domain.consolidation.model import Attendee, Item, Plan, Rules, Slot, Solution
from planner.domain.consolidation.solver import solve
from planner.domain.model import WorkingHours
from tests.domain.consolidation.brute import least_cost
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, random_task, task
from tests.domain.consolidation.checker import check


def sessions(solution: Solution) -> list[str]:
    return [" ".join(session.items) for session in solution.plan.sessions]


def test_nothing_to_talk_about_needs_no_session() -> None:
    assert solve(task()) == Solution(Plan(()), cost=0, lower_bound=0, proved=True)


def test_two_items_of_the_same_two_people_share_a_session() -> None:
    solution = solve(task(item("y", "ab", 20), item("x", "ab", 10)))

    assert (sessions(solution), solution.cost, solution.proved) == (["x y"], 2 * 60, True)


def test_strangers_never_meet() -> None:
    for rules in (WHOLE, WINDOW):
        assert sessions(solve(task(item("x", "ab"), item("y", "cd"), rules=rules))) == ["x", "y"]


def test_a_triangle_meets_as_three() -> None:
    solution = solve(task(item("x", "ab"), item("y", "bc"), item("z", "ca")))

    assert (sessions(solution), solution.cost) == (["x y z"], 3 * 60)


def test_meeting_together_is_left_out_where_it_costs_more() -> None:
    assert sessions(solve(task(item("x", "ab", 60), item("y", "bc", 40)))) == ["x", "y"]


@pytest.mark.parametrize(
    ("impossible", "reason"),
    [
        (item("x", "ab", 106), "R4: x takes 106 minutes and 15 to open; a session may have 120."),
        (item("x", "abcdefghijklm"), "R3: x needs 13 people; a session may have 12."),
        (item("x", "a"), "R1: x needs no session: 10 minutes, 1 people."),
        (item("x", "ab", 0), "R1: x needs no session: 0 minutes, 2 people."),
    ],
)
def test_what_no_session_can_hold_is_named_and_the_rest_is_planned(impossible: Item, reason: str) -> None:
    solution = solve(task(impossible, item("y", "ab")))

    assert (sessions(solution), dict(solution.plan.unplaced)) == (["y"], {"x": reason})


def test_people_without_common_hours_are_named_and_the_rest_is_planned() -> None:
    given_task = task(item("x", "ab"), item("y", "bc"))
    people = {
        "a": Attendee("a", hours=WorkingHours("Europe/Berlin")),
        "b": Attendee("b", hours=WorkingHours("America/Los_Angeles")),
    }

    solution = solve(replace(given_task, attendees=people, days=(date(2026, 3, 3),)))

    assert sessions(solution) == ["y"]
    assert solution.plan.unplaced == {
        "x": "R5: a, b have no common hours for the 25 minutes of x on the days given."
    }


def test_who_comes_for_their_own_item_alone_need_not_be_there_for_the_opening() -> None:
    short = {"a": Attendee("a", hours=WorkingHours("UTC", 540, 555))}
    given_task = replace(task(item("x", "ab"), rules=WINDOW), attendees=short, days=(date(2026, 3, 3),))

    solution = solve(given_task)

    assert solution.plan.sessions[0].slot == Slot(date(2026, 3, 3), 525)
    assert check(given_task, solution.plan) == ()


def test_a_group_is_kept_together_though_it_costs_more() -> None:
    apart = task(item("x", "ab", 40), item("y", "bc", 40))

    solution = solve(replace(apart, keep_together=(frozenset("xy"),)))

    assert (sessions(solution), solution.proved) == (["x y"], True)


@pytest.mark.parametrize(
    ("items", "obstacle"),
    [
        ((item("x", "ab", 60), item("y", "bc", 60)), "135 minutes, a session may have 120 (R4)."),
        ((item("x", "abcdefg"), item("y", "ghijklm")), "13 people, a session may have 12 (R3)."),
    ],
)
def test_a_group_larger_than_the_caps_is_split_and_named(items: tuple[Item, ...], obstacle: str) -> None:
    solution = solve(replace(task(*items), keep_together=(frozenset("xy"),)))

    assert (sessions(solution), dict(solution.plan.unplaced)) == (["x", "y"], {})
    assert solution.plan.torn == {"x,y": f"R6: x, y cannot be kept together: {obstacle}"}


def test_what_is_to_be_kept_apart_shares_no_session() -> None:
    for rules in (WHOLE, WINDOW):
        triangle = task(item("x", "ab"), item("y", "bc"), item("z", "ca"), rules=rules)
        given_task = replace(triangle, apart=(frozenset("xy"),))

        solution = solve(given_task)

        shared, alone = sorted(solution.plan.sessions, key=lambda session: -len(session.items))
        assert "z" in shared.items
        assert (len(shared.items), len(alone.items), solution.proved) == (2, 1, True)


def test_what_is_to_be_together_and_apart_is_apart_and_named() -> None:
    given_task = task(item("x", "ab"), item("y", "ab"))

    solution = solve(replace(given_task, keep_together=(frozenset("xy"),), apart=(frozenset("xy"),)))

    assert sessions(solution) == ["x", "y"]
    assert solution.plan.torn == {"x,y": "R6: x, y cannot be kept together: they are to be kept apart (R9)."}


def test_a_queue_stays_whole_and_joins_the_loop_it_is_part_of() -> None:
    items = item("x", "ab"), item("y", "ba"), item("z", "cb", 40)
    given_task = task(*items, rules=replace(WHOLE, queues_whole=True))

    solution = solve(replace(given_task, keep_together=(frozenset("xy"),)))

    assert [sorted(session.items) for session in solution.plan.sessions] == [["x", "y", "z"]]


def test_providers_come_before_consumers() -> None:
    for rules in (WHOLE, WINDOW):
        given_task = task(item("x", "ab", waits="y"), item("y", "bc"), item("z", "ab"), rules=rules)

        solution = solve(given_task)

        assert check(given_task, solution.plan) == ()


def test_nobody_gets_more_sessions_than_they_may_when_that_can_be() -> None:
    rules = replace(WHOLE, sessions_max=2)
    given_task = task(*(item(f"x{name}", f"h{name}", 20) for name in "abcdefg"), rules=rules)

    solution = solve(given_task)

    assert plan_figures(given_task, solution.plan).sessions_of["h"] == 2
    assert check(given_task, solution.plan) == ()


def test_items_for_which_somebody_has_no_session_left_are_named() -> None:
    rules = replace(WHOLE, sessions_max=1)
    given_task = task(item("x", "ah", 60), item("y", "bh", 70), item("z", "cd"), rules=rules)

    solution = solve(given_task)

    assert sessions(solution) == ["y", "z"]
    assert solution.plan.unplaced == {"x": "R7: h may sit in 1 sessions, and x would need one more."}
    assert (solution.cost, solution.proved) == (2 * 100 + 2 * 40, True)


@pytest.mark.parametrize("seed", range(30))
def test_everybody_stays_and_no_partition_is_cheaper(seed: int) -> None:
    rules = replace(WHOLE, people_max=5, minutes_max=90, split_cost=5 * (seed % 2))
    given_task = random_task(seed, 4 + seed % 5, rules=rules)

    solution = solve(given_task)

    assert (solution.cost, solution.proved) == (least_cost(given_task), True)
    assert (check(given_task, solution.plan), plan_cost(given_task, solution.plan)) == ((), solution.cost)


@pytest.mark.parametrize("seed", range(30))
def test_in_windows_no_partition_in_no_order_is_cheaper(seed: int) -> None:
    rules = replace(WINDOW, people_max=5, room_max=4, minutes_max=120, split_cost=5 * (seed % 2))
    given_task = random_task(seed, 3 + seed % 4, rules=rules)

    solution = solve(given_task)

    assert (solution.cost, solution.proved) == (least_cost(given_task), True)
    assert (check(given_task, solution.plan), plan_cost(given_task, solution.plan)) == ((), solution.cost)


@pytest.mark.parametrize("seed", range(20))
def test_in_windows_the_people_of_a_group_come_and_go_and_no_partition_is_cheaper(seed: int) -> None:
    rules = replace(WINDOW, people_max=6, room_max=None, minutes_max=180, split_cost=5 * (seed % 4))
    given_task = random_task(seed, 5, rules=rules)
    ids = [one.id for one in given_task.items]
    given_task = replace(given_task, keep_together=(frozenset(ids[:3]), frozenset(ids[3 : 3 + seed % 3])))

    solution = solve(given_task)

    assert (solution.cost, solution.lower_bound) == (least_cost(given_task), solution.cost)
    assert (check(given_task, solution.plan), solution.proved) == ((), True)


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
def test_the_order_of_the_input_leaves_no_trace(rules: Rules) -> None:
    given_task = random_task(7, 40, rules=rules, people="abcdefghijkl")
    shuffled = list(given_task.items)
    Random(3).shuffle(shuffled)  # noqa: S311 - a test that can be repeated
    names = dict(reversed(list(given_task.attendees.items())))

    again = solve(replace(given_task, items=tuple(shuffled), attendees=names), effort=0.2)

    assert again == solve(given_task, effort=0.2)


@pytest.mark.parametrize("rules", [WHOLE, replace(WINDOW, room_max=4)])
@pytest.mark.parametrize("seed", range(6))
def test_large_tasks_keep_every_rule_and_cost_less_than_talks_in_pairs(rules: Rules, seed: int) -> None:
    given_task = random_task(seed, 45, rules=rules, people="abcdefghijklmnop")
    waiting = tuple(
        replace(one, waits_for=frozenset({given_task.items[number - 7].id})) if number % 5 == 0 else one
        for number, one in enumerate(given_task.items)
    )
    given_task = replace(given_task, items=waiting, keep_together=(frozenset({"i001", "i002"}),))

    solution = solve(given_task, effort=0.1)

    assert check(given_task, solution.plan) == ()
    assert solution.lower_bound <= solution.cost == plan_cost(given_task, solution.plan)
    assert solution.cost <= plan_cost(given_task, plan(given_task, *(one.id for one in waiting)))


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
def test_plans_with_days_are_held_in_everybodys_hours(rules: Rules) -> None:
    zones = ("Europe/Berlin", "America/New_York", "Europe/London")
    given_task = random_task(5, 40, rules=rules, people="abcdefghijkl")
    people = {name: Attendee(name, hours=WorkingHours(zones[n % 3])) for n, name in enumerate("abcdefghijkl")}
    week = tuple(date(2026, 3, day) for day in range(9, 14))

    solution = solve(replace(given_task, attendees=people, days=week), effort=0.1)

    assert check(replace(given_task, attendees=people, days=week), solution.plan) == ()
    assert dict(solution.plan.unplaced) == {}


def test_around_a_hub_the_first_plan_fills_its_sessions() -> None:
    rules = replace(WINDOW, people_max=8, minutes_max=90, opening=10)
    others = [chr(ord("a") + number) for number in range(60)]
    star = task(
        *(item(f"i{at:02}", f"{who}*", 5 + 15 * (at % 2)) for at, who in enumerate(others)), rules=rules
    )

    found = solve(star, effort=0)

    assert check(star, found.plan) == ()
    assert len(found.plan.sessions) == 10  # 750 minutes, 80 in each


def test_progress_is_told_until_all_is_done() -> None:
    heard: list[tuple[int, int]] = []

    solve(
        random_task(7, 40, rules=WHOLE, people="abcdefghijkl"),
        effort=0.1,
        progress=lambda done, total: heard.append((done, total)),
    )

    assert heard == sorted(heard)
    assert heard[-1][0] == heard[-1][1]


def test_a_search_that_is_stopped_gives_the_best_plan_so_far() -> None:
    given_task = random_task(7, 40, rules=WHOLE, people="abcdefghijkl")
    first, finished = solve(given_task, effort=0), solve(given_task)

    stopped = solve(given_task, stop=lambda: True)

    assert check(given_task, stopped.plan) == ()
    assert first.cost >= stopped.cost >= finished.cost
    assert stopped.iterations < finished.iterations / 10
