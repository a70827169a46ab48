"""What people say to the times of a shared session: polls for one, and replies to its invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, Row, UtcDateTime


class TimePollRow(Row):
    """The times that are asked for, as text; `chosen` is the one that was decided on."""

    __tablename__ = "time_poll"
    __table_args__ = ({"sqlite_autoincrement": True},)

    session_id: Mapped[int] = mapped_column(ForeignKey("shared_session.id"), unique=True)
    options: Mapped[list[str]] = mapped_column(JSON)
    chosen: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TimePollAnswerRow(Row):
    """What one person, by key, says to the times: each with yes, maybe or no."""

    __tablename__ = "time_poll_answer"
    __table_args__ = (UniqueConstraint("poll_id", "person"), {"sqlite_autoincrement": True})

    poll_id: Mapped[int] = mapped_column(ForeignKey("time_poll.id"))
    person: Mapped[str] = mapped_column(String(200))
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)


ALL_DATES = -1
"""The round of a reply that is to all of them."""


class ReplyRow(Row):
    """What one person, by key, replied to the invitation: to which sequence of it, and when they said so.

    round: the number of the one date that it is about, or ALL_DATES.
    """

    __tablename__ = "session_reply"
    __table_args__ = (
        UniqueConstraint("session_id", "person", "round"),
        CheckConstraint("answer IN ('accepted', 'tentative', 'declined')", name="answer"),
        {"sqlite_autoincrement": True},
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("shared_session.id"))
    person: Mapped[str] = mapped_column(String(200))
    round: Mapped[int] = mapped_column(default=ALL_DATES)
    answer: Mapped[str] = mapped_column(String(20))
    sequence: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InboxRow(Base):
    """How far a mailbox was read: the highest number of a mail, while its numbers mean the same."""

    __tablename__ = "inbox"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)
    validity: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
