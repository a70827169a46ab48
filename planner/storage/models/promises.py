"""Promises of persons, who witnesses them, and what was said to each.

None of these rows is audited: the history of the organisation is for everybody to read, and a promise for
its owner and its witnesses alone. Their own entries are their history. No foreign key leads to a person:
whoever is removed keeps what they promised for the day on which the removal is taken back.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.promises import PromiseAct, PromiseState
from planner.storage.db import Base, UtcDateTime, one_of

MADE = "made"
"""The first entry of every promise."""


class PromiseRow(Base):
    """What one person promised to whom. `moved_from` is the promise that this one came of.

    origin: in words, where it was made; empty for one made alone. session_id and session_round: the same as
    numbers, no foreign keys for the reason above.
    """

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint(one_of("state", PromiseState), name="state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    owner_id: Mapped[int] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20))
    closed_on: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(500))
    session_id: Mapped[int | None] = mapped_column(index=True)
    session_round: Mapped[int] = mapped_column(default=0, server_default="0")
    moved_from: Mapped[int | None] = mapped_column(ForeignKey("promise.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy when the class is made


class WitnessRow(Base):
    """Somebody who knows of a promise."""

    __tablename__ = "promise_witness"
    __table_args__ = (UniqueConstraint("promise_id", "person_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"))
    person_id: Mapped[int] = mapped_column(index=True)


class PromiseEntryRow(Base):
    """What somebody did to a promise. `key` is that of the form; `taken_back_at`: undone by who did it."""

    __tablename__ = "promise_entry"
    __table_args__ = (
        CheckConstraint(one_of("act", [MADE, *PromiseAct]), name="act"),
        UniqueConstraint("person_id", "key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), index=True)
    person_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(64))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
