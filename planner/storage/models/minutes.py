"""Minutes as they were shared, what was objected to them, and whether people say a session was worth it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, Row, UtcDateTime


class MinutesRow(Row):
    """One version of the minutes of a meeting; its body is as it was shared and is never changed.

    why: what the version corrects, empty for the first.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        {"sqlite_autoincrement": True},
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text)
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shared_by: Mapped[str] = mapped_column(String(200))


class ObjectionRow(Row):
    """What somebody who was there objects to, by their key; `item_id` None: to the minutes as a whole."""

    __tablename__ = "minutes_objection"
    __table_args__ = ({"sqlite_autoincrement": True},)

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), index=True)
    item_id: Mapped[int | None]
    person: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    objected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorthRow(Base):
    """What one person says a session was worth to them, 0 to 4; not audited, because it is theirs alone."""

    __tablename__ = "session_worth"
    __table_args__ = (
        UniqueConstraint("session_id", "session_round", "person_id"),
        CheckConstraint("value BETWEEN 0 AND 4", name="value"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(index=True)
    session_round: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int]
    value: Mapped[int]
