"""Mails and messages go out one by one: claimed, sent outside of any transaction, and noted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from planner.delivery import folder, http, smtp
from planner.delivery.errors import NotDelivered
from planner.delivery.hosts import resolve_by_system, target_of
from planner.delivery.letter import Letter, as_message
from planner.delivery.signature import signature
from planner.storage import outbox
from planner.storage.db import lost_a_race, only_reading, writing_beside
from planner.storage.models import HookDeliveryRow, HookRow, MailRow

if TYPE_CHECKING:
    import ssl
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from planner.config import Settings
    from planner.delivery.hosts import Resolve
    from planner.storage.outbox import Table

    Note = Callable[[Session], None]

TRIES = 5  # of a note, where another transaction was faster

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a web hook. The number is the same whenever it is sent again."""

    number: int
    hook_id: int
    address: str
    secret: str
    body: bytes


SendMail = Callable[[Letter], None]
SendMessage = Callable[[Message, int], None]
"""Both raise NotDelivered. A message is signed with the moment, in seconds since 1970."""


def mail_by(settings: Settings, *, trust: ssl.SSLContext | None = None) -> SendMail:
    """Return how mails leave: to the server that is set, else into the folder `mail`."""

    def send(letter: Letter) -> None:
        message = as_message(letter, settings.mail_from)
        if settings.smtp is None:
            folder.write(message, settings.home / "mail", letter.number)
        else:
            smtp.send(message, settings.smtp, trust=trust)

    return send


def messages_by(
    settings: Settings,
    *,
    resolve: Resolve = resolve_by_system,
    time_limit: float = http.TIME_LIMIT,
    trust: ssl.SSLContext | None = None,
) -> SendMessage:
    """Return how messages to web hooks leave: signed, and only to hosts that are listed now."""

    def send(message: Message, timestamp: int) -> None:
        try:
            target = target_of(message.address, settings.hook_hosts)
        except ValueError as error:
            raise NotDelivered(f"the address {error}") from error
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "planner",
            "Planner-Delivery": str(message.number),
            "Planner-Signature": signature(message.secret, timestamp, message.body),
        }
        http.post(target, message.body, headers, resolve=resolve, time_limit=time_limit, trust=trust)

    return send


def send_next_mail(session: Session, send: SendMail, clock: Callable[[], datetime]) -> bool:
    """Send the mail that waits longest; return whether there was one."""
    number = _claimed(session, MailRow, clock())
    if number is None:
        return False
    letter = _letter(session, number)
    session.commit()
    error = _outcome(lambda: send(letter))
    _note(session, MailRow, number, error, clock())
    return True


def send_next_message(session: Session, send: SendMessage, clock: Callable[[], datetime]) -> bool:
    """Send the message to a web hook that waits longest; return whether there was one."""
    hooks_on = HookDeliveryRow.hook_id.in_(select(HookRow.id).where(HookRow.is_on))
    number = _claimed(session, HookDeliveryRow, clock(), hooks_on)
    if number is None:
        return False
    message = _message(session, number)
    session.commit()
    error = _outcome(lambda: send(message, int(clock().timestamp())))
    _note(session, HookDeliveryRow, number, error, clock(), HookDeliveryRow.hook_id == message.hook_id)
    return True


def _claimed(session: Session, table: Table, now: datetime, *which: ColumnElement[bool]) -> int | None:
    """What is this worker's from now on; None also where somebody else was a moment faster."""
    with only_reading():
        has_due = outbox.has_due(session, table, now, *which)
        session.commit()
        if not has_due:
            return None
        try:
            with writing_beside(session) as own:
                return outbox.claim(own, table, now, *which)
        except DBAPIError as error:
            if not lost_a_race(error):
                raise
            return None


def _outcome(send: Callable[[], None]) -> NotDelivered | None:
    try:
        send()
    except NotDelivered as error:
        return error
    except Exception as error:  # whatever one sending may raise, the others wait for the worker
        log.exception("sending failed")
        return NotDelivered(f"it could not be sent ({type(error).__name__})")
    return None


def _note(
    session: Session,
    table: Table,
    number: int,
    error: NotDelivered | None,
    now: datetime,
    *same_end: ColumnElement[bool],
) -> None:
    """Write down how it went; what goes to the same end waits or goes on accordingly."""
    if error is None:
        _write(session, lambda own: outbox.note_sent(own, table, number, now))
        _write(session, lambda own: outbox.release(own, table, *same_end))
        return
    log.info("%s %s was not delivered: %s", table.__tablename__, number, error)
    why, is_final = str(error), error.is_final
    _write(session, lambda own: outbox.note_failed(own, table, number, error=why, now=now, is_final=is_final))
    if error.is_unreachable:
        until = now + outbox.PAUSES[0]
        _write(session, lambda own: outbox.hold_back(own, table, until, *same_end))


def _write(session: Session, note: Note) -> None:
    """Write in a transaction of its own, again where another one was faster. Raises DBAPIError at last."""
    for left in reversed(range(TRIES)):
        try:
            with only_reading(), writing_beside(session) as own:
                note(own)
        except DBAPIError as error:
            if not lost_a_race(error) or not left:
                raise
        else:
            return


def _letter(session: Session, number: int) -> Letter:
    with only_reading():
        row = session.get_one(MailRow, number, populate_existing=True)
        return Letter(row.id, row.recipient, row.subject, row.body, row.created_at, row.calendar)


def _message(session: Session, number: int) -> Message:
    with only_reading():
        row = session.get_one(HookDeliveryRow, number, populate_existing=True)
        hook = session.get_one(HookRow, row.hook_id, populate_existing=True)
        return Message(row.id, hook.id, hook.address, hook.secret, row.body.encode())
