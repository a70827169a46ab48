"""The organisation itself, and what is computed from it and may be thrown away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, Row, UtcDateTime


class OrganisationRow(Row):
    """One row: the name, the rules that differ from the defaults, whether this is the example."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    name: Mapped[str] = mapped_column(String(200))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_example: Mapped[bool]


class MapPositionRow(Base):
    """Where things stood on a picture last time; people remember it."""

    __tablename__ = "map_position"

    view: Mapped[str] = mapped_column(String(40), primary_key=True)
    positions: Mapped[dict[str, Any]] = mapped_column(JSON)


class ResultRow(Base):
    """Something expensive that was computed, known by the digest of all that went into it."""

    __tablename__ = "result"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
