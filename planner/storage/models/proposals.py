"""Plans that are proposed to everybody, what each says to them, and the sessions that were agreed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.agreement import ProposalState, Stance
from planner.domain.conditions import Wish
from planner.domain.proposed_plan import KeptSeat
from planner.storage.db import Row, UtcDateTime, one_of

KEPT_STATES = tuple(state for state in ProposalState if state is not ProposalState.EXPIRED)


class ProposalRow(Row):
    """One version of a plan for one question; people, dependencies, teams and places in it by key.

    words: what the address of the question says, to ask it again. plan, facts and figures are as they were
    when it was shared and are never changed. adjustments: what people changed of the suggested plan, a word
    each; base: that plan, None where nothing was changed. shared_by_id is no foreign key: a proposal outlives
    people.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("question", "number"),
        CheckConstraint(one_of("state", KEPT_STATES), name="state"),
        {"sqlite_autoincrement": True},
    )

    question: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    adjustments: Mapped[list[str]] = mapped_column(JSON, default=list)
    base: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    host_teams: Mapped[list[str]] = mapped_column(JSON)
    replaces: Mapped[list[str]] = mapped_column(JSON)
    cadence_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    shared_by_id: Mapped[int | None]
    shared_by: Mapped[str] = mapped_column(String(200))
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    adopted_on: Mapped[date | None]
    trial_until: Mapped[date | None]


class AnswerRow(Row):
    """What one person says to a proposal, by the person's key.

    wish: what would make it fine, "" where only words say it; about: the key of the dependency that they
    would come for, "" for none. Defaults: what was removed before these were there comes back.
    """

    __tablename__ = "proposal_answer"
    __table_args__ = (
        UniqueConstraint("proposal_id", "person"),
        CheckConstraint(one_of("stance", tuple(Stance)), name="stance"),
        CheckConstraint(f"wish = '' OR {one_of('wish', tuple(Wish))}", name="wish"),
        {"sqlite_autoincrement": True},
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person: Mapped[str] = mapped_column(String(200))
    stance: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    wish: Mapped[str] = mapped_column(String(20), default="", server_default="")
    about: Mapped[str] = mapped_column(String(200), default="", server_default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SharedSessionRow(Row):
    """A session that was agreed. `uid` stays, `sequence` goes up with each change, as calendars want it.

    proposal_id: None for a session outside of any plan, about one dependency that no plan could hold.
    starts_at: None where no time was found. zone: the one it is told in. agenda: keys of dependencies in
    order, seats: the key of each person with the minutes between which they are needed. mailed: the
    sequence that was mailed last, None before the first time; mailed_to: the keys of whom it went to.
    It is held `rounds` times, every so many days. exceptions: the number of a round (from 0) with the
    moment at which it begins in place of the usual one, null where it is left out; mailed_off: the numbers
    of those whose cancellation was mailed. turn: the start at whose hour every other round is held, None
    without turns. Defaults: what was removed before these were there comes back.
    """

    __tablename__ = "shared_session"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("sequence >= 0", name="sequence"),
        {"sqlite_autoincrement": True},
    )

    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    title: Mapped[str] = mapped_column(String(500))
    place: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    facilitator: Mapped[str] = mapped_column(String(200))
    agenda: Mapped[list[str]] = mapped_column(JSON)
    seats: Mapped[list[KeptSeat]] = mapped_column(JSON)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int]
    is_cancelled: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mailed: Mapped[int | None]
    mailed_to: Mapped[list[str]] = mapped_column(JSON)
    every_days: Mapped[int] = mapped_column(default=14)
    rounds: Mapped[int] = mapped_column(default=1)
    exceptions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mailed_off: Mapped[list[int]] = mapped_column(JSON, default=list)
    turn: Mapped[datetime | None] = mapped_column(UtcDateTime)
