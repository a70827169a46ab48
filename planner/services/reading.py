"""Small questions that pages ask besides the organisation as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.storage.store import NOUN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

_TABLE = {noun: table for table, noun in NOUN.items()}


def versions_of(session: Session, noun: str, row_ids: Iterable[int]) -> dict[int, int]:
    """Return the version of each of these rows by its id. One query."""
    table = _TABLE[noun]
    return dict(
        session.execute(select(table.id, table.version).where(table.id.in_(list(row_ids)))).tuples().all()
    )


def version_of(session: Session, noun: str, row_id: int) -> int:
    """Return the version of a row, to be sent back with its form; 0 when it is gone."""
    table = _TABLE[noun]
    return session.scalar(select(table.version).where(table.id == row_id)) or 0
