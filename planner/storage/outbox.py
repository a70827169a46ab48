"""Mails and messages on their way out: claimed by one worker at a time, and tried again until they arrive.

A claim lasts as long as the pause before the next try, which is longer than any sending. Whoever dies between
sending and noting it leaves a row that is sent again: twice is possible, never is not. No function here ends
the transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from planner.storage.models import HookDeliveryRow, MailRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    Table = type[MailRow] | type[HookDeliveryRow]

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60))
"""How long to wait after the first try, the second, and so on; together a little more than four days."""
TRIES_MAX = len(PAUSES) + 1
FORGOTTEN_AFTER = timedelta(days=7)
"""A mail may hold a link that signs in, and who got what is nobody's business for longer."""
GIVEN_UP_FORGOTTEN_AFTER = timedelta(days=30)
ERROR_LONGEST = 500


def has_due(session: Session, table: Table, now: datetime, *which: ColumnElement[bool]) -> bool:
    """Return whether anything is to be sent now. Only reads."""
    return bool(session.scalar(select(exists().where(_is_due(table, now), *which))))


def claim(session: Session, table: Table, now: datetime, *which: ColumnElement[bool]) -> int | None:
    """Take what waits longest, for as long as a sending may take; None when there is nothing.

    Two workers never get the same: SQLite lets one write at a time, PostgreSQL passes over locked rows.
    """
    _give_up_worn_out(session, table, now)
    first = select(table.id, table.attempts).where(_is_due(table, now), *which).order_by(table.id).limit(1)
    taken = session.execute(first.with_for_update(skip_locked=True)).one_or_none()
    if taken is None:
        return None
    next_try_at = now + PAUSES[min(taken.attempts, len(PAUSES) - 1)]
    _change(session, table, table.id == taken.id, attempts=taken.attempts + 1, next_try_at=next_try_at)
    return int(taken.id)


def count_waiting(session: Session, table: Table) -> int:
    """Return how many wait to be sent, now or later. Only reads."""
    waits = (table.sent_at.is_(None), table.failed_at.is_(None))
    return session.scalar(select(func.count()).select_from(table).where(*waits)) or 0


def note_sent(session: Session, table: Table, number: int, now: datetime) -> None:
    """Say that it has arrived."""
    _change(session, table, table.id == number, sent_at=now, next_try_at=None, error="")


def note_failed(
    session: Session, table: Table, number: int, *, error: str, now: datetime, is_final: bool = False
) -> None:
    """Say why it did not arrive. It waits for the next try, unless that was the last or is of no use."""
    # it is the other end's text: a database may refuse what no page could show
    plain = "".join(c if c.isprintable() else " " for c in error[:ERROR_LONGEST])
    _change(session, table, table.id == number, error=plain)
    worn_out = table.attempts >= TRIES_MAX
    given_up = table.id == number if is_final else and_(table.id == number, worn_out)
    _change(session, table, given_up, failed_at=now, next_try_at=None)


def hold_back(session: Session, table: Table, until: datetime, *which: ColumnElement[bool]) -> None:
    """Let what would be sent by then wait until then, because the other end is not there. Costs no try."""
    _change(session, table, and_(_is_due(table, until), *which), next_try_at=until)


def release(session: Session, table: Table, *which: ColumnElement[bool]) -> None:
    """Let what was only held back be sent now: the other end is there again."""
    held = and_(table.sent_at.is_(None), table.failed_at.is_(None), table.attempts == 0)
    _change(session, table, and_(held, table.next_try_at.is_not(None), *which), next_try_at=None)


def try_again(session: Session, table: Table, number: int) -> None:
    """Let something that was given up be sent after all."""
    given_up = and_(table.id == number, table.failed_at.is_not(None))
    _change(session, table, given_up, failed_at=None, attempts=0, next_try_at=None)


def forget_old(session: Session, table: Table, now: datetime) -> None:
    """Remove what arrived a week ago, and what was given up a month ago."""
    session.execute(delete(table).where(_is_old(table, now)).execution_options(synchronize_session=False))


def has_old(session: Session, table: Table, now: datetime) -> bool:
    """Return whether there is anything to forget. Only reads."""
    return bool(session.scalar(select(exists().where(_is_old(table, now)))))


def _is_old(table: Table, now: datetime) -> ColumnElement[bool]:
    return or_(table.sent_at < now - FORGOTTEN_AFTER, table.failed_at < now - GIVEN_UP_FORGOTTEN_AFTER)


def _is_due(table: Table, now: datetime) -> ColumnElement[bool]:
    waits = and_(table.sent_at.is_(None), table.failed_at.is_(None))
    return and_(waits, or_(table.next_try_at.is_(None), table.next_try_at <= now))


def _give_up_worn_out(session: Session, table: Table, now: datetime) -> None:
    """What took its worker down at the last try has nobody to say so."""
    _change(
        session,
        table,
        and_(_is_due(table, now), table.attempts >= TRIES_MAX),
        failed_at=now,
        next_try_at=None,
    )


def _change(session: Session, table: Table, which: ColumnElement[bool], **values: Any) -> None:
    session.execute(update(table).where(which).values(values).execution_options(synchronize_session=False))
