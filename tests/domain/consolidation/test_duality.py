"""Bounds by prices that no session is worth more than."""

from dataclasses import replace
from random import Random

import pytest

from planner.domain.consolidation.bound import lower_bound
from planner.domain.consolidation.compiling import compile_task, components
from planner.domain.consolidation.duality import dual_bound
from planner.domain.consolidation.model import Attendance, Rules, Task
from planner.domain.consolidation.pricing import Pricer, WholePricer
from planner.domain.consolidation.puzzle import puzzle_of
from planner.domain.consolidation.windows import WindowPricer
from tests.domain.consolidation.brute import least_cost
from tests.domain.consolidation.build import WHOLE, WINDOW, item, task
from tests.domain.consolidation.published import instance, needs_data

SHARE = {"real-100a": 0.93, "goals-60": 0.93, "chain-40": 1.0, "real-20": 0.93, "k8s-v1.37-cycle": 0.93}


def bound(given: Task, effort: float = 1.0) -> int:
    """The bound on J of a task, its parts together."""
    compiled = compile_task(given)
    whole = given.rules.attendance is Attendance.WHOLE
    puzzles = [puzzle_of(compiled, part) for part in components(compiled)]
    pricers: list[Pricer] = [WholePricer(one) if whole else WindowPricer(one) for one in puzzles]
    queues = {one.provider for one in compiled.items()}
    return sum(dual_bound(pricer, effort=effort) for pricer in pricers) - given.rules.split_cost * len(queues)


def random_task(seed: int, size: int, rules: Rules, *, people: str = "abcdef") -> Task:
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    crowds = ["".join(luck.sample(people, luck.choice((2, 2, 2, 3)))) for _ in range(size)]
    providers = [luck.choice((crowd[-1], crowd[0], "q")) if seed % 3 == 0 else crowd[-1] for crowd in crowds]
    items = [
        item(f"i{number:03}", crowd, luck.randint(1, 8) * 5, provider=provider)
        for number, (crowd, provider) in enumerate(zip(crowds, providers, strict=True))
    ]
    groups = (frozenset({"i000", "i001"}),) if seed % 4 == 0 else ()
    return replace(task(*items, rules=rules), keep_together=groups)


def varied(rules: Rules, seed: int) -> Rules:
    return replace(
        rules,
        people_max=3 + seed % 4,
        minutes_max=60 + 10 * (seed % 6),
        seat_cost=(5, 15, 60)[seed % 3],
        split_cost=(0, 5, 20)[seed // 3 % 3],
    )


def test_nothing_to_talk_about_costs_nothing() -> None:
    assert bound(task()) == 0


def test_a_single_item_costs_its_seats_and_minutes() -> None:
    assert (bound(task(item("x", "ab"))), bound(task(item("x", "ab"), rules=WINDOW))) == (80, 50)


def test_a_triangle_of_short_items_is_bounded_by_the_session_of_three() -> None:
    given = task(item("x", "ab"), item("y", "bc"), item("z", "ca"))

    assert bound(given) == least_cost(given) == 180


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
def test_no_plan_of_a_few_items_is_below_the_bound(rules: Rules) -> None:
    most = 4 if rules.attendance is Attendance.WHOLE else 3
    cases = [random_task(seed, 2 + seed % most, varied(rules, seed)) for seed in range(100)]
    possible = [given for given in cases if not compile_task(given).unplaced and not torn(given)]

    above = [given for given in possible if bound(given) > least_cost(given)]

    assert (above, len(possible) > 60) == ([], True)


def torn(given: Task) -> bool:
    """True when a group does not fit into a session."""
    return len(compile_task(given).groups) != len(given.items) - len(given.keep_together)


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_never_below_the_one_that_counts_each_person_alone(rules: Rules, seed: int) -> None:
    given = random_task(seed, 25, replace(rules, split_cost=5 * (seed % 2)), people="abcdefghijkl")

    assert bound(given) >= lower_bound(given.items, given.rules)


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
def test_the_order_of_the_items_leaves_no_trace(rules: Rules) -> None:
    given = random_task(7, 30, replace(rules, split_cost=5), people="abcdefghijkl")
    shuffled = list(given.items)
    Random(3).shuffle(shuffled)  # noqa: S311 - a test that can be repeated

    assert bound(replace(given, items=tuple(shuffled))) == bound(given)


def test_without_effort_each_person_is_counted_alone() -> None:
    given = random_task(7, 30, WHOLE, people="abcdefghijkl")

    assert bound(given, effort=0) == lower_bound(given.items, given.rules)


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
def test_too_few_branches_still_give_a_bound(rules: Rules) -> None:
    given = random_task(5, 60, rules, people="abcdefghijklmnopqrst")

    little, much = bound(given, effort=0.01), bound(given)

    assert lower_bound(given.items, given.rules) <= little <= 1.02 * much


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("name", list(SHARE))
def test_published_instances_have_a_bound_close_below_the_best_known(name: str) -> None:
    given = instance(name, Attendance.WHOLE)

    found = bound(given.task)

    reference = given.raw["reference"]
    assert SHARE[name] * reference["lower_bound_J"] <= found <= reference["best_known_J"]


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("name", ["chain-40", "real-20", "k8s-v1.37-cycle", "star-30"])
def test_in_windows_the_bound_stays_below_the_best_known(name: str) -> None:
    given = instance(name, Attendance.WINDOW)

    found = bound(given.task)

    assert 0.9 * given.raw["reference_window"]["best_known_J"] <= found
    assert found <= given.raw["reference_window"]["best_known_J"]
