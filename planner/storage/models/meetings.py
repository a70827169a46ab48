"""Meetings of shared sessions: the agenda, what became of each item, and who came."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.meeting.model import ItemKind, MeetingState, OutcomeKind
from planner.domain.meeting.votes import Method
from planner.storage.db import Row, UtcDateTime, one_of


class MeetingRow(Row):
    """The meeting of one round of a shared session. Its title, length and seats are those of the session.

    round: its number in the series, from 0.
    facilitator: the key of who leads now. current_id: the item that is on, no foreign key because items
    belong to their meeting; turned_at: since when it is on. taken_out: the names of what people took from its
    agenda though it was left open, so that it does not come back by itself.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("session_id", "round"),
        CheckConstraint(one_of("state", MeetingState), name="state"),
        CheckConstraint("round >= 0", name="round"),
        {"sqlite_autoincrement": True},
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("shared_session.id"))
    round: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20))
    facilitator: Mapped[str] = mapped_column(String(200))
    current_id: Mapped[int | None]
    turned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_out: Mapped[list[str]] = mapped_column(JSON, default=list)


class AgendaItemRow(Row):
    """One thing on an agenda, about a dependency by its key or a topic. Positions may have gaps.

    used: seconds that it was on before it was left last. sort and usual: its kind and the minutes that such
    an item is given before anything is learned; None on what was written before these were kept.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint(one_of("kind", ItemKind), name="kind"),
        CheckConstraint(
            "minutes BETWEEN 0 AND 1440 AND added BETWEEN 0 AND 1440 AND used >= 0", name="minutes"
        ),
        {"sqlite_autoincrement": True},
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    dependency: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    added: Mapped[int]
    used: Mapped[int]
    sort: Mapped[str | None] = mapped_column(String(20))
    usual: Mapped[int | None]
    lead: Mapped[str] = mapped_column(String(200))


class OutcomeRow(Row):
    """How an item ended: the last word about it; earlier ones are in the history."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(one_of("kind", OutcomeKind), name="kind"),
        CheckConstraint("kind <> 'deferred' OR deferred_to <> ''", name="deferred_to"),
        {"sqlite_autoincrement": True},
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    decider: Mapped[str] = mapped_column(String(200))
    consulted: Mapped[list[str]] = mapped_column(JSON)
    idea_from: Mapped[str] = mapped_column(String(200))
    review_on: Mapped[date | None]
    agreed_for: Mapped[date | None]
    deferred_to: Mapped[str] = mapped_column(String(500))


class MeetingAttendanceRow(Row):
    """Somebody who came to a meeting: a person by key, or a guest by name, whose `person` is None."""

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person"),
        CheckConstraint("(person IS NULL) = (guest <> '')", name="guest"),
        {"sqlite_autoincrement": True},
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person: Mapped[str | None] = mapped_column(String(200))
    guest: Mapped[str] = mapped_column(String(200))
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WordRow(Row):
    """What somebody, by key, left beforehand for one round of a session: on a matter by its name, or on all.

    No foreign key to a meeting: the agenda of most is not kept yet when people say that they cannot come.
    """

    __tablename__ = "word_beforehand"
    __table_args__ = (
        UniqueConstraint("session_id", "round", "person", "matter"),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("round >= 0", name="round"),
        {"sqlite_autoincrement": True},
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("shared_session.id"))
    round: Mapped[int]
    person: Mapped[str] = mapped_column(String(200))
    matter: Mapped[str] = mapped_column(String(600))
    title: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)


class PollRow(Row):
    """A vote that was called about an item; once it is revealed nobody votes in it any more."""

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint(one_of("method", Method), name="method"),
        CheckConstraint("dots BETWEEN 1 AND 20 AND cap BETWEEN 1 AND dots", name="dots"),
        {"sqlite_autoincrement": True},
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    method: Mapped[str] = mapped_column(String(20))
    choices: Mapped[list[str]] = mapped_column(JSON)
    dots: Mapped[int]
    cap: Mapped[int]
    is_revealed: Mapped[bool]


class PollVoteRow(Row):
    """What one person said in a vote. The history keeps that they voted, and never what."""

    __tablename__ = "poll_vote"
    __table_args__ = (UniqueConstraint("poll_id", "person"), {"sqlite_autoincrement": True})

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    person: Mapped[str] = mapped_column(String(200))
    numbers: Mapped[list[int]] = mapped_column(JSON, info={"secret": True})
    reason: Mapped[str] = mapped_column(Text, info={"secret": True})
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
