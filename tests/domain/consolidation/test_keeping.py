"""A plan is kept by keys: it finds its people and dependencies again whatever numbers they have."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.domain.consolidation.keeping import by_keys, come_round, from_keys
from planner.domain.consolidation.model import Plan, PlannedSession, Slot
from planner.domain.model import DependencyId, Organisation, PersonId
from tests.domain.consolidation.organisations import make_dependency, make_organisation

MONDAY = date(2026, 3, 9)
ORGANISATION = make_organisation([make_dependency(n, n, n + 1) for n in range(1, 4)])
PLAN = Plan(
    (
        PlannedSession(("d2", "d1"), frozenset({"p1", "p2", "p3"}), Slot(MONDAY, 545)),
        PlannedSession(("d3",), frozenset({"p3", "p4"})),
    )
)


def numbered_from(first: int) -> Organisation:
    """The same people and dependencies with other numbers, as after they were imported anew."""
    return replace(
        ORGANISATION,
        people=tuple(replace(one, id=PersonId(first + one.id)) for one in ORGANISATION.people),
        dependencies=tuple(
            replace(one, id=DependencyId(first + one.id)) for one in ORGANISATION.dependencies
        ),
        memberships=(),
    )


def test_a_plan_comes_back_as_it_was() -> None:
    assert from_keys(ORGANISATION, by_keys(ORGANISATION, PLAN)) == PLAN


def test_a_plan_finds_its_people_and_dependencies_under_other_numbers() -> None:
    found = from_keys(numbered_from(100), by_keys(ORGANISATION, PLAN))

    assert found.sessions[1] == PlannedSession(("d103",), frozenset({"p103", "p104"}))


def test_what_is_gone_has_numbers_that_nothing_else_has() -> None:
    nobody = replace(ORGANISATION, people=(), dependencies=(), memberships=())

    found = from_keys(nobody, by_keys(ORGANISATION, PLAN))

    assert [session.items for session in found.sessions] == [("d-1", "d-2"), ("d-3",)]
    assert [len(session.attendees) for session in found.sessions] == [3, 2]
    assert len(found.sessions[0].attendees & found.sessions[1].attendees) == 1


def test_a_plan_of_what_is_not_there_is_not_kept() -> None:
    with pytest.raises(KeyError):
        by_keys(replace(ORGANISATION, dependencies=()), PLAN)


@pytest.mark.parametrize(("days", "moved"), [(-1, 0), (0, 14), (13, 14), (14, 28), (30, 42)])
def test_a_start_that_is_past_comes_round_every_two_weeks(days: int, moved: int) -> None:
    found = come_round(ORGANISATION, PLAN, MONDAY + timedelta(days=days))

    assert found.sessions[0].slot == Slot(MONDAY + timedelta(days=moved), 545)
    assert found.sessions[1] == PLAN.sessions[1]
