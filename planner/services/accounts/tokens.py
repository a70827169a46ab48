"""Access tokens: a program acts for a person, within what the token is for and until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.exc import OperationalError

from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.domain.text import clean
from planner.services.accounts.tickets import digest, new_token
from planner.services.changes import noted
from planner.storage.db import giving_way, lost_a_race, writing_beside
from planner.storage.models import AccountRow, TokenRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

BEGINS_WITH = "planner_"
"""How every token begins, so that people and scanners know one that lies about."""
LONGEST = timedelta(days=366)
MOST = 50
NOTED_EVERY = timedelta(minutes=10)


class Scope(StrEnum):
    """What a token is for. Whoever writes or sets up reads as well."""

    READ = "read"
    WRITE = "write"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Token:
    """An access token without its secret; the last four characters tell one from another."""

    id: int
    name: str
    last_four: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None

    @property
    def last_moment(self) -> datetime:
        """The end of the last day on which the token works, by the clock of who made it."""
        return self.expires_at - timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for, and what it is for."""

    token_id: int
    person_id: int
    scopes: frozenset[Scope]
    administers: bool


def make_token(
    session: Session, actor: Actor, *, name: str, scopes: Collection[Scope], until: date, is_trial: bool
) -> str:
    """Return a new token that works to the end of a day; it is never to be read again. Raises InvalidInput.

    One that is made in a trial, where anybody may choose to be anybody, works in that trial alone.
    """
    name = clean(name, where="name")
    today = actor.today
    problems = []
    if not scopes:
        problems.append(Problem("scopes", "are empty; choose at least one"))
    if not today <= until <= today + LONGEST:
        problems.append(Problem("until", "must be today or later, and within a year"))
    if len(read_tokens(session, actor, is_trial=is_trial)) >= MOST:
        problems.append(Problem("", f"You have {MOST} tokens that work; revoke one first."))
    if problems or actor.person_id is None:
        raise InvalidInput(*problems)
    token = BEGINS_WITH + new_token()
    with noted(session, actor, "token:made", "Made an access token"):
        session.add(
            TokenRow(
                token_hash=digest(token),
                person_id=actor.person_id,
                name=name,
                last_four=token[-4:],
                scopes=sorted({Scope.READ.value, *(scope.value for scope in scopes)}),
                is_trial=is_trial,
                created_at=actor.at,
                expires_at=datetime.combine(until + timedelta(days=1), time(), ZoneInfo(actor.zone)),
            )
        )
    return token


def read_tokens(session: Session, actor: Actor, *, is_trial: bool) -> list[Token]:
    """Return the actor's own tokens that work, newest first."""
    mine = select(TokenRow).where(TokenRow.person_id == actor.person_id, _works(actor.at, is_trial=is_trial))
    return [_token(row) for row in session.scalars(mine.order_by(TokenRow.id.desc()))]


def revoke_token(session: Session, actor: Actor, token_id: int) -> None:
    """Make one of one's own tokens worthless, at once. Raises NotFound for any other."""
    row = session.get(TokenRow, token_id)
    if row is None or row.person_id != actor.person_id or row.revoked_at is not None:
        raise NotFound("There is no such access token of yours.")
    with noted(session, actor, "token:revoked", "Revoked an access token"):
        row.revoked_at = actor.at


def bearer_of(session: Session, token: str, now: datetime, *, is_trial: bool) -> Bearer | None:
    """Return whom a token stands for; None when it never did, has ended, or the account is disabled."""
    query = select(TokenRow).where(TokenRow.token_hash == digest(token), _works(now, is_trial=is_trial))
    row = session.scalar(query)
    if row is None:
        return None
    theirs = select(AccountRow.is_administrator).where(
        AccountRow.person_id == row.person_id, AccountRow.disabled_at.is_(None)
    )
    administers = False if is_trial else session.scalar(theirs)
    if administers is None:
        return None
    found = Bearer(row.id, row.person_id, frozenset(Scope(one) for one in row.scopes), administers)
    if row.used_at is None or now - row.used_at >= NOTED_EVERY:
        _note_use(session, row.id, now)
    return found


def _works(now: datetime, *, is_trial: bool) -> ColumnElement[bool]:
    return and_(TokenRow.revoked_at.is_(None), TokenRow.expires_at > now, TokenRow.is_trial.is_(is_trial))


def _token(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        last_four=row.last_four,
        scopes=tuple(scope for scope in Scope if scope.value in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


def _note_use(session: Session, token_id: int, now: datetime) -> None:
    """Note it beside the request, which may only be reading; a busy database costs nobody the answer."""
    try:
        with writing_beside(session, giving_way) as own:
            own.execute(update(TokenRow).where(TokenRow.id == token_id).values(used_at=now))
    except OperationalError as error:
        if not lost_a_race(error):
            raise
