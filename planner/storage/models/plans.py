"""The plans that people have decided on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Row, UtcDateTime


class KeptPlanRow(Row):
    """One row a question. `plan` names people, places and dependencies by key, so that it outlives rows."""

    __tablename__ = "kept_plan"
    __table_args__ = ({"sqlite_autoincrement": True},)

    question: Mapped[str] = mapped_column(String(64), unique=True)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by: Mapped[str] = mapped_column(String(200))
