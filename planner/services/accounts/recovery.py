"""Links by mail: one to sign in without a password, one to set a new password.

Whoever asks is told the same, whether or not there is an account behind the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.services.accounts.accounts import account_behind, prove_address, set_password
from planner.services.accounts.sign_ins import forget_sign_ins
from planner.services.accounts.tickets import Purpose, claim_ticket, make_ticket, read_ticket, revoke_tickets
from planner.services.changes import one_transaction
from planner.services.mail import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

WORDS = {
    Purpose.SIGN_IN: ("Your link to sign in", "This link signs you in, once, within 15 minutes:"),
    Purpose.RESET: (
        "Your link for a new password",
        "This link lets you set a new password, once, within an hour:",
    ),
}
NOT_ME = "If you did not ask for it, do nothing: without the link nothing changes."


def mail_link(
    session: Session, purpose: Purpose, *, email: str, address_of: Callable[[str], str], now: datetime
) -> None:
    """Mail a link to the account behind the address, or to nobody; older ones of the kind end.

    `address_of` turns a token into the whole address of the link.
    """
    with one_transaction(session):
        account = account_behind(session, email)
        if account is not None:
            revoke_tickets(session, purpose, now, person_id=account.person_id)
        # for nobody too, so that the answer takes as long: a link without a person opens nothing
        token = make_ticket(session, purpose, now=now, person_id=account.person_id if account else None)
        if account is not None:
            subject, sentence = WORDS[purpose]
            text = "\n\n".join((sentence, address_of(token), NOT_ME)) + "\n"
            post(session, to=account.email, subject=subject, text=text, now=now)


def expect_link(session: Session, purpose: Purpose, token: str, now: datetime) -> None:
    """Raise NotFound unless the link works."""
    read_ticket(session, purpose, token, now)


def use_sign_in_link(session: Session, token: str, now: datetime) -> int:
    """Return who signs in with the link, and use it up. Raises NotFound."""
    with one_transaction(session):
        return _claimed_by(session, Purpose.SIGN_IN, token, now)


def use_reset_link(session: Session, token: str, password: str, now: datetime) -> int:
    """Set a new password, use the link up, end every sign-in, and return whose it is.

    Raises NotFound, and InvalidInput when the password will not do; then the link still works.
    """
    with one_transaction(session):
        person_id = _claimed_by(session, Purpose.RESET, token, now)
        set_password(session, person_id, password, now=now)
        forget_sign_ins(session, person_id)
    return person_id


def _claimed_by(session: Session, purpose: Purpose, token: str, now: datetime) -> int:
    ticket = claim_ticket(session, purpose, token, now)
    assert ticket.person_id is not None, "a link of nobody is never mailed"  # noqa: S101 - cannot be: no one has it
    prove_address(session, ticket.person_id, now)
    return ticket.person_id
