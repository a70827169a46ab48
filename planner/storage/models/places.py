"""Places and the way between them."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Row


class PlaceRow(Row):
    __tablename__ = "place"
    __table_args__ = (CheckConstraint("name <> ''", name="name"), {"sqlite_autoincrement": True})

    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(600), unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    # a default: what was removed before there were any comes back without
    days_off: Mapped[list[str]] = mapped_column(JSON, default=list)


class TravelRow(Row):
    """One row for both directions; the place with the smaller id comes first."""

    __tablename__ = "travel"
    __table_args__ = (
        CheckConstraint("place_id < other_place_id", name="order"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        UniqueConstraint("place_id", "other_place_id"),
        {"sqlite_autoincrement": True},
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    other_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    minutes: Mapped[int]
