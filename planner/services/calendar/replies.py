"""Replies to an invitation: given on the page of a session, or mailed by a calendar program.

A reply is to all dates of a session that comes round, or to one of them; what was said to a date holds for it
until the same person says something about all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.interchange.ics import Answer as Answer  # noqa: PLC0414  # pages know services alone
from planner.services.changes import recorded
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.shared_sessions import existing_session, planned_rounds, seated
from planner.storage.models import ALL_DATES, ReplyRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

SAID = {Answer.ACCEPTED: "Comes", Answer.TENTATIVE: "May come", Answer.DECLINED: "Does not come"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody replied. is_of_before: the session has changed since."""

    answer: Answer
    said_at: datetime
    is_of_before: bool


@dataclass(frozen=True, slots=True)
class Replies:
    """The replies to a session by the key of who gave them: to all of its dates, and to single ones."""

    to_all: Mapping[str, Reply] = field(default_factory=dict)
    to_date: Mapping[int, Mapping[str, Reply]] = field(default_factory=dict)

    def at(self, number: int) -> Mapping[str, Reply]:
        """Return what holds for a date."""
        return {**self.to_all, **self.to_date.get(number, {})}

    def absent(self, number: int) -> frozenset[str]:
        """Return who has said that they do not come on a date."""
        return frozenset(who for who, one in self.at(number).items() if one.answer is Answer.DECLINED)


def read_all_replies(session: Session, session_id: int) -> Replies:
    """Return every reply to a session. Raises NotFound."""
    sequence = existing_session(session, session_id).sequence
    found: dict[int, dict[str, Reply]] = {}
    for row in session.scalars(select(ReplyRow).where(ReplyRow.session_id == session_id)):
        said = Reply(Answer(row.answer), row.said_at, row.sequence < sequence)
        found.setdefault(row.round, {})[row.person] = said
    return Replies(found.pop(ALL_DATES, {}), found)


def read_replies(session: Session, session_id: int) -> Mapping[str, Reply]:
    """Return the replies to all dates of a session by the key of who gave them. Raises NotFound."""
    return read_all_replies(session, session_id).to_all


def reply(
    session: Session, actor: Actor, session_id: int, answer: str, *, number: int | None = None
) -> OpenChange:
    """Say whether one comes to a session, or to one date of it, or something else than before.

    Raises NotFound, NotAllowed unless one sits there, NotNow once it is cancelled, and InvalidInput.
    """
    row = existing_session(session, session_id)
    organisation = read_organisation(session)
    require(actor, Right.TAKE_PART, seated(organisation, row))
    if row.is_cancelled:
        raise NotNow("This session is cancelled.")
    if answer not in set(Answer):
        raise InvalidInput(Problem("answer", "is none of accepted, tentative and declined"))
    if number is not None:
        _expect_date(row, number)
    me = next((one.key for one in organisation.people if one.id == actor.person_id), "")
    said = Answer(answer)
    summary = f"{SAID[said]}{said_of(number)}: {row.title}"
    with recorded(session, actor, "session:replied", summary) as change:
        keep_reply(session, row, me, said, actor.at, sequence=row.sequence, number=number)
    return change


def said_of(number: int | None) -> str:
    """Return what is said of the one date that a reply is to; nothing where it is to all."""
    return "" if number is None else f" on date {number + 1}"


def keep_reply(
    session: Session,
    row: SharedSessionRow,
    person: str,
    answer: Answer,
    said_at: datetime,
    *,
    sequence: int,
    number: int | None = None,
) -> None:
    """Write a reply down inside a recorded change, unless a later one of the same person is there.

    One to all dates takes the place of those to single ones that were said before it.
    """
    at = ALL_DATES if number is None else number
    query = select(ReplyRow).where(ReplyRow.session_id == row.id, ReplyRow.person == person)
    known = {one.round: one for one in session.scalars(query)}
    kept = known.get(at)
    if kept is not None and kept.said_at > said_at:
        return
    for one in known.values():
        if number is None and one is not kept and one.said_at <= said_at:
            session.delete(one)
    if kept is None:
        kept = ReplyRow(session_id=row.id, person=person, round=at)
        session.add(kept)
    kept.answer, kept.sequence, kept.said_at = answer.value, sequence, said_at


def _expect_date(row: SharedSessionRow, number: int) -> None:
    held = {one.number for one in planned_rounds(row) if one.starts_at is not None}
    if number not in held:
        raise NotFound(f"This session has no date {number + 1}.")
