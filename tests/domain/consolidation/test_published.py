"""How good the plans are on instances whose best plans are known."""

import json
from dataclasses import replace
from datetime import date

import pytest

from planner.domain.consolidation.cost import plan_cost, plan_figures
from planner.domain.consolidation.model import Attendance, Attendee, Plan, PlannedSession
from planner.domain.consolidation.solver import solve
from planner.domain.model import WorkingHours
from tests.domain.consolidation.checker import check
from tests.domain.consolidation.published import Published, instance, needs_data, seed_organisation
from tests.support.data import DATA

pytestmark = [needs_data, pytest.mark.slow]

SMALL = ("chain-40", "disconnected-6x5", "k8s-v1.37-cycle", "real-12a", "real-20", "star-30")


def test_the_seeds_own_story_has_its_proven_best_plan() -> None:
    task = seed_organisation()

    solution = solve(task)

    assert [sorted(session.attendees) for session in solution.plan.sessions] == [list("ABC"), list("CDEFG")]
    assert [session.place for session in solution.plan.sessions] == ["N", "S"]
    assert (solution.cost, solution.lower_bound, solution.proved) == (864, 864, True)
    assert check(task, solution.plan) == ()


def test_single_queues_cost_what_the_closed_form_says() -> None:
    task = seed_organisation()
    abc = Plan((PlannedSession(("d1", "d2", "d3", "d4"), frozenset("ABC")),))
    rest = ("d5", "d6", "d7", "d8", "d9", "d10", "d11", "d12")
    others = Plan((PlannedSession(rest, frozenset("CDEFG")),))

    assert (plan_cost(task, abc), plan_cost(task, others)) == (285, 579)


@pytest.mark.parametrize("name", SMALL)
def test_everybody_stays_and_the_proven_optimum_is_reached(name: str) -> None:
    given = instance(name, Attendance.WHOLE)

    solution = solve(given.task)

    assert solution.cost == given.raw["reference"]["best_known_J"]
    _agree(given, solution.plan, solution.cost)


@pytest.mark.parametrize("name", [*SMALL, "real-100a"])
def test_in_windows_the_best_known_plan_is_reached(name: str) -> None:
    given = instance(name, Attendance.WINDOW)

    solution = solve(given.task)

    assert solution.cost <= given.raw["reference_window"]["best_known_J"]
    _agree(given, solution.plan, solution.cost)


def test_kubernetes_meets_in_ten_sessions_in_which_people_sit_for_their_own() -> None:
    given = instance("k8s-v1.37-cycle", Attendance.WINDOW, K=12, D=120, o=15, c=15, room=8)

    solution = solve(given.task)
    figures = plan_figures(given.task, solution.plan)

    assert (solution.cost <= 2550, figures.sessions <= 10, figures.seats <= 40) == (True, True, True)
    assert figures.relevance >= 0.95
    _agree(given, solution.plan, solution.cost)


def test_a_hundred_teams_come_within_a_sixtieth_of_the_bound() -> None:
    given = instance("real-100a", Attendance.WHOLE)

    solution = solve(given.task)

    assert solution.cost <= 1.016 * given.raw["reference"]["lower_bound_J"]
    assert solution.lower_bound <= given.raw["reference"]["lower_bound_J"]
    _agree(given, solution.plan, solution.cost)


@pytest.mark.parametrize("name", ["goals-60", "tz-150"])
def test_groups_and_hours_are_kept_on_large_instances(name: str) -> None:
    given = instance(name, Attendance.WHOLE)

    solution = solve(given.task, effort=0.3)

    assert dict(solution.plan.unplaced) == {}
    assert solution.cost <= 1.03 * given.raw["reference"]["lower_bound_J"]
    _agree(given, solution.plan, solution.cost)


@pytest.mark.parametrize(("zone", "sessions"), [("America/New_York", [8]), ("America/Los_Angeles", [7])])
def test_the_seeds_second_session_loses_an_item_to_los_angeles_not_to_new_york(
    zone: str, sessions: list[int]
) -> None:
    berlin = {name: Attendee(name, hours=WorkingHours("Europe/Berlin")) for name in "DEFG"}
    people = berlin | {"C": Attendee("C", hours=WorkingHours(zone))}
    task = replace(seed_organisation(), attendees=people, days=(date(2026, 3, 3),))
    second = replace(task, items=tuple(one for one in task.items if one.people <= set("CDEFG")))

    solution = solve(second)

    assert [len(session.items) for session in solution.plan.sessions] == sessions
    assert check(second, solution.plan) == ()


def _agree(given: Published, plan: Plan, cost: int) -> None:
    """Both checkers let the plan pass, and count the same."""
    verdict = given.verdict(plan)
    assert (verdict["errors"], verdict["J"]) == ([], cost)
    assert check(given.task, plan) == ()


def test_the_instances_are_those_that_were_published() -> None:
    names = sorted(path.stem for path in (DATA / "instances").glob("*.json"))

    formats = {json.loads((DATA / "instances" / f"{name}.json").read_text())["format"] for name in names}

    assert formats == {"planner-instance/1"}
