"""Blind votes before a shared session.

None of these rows is audited: the history must not show a vote. No foreign key leads to a session or a
person either, so that votes keep nobody from taking an adoption back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.ballots import ROUNDS
from planner.storage.db import Base, UtcDateTime


class BallotRow(Base):
    """One round of votes on the agenda of a session; closed once `opened_at` is set.

    session_round: before which round of the session, from 0.
    handed_in: how often somebody voted. Counting it up first makes whoever votes wait for whoever opens.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("session_id", "session_round", "round"),
        CheckConstraint(f"round BETWEEN 1 AND {ROUNDS}", name="round"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int]
    session_round: Mapped[int] = mapped_column(default=0)
    round: Mapped[int]
    handed_in: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PaperRow(Base):
    """What one person, by key, says in one round: a vote for each matter they voted on."""

    __tablename__ = "ballot_paper"
    __table_args__ = (UniqueConstraint("ballot_id", "person"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    person: Mapped[str] = mapped_column(String(200))
    votes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
