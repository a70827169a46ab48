"""Links that open one thing, once or until a date. Only hashes are kept, so a stolen copy opens nothing.

No function here ends the transaction; whoever calls does.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from planner.domain.errors import NotFound
from planner.storage.models import TicketRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

KEPT_AFTER_ITS_END = timedelta(days=30)
WORKS_NO_MORE = "This link does not work, or not any more. Ask for a new one."


class Purpose(StrEnum):
    """What a link is for; one of another purpose opens nothing."""

    FIRST_START = "first-start"
    INVITATION = "invitation"
    SIGN_IN = "sign-in"
    RESET = "reset"
    ADDRESS = "address"
    SHARE = "share"
    CALENDAR = "calendar"
    CODE = "code"
    GUEST = "guest"


OPENED_OFTEN = tuple(one.value for one in (Purpose.SHARE, Purpose.CALENDAR, Purpose.CODE, Purpose.GUEST))
LASTS = {
    Purpose.FIRST_START: timedelta(hours=24),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.RESET: timedelta(hours=1),
    Purpose.ADDRESS: timedelta(hours=1),
    Purpose.CALENDAR: timedelta(days=3650),  # until it is taken back: calendars ask for years
    Purpose.CODE: timedelta(hours=12),
    Purpose.GUEST: timedelta(hours=12),
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A link that works, without its secret."""

    id: int
    purpose: Purpose
    person_id: int | None
    team_id: int | None
    email: str
    target: str
    made_by: int | None
    created_at: datetime
    expires_at: datetime


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return 256 bits that nobody guesses, as text for an address or a cookie."""
    return secrets.token_urlsafe(32)


def make_ticket(
    session: Session,
    purpose: Purpose,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    person_id: int | None = None,
    team_id: int | None = None,
    email: str = "",
    target: str = "",
    made_by: int | None = None,
    token: str = "",
) -> str:
    """Return the token of a new link; it is never to be read again. Without one given, one is made."""
    session.execute(delete(TicketRow).where(TicketRow.expires_at < now - KEPT_AFTER_ITS_END))
    token = token or new_token()
    session.add(
        TicketRow(
            purpose=purpose.value,
            token_hash=digest(token),
            person_id=person_id,
            team_id=team_id,
            email=email,
            target=target,
            made_by=made_by,
            created_at=now,
            expires_at=expires_at or now + LASTS[purpose],
        )
    )
    session.flush()
    return token


def read_ticket(session: Session, purpose: Purpose, token: str, now: datetime) -> Ticket:
    """Return what a link is for. Raises NotFound when it is unknown, used, revoked or too old."""
    row = session.scalar(select(TicketRow).where(_named(purpose, token), _works(now)))
    if row is None:
        raise NotFound(WORKS_NO_MORE)
    return _ticket(row)


def claim_ticket(session: Session, purpose: Purpose, token: str, now: datetime) -> Ticket:
    """Use a link up and return what it was for; of two who try at once one gets it. Raises NotFound."""
    ticket = read_ticket(session, purpose, token, now)
    used = update(TicketRow).where(TicketRow.id == ticket.id, _works(now)).values(used_at=now)
    if not session.execute(used).rowcount:  # type: ignore[attr-defined] # that of an update has one
        raise NotFound(WORKS_NO_MORE)
    return ticket


def open_tickets(session: Session, purpose: Purpose, now: datetime, **of: Any) -> Sequence[Ticket]:
    """Return the links that still work, newest first; `of` names columns, such as `made_by`."""
    found = select(TicketRow).where(TicketRow.purpose == purpose.value, _works(now)).filter_by(**of)
    return [_ticket(row) for row in session.scalars(found.order_by(TicketRow.id.desc()))]


def revoke_tickets(session: Session, purpose: Purpose, now: datetime, **of: Any) -> int:
    """Make links worthless and return how many those were."""
    wanted = update(TicketRow).where(TicketRow.purpose == purpose.value, _works(now)).filter_by(**of)
    return int(session.execute(wanted.values(revoked_at=now)).rowcount)  # type: ignore[attr-defined] # as above


def _named(purpose: Purpose, token: str) -> ColumnElement[bool]:
    return and_(TicketRow.purpose == purpose.value, TicketRow.token_hash == digest(token))


def _works(now: datetime) -> ColumnElement[bool]:
    unused = or_(TicketRow.used_at.is_(None), TicketRow.purpose.in_(OPENED_OFTEN))
    return and_(unused, TicketRow.revoked_at.is_(None), TicketRow.expires_at > now)


def _ticket(row: TicketRow) -> Ticket:
    return Ticket(
        id=row.id,
        purpose=Purpose(row.purpose),
        person_id=row.person_id,
        team_id=row.team_id,
        email=row.email,
        target=row.target,
        made_by=row.made_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
