"""What a worker does beside its jobs: it writes mails from notices, and sends mails and messages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from planner.delivery import imap
from planner.services.calendar.inbox import Inbox
from planner.services.meeting import left_open
from planner.services.work import rounds, sending

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.config import ImapServer, Settings
    from planner.services.work.sending import SendMail, SendMessage
    from planner.services.work.working import Errand

ROUND_EVERY = 60
"""Seconds between two looks at what mornings have come and what has grown old."""


def errands_of(settings: Settings) -> tuple[Errand, ...]:
    """Return the errands of a worker under these settings; a slow one keeps none of the others waiting."""
    clock = settings.clock
    found: tuple[Errand, ...] = (
        Rounds(settings.address, clock),
        mails(sending.mail_by(settings), clock),
        messages(sending.messages_by(settings), clock),
    )
    return found if settings.inbox is None else (*found, inbox(settings.inbox, clock))


def inbox(server: ImapServer, clock: Callable[[], datetime]) -> Errand:
    """Return the errand that takes replies from a mailbox."""
    name = f"{server.user}@{server.host}:{server.port}/{server.folder}"
    return Inbox(name[:300], partial(imap.fetch_new, server), clock)


def mails(send: SendMail, clock: Callable[[], datetime]) -> Errand:
    """Return the errand that sends one mail."""
    return lambda session: sending.send_next_mail(session, send, clock)


def messages(send: SendMessage, clock: Callable[[], datetime]) -> Errand:
    """Return the errand that sends one message to a web hook."""
    return lambda session: sending.send_next_message(session, send, clock)


class Rounds:
    """The errand that writes mails; once a minute it also looks at mornings, sessions and what is old."""

    def __init__(self, address: str, clock: Callable[[], datetime]) -> None:
        self._address = address
        self._clock = clock
        self._went_at: datetime | None = None

    def __call__(self, session: Session) -> bool:
        now = self._clock()
        if self._went_at is None or (now - self._went_at).total_seconds() >= ROUND_EVERY:
            rounds.write_due(session, now=now)
            left_open.end_left_open(session, now=now)
            rounds.forget(session, now=now)
            self._went_at = now
        rounds.write_mails(session, now=now, address=self._address)
        return False
