"""What each picture shows: its order, its bands, its loops, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.graph import strongly_connected
from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyState,
    GoalId,
    Horizon,
    HorizonId,
    Membership,
    Organisation,
    Person,
    PersonId,
    SharedGoal,
    Team,
    TeamId,
)
from planner.domain.pictures.around import around, busiest_team
from planner.domain.pictures.bands import bands_for
from planner.domain.pictures.board import board
from planner.domain.pictures.cards import cards_of
from planner.domain.pictures.goals import goal_map
from planner.domain.pictures.items import items_in_time, longest_chain
from planner.domain.pictures.loops import loops_of
from planner.domain.pictures.matrix import Matrix, matrix
from planner.domain.pictures.scope import Scope
from planner.domain.team_map import areas_of

TODAY = date(2026, 2, 2)
AGREED, ASKED = DependencyState.AGREED, DependencyState.ASKED
SPRINTS = tuple(
    Horizon(
        HorizonId(n), f"Sprint {n}", TODAY + timedelta(days=14 * (n - 1)), TODAY + timedelta(days=14 * n - 3)
    )
    for n in (1, 2, 3)
)
QUARTER = Horizon(HorizonId(9), "Quarter", date(2026, 1, 1), date(2026, 3, 31))


def needs(
    number: int,
    consumer: int,
    provider: int,
    *,
    day: date | None = None,
    state: DependencyState = AGREED,
    goal: int | None = None,
) -> Dependency:
    return Dependency(
        DependencyId(number),
        f"d{number}",
        TeamId(consumer),
        TeamId(provider),
        f"Thing {number}",
        needed_by=day,
        state=state,
        goal_id=GoalId(goal) if goal else None,
    )


def scope(
    *dependencies: Dependency,
    teams: int = 6,
    areas: int = 2,
    horizons: tuple[Horizon, ...] = (),
    goals: tuple[SharedGoal, ...] = (),
    detail: int = 0,
) -> Scope:
    everybody = tuple(Team(TeamId(n), f"t{n}", f"Team {n}", f"Area {n % areas}") for n in range(1, teams + 1))
    organisation = Organisation(teams=everybody, horizons=horizons, goals=goals)
    return Scope(organisation, dependencies, TODAY, areas_of(organisation), detail=detail)


def order(found: Matrix) -> list[int]:
    return [head.id for head in found.heads]


def test_a_matrix_of_nothing_has_no_rows() -> None:
    found = matrix(scope())

    assert (found.heads, found.cells, found.blocks, found.table.rows) == ((), (), (), ())


def test_givers_come_first_and_no_mark_runs_against_the_order() -> None:
    found = matrix(scope(needs(1, 1, 2), needs(2, 2, 3), needs(3, 1, 3)))

    assert order(found) == [3, 2, 1]
    assert [(cell.row, cell.column) for cell in found.cells] == [(1, 0), (2, 0), (2, 1)]
    assert found.against == 0


def test_a_loop_is_a_block_behind_those_it_needs() -> None:
    found = matrix(scope(needs(1, 1, 2), needs(2, 2, 1), needs(3, 1, 5), needs(4, 6, 2)))

    assert found.blocks == ((1, 2),)
    assert order(found)[0] == 5
    assert order(found)[-1] == 6
    assert found.against == 1


def test_the_table_of_the_matrix_says_what_is_not_drawn() -> None:
    found = matrix(scope(*(needs(n, n + 1, n) for n in range(1, 30)), teams=30, areas=1, detail=2))

    assert len(found.heads) == 20
    assert found.left_out == "Showing the 20 busiest of 30 teams."
    assert len(found.table.rows) == 29
    assert sum(row[-1].endswith("not drawn") for row in found.table.rows) == 29 - len(found.cells)


def test_many_teams_become_areas() -> None:
    found = matrix(scope(*(needs(n, n + 1, n) for n in range(1, 80)), teams=80, areas=4))

    assert sorted(head.name for head in found.heads) == ["Area 0", "Area 1", "Area 2", "Area 3"]
    assert found.left_out == "80 teams by area; hand-overs within areas left out."


@given(st.sets(st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda pair: pair[0] != pair[1])))
def test_marks_above_the_diagonal_stay_within_blocks(pairs: set[tuple[int, int]]) -> None:
    found = matrix(scope(*(needs(n, *pair) for n, pair in enumerate(sorted(pairs), 1)), teams=8))

    inside = {place for first, count in found.blocks for place in range(first, first + count)}
    against = [cell for cell in found.cells if cell.column > cell.row]
    assert all({cell.row, cell.column} <= inside for cell in against)
    blocks = {frozenset(order(found)[first : first + count]) for first, count in found.blocks}
    assert blocks == {frozenset(one) for one in strongly_connected(pairs) if len(one) > 1}


def test_bands_are_the_sprints_and_not_the_quarter_around_them() -> None:
    asked = scope(
        needs(1, 1, 2, day=TODAY),
        needs(2, 1, 3, day=TODAY + timedelta(days=20)),
        horizons=(*SPRINTS, QUARTER),
    )

    bands = bands_for(asked.organisation, cards_of(asked.organisation, asked.dependencies, TODAY))

    assert [band.name for band in bands] == ["Sprint 1", "Sprint 2"]


def test_without_a_recorded_cadence_bands_are_regular_and_few() -> None:
    days = [TODAY + timedelta(days=10 * n) for n in range(40)]
    asked = scope(*(needs(n, 1, 2, day=day) for n, day in enumerate(days, 1)), needs(99, 1, 3))

    bands = bands_for(asked.organisation, cards_of(asked.organisation, asked.dependencies, TODAY))

    assert [(band.name, band.starts_on) for band in bands] == [
        *(("3 months", TODAY + timedelta(days=91 * n)) for n in range(5)),
        ("No date", None),
    ]


def test_the_longest_chain_is_bold_in_time_and_alone_in_its_own_picture() -> None:
    day = {n: TODAY + timedelta(days=14 * (n - 1)) for n in (1, 2, 3)}
    goal = SharedGoal(GoalId(1), "g", "Refunds")
    chain = [needs(n, n + 1, n, day=day[n], goal=1) for n in (1, 2, 3)]
    asked = scope(*chain, needs(8, 6, 5, day=TODAY), horizons=SPRINTS, goals=(goal,))

    whole, alone = items_in_time(asked), longest_chain(asked)

    assert (whole.chain, whole.feeds) == ((1, 2, 3), ((1, 2), (2, 3)))
    assert [card.id for card in whole.cards] == [1, 2, 3, 8]
    assert ([card.id for card in alone.cards], alone.title) == ([1, 2, 3], "The longest chain, 3 hand-overs")


def test_what_is_fed_through_another_card_has_no_line_of_its_own() -> None:
    goal = SharedGoal(GoalId(1), "g", "Refunds")
    steps = [needs(1, 2, 1, goal=1), needs(2, 2, 2, goal=1), needs(3, 3, 2, goal=1)]

    found = items_in_time(scope(*steps, goals=(goal,)))

    assert found.feeds == ((1, 3),)


def test_without_a_chain_there_is_nothing_to_draw() -> None:
    found = longest_chain(scope(needs(1, 1, 2)))

    assert (found.cards, found.table.rows) == ((), ())


def test_too_many_cards_leave_out_what_is_least_telling_and_the_table_has_all() -> None:
    agreed = [needs(n, 1, 2, day=TODAY + timedelta(days=n)) for n in range(1, 90)]

    found = items_in_time(scope(*agreed, needs(99, 1, 3, state=ASKED)))

    assert len(found.cards) == 60
    assert 99 in [card.id for card in found.cards]
    assert found.left_out.startswith("Showing 60 of 90 hand-overs")
    assert len(found.table.rows) == 90


def test_around_a_team_stands_what_it_waits_for_and_what_it_owes() -> None:
    asked = scope(needs(1, 1, 2), needs(2, 3, 1), needs(3, 4, 5))

    found = around(asked, TeamId(1))

    assert ([card.id for card in found.waits], [card.id for card in found.owes]) == ([1], [2])
    assert busiest_team(asked.organisation, asked.dependencies) == 1
    assert busiest_team(asked.organisation, ()) is None


def test_a_ring_is_loosened_where_nobody_has_promised() -> None:
    asked = scope(needs(1, 1, 2), needs(2, 2, 3, state=ASKED), needs(3, 3, 1), needs(4, 5, 6))

    found = loops_of(asked)

    (ring,) = found.rings
    assert [team.id for team in ring.teams] == [1, 2, 3]
    assert [(step.provider, step.consumer) for step in ring.steps if step.is_weakest] == [(3, 2)]
    assert found.pairs == {(1, 2), (2, 3), (3, 1)}


@pytest.mark.parametrize("pairs", [[], [(1, 2)], [(1, 2), (2, 3)]])
def test_without_a_circle_there_is_no_loop(pairs: list[tuple[int, int]]) -> None:
    found = loops_of(scope(*(needs(n, *pair) for n, pair in enumerate(pairs, 1))))

    assert (found.rings, found.title) == ((), "No loops")


def test_a_goal_has_the_teams_that_it_names_and_those_that_give_for_it() -> None:
    goal = SharedGoal(GoalId(1), "g", "Refunds", team_ids=frozenset({TeamId(4)}))

    found = goal_map(scope(needs(1, 1, 2, goal=1), needs(2, 3, 2, goal=1), goals=(goal,)))

    assert [(line.team_id, line.gives, line.needs, line.leads) for line in found.lines] == [
        (1, 0, 1, False),
        (2, 2, 0, False),
        (3, 0, 1, False),
        (4, 0, 0, False),
    ]
    assert ([box.lead for box in found.goals], found.table.rows[0][:3]) == (
        [""],
        ("Refunds", "nobody yet", "Team 1"),
    )


def test_a_goal_is_led_from_the_team_of_whoever_leads_it() -> None:
    goal = SharedGoal(GoalId(1), "g", "Refunds", lead_id=PersonId(7))
    found_in = scope(needs(1, 1, 2, goal=1), needs(2, 3, 2, goal=1), goals=(goal,))
    organisation = replace(
        found_in.organisation,
        people=(Person(PersonId(7), "dana", "Dana Fischer"),),
        memberships=(Membership(PersonId(7), TeamId(3), decides=True),),
    )

    found = goal_map(replace(found_in, organisation=organisation))

    assert [line.team_id for line in found.lines if line.leads] == [3]
    assert [box.lead for box in found.goals] == ["Dana Fischer"]
    assert {row[1] for row in found.table.rows} == {"Dana Fischer"}


def test_the_board_has_a_row_for_each_team_that_gives() -> None:
    found = board(
        scope(needs(1, 1, 2, day=TODAY), needs(2, 3, 2, day=TODAY + timedelta(days=20)), horizons=SPRINTS)
    )

    (row,) = found.rows
    assert row.team.id == 2
    assert [[card.id for card in cell] for cell in row.cells] == [[1], [2]]


def test_the_same_dependencies_in_another_order_give_the_same_pictures() -> None:
    some = [needs(1, 1, 2, day=TODAY), needs(2, 2, 3), needs(3, 3, 1), needs(4, 4, 1, day=TODAY)]

    for build in (matrix, board, items_in_time, loops_of, goal_map, longest_chain):
        assert build(scope(*some)) == build(scope(*some[::-1]))
