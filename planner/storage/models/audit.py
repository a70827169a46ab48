"""What happened: one change is one act of one person, made of events on rows. Append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, UtcDateTime


class ChangeRow(Base):
    """`actor_id` is no foreign key: history outlives the people in it, `actor_name` keeps the name.

    `key` is that of the form which asked for the change: the same form sent twice changes once.
    """

    __tablename__ = "change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    tag: Mapped[str] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(String(500))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"), unique=True)
    key: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)


class EventRow(Base):
    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("act IN ('created', 'updated', 'removed')", name="act"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40), index=True)
    subject_id: Mapped[int] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(10))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
