"""Teams, people, and who is in which team."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Row


class TeamRow(Row):
    __tablename__ = "team"
    __table_args__ = (CheckConstraint("name <> ''", name="name"), {"sqlite_autoincrement": True})

    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(600), unique=True)
    area: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)


class PersonRow(Row):
    """`days` holds the weekdays on which the person works as digits, Monday is 0."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("work_start >= 0 AND work_start < work_end AND work_end <= 1440", name="hours"),
        {"sqlite_autoincrement": True},
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    zone: Mapped[str] = mapped_column(String(64))
    work_start: Mapped[int]
    work_end: Mapped[int]
    days: Mapped[str] = mapped_column(String(7))


class MembershipRow(Row):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("team_id", "person_id"), {"sqlite_autoincrement": True})

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decides: Mapped[bool]
    role: Mapped[str] = mapped_column(String(200))
