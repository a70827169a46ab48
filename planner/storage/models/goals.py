"""Shared goals and planning horizons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Row


class HorizonRow(Row):
    __tablename__ = "horizon"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="dates"),
        {"sqlite_autoincrement": True},
    )

    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(600), unique=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class GoalRow(Row):
    __tablename__ = "goal"
    __table_args__ = (CheckConstraint("outcome <> ''", name="outcome"), {"sqlite_autoincrement": True})

    key: Mapped[str] = mapped_column(String(200), unique=True)
    outcome: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date | None]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class GoalTeamRow(Row):
    __tablename__ = "goal_team"
    __table_args__ = (UniqueConstraint("goal_id", "team_id"), {"sqlite_autoincrement": True})

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
