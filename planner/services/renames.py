"""What something was called before, for whoever still calls it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.services.history import TABLES
from planner.storage.models import EventRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def once_named(session: Session, noun: str, name: str) -> int | None:
    """Return the row that had this name last, whatever it is called by now; None where none ever had."""
    renamed = select(EventRow.subject_id).where(
        EventRow.subject == TABLES[noun],
        EventRow.act == "updated",
        EventRow.before["name"].as_string() == name,
    )
    return session.scalar(renamed.order_by(EventRow.id.desc()).limit(1))
