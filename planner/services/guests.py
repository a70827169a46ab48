"""Guests of a session: they join by a short code, follow that one session, and change nothing in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, update

from planner.domain.errors import NotFound, NotNow
from planner.domain.meeting.acts import MeetingAct
from planner.domain.meeting.model import MeetingState
from planner.domain.text import clean
from planner.services.actor import Actor
from planner.services.attempts import Kind, count_attempt, give_back
from planner.services.changes import one_transaction, recorded
from planner.services.live import read_allowed
from planner.services.meetings import existing_shared, meeting_row, read_meeting
from planner.services.tickets import Purpose, make_ticket, open_tickets, read_ticket
from planner.storage.models import MeetingAttendanceRow, TicketRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are mistaken for one another when they are read from a wall."""
LENGTH = 6
NAME_LONGEST = 80
GUESTS_MOST = 50
NO_SUCH_CODE = "This code opens no session, or not any more. Ask whoever leads for the one on the screen."


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came by a code: the session they may follow, and their place among who came."""

    session_id: int
    attendance_id: int


def open_door(session: Session, actor: Actor, session_id: int) -> str:
    """Return a new code by which guests join for half a day; an earlier one opens nothing any more.

    Raises NotFound, NotAllowed to who does not lead, NotNow when the session is over.
    """
    read_allowed(session, actor, session_id, MeetingAct.INVITE_GUESTS)
    with one_transaction(session):
        _revoke(session, Purpose.CODE, session_id, actor.at)
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        return make_ticket(
            session,
            Purpose.CODE,
            now=actor.at,
            target=f"{session_id}:{code}",
            made_by=actor.person_id,
            token=code,
        )


def close_door(session: Session, actor: Actor, session_id: int) -> None:
    """Make the code worthless and show every guest out. Raises as `open_door` does."""
    read_allowed(session, actor, session_id, MeetingAct.INVITE_GUESTS)
    with one_transaction(session):
        for purpose in (Purpose.CODE, Purpose.GUEST):
            _revoke(session, purpose, session_id, actor.at)


def read_code(session: Session, session_id: int, now: datetime) -> str:
    """Return the code that opens a session now, "" where none does."""
    found = (one.target for one in open_tickets(session, Purpose.CODE, now))
    mine = (target.partition(":") for target in found)
    return next((code for number, _, code in mine if number == str(session_id)), "")


def find_session(session: Session, code: str, *, address: str, now: datetime) -> int:
    """Return the number of the session that a code opens.

    Raises NotFound for any other code, TooOften after too many of those from one address: whoever comes
    in is not counted.
    """
    count_attempt(session, Kind.CODE_ADDRESS, address, now)
    try:
        ticket = read_ticket(session, Purpose.CODE, typed(code), now)
    except NotFound:
        raise NotFound(NO_SUCH_CODE) from None
    with one_transaction(session):
        give_back(session, Kind.CODE_ADDRESS, address)
    return int(ticket.target.partition(":")[0])


def join(session: Session, code: str, name: str, *, address: str, now: datetime) -> tuple[int, str]:
    """Come in as a guest; return the session's number and the token by which the guest is known.

    Raises as `find_session` does, InvalidInput without a name, NotNow when the session is over or full.
    """
    session_id = find_session(session, code, address=address, now=now)
    name = clean(name, where="name", longest=NAME_LONGEST)
    shared, meeting = existing_shared(session, session_id), read_meeting(session, session_id)
    if meeting.state is MeetingState.CLOSED:
        raise NotNow("This session is over. Its minutes are with whoever led it.")
    if sum(1 for one in meeting.attendance if one.guest and one.is_there) >= GUESTS_MOST:
        raise NotNow(f"There are {GUESTS_MOST} guests already. Look at the screen with somebody.")
    guest = Actor(at=now, name=f"{name} (guest)")
    with recorded(session, guest, "meeting:guest", f"Came to {shared.title}"):
        row = meeting_row(session, shared)
        came = MeetingAttendanceRow(meeting_id=row.id, person=None, guest=name, arrived_at=now)
        session.add(came)
        session.flush()
        token = make_ticket(session, Purpose.GUEST, now=now, target=f"{session_id}:{came.id}")
    return session_id, token


def read_guest(session: Session, token: str, now: datetime) -> Guest | None:
    """Return whom a token stands for, None when it does not, or not any more."""
    try:
        ticket = read_ticket(session, Purpose.GUEST, token, now)
    except NotFound:
        return None
    number, _, came = ticket.target.partition(":")
    return Guest(int(number), int(came))


def typed(code: str) -> str:
    """Return a code as it is kept: people type small letters, spaces and dashes."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[: LENGTH + 1]


def _revoke(session: Session, purpose: Purpose, session_id: int, now: datetime) -> None:
    of_session = func.substr(TicketRow.target, 1, len(f"{session_id}:")) == f"{session_id}:"
    mine = update(TicketRow).where(TicketRow.purpose == purpose.value, of_session)
    session.execute(mine.where(TicketRow.revoked_at.is_(None)).values(revoked_at=now))
