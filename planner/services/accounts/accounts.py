"""Accounts: who may come in, with which address and password, and who administers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, select

from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.services.accounts.attempts import Kind, count_attempt, forgive
from planner.services.accounts.passwords import expect_good_password, hash_password, is_password
from planner.services.accounts.sign_ins import forget_sign_ins
from planner.services.accounts.tickets import Purpose, revoke_tickets
from planner.services.changes import noted, one_transaction
from planner.services.permissions import Right, require
from planner.storage.models import AccountRow, PersonRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

MAILED = (Purpose.SIGN_IN, Purpose.RESET, Purpose.ADDRESS)
LAST_ONE = "This is the only administrator. Make somebody else administrator first."


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of an account besides its password."""

    person_id: int
    email: str
    has_password: bool
    is_administrator: bool
    is_disabled: bool


def has_administrator(session: Session) -> bool:
    """Return whether somebody who is there can administer."""
    return bool(
        session.scalar(select(AccountRow.id).join(PersonRow, _is_theirs()).where(*_active()).limit(1))
    )


def list_accounts(session: Session) -> dict[int, Account]:
    """Return the accounts by person, in one query."""
    return {row.person_id: _account(row) for row in session.scalars(select(AccountRow))}


def account_of(session: Session, person_id: int) -> Account | None:
    row = _row(session, person_id)
    return None if row is None else _account(row)


def account_behind(session: Session, email: str) -> Account | None:
    """Return the account that signs in with this address and may; None for nobody."""
    row = _row_behind(session, email)
    return None if row is None else _account(row)


def person_with_password(session: Session, email: str, password: str) -> int | None:
    """Return who signs in with these; None, after as much work, whatever is wrong."""
    row = _row_behind(session, email)
    known = is_password(row.password_hash if row else None, password)
    return row.person_id if row is not None and known else None


def add_account(
    session: Session,
    person_id: int,
    *,
    email: str,
    password: str | None,
    now: datetime,
    is_administrator: bool = False,
    is_proven: bool = False,
) -> None:
    """Give a person an account, in the transaction of the caller. Raises InvalidInput.

    Without a password they sign in through a provider or a link by mail.
    """
    if session.scalar(select(AccountRow.id).where(AccountRow.person_id == person_id)):
        raise InvalidInput(Problem("", "This person has an account already. Sign in instead."))
    _forget_left_behind(session, email)
    if is_taken(session, email):
        raise InvalidInput(Problem("email", "is the address of another account; sign in with it instead"))
    session.add(
        AccountRow(
            person_id=person_id,
            email=email,
            proven_at=now if is_proven else None,
            password_hash=None if password is None else hash_password(password),
            is_administrator=is_administrator,
            created_at=now,
            disabled_at=None,
        )
    )
    session.flush()


def change_password(
    session: Session, actor: Actor, *, current: str, password: str, sign_in_id: int | None
) -> None:
    """Change one's own password; other sign-ins and links that were mailed end.

    Raises InvalidInput, and TooOften after too many wrong ones.
    """
    expect_password(session, actor, current)
    row = _existing(session, actor.person_id)
    with one_transaction(session):
        set_password(session, row.person_id, password, now=actor.at)
        forget_sign_ins(session, row.person_id, but=sign_in_id)


def expect_password(session: Session, actor: Actor, current: str) -> None:
    """Raise InvalidInput unless this is the actor's own password; one who has none needs none.

    Counted like a try at the door, for whoever finds a browser open. Raises TooOften.
    """
    row = _existing(session, actor.person_id)
    email, password_hash = row.email, row.password_hash
    if password_hash is None:
        return
    count_attempt(session, Kind.SIGN_IN_ACCOUNT, email, actor.at)
    if not is_password(password_hash, current):
        raise InvalidInput(Problem("current", "is not the password of this account"))
    with one_transaction(session):
        forgive(session, Kind.SIGN_IN_ACCOUNT, email)


def is_taken(session: Session, email: str) -> bool:
    """Return whether somebody who is there signs in with this address."""
    theirs = select(AccountRow.id).join(PersonRow, _is_theirs()).where(AccountRow.email == email)
    return session.scalar(theirs) is not None


def set_address(session: Session, person_id: int, email: str, *, now: datetime) -> str:
    """Let somebody sign in with an address that they have proven, and return the one before.

    In the transaction of the caller; links that went to the old one end. Raises InvalidInput.
    """
    row = _existing(session, person_id)
    _forget_left_behind(session, email)
    if is_taken(session, email):
        raise InvalidInput(Problem("email", "is the address of another account by now"))
    before, row.email, row.proven_at = row.email, email, now
    for purpose in MAILED:
        revoke_tickets(session, purpose, now, person_id=person_id)
    session.flush()
    return before


