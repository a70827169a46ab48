"""Sessions before and after: which of them are drawn, beside which teams."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyState,
    Organisation,
    Team,
    TeamId,
)
from planner.domain.pictures.scope import Scope
from planner.domain.pictures.sessions import Sitting, session_change
from planner.domain.pictures.sides import ordered_sides
from planner.domain.team_map import areas_of

TODAY = date(2026, 2, 2)


def need(number: int, consumer: int, provider: int) -> Dependency:
    return Dependency(
        DependencyId(number),
        f"d{number}",
        TeamId(consumer),
        TeamId(provider),
        f"Thing {number}",
        state=DependencyState.AGREED,
    )


def scope(*dependencies: Dependency, teams: int = 4, detail: int = 0) -> Scope:
    organisation = Organisation(
        name="Larkfield",
        teams=tuple(Team(TeamId(n), f"t{n}", f"Team {n}", "Area") for n in range(1, teams + 1)),
        dependencies=dependencies,
    )
    return Scope(organisation, dependencies, TODAY, areas_of(organisation), detail=detail)


def today(host: int, *teams: int) -> Sitting:
    return Sitting(f"Session of {host}", frozenset(map(TeamId, teams)), len(teams), host_id=TeamId(host))


def shared(number: int, *teams: int) -> Sitting:
    return Sitting(
        f"Shared {number}", frozenset(map(TeamId, teams)), len(teams), frozenset({DependencyId(number)})
    )


def test_a_team_that_has_to_sit_nowhere_any_more_is_free() -> None:
    found = session_change(
        scope(need(1, 1, 2), need(2, 3, 1)),
        [today(1, 1, 2, 3), today(2, 1, 2), today(3, 1, 3)],
        [shared(1, 1, 2)],
    )

    assert [(one.team.name, one.is_free) for one in found.teams] == [
        ("Team 1", False),
        ("Team 2", False),
        ("Team 3", True),
    ]
    assert (found.seats_before, found.seats_after) == (7, 2)
    assert len(found.lines_before) == 7
    assert found.lines_after == ((0, 1), (0, 2))
    assert found.left_out == ""


def test_only_sessions_about_these_dependencies_are_shown() -> None:
    found = session_change(
        scope(need(1, 1, 2)), [today(1, 1, 2), today(3, 3, 4)], [shared(1, 1, 2), shared(9, 3, 4)]
    )

    assert found.table.rows == (
        ("Today", "Session of 1", "2", "Team 1, Team 2"),
        ("Suggested", "Shared 1", "2", "Team 1, Team 2"),
    )


def test_of_many_sessions_the_largest_are_drawn_and_the_table_has_all() -> None:
    needs = [need(number, number, number + 1) for number in range(1, 20)]
    sessions = [shared(number, number, number + 1) for number in range(1, 20)]

    found = session_change(scope(*needs, teams=20, detail=2), [today(1, 1, 2)], sessions)

    assert len(found.after) == 6
    assert (
        found.left_out
        == f"Showing 6 of 19 sessions suggested, those with most people. Only {len(found.teams)} teams."
    )
    assert len(found.table.rows) == 20


def test_without_any_session_there_is_nothing_to_draw() -> None:
    found = session_change(scope(), [], [])

    assert (found.before, found.teams, found.after, found.table.rows) == ((), (), (), ())


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], ([], [])),
        ([(1, 11), (2, 12)], ([1, 2], [11, 12])),
        ([(1, 12), (2, 11)], ([1, 2], [12, 11])),
    ],
)
def test_two_sides_stand_so_that_few_lines_cross(
    pairs: list[tuple[int, int]], expected: tuple[list[int], list[int]]
) -> None:
    left = sorted({left for left, _ in pairs})

    assert ordered_sides(left, pairs) == expected
