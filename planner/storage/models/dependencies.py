"""What teams need from one another."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.model import DependencyKind, DependencyState, Side
from planner.storage.db import Row, UtcDateTime, one_of


class DependencyRow(Row):
    __tablename__ = "dependency"
    __table_args__ = (
        CheckConstraint("consumer_id <> provider_id", name="two_teams"),
        CheckConstraint("what <> ''", name="what"),
        CheckConstraint(one_of("state", DependencyState), name="state"),
        CheckConstraint(one_of("kind", DependencyKind), name="kind"),
        CheckConstraint(f"proposed_by IS NULL OR {one_of('proposed_by', Side)}", name="proposed_by"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("gap IS NULL OR gap BETWEEN 0 AND 1", name="gap"),
        {"sqlite_autoincrement": True},
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    what: Mapped[str] = mapped_column(String(500))
    needed_by: Mapped[date | None]
    promised_for: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    horizon_id: Mapped[int | None] = mapped_column(ForeignKey("horizon.id"), index=True)
    item: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(20))
    gap: Mapped[float | None]

    # how the two sides stand, `planner.domain.model.Negotiation`
    round: Mapped[int] = mapped_column(default=1)
    asked_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    criteria: Mapped[list[str]] = mapped_column(JSON, default=list)
    conditions: Mapped[list[str]] = mapped_column(JSON, default=list)
    proposed_for: Mapped[date | None]
    proposed_what: Mapped[str] = mapped_column(String(500), default="")
    proposed_provider_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    proposed_by: Mapped[str | None] = mapped_column(String(20))
    proposed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    heard: Mapped[str] = mapped_column(String(1000), default="")
    heard_right: Mapped[bool | None]
    unmet: Mapped[list[str]] = mapped_column(JSON, default=list)


class MessageRow(Row):
    """A question or an answer about a dependency. Who wrote it outlives the person, as in the history."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint(one_of("side", Side), name="side"),
        {"sqlite_autoincrement": True},
    )

    dependency_id: Mapped[int] = mapped_column(ForeignKey("dependency.id"), index=True)
    side: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
