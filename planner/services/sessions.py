"""The sessions that teams hold today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import MINUTES_PER_DAY, WEEKDAYS
from planner.domain.text import SENTENCE_LONGEST, clean
from planner.services.changes import expect_version, recorded
from planner.services.keys import existing, expect_zone, free_key
from planner.services.permissions import Right, require
from planner.services.teams import with_people
from planner.storage.models import TeamRow, TeamSessionRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.transfer import SessionDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

BOUNDS = {
    "minutes": ("are", 1, MINUTES_PER_DAY),
    "local_minutes": ("are", 0, MINUTES_PER_DAY),
    "cadence_days": ("are", 1, 366),
    "weekday": ("is", 0, len(WEEKDAYS) - 1),
    "start": ("is", 0, MINUTES_PER_DAY - 1),
}


def record_session(session: Session, actor: Actor, draft: SessionDraft) -> tuple[str, OpenChange]:
    """Add a team session and return its key. Raises NotAllowed, InvalidInput."""
    store = Store(session)
    draft = _checked(draft)
    _require_host(session, actor, store.id_of(TeamRow, draft.host))
    draft = replace(draft, key=free_key(store, TeamSessionRow, draft.title))
    with recorded(session, actor, "session:recorded", f"Added the session {draft.title}") as change:
        store.save_session(draft)
    return draft.key, change


def change_session(
    session: Session, actor: Actor, key: str, draft: SessionDraft, *, version: int | None
) -> OpenChange:
    """Change a team session. Raises NotFound, NotAllowed, InvalidInput, StaleVersion."""
    store = Store(session)
    row = existing(store, TeamSessionRow, key)
    _require_host(session, actor, row.host_id)
    expect_version(row, version)
    draft = replace(_checked(draft), key=key)
    _require_host(session, actor, store.id_of(TeamRow, draft.host))
    with recorded(session, actor, "session:changed", f"Changed the session {draft.title}") as change:
        store.save_session(draft, row)
    return change


def remove_session(session: Session, actor: Actor, key: str) -> OpenChange:
    """Remove a team session with its seats. Raises NotFound, NotAllowed."""
    store = Store(session)
    row = existing(store, TeamSessionRow, key)
    _require_host(session, actor, row.host_id)
    with recorded(session, actor, "session:removed", f"Removed the session {row.title}") as change:
        store.remove(row)
    return change


def _require_host(session: Session, actor: Actor, team_id: int) -> None:
    require(actor, Right.CHANGE_SESSION, with_people(session, [team_id]))


def _checked(draft: SessionDraft) -> SessionDraft:
    problems = [
        Problem(name, f"{verb} {value}; expected {low} to {high}")
        for name, (verb, low, high) in BOUNDS.items()
        if (value := getattr(draft, name)) is not None and not low <= value <= high
    ]
    if not problems and draft.local_minutes > draft.minutes:
        problems.append(
            Problem("local_minutes", f"are more than the {draft.minutes} minutes of the whole session")
        )
    if problems:
        raise InvalidInput(*problems)
    if draft.zone is not None:
        expect_zone(draft.zone)
    return replace(draft, title=clean(draft.title, where="title", longest=SENTENCE_LONGEST))
