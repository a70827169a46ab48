"""What happened, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.services.changes import WITHOUT_VALUES
from planner.storage.models import ChangeRow, EventRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change: who did what and when, and whether this actor can take it back."""

    id: int
    at: datetime
    who: str
    tag: str
    summary: str
    is_undone: bool
    may_undo: bool


def read_history(
    session: Session, actor: Actor | None, *, before: int | None = None
) -> tuple[HistoryEntry, ...]:
    """Return up to fifty changes, newest first, those before the given id."""
    query = select(ChangeRow).order_by(ChangeRow.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(ChangeRow.id < before)
    rows = session.scalars(query).all()
    shown = [row.id for row in rows]
    undone = set(session.scalars(select(ChangeRow.undoes_id).where(ChangeRow.undoes_id.in_(shown))))
    return tuple(_entry(row, row.id in undone, actor) for row in rows)


def read_history_of(session: Session, subject: str, subject_id: int) -> tuple[HistoryEntry, ...]:
    """Return the changes that touched one row, newest first."""
    query = (
        select(ChangeRow)
        .join(EventRow, EventRow.change_id == ChangeRow.id)
        .where(EventRow.subject == subject, EventRow.subject_id == subject_id)
        .distinct()
        .order_by(ChangeRow.id.desc())
        .limit(PAGE)
    )
    return tuple(_entry(row, False, None) for row in session.scalars(query))


def _entry(row: ChangeRow, is_undone: bool, actor: Actor | None) -> HistoryEntry:
    mine = actor is not None and (actor.is_operator or actor.person_id == row.actor_id)
    mine = mine and not row.tag.startswith(WITHOUT_VALUES)
    return HistoryEntry(
        row.id, row.at, row.actor_name, row.tag, row.summary, is_undone, mine and not is_undone
    )
