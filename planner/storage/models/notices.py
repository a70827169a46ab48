"""What people are told, and how each of them wants to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.notices import HowTold, NoticeKind
from planner.storage.db import Base, UtcDateTime, one_of


class NoticeRow(Base):
    """One sentence for one person. It outlives what it tells of, so its numbers are no foreign keys.

    how: what the person had chosen for mail when it was written. once: for notices that no act brings, what
    keeps them from being written twice.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
        CheckConstraint(one_of("how", HowTold), name="how"),
        UniqueConstraint("person_id", "once"),
        Index(None, "person_id", "read_at"),
        Index(None, "how", "mailed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    dependency_id: Mapped[int | None]
    proposal_id: Mapped[int | None]
    promise_id: Mapped[int | None]
    session_id: Mapped[int | None]
    change_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(10))
    once: Mapped[str | None] = mapped_column(String(80))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeChoiceRow(Base):
    """How a person wants to be told one kind; without a row the usual holds."""

    __tablename__ = "notice_choice"
    __table_args__ = (
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
        CheckConstraint(one_of("how", HowTold), name="how"),
        UniqueConstraint("person_id", "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    how: Mapped[str] = mapped_column(String(10))
