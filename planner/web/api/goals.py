"""Shared goals: what two teams or more carry together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from planner.domain import model
from planner.domain.transfer import GoalDraft, goal_draft
from planner.services import goals
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import (
    do,
    done,
    expect_known,
    expect_version,
    looked_for,
    maybe,
    one,
    person_keys,
    team_keys,
    version,
    versions,
)
from planner.web.api.types import AtMost, Key, Partial, Sentence, ShortText
from planner.web.records import by_key


@dataclass(frozen=True, kw_only=True)
class NewGoal:
    """A shared goal; two teams or more by key. `lead` is the person who leads it, by key."""

    outcome: Sentence
    due_on: date | None = None
    teams: Annotated[tuple[Key, ...], AtMost(500)] = ()
    lead: Key | None = None


@dataclass(frozen=True, kw_only=True)
class Goal(NewGoal):
    """A shared goal."""

    key: str
    version: int


@dataclass(frozen=True, kw_only=True)
class GoalFilter(Page):
    """`q`: part of the outcome. `team`: one that carries it, by key."""

    q: ShortText | None = None
    team: Key | None = None


@operation("GET", "/goals")
def list_goals(query: GoalFilter) -> Listed[Goal]:
    """List shared goals by outcome."""
    teams = {team.key: team.id for team in context.organisation().teams}
    found = [
        goal
        for goal in looked_for(context.organisation().goals, lambda goal: goal.outcome, query.q)
        if query.team is None or teams.get(query.team) in goal.team_ids
    ]
    known = versions("goal", found)
    return page_of(found, query, lambda goal: _goal(goal, known[goal.id]))


@operation("POST", "/goals", status=201)
def create_goal(body: NewGoal) -> One[Goal]:
    """Add a shared goal."""
    key, change = do(goals.record_goal, _draft(body))
    return one(*_current(key), at=f"/goals/{key}", change=change)


@operation("GET", "/goals/<key>")
def read_goal(key: Key) -> One[Goal]:
    """Read one goal."""
    return one(*_current(key))


@operation("PATCH", "/goals/<key>")
def change_goal(key: Key, body: Partial[NewGoal], version: int | None) -> One[Goal]:
    """Change what is named of a goal; a list of teams replaces the whole list."""
    now, _version = _current(key)
    wanted = body.over(NewGoal(outcome=now.outcome, due_on=now.due_on, teams=now.teams, lead=now.lead))
    change = do(goals.change_goal, key, _draft(wanted), version=version)
    return one(*_current(key), change=change)


@operation("DELETE", "/goals/<key>")
def delete_goal(key: Key, version: int | None) -> Done:
    """Remove a goal; its dependencies stay, without one."""
    expect_version("goal", by_key(context.organisation().goals, key, "goal"), version)
    return done(do(goals.remove_goal, key))


def _current(key: str) -> tuple[Goal, int]:
    goal = by_key(context.organisation().goals, key, "goal")
    number = version("goal", goal)
    return _goal(goal, number), number


def _goal(goal: model.SharedGoal, number: int) -> Goal:
    draft = goal_draft(context.organisation(), goal)
    return Goal(
        key=draft.key,
        outcome=draft.outcome,
        due_on=draft.due_on,
        teams=draft.teams,
        lead=draft.lead,
        version=number,
    )


def _draft(goal: NewGoal) -> GoalDraft:
    expect_known(teams=(goal.teams, team_keys()), lead=(maybe(goal.lead), person_keys()))
    return GoalDraft("", goal.outcome, goal.due_on, goal.teams, goal.lead)
