"""A new address to sign in with: asked for by who is in, proven by a link that goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.errors import NotFound
from planner.services.accounts.accounts import expect_password, is_taken, set_address
from planner.services.accounts.joining import checked_address
from planner.services.accounts.tickets import (
    WORKS_NO_MORE,
    Purpose,
    Ticket,
    claim_ticket,
    make_ticket,
    read_ticket,
    revoke_tickets,
)
from planner.services.changes import one_transaction
from planner.services.mail import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

ASKED = "With this link you sign in to planner with this address from now on. It works once, within an hour:"
NOT_ME = "If you did not ask for it, do nothing: without the link nothing changes."
MOVED = (
    "Your account on planner is signed in to with another address from now on: {}.\n\n"
    "If that was not you, tell an administrator at once.\n"
)


def ask_for_address(
    session: Session, actor: Actor, *, email: str, current: str, address_of: Callable[[str], str]
) -> None:
    """Mail a link to the new address; to one that somebody has already nothing goes, and nobody learns so.

    Raises InvalidInput, also for a wrong password.
    """
    new = checked_address(email)
    expect_password(session, actor, current)
    with one_transaction(session):
        revoke_tickets(session, Purpose.ADDRESS, actor.at, person_id=actor.person_id)
        token = make_ticket(session, Purpose.ADDRESS, now=actor.at, person_id=actor.person_id, email=new)
        if not is_taken(session, new):
            text = "\n\n".join((ASKED, address_of(token), NOT_ME)) + "\n"
            post(session, to=new, subject="Your new address", text=text, now=actor.at)


def read_new_address(session: Session, actor: Actor, token: str) -> str:
    """Return the address that a link of the actor's own proves. Raises NotFound."""
    return _own(read_ticket(session, Purpose.ADDRESS, token, actor.at), actor).email


def move_to_address(session: Session, actor: Actor, token: str) -> None:
    """Sign in with the new address from now on, and tell the old one. Raises NotFound, InvalidInput."""
    with one_transaction(session):
        ticket = _own(claim_ticket(session, Purpose.ADDRESS, token, actor.at), actor)
        assert ticket.person_id is not None  # noqa: S101 - it is the actor's own
        before = set_address(session, ticket.person_id, ticket.email, now=actor.at)
        post(session, to=before, subject="Another address", text=MOVED.format(ticket.email), now=actor.at)


def _own(ticket: Ticket, actor: Actor) -> Ticket:
    """Somebody else's link is nothing that the actor knows of; who opens it must be in already."""
    if ticket.person_id is None or ticket.person_id != actor.person_id:
        raise NotFound(WORKS_NO_MORE)
    return ticket
