"""Shared goals and the teams that work for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.domain.model import GoalId, Organisation, SharedGoal, Team, TeamId
from planner.domain.pictures.around import owners_of
from planner.domain.pictures.cards import Card, PictureTable, cards_of
from planner.domain.pictures.scope import Scope
from planner.domain.pictures.sides import ordered_sides
from planner.domain.text import counted

GOALS_MAX = (12, 8, 4)
TEAMS_MAX = (40, 24, 12)


@dataclass(frozen=True, slots=True)
class GoalBox:
    goal: SharedGoal
    teams: int
    agreed: int
    open: int
    late: int
    lead: str = ""


@dataclass(frozen=True, slots=True)
class GoalTeam:
    team: Team
    owners: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A team works for a goal; it gives and needs so many hand-overs for it, and may have who leads it."""

    goal_id: int
    team_id: int
    gives: int
    needs: int
    leads: bool


@dataclass(frozen=True, slots=True)
class GoalMap:
    title: str
    subtitle: str
    goals: tuple[GoalBox, ...]
    teams: tuple[GoalTeam, ...]
    lines: tuple[GoalLine, ...]
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable


def goal_map(scope: Scope) -> GoalMap:
    """Return which teams work for which goal, named in it or with a hand-over for it."""
    by_goal = _by_goal(scope.organisation, cards_of(scope.organisation, scope.dependencies, scope.today))
    wanted = [
        goal
        for goal in scope.organisation.goals
        if by_goal[goal.id] or (goal.team_ids and not scope.subtitle)
    ]
    busiest = sorted(wanted, key=lambda goal: (-len(by_goal[goal.id]), goal.id))[: GOALS_MAX[scope.detail]]
    due = sorted(busiest, key=lambda goal: (goal.due_on or date.max, goal.id))
    all_lines = [line for goal in wanted for line in _lines(scope.organisation, goal, by_goal[goal.id])]
    ids = {int(goal.id) for goal in due}
    near = [line for line in all_lines if line.goal_id in ids]
    teams = _teams(near, TEAMS_MAX[scope.detail])
    drawn = tuple(line for line in near if line.team_id in teams)
    linked = {line.goal_id for line in drawn}
    first = [int(goal.id) for goal in due if goal.id in linked]
    goals, ordered = ordered_sides(first, [(line.goal_id, line.team_id) for line in drawn])
    return GoalMap(
        title=f"Shared goals of {scope.organisation.name}" if scope.organisation.name else "Shared goals",
        subtitle=scope.subtitle,
        goals=tuple(
            _box(scope.organisation, scope.organisation.goal[GoalId(goal)], by_goal[GoalId(goal)], near)
            for goal in goals
        ),
        teams=tuple(
            GoalTeam(scope.organisation.team[TeamId(team)], owners_of(scope.organisation, TeamId(team)))
            for team in ordered
        ),
        lines=drawn,
        areas=scope.areas,
        left_out=_left_out(len(goals), len(wanted), len(drawn), len(near)),
        table=_table(scope.organisation, all_lines),
    )


def _by_goal(organisation: Organisation, cards: Iterable[Card]) -> dict[GoalId, list[Card]]:
    found: dict[GoalId, list[Card]] = {goal.id: [] for goal in organisation.goals}
    for card in cards:
        if card.dependency.goal_id is not None and card.dependency.goal_id in found:
            found[card.dependency.goal_id].append(card)
    return found


def _lines(organisation: Organisation, goal: SharedGoal, cards: Iterable[Card]) -> list[GoalLine]:
    gives: Counter[TeamId] = Counter(card.provider.id for card in cards)
    needs: Counter[TeamId] = Counter(card.consumer.id for card in cards)
    teams = sorted({team for team in (*goal.team_ids, *gives, *needs) if team in organisation.team})
    lead = organisation.teams_of.get(goal.lead_id, ()) if goal.lead_id is not None else ()
    return [GoalLine(int(goal.id), int(team), gives[team], needs[team], leads=team in lead) for team in teams]


def _teams(lines: Iterable[GoalLine], most: int) -> set[int]:
    weight: Counter[int] = Counter()
    for line in lines:
        weight[line.team_id] += 1 + line.gives + line.needs
    return set(sorted(weight, key=lambda team: (-weight[team], team))[:most])


def _box(
    organisation: Organisation, goal: SharedGoal, cards: Iterable[Card], lines: Iterable[GoalLine]
) -> GoalBox:
    states = Counter("late" if card.is_late else "open" if card.is_open else "agreed" for card in cards)
    teams = sum(1 for line in lines if line.goal_id == goal.id)
    lead = lead_of(organisation, goal)
    return GoalBox(goal, teams, states["agreed"], states["open"], states["late"], lead)


def lead_of(organisation: Organisation, goal: SharedGoal) -> str:
    """Return the name of who leads a goal, "" while nobody does."""
    found = organisation.person.get(goal.lead_id) if goal.lead_id is not None else None
    return found.name if found else ""


def _left_out(goals: int, all_goals: int, lines: int, all_lines: int) -> str:
    said = []
    if goals < all_goals:
        said.append(f"Showing {goals} of {counted(all_goals, 'goal')}, those with most hand-overs.")
    if lines < all_lines:
        said.append(f"Showing {lines} of {counted(all_lines, 'line')}.")
    return " ".join(said)


def _table(organisation: Organisation, lines: Iterable[GoalLine]) -> PictureTable:
    rows = [
        (
            organisation.goal[GoalId(line.goal_id)].outcome,
            lead_of(organisation, organisation.goal[GoalId(line.goal_id)]) or "nobody yet",
            organisation.team[TeamId(line.team_id)].name,
            str(line.gives),
            str(line.needs),
        )
        for line in lines
    ]
    return PictureTable("Every team of every goal", ("Goal", "Led by", "Team", "Gives", "Needs"), tuple(rows))
