"""Work that takes too long for a page, and those who do it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, UtcDateTime


class JobRow(Base):
    """One piece of work: what kind, about what, how far it is. It may be thrown away and asked for again.

    payload: what the worker must know, as JSON. report: what it tells meanwhile, as JSON.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'stopped', 'failed')", name="state"),
        CheckConstraint("done BETWEEN 0 AND total", name="done"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    report: Mapped[str] = mapped_column(Text)
    done: Mapped[int]
    total: Mapped[int]
    stop_asked: Mapped[bool]
    attempts: Mapped[int]
    worker_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkerRow(Base):
    """A process that does jobs, and when it was last heard of."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
