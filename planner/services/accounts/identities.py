"""People whom a provider of OpenID Connect knows: by its own name for them, never by their e-mail alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from planner.domain.errors import InvalidInput, NotAllowed, Problem
from planner.services.accounts.accounts import account_of, add_account, is_proven
from planner.services.accounts.joining import Newcomer, arrive, checked_address
from planner.services.changes import one_transaction
from planner.storage.models import AccountRow, IdentityRow, PersonRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

UNKNOWN = "Your organisation knows you, planner does not yet. Ask a colleague who uses it to invite you."
UNPROVEN = (
    "There is an account with your address, but nobody proved that it is yours. Sign in to it, "
    "and connect your organisation’s sign-in under “Your account”."
)
SHUT_OUT = "This account is disabled. Ask an administrator."
SOMEBODY_ELSES = "This sign-in of your organisation opens another account here already."


@dataclass(frozen=True, slots=True)
class Known:
    """What a provider says of somebody, after every check of the protocol. `email`: empty unless verified."""

    issuer: str
    subject: str
    name: str = ""
    email: str = ""


def person_known_as(session: Session, known: Known, *, now: datetime) -> int:
    """Return whom the provider's words belong to.

    Somebody new here is bound by a verified e-mail, when it belongs to one person alone who has no other
    identity, and whose account, where there is one, was proven to have that address. Raises NotAllowed.
    """
    row = _identity(session, known)
    if row is not None:
        account = account_of(session, row.person_id)
        if account is None or account.is_disabled or session.get(PersonRow, row.person_id) is None:
            raise NotAllowed(SHUT_OUT)
        return row.person_id
    person_id = _person_of_address(session, known.email)
    with one_transaction(session):
        if account_of(session, person_id) is None:
            add_account(session, person_id, email=known.email, password=None, now=now, is_proven=True)
        _bind(session, person_id, known, now)
    return person_id


def join_known(session: Session, token: str, known: Known, *, now: datetime) -> int:
    """Accept an invitation as who the provider says, and return the person. Raises NotFound, InvalidInput."""
    if _identity(session, known) is not None:
        raise InvalidInput(Problem("", SOMEBODY_ELSES))
    if not known.email:
        raise InvalidInput(Problem("", "Your organisation did not say your e-mail. Join with a password."))
    email = checked_address(known.email)
    newcomer = Newcomer(known.name or email, email, password=None)
    person_id = arrive(session, token, newcomer, now=now, is_proven=True)
    with one_transaction(session):
        _bind(session, person_id, known, now)
    return person_id


def connect(session: Session, actor: Actor, known: Known) -> None:
    """Let a provider's sign-in open the actor's account from now on. Raises InvalidInput."""
    row = _identity(session, known)
    if row is not None and row.person_id != actor.person_id:
        raise InvalidInput(Problem("", SOMEBODY_ELSES))
    if row is None and actor.person_id is not None:
        with one_transaction(session):
            session.execute(delete(IdentityRow).where(IdentityRow.person_id == actor.person_id))
            _bind(session, actor.person_id, known, actor.at)


def disconnect(session: Session, actor: Actor) -> None:
    """Take the provider's sign-in away. Raises InvalidInput when it is the only way in."""
    account = account_of(session, actor.person_id) if actor.person_id is not None else None
    if account is not None and not account.has_password:
        raise InvalidInput(Problem("", "Set a password first; this is your only way in."))
    with one_transaction(session):
        session.execute(delete(IdentityRow).where(IdentityRow.person_id == actor.person_id))


def is_connected(session: Session, person_id: int) -> bool:
    return session.scalar(select(IdentityRow.id).where(IdentityRow.person_id == person_id)) is not None


def _identity(session: Session, known: Known) -> IdentityRow | None:
    is_this = (IdentityRow.issuer == known.issuer, IdentityRow.subject == known.subject)
    return session.scalar(select(IdentityRow).where(*is_this))


def _bind(session: Session, person_id: int, known: Known, now: datetime) -> None:
    session.add(IdentityRow(issuer=known.issuer, subject=known.subject, person_id=person_id, created_at=now))
    session.flush()


def _person_of_address(session: Session, email: str) -> int:
    """Return the one person with this verified address whom no provider knows. Raises NotAllowed."""
    theirs = (
        select(PersonRow.id)
        .outerjoin(AccountRow, AccountRow.person_id == PersonRow.id)
        .where(or_(AccountRow.email == email, PersonRow.email == email))
        .distinct()
    )
    found = session.scalars(theirs).all() if email else []
    if len(found) != 1 or is_connected(session, found[0]):
        raise NotAllowed(UNKNOWN)
    account = account_of(session, found[0])
    if account is None:
        return found[0]
    if account.is_disabled:
        raise NotAllowed(SHUT_OUT)
    if account.email != email or not is_proven(session, found[0]):
        raise NotAllowed(UNPROVEN)
    return found[0]