def set_password(session: Session, person_id: int, password: str, *, now: datetime) -> None:
    """Set a password in the transaction of the caller; links that were mailed end. Raises InvalidInput."""
    row = _existing(session, person_id)
    person = session.get(PersonRow, person_id)
    expect_good_password(password, own_words=(row.email, person.name if person else ""))
    row.password_hash = hash_password(password)
    for purpose in MAILED:
        revoke_tickets(session, purpose, now, person_id=person_id)


def prove_address(session: Session, person_id: int, now: datetime) -> None:
    """Note that a link which was mailed to the account's address came back."""
    row = _existing(session, person_id)
    row.proven_at = row.proven_at or now


def may_come_in(session: Session, person_id: int) -> bool:
    """Return whether the person is there and has an account that is not disabled."""
    theirs = select(AccountRow.id).join(PersonRow, _is_theirs())
    found = theirs.where(AccountRow.person_id == person_id, AccountRow.disabled_at.is_(None))
    return session.scalar(found) is not None


def is_disabled(session: Session, person_id: int) -> bool:
    """Return whether the person has an account that is disabled; without one they are not shut out."""
    row = _row(session, person_id)
    return row is not None and row.disabled_at is not None


def is_proven(session: Session, person_id: int) -> bool:
    """Return whether the account's address was ever proven to be the person's."""
    row = _row(session, person_id)
    return row is not None and row.proven_at is not None


def make_administrator(session: Session, actor: Actor, person_id: int) -> None:
    """Let somebody administer. Raises NotAllowed, NotFound."""
    row = _for_administrators(session, actor, person_id)
    with noted(session, actor, "administrator:made", f"Made {_name(session, row)} administrator"):
        row.is_administrator = True


def end_administration(session: Session, actor: Actor, person_id: int) -> None:
    """Let somebody administer no more. Raises NotAllowed, NotFound, InvalidInput for the last one."""
    row = _for_administrators(session, actor, person_id)
    _expect_another(session, row)
    with noted(session, actor, "administrator:ended", f"{_name(session, row)} administers no more"):
        row.is_administrator = False


def disable_account(session: Session, actor: Actor, person_id: int) -> None:
    """Shut somebody out at once. Raises NotAllowed, NotFound, InvalidInput for the last administrator."""
    row = _for_administrators(session, actor, person_id)
    _expect_another(session, row)
    with noted(session, actor, "disabled", f"Disabled the account of {_name(session, row)}"):
        row.disabled_at = actor.at
        forget_sign_ins(session, person_id)
        for purpose in MAILED:
            revoke_tickets(session, purpose, actor.at, person_id=person_id)


def enable_account(session: Session, actor: Actor, person_id: int) -> None:
    """Let somebody in again, with the password they had. Raises NotAllowed, NotFound."""
    row = _for_administrators(session, actor, person_id)
    with noted(session, actor, "enabled", f"Enabled the account of {_name(session, row)}"):
        row.disabled_at = None


def _for_administrators(session: Session, actor: Actor, person_id: int) -> AccountRow:
    """Return the account that an administrator acts on. Raises NotAllowed before anything is looked up."""
    require(actor, Right.ADMINISTER)
    return _existing(session, person_id)


def _name(session: Session, row: AccountRow) -> str:
    person = session.get(PersonRow, row.person_id)
    return person.name if person else "somebody who has left"


def _forget_left_behind(session: Session, email: str) -> None:
    """An account whose person was removed keeps its address from nobody who is there."""
    is_there = select(PersonRow.id).where(_is_theirs()).exists()
    session.execute(delete(AccountRow).where(AccountRow.email == email, ~is_there))


def _expect_another(session: Session, row: AccountRow) -> None:
    """The last administrator must not lock everybody out of the settings."""
    others = select(func.count()).select_from(AccountRow).join(PersonRow, _is_theirs())
    left = session.scalar(others.where(*_active(), AccountRow.id != row.id))
    if row.is_administrator and not left:
        raise InvalidInput(Problem("", LAST_ONE))


def _active() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AccountRow.is_administrator.is_(True), AccountRow.disabled_at.is_(None)


def _is_theirs() -> ColumnElement[bool]:
    return PersonRow.id == AccountRow.person_id


def _row(session: Session, person_id: int) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.person_id == person_id))


def _existing(session: Session, person_id: int | None) -> AccountRow:
    row = None if person_id is None else _row(session, person_id)
    if row is None:
        raise NotFound("There is no such account.")
    return row


def _row_behind(session: Session, email: str) -> AccountRow | None:
    """Return the account of an address whose person is there and that is not disabled."""
    theirs = select(AccountRow).join(PersonRow, _is_theirs())
    return session.scalar(
        theirs.where(AccountRow.email == email.strip().casefold(), AccountRow.disabled_at.is_(None))
    )


def _account(row: AccountRow) -> Account:
    return Account(
        person_id=row.person_id,
        email=row.email,
        has_password=row.password_hash is not None,
        is_administrator=row.is_administrator,
        is_disabled=row.disabled_at is not None,
    )
