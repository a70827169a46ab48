"""Replies to an invitation: given on the page of a session, or mailed by a calendar program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotNow, Problem
from planner.interchange.ics import Answer as Answer  # noqa: PLC0414  # pages know services alone
from planner.services.changes import recorded
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.shared_sessions import existing_session, seated
from planner.storage.models import ReplyRow

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


def read_replies(session: Session, session_id: int) -> Mapping[str, Reply]:
    """Return the replies to a session by the key of who gave them."""
    sequence = existing_session(session, session_id).sequence
    rows = session.scalars(select(ReplyRow).where(ReplyRow.session_id == session_id))
    return {row.person: Reply(Answer(row.answer), row.said_at, row.sequence < sequence) for row in rows}


def reply(session: Session, actor: Actor, session_id: int, answer: str) -> OpenChange:
    """Say whether one comes to a session, or something else than before.

    Raises NotFound, NotAllowed unless one sits there, NotNow once it is cancelled, and InvalidInput.
    """
    row = existing_session(session, session_id)
    organisation = read_organisation(session)
    require(actor, Right.TAKE_PART, seated(organisation, row))
    if row.is_cancelled:
        raise NotNow("This session is cancelled.")
    if answer not in set(Answer):
        raise InvalidInput(Problem("answer", "is none of accepted, tentative and declined"))
    me = next((one.key for one in organisation.people if one.id == actor.person_id), "")
    said = Answer(answer)
    with recorded(session, actor, "session:replied", f"{SAID[said]}: {row.title}") as change:
        keep_reply(session, row, me, said, actor.at, sequence=row.sequence)
    return change


def keep_reply(
    session: Session,
    row: SharedSessionRow,
    person: str,
    answer: Answer,
    said_at: datetime,
    *,
    sequence: int,
) -> None:
    """Write a reply down inside a recorded change, unless a later one of the same person is there."""
    kept = session.scalar(select(ReplyRow).where(ReplyRow.session_id == row.id, ReplyRow.person == person))
    if kept is not None and kept.said_at > said_at:
        return
    if kept is None:
        kept = ReplyRow(session_id=row.id, person=person)
        session.add(kept)
    kept.answer, kept.sequence, kept.said_at = answer.value, sequence, said_at
