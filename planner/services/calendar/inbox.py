"""The inbox: replies that calendar programs mail are kept; everything else is left where it is.

A reply says something of whoever sent it and of nobody else, and only of a session that they sit in.
Each mail is looked at once: how far the mailbox was read is written in the transaction of what it said.
"""

from __future__ import annotations

import email
import email.utils
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from planner.delivery.errors import NotDelivered
from planner.delivery.imap import Fetched, Mark
from planner.domain.errors import InvalidInput, PlannerError
from planner.interchange.ics import MailedReply, read_reply
from planner.services.accounts.accounts import is_disabled
from planner.services.actor import actor_for
from planner.services.calendar.replies import SAID, keep_reply, said_of
from planner.services.changes import one_transaction, recorded
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import planned_rounds
from planner.storage.models import InboxRow, SharedSessionRow

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message

    from sqlalchemy.orm import Session

    from planner.domain.model import Person

READ_EVERY = 60
"""Seconds between two looks into the mailbox."""
PARTS_MOST = 50

Fetch = Callable[[Mark], Fetched]
"""Raises NotDelivered."""
log = logging.getLogger(__name__)


class _Refused(Exception):
    """What a mail says is not kept, with the reason."""


class _TakenElsewhere(PlannerError):
    """Another worker was faster."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply of whom it says it is of. number: the date that it is to, None for all."""

    row: SharedSessionRow
    person: Person
    reply: MailedReply
    number: int | None


class Inbox:
    """The errand that looks into the mailbox once a minute."""

    def __init__(self, name: str, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._name, self._fetch, self._clock = name, fetch, clock
        self._read_at: datetime | None = None

    def __call__(self, session: Session) -> bool:
        now = self._clock()
        if self._read_at is not None and (now - self._read_at).total_seconds() < READ_EVERY:
            return False
        self._read_at = now
        try:
            read_inbox(session, self._name, self._fetch, now)
        except NotDelivered as error:
            log.warning("the inbox was not read: %s", error)
        return False


def read_inbox(session: Session, name: str, fetch: Fetch, now: datetime) -> int:
    """Take the replies among the new mails of a mailbox; return how many mails were looked at.

    Raises NotDelivered where the mailbox cannot be read.
    """
    mark = _mark(session, name)
    session.commit()  # nobody waits for the mail server
    fetched = fetch(mark)
    if fetched.validity != mark.validity:
        _begin_anew(session, name, fetched.validity)
    for number, mail in enumerate(fetched.mails):
        try:
            _take(session, name, mail.number, mail.data, now)
        except _TakenElsewhere:
            return number
    return len(fetched.mails)


def _take(session: Session, name: str, number: int, data: bytes | None, now: datetime) -> None:
    """Keep what one mail says, or only that it was looked at."""
    try:
        said = _said(session, data)
    except _Refused as error:
        log.warning("mail %s of the inbox was refused: %s", number, error)
        said = None
    if said is None:
        with one_transaction(session):
            _advance(session, name, number)
        return
    actor = actor_for(read_organisation(session), said.person.id, now)
    assert actor is not None  # noqa: S101 - the person is of this organisation
    answer, row = said.reply.answer, said.row
    summary = f"{SAID[answer]}{said_of(said.number)}: {row.title}, by mail"
    with recorded(session, actor, "session:replied", summary):
        _advance(session, name, number)
        said_at = min(said.reply.said_at, now)  # nobody speaks from the future, and then for good
        sequence, person = said.reply.sequence, said.person.key
        keep_reply(session, row, person, answer, said_at, sequence=sequence, number=said.number)


def _said(session: Session, data: bytes | None) -> _Said | None:
    """Whose reply a mail holds, and to what; None where it holds none. Raises _Refused."""
    if data is None:
        raise _Refused("it is too large")
    try:
        message = email.message_from_bytes(data)
        calendar = _calendar_in(message)
        sender = _sender_of(message)
    except _Refused:
        raise
    except Exception as error:  # whatever a hostile mail may raise in the library, the next ones are read
        raise _Refused(f"it cannot be read ({type(error).__name__})") from error
    if calendar is None:
        return None
    try:
        reply = read_reply(calendar)
    except InvalidInput as error:
        raise _Refused(f"its calendar {error.problems[0].message}") from error
    return _matched(session, sender, reply)


def _calendar_in(message: Message) -> bytes | None:
    """The calendar of a mail, None where it has none."""
    for number, part in enumerate(message.walk()):
        if number > PARTS_MOST:
            raise _Refused("it has too many parts")
        if part.get_content_type() == "text/calendar":
            data = part.get_payload(decode=True)
            return data if isinstance(data, bytes) else None
    return None


def _sender_of(message: Message) -> str:
    found = email.utils.getaddresses([str(one) for one in message.get_all("From", [])])
    if len(found) != 1 or "@" not in found[0][1]:
        raise _Refused("it does not come from one address")
    return found[0][1].casefold()


def _matched(session: Session, sender: str, reply: MailedReply) -> _Said:
    if sender != reply.attendee:
        raise _Refused(f"{sender[:100]!r} answers for {reply.attendee[:100]!r}")
    row = session.scalar(select(SharedSessionRow).where(SharedSessionRow.uid == reply.uid))
    if row is None:
        raise _Refused(f"{sender[:100]!r} answers to a session that is not there")
    seats = {seat["person"] for seat in row.seats}
    people = (one for one in read_organisation(session).people if one.email == sender)
    person = next((one for one in people if one.key in seats), None)
    if person is None or is_disabled(session, person.id):
        raise _Refused(f"{sender[:100]!r} does not sit in the session")
    if row.is_cancelled:
        raise _Refused(f"{sender[:100]!r} answers to a session that is cancelled")
    if row.mailed is None or not row.mailed <= reply.sequence <= row.sequence:
        raise _Refused(f"{sender[:100]!r} answers to another version than the one that was mailed")
    return _Said(row, person, reply, _date_of(row, reply, sender))


def _date_of(row: SharedSessionRow, reply: MailedReply, sender: str) -> int | None:
    """The number of the date that a reply is to, None where it is to all."""
    if reply.date is None:
        return None
    moment = reply.date if reply.date.tzinfo else reply.date.replace(tzinfo=ZoneInfo(row.zone))
    for one in planned_rounds(row):
        if moment in {one.usual, one.starts_at} and one.starts_at is not None:
            return one.number
    raise _Refused(f"{sender[:100]!r} answers to a date that the session does not have")


def _mark(session: Session, name: str) -> Mark:
    row = session.scalar(select(InboxRow).where(InboxRow.name == name))
    return Mark() if row is None else Mark(row.validity, row.last)


def _begin_anew(session: Session, name: str, validity: int) -> None:
    """The mailbox is another one now: its mails are numbered anew, and looked at from the first."""
    with one_transaction(session):
        row = session.scalar(select(InboxRow).where(InboxRow.name == name))
        if row is None:
            session.add(InboxRow(name=name, validity=validity, last=0))
        else:
            row.validity, row.last = validity, 0


def _advance(session: Session, name: str, number: int) -> None:
    """Note that the mailbox was read up to here. Raises _TakenElsewhere where it was further already."""
    ahead = update(InboxRow).where(InboxRow.name == name, InboxRow.last < number)
    if session.connection().execute(ahead.values(last=number)).rowcount != 1:
        raise _TakenElsewhere("Another worker reads this inbox.")
