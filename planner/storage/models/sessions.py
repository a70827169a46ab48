"""The sessions that teams hold today."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Row


class TeamSessionRow(Row):
    __tablename__ = "team_session"
    __table_args__ = (
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("local_minutes BETWEEN 0 AND minutes", name="local_minutes"),
        CheckConstraint("cadence_days BETWEEN 1 AND 366", name="cadence"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("start IS NULL OR start BETWEEN 0 AND 1439", name="start"),
        {"sqlite_autoincrement": True},
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    host_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    minutes: Mapped[int]
    local_minutes: Mapped[int]
    cadence_days: Mapped[int]
    weekday: Mapped[int | None]
    start: Mapped[int | None]
    zone: Mapped[str | None] = mapped_column(String(64))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    # no foreign key: SQLite would have to make the table anew, under the seats that point at it
    paused_by_id: Mapped[int | None]


class AttendanceRow(Row):
    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "person_id"), {"sqlite_autoincrement": True})

    session_id: Mapped[int] = mapped_column(ForeignKey("team_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
