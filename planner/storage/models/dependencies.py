"""What teams need from one another."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.model import DependencyKind, DependencyState
from planner.storage.db import Row


def _one_of(column: str, values: type[DependencyKind | DependencyState]) -> str:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return f"{column} IN ({listed})"


class DependencyRow(Row):
    __tablename__ = "dependency"
    __table_args__ = (
        CheckConstraint("consumer_id <> provider_id", name="two_teams"),
        CheckConstraint("what <> ''", name="what"),
        CheckConstraint(_one_of("state", DependencyState), name="state"),
        CheckConstraint(_one_of("kind", DependencyKind), name="kind"),
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
