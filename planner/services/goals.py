"""Shared goals, and the horizons that people plan for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import SENTENCE_LONGEST, clean
from planner.services.changes import expect_version, recorded
from planner.services.keys import existing, expect_free_name, free_key
from planner.services.permissions import Right, require
from planner.services.teams import with_people
from planner.storage.models import GoalRow, GoalTeamRow, HorizonRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.transfer import GoalDraft, HorizonDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

FEWEST_TEAMS = 2


def record_goal(session: Session, actor: Actor, draft: GoalDraft) -> tuple[str, OpenChange]:
    """Add a shared goal and return its key. Raises InvalidInput, also with fewer than two teams."""
    require(actor, Right.RECORD)
    store = Store(session)
    draft = _checked(draft)
    draft = replace(draft, key=free_key(store, GoalRow, draft.outcome))
    with recorded(session, actor, "goal:recorded", f"Added the goal {draft.outcome}") as change:
        store.save_goal(draft)
    return draft.key, change


def change_goal(
    session: Session, actor: Actor, key: str, draft: GoalDraft, *, version: int | None
) -> OpenChange:
    """Change a goal. Raises NotFound, NotAllowed, InvalidInput, StaleVersion."""
    store = Store(session)
    row = existing(store, GoalRow, key)
    require(actor, Right.CHANGE_GOAL, _asked(session, row))
    expect_version(row, version)
    draft = replace(_checked(draft), key=key)
    with recorded(session, actor, "goal:changed", f"Changed the goal {draft.outcome}") as change:
        store.save_goal(draft, row)
    return change


def remove_goal(session: Session, actor: Actor, key: str) -> OpenChange:
    """Remove a goal; its dependencies stay, without one. Raises NotFound, NotAllowed."""
    store = Store(session)
    row = existing(store, GoalRow, key)
    require(actor, Right.CHANGE_GOAL, _asked(session, row))
    with recorded(session, actor, "goal:removed", f"Removed the goal {row.outcome}") as change:
        store.remove(row)
    return change


def record_horizon(session: Session, actor: Actor, draft: HorizonDraft) -> OpenChange:
    """Add a horizon such as a sprint or a release cycle. Raises InvalidInput."""
    require(actor, Right.ARRANGE)
    return _save_horizon(session, actor, draft, None)


def change_horizon(
    session: Session, actor: Actor, name: str, draft: HorizonDraft, *, version: int | None
) -> OpenChange:
    """Change a horizon. Raises NotFound, InvalidInput, StaleVersion."""
    require(actor, Right.ARRANGE)
    row = existing(Store(session), HorizonRow, name)
    expect_version(row, version)
    return _save_horizon(session, actor, draft, row)


def remove_horizon(session: Session, actor: Actor, name: str) -> OpenChange:
    """Remove a horizon; its dependencies stay, without one. Raises NotFound."""
    require(actor, Right.ARRANGE)
    store = Store(session)
    row = existing(store, HorizonRow, name)
    with recorded(session, actor, "horizon:removed", f"Removed the horizon {row.name}") as change:
        store.remove(row)
    return change


def _save_horizon(session: Session, actor: Actor, draft: HorizonDraft, row: HorizonRow | None) -> OpenChange:
    store = Store(session)
    draft = replace(draft, name=clean(draft.name, where="name"))
    if draft.starts_on and draft.ends_on and draft.starts_on > draft.ends_on:
        raise InvalidInput(Problem("ends_on", "lies before the first day; swap the two dates"))
    expect_free_name(store, HorizonRow, draft.name, row)
    verb, tag = ("Added", "recorded") if row is None else ("Changed", "changed")
    with recorded(session, actor, f"horizon:{tag}", f"{verb} the horizon {draft.name}") as change:
        store.save_horizon(draft, row)
    return change


def _asked(session: Session, row: GoalRow) -> list[int]:
    """The teams whose people may change the goal."""
    teams = session.scalars(select(GoalTeamRow.team_id).where(GoalTeamRow.goal_id == row.id))
    return with_people(session, list(teams))


def _checked(draft: GoalDraft) -> GoalDraft:
    if len(set(draft.teams)) < FEWEST_TEAMS:
        raise InvalidInput(
            Problem("teams", "a goal is shared when two teams or more carry it; choose another")
        )
    return replace(draft, outcome=clean(draft.outcome, where="outcome", longest=SENTENCE_LONGEST))
