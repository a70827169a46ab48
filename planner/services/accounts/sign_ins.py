"""Sign-ins: a row for each browser, so that leaving, and being shown out, really ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import OperationalError

from planner.domain.errors import NotFound
from planner.services.accounts.tickets import digest, new_token
from planner.services.changes import one_transaction
from planner.storage.db import giving_way, lost_a_race, writing_beside
from planner.storage.models import AccountRow, SignInRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ENDS_UNUSED_AFTER = timedelta(days=14)
ENDS_AFTER = timedelta(days=90)
NOTED_EVERY = timedelta(minutes=10)
DEVICE_LONGEST = 100


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a cookie, and through which sign-in."""

    id: int
    person_id: int
    administers: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime


def open_sign_in(session: Session, person_id: int, *, device: str, now: datetime) -> str:
    """Begin a sign-in and return the token for the cookie; those that have ended are forgotten."""
    token = new_token()
    with one_transaction(session):
        session.execute(delete(SignInRow).where(_has_ended(now)))
        session.add(
            SignInRow(
                token_hash=digest(token),
                person_id=person_id,
                device=device[:DEVICE_LONGEST],
                created_at=now,
                seen_at=now,
                expires_at=now + ENDS_AFTER,
            )
        )
    return token


def read_sign_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Return who a cookie stands for; None when it never did, has ended, or the account is disabled."""
    found = session.execute(
        select(SignInRow.id, SignInRow.person_id, SignInRow.seen_at, AccountRow.is_administrator)
        .join(AccountRow, AccountRow.person_id == SignInRow.person_id)
        .where(SignInRow.token_hash == digest(token), AccountRow.disabled_at.is_(None), ~_has_ended(now))
    ).one_or_none()
    if found is None:
        return None
    if now - found.seen_at >= NOTED_EVERY:
        _note_seen(session, found.id, now)
    return SignedIn(found.id, found.person_id, found.is_administrator)


def sign_ins_of(session: Session, person_id: int, now: datetime) -> list[SignIn]:
    """Return where somebody is signed in, the latest used first."""
    rows = session.scalars(
        select(SignInRow)
        .where(SignInRow.person_id == person_id, ~_has_ended(now))
        .order_by(SignInRow.seen_at.desc(), SignInRow.id.desc())
    )
    return [SignIn(row.id, row.device, row.created_at, row.seen_at) for row in rows]


def end_token(session: Session, token: str) -> None:
    """End the sign-in of a cookie; one that has ended already is fine."""
    with one_transaction(session):
        session.execute(delete(SignInRow).where(SignInRow.token_hash == digest(token)))


def end_sign_in(session: Session, person_id: int, sign_in_id: int) -> None:
    """End one sign-in of a person. Raises NotFound when they have no such one."""
    mine = delete(SignInRow).where(SignInRow.id == sign_in_id, SignInRow.person_id == person_id)
    with one_transaction(session):
        if not session.execute(mine).rowcount:  # type: ignore[attr-defined] # that of a delete has one
            raise NotFound("This sign-in has ended already.")


def end_others(session: Session, person_id: int, *, but: int) -> None:
    """End every sign-in of a person but this one."""
    with one_transaction(session):
        forget_sign_ins(session, person_id, but=but)


def forget_sign_ins(session: Session, person_id: int, *, but: int | None = None) -> None:
    """End every sign-in of a person but one, in the transaction of the caller."""
    mine = delete(SignInRow).where(SignInRow.person_id == person_id)
    session.execute(mine if but is None else mine.where(SignInRow.id != but))


def _has_ended(now: datetime) -> ColumnElement[bool]:
    return or_(SignInRow.expires_at <= now, SignInRow.seen_at <= now - ENDS_UNUSED_AFTER)


def _note_seen(session: Session, sign_in_id: int, now: datetime) -> None:
    """Note it beside the request, which may only be reading; a busy database costs nobody the page."""
    try:
        with writing_beside(session, giving_way) as own:
            own.execute(update(SignInRow).where(SignInRow.id == sign_in_id).values(seen_at=now))
    except OperationalError as error:
        if not lost_a_race(error):
            raise
