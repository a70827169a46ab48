"""When people cannot meet, as they say themselves: for the search of times, and shown to nobody else."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, UtcDateTime


class AwayRow(Base):
    """One person's busy times and days off. No part of the history: what is taken away is gone.

    No foreign key, as with accounts. stretches: first and last minute since 1970 of each, read from a file
    at `read_at` for the days before `until`. days_off: dates.
    """

    __tablename__ = "away"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(unique=True)
    stretches: Mapped[list[list[int]]] = mapped_column(JSON)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[date | None]
    days_off: Mapped[list[str]] = mapped_column(JSON)
