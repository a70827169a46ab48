"""The example organisation as a value, without a database."""

from __future__ import annotations

from planner.domain.model import (
    Dependency,
    DependencyId,
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
from planner.domain.transfer import Draft
from planner.examples import larkfield
from planner.interchange.json import read_organisation


def example_organisation() -> Organisation:
    """Return Larkfield Rail as it is written, numbered in the order of its file."""
    draft = read_organisation(larkfield()).draft
    team = {one.key: TeamId(n) for n, one in enumerate(draft.teams, 1)}
    person = {one.key: PersonId(n) for n, one in enumerate(draft.people, 1)}
    goal = {one.key: GoalId(n) for n, one in enumerate(draft.goals, 1)}
    horizon = {one.name: HorizonId(n) for n, one in enumerate(draft.horizons, 1)}
    return Organisation(
        name=draft.name,
        people=tuple(Person(person[one.key], one.key, one.name) for one in draft.people),
        teams=tuple(Team(team[one.key], one.key, one.name, one.area) for one in draft.teams),
        memberships=tuple(
            Membership(person[member.person], team[one.key], member.decides)
            for one in draft.teams
            for member in one.members
        ),
        horizons=tuple(
            Horizon(horizon[one.name], one.name, one.starts_on, one.ends_on) for one in draft.horizons
        ),
        goals=tuple(
            SharedGoal(goal[one.key], one.key, one.outcome, one.due_on, frozenset(team[t] for t in one.teams))
            for one in draft.goals
        ),
        dependencies=_dependencies(draft, team, goal, horizon),
    )


def _dependencies(
    draft: Draft, team: dict[str, TeamId], goal: dict[str, GoalId], horizon: dict[str, HorizonId]
) -> tuple[Dependency, ...]:
    return tuple(
        Dependency(
            id=DependencyId(number),
            key=one.key,
            consumer_id=team[one.consumer],
            provider_id=team[one.provider],
            what=one.what,
            needed_by=one.needed_by,
            promised_for=one.promised_for,
            state=one.state,
            goal_id=goal[one.goal] if one.goal else None,
            horizon_id=horizon[one.horizon] if one.horizon else None,
            kind=one.kind,
        )
        for number, one in enumerate(draft.dependencies, 1)
    )
