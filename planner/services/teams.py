"""Teams and who is in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from planner.domain.text import PROSE_LONGEST, clean, counted
from planner.services.changes import expect_version, recorded
from planner.services.keys import existing, expect_free_name, free_key
from planner.services.permissions import Right, require
from planner.storage.models import DependencyRow, MembershipRow, TeamRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from planner.domain.transfer import TeamDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange


def record_team(session: Session, actor: Actor, draft: TeamDraft) -> tuple[str, OpenChange]:
    """Add a team and return its key. Raises InvalidInput."""
    require(actor, Right.RECORD)
    store = Store(session)
    draft = _checked(store, draft, None)
    draft = replace(draft, key=free_key(store, TeamRow, draft.name))
    with recorded(session, actor, "team:recorded", f"Added the team {draft.name}") as change:
        store.save_team(draft)
    return draft.key, change


def change_team(
    session: Session, actor: Actor, key: str, draft: TeamDraft, *, version: int | None
) -> OpenChange:
    """Change a team and its members. Raises NotFound, NotAllowed, InvalidInput, StaleVersion."""
    store = Store(session)
    row = existing(store, TeamRow, key)
    require(actor, Right.CHANGE_TEAM, with_people(session, [row.id]))
    expect_version(row, version)
    draft = replace(_checked(store, draft, row), key=key)
    with recorded(session, actor, "team:changed", f"Changed the team {draft.name}") as change:
        store.save_team(draft, row)
    return change


def remove_team(session: Session, actor: Actor, key: str) -> OpenChange:
    """Remove a team with its dependencies, sessions and seats. Raises NotFound, NotAllowed."""
    store = Store(session)
    row = existing(store, TeamRow, key)
    require(actor, Right.CHANGE_TEAM, with_people(session, [row.id]))
    summary = f"Removed the team {row.name}{_with_it(session, row)}"
    with recorded(session, actor, "team:removed", summary) as change:
        store.remove(row)
    return change


def _with_it(session: Session, row: TeamRow) -> str:
    sides = (DependencyRow.consumer_id == row.id) | (DependencyRow.provider_id == row.id)
    number = session.scalar(select(func.count()).select_from(DependencyRow).where(sides)) or 0
    return f" and its {counted(number, 'dependency', 'dependencies')}" if number else ""


def with_people(session: Session, team_ids: Collection[int]) -> list[int]:
    """Return the teams somebody is in; only those can be asked, and a team without people is open to all."""
    query = select(MembershipRow.team_id).where(MembershipRow.team_id.in_(team_ids)).distinct()
    return sorted(session.scalars(query))


def _checked(store: Store, draft: TeamDraft, row: TeamRow | None) -> TeamDraft:
    draft = replace(
        draft,
        name=clean(draft.name, where="name"),
        area=clean(draft.area, where="area", required=False),
        purpose=clean(draft.purpose, where="purpose", longest=PROSE_LONGEST, required=False),
        members=tuple(
            replace(member, role=clean(member.role, where="role", required=False)) for member in draft.members
        ),
    )
    expect_free_name(store, TeamRow, draft.name, row)
    return draft
