"""Guests of a session: they join by a short code, follow that one session, and change nothing in it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import func, update

from planner.domain.errors import NotFound, NotNow
from planner.domain.meeting.acts import MeetingAct
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import RoundOf, SessionOrRound
from planner.domain.text import clean
from planner.services.accounts.attempts import Kind, count_attempt, give_back
from planner.services.accounts.tickets import Purpose, make_ticket, open_tickets, read_ticket
from planner.services.actor import Actor
from planner.services.changes import one_transaction, recorded
from planner.services.meeting.live import read_allowed
from planner.services.meeting.meetings import existing_shared, meeting_row, read_meeting
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


def open_door(session: Session, actor: Actor, which: SessionOrRound) -> str:
    """Return a new code by which guests join for half a day; an earlier one opens nothing any more.

    Raises NotFound, NotAllowed to who does not lead, NotNow when the session is over.
    """
    meeting = read_allowed(session, actor, which, MeetingAct.INVITE_GUESTS).meeting
    session_id = meeting.session_id
    with one_transaction(session):
        _revoke(session, Purpose.CODE, session_id, actor.at)
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        return make_ticket(
            session,
            Purpose.CODE,
            now=actor.at,
            target=f"{session_id}:{meeting.round}:{code}",
            made_by=actor.person_id,
            token=code,
        )


def close_door(session: Session, actor: Actor, which: SessionOrRound) -> None:
    """Make the code worthless and show every guest out. Raises as `open_door` does."""
    session_id = read_allowed(session, actor, which, MeetingAct.INVITE_GUESTS).meeting.session_id
    with one_transaction(session):
        for purpose in (Purpose.CODE, Purpose.GUEST):
            _revoke(session, purpose, session_id, actor.at)


def read_code(session: Session, place: RoundOf, now: datetime) -> str:
    """Return the code that opens a round now, "" where none does."""
    found = (one.target for one in open_tickets(session, Purpose.CODE, now))
    return next((target.rpartition(":")[2] for target in found if _round_in(target) == place), "")


def find_session(session: Session, code: str, *, address: str, now: datetime) -> RoundOf:
    """Return the round of a session that a code opens.

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
    return _round_in(ticket.target)


def join(session: Session, code: str, name: str, *, address: str, now: datetime) -> tuple[int, str]:
    """Come in as a guest; return the session's number and the token by which the guest is known.

    Raises as `find_session` does, InvalidInput without a name, NotNow when the session is over or full.
    """
    place = find_session(session, code, address=address, now=now)
    name = clean(name, where="name", longest=NAME_LONGEST)
    shared, meeting = existing_shared(session, place), read_meeting(session, place)
    if meeting.state is MeetingState.CLOSED:
        raise NotNow("This session is over. Its minutes are with whoever led it.")
    if sum(1 for one in meeting.attendance if one.guest and one.is_there) >= GUESTS_MOST:
        raise NotNow(f"There are {GUESTS_MOST} guests already. Look at the screen with somebody.")
    guest = Actor(at=now, name=f"{name} (guest)")
    with recorded(session, guest, "meeting:guest", f"Came to {shared.title}"):
        row = meeting_row(session, shared, meeting.round)
        came = MeetingAttendanceRow(meeting_id=row.id, person=None, guest=name, arrived_at=now)
        session.add(came)
        session.flush()
        token = make_ticket(session, Purpose.GUEST, now=now, target=f"{shared.id}:{row.round}:{came.id}")
    return shared.id, token


def read_guest(session: Session, token: str, now: datetime) -> RoundOf | None:
    """Return the round that the guest with this token follows, None for any other, and when it has ended."""
    try:
        ticket = read_ticket(session, Purpose.GUEST, token, now)
    except NotFound:
        return None
    return _round_in(ticket.target)


def typed(code: str) -> str:
    """Return a code as it is kept: people type small letters, spaces and dashes."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[: LENGTH + 1]


def _round_in(target: str) -> RoundOf:
    """The round that a ticket is for; those of before were all for the first."""
    number, *rest, _last = target.split(":")
    return RoundOf(int(number), int(rest[0]) if rest else 0)


def _revoke(session: Session, purpose: Purpose, session_id: int, now: datetime) -> None:
    of_session = func.substr(TicketRow.target, 1, len(f"{session_id}:")) == f"{session_id}:"
    mine = update(TicketRow).where(TicketRow.purpose == purpose.value, of_session)
    session.execute(mine.where(TicketRow.revoked_at.is_(None)).values(revoked_at=now))
