"""How people come in for the first time: the one who installs, and those who are invited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, Problem
from planner.domain.model import WorkingHours
from planner.domain.text import EMAIL_LONGEST, clean
from planner.domain.transfer import PersonDraft
from planner.services.accounts.accounts import add_account, has_administrator, may_come_in
from planner.services.accounts.passwords import expect_good_password
from planner.services.accounts.tickets import (
    WORKS_NO_MORE,
    Purpose,
    claim_ticket,
    make_ticket,
    read_ticket,
    revoke_tickets,
)
from planner.services.actor import Actor
from planner.services.changes import one_transaction, recorded
from planner.services.keys import free_key, zone_or_utc
from planner.services.people import checked, email_problems, join
from planner.services.starting import begin
from planner.storage.models import PersonRow, TeamRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.accounts.tickets import Ticket

TAKEN_OVER = "Somebody administers this installation already. Ask them to invite you."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves on their first page, and in which zone their browser is.

    Without a password they come in by the sign-in of their organisation.
    """

    name: str
    email: str
    password: str | None
    zone: str = ""


def first_link(session: Session, now: datetime) -> str | None:
    """Return the token with which somebody becomes the first administrator; older ones end.

    None when there is an administrator already.
    """
    if has_administrator(session):
        return None
    with one_transaction(session):
        revoke_tickets(session, Purpose.FIRST_START, now)
        return make_ticket(session, Purpose.FIRST_START, now=now)


def read_first_link(session: Session, token: str, now: datetime) -> None:
    """Raise NotFound unless the link works, NotAllowed when somebody was faster."""
    read_ticket(session, Purpose.FIRST_START, token, now)
    if has_administrator(session):
        raise NotAllowed(TAKEN_OVER)


def begin_installation(
    session: Session,
    token: str,
    newcomer: Newcomer,
    *,
    person_id: int | None,
    team: str,
    now: datetime,
) -> int:
    """Return the person who administers from now on: one who is recorded, or a new one with the first team.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    read_first_link(session, token, now)
    email = checked_address(newcomer.email)
    expect_good_password(newcomer.password or "", own_words=(newcomer.name, email))
    if person_id is None:
        first = Actor(at=now, name="First start")
        person_id = begin(session, first, name=newcomer.name, team=team, zone=newcomer.zone)
    elif session.get(PersonRow, person_id) is None:
        raise InvalidInput(Problem("person", "is not here; choose one of the list"))
    with one_transaction(session):
        claim_ticket(session, Purpose.FIRST_START, token, now)
        add_account(
            session, person_id, email=email, password=newcomer.password, now=now, is_administrator=True
        )
    return person_id


def read_invitation(session: Session, token: str, now: datetime) -> Ticket:
    """Return what an invitation is for. Raises NotFound, also when whoever invited is out by now."""
    ticket = read_ticket(session, Purpose.INVITATION, token, now)
    if ticket.made_by is not None and not may_come_in(session, ticket.made_by):
        raise NotFound(WORKS_NO_MORE)
    return ticket


def accept_invitation(session: Session, token: str, newcomer: Newcomer, *, now: datetime) -> int:
    """Return the person who has come: whom the invitation names, or a new one in its team.

    Raises NotFound, InvalidInput with everything that is wrong.
    """
    ticket = read_invitation(session, token, now)
    email = checked_address(ticket.email or newcomer.email)
    expect_good_password(newcomer.password or "", own_words=(newcomer.name, email))
    return arrive(session, token, replace(newcomer, email=email), now=now)


def arrive(
    session: Session,
    token: str,
    newcomer: Newcomer,
    *,
    now: datetime,
    is_proven: bool = False,
) -> int:
    """Use an invitation up: the person, their seat in the team and their account, all or nothing.

    Raises NotFound, InvalidInput.
    """
    ticket = read_invitation(session, token, now)
    name = clean(newcomer.name, where="name") if ticket.person_id is None else ""
    actor = Actor(at=now, name=name or "Invitation")
    with recorded(session, actor, "person:joined", f"{name or 'Somebody invited'} joined"):
        claim_ticket(session, Purpose.INVITATION, token, now)
        person_id = ticket.person_id or _new_person(session, replace(newcomer, name=name), ticket.team_id)
        add_account(
            session,
            person_id,
            email=newcomer.email,
            password=newcomer.password,
            now=now,
            is_proven=is_proven,
        )
    return person_id


def checked_address(email: str) -> str:
    """Return an address as it is kept. Raises InvalidInput."""
    address = clean(email, where="email", longest=EMAIL_LONGEST).casefold()
    problems = email_problems(PersonDraft("", "", email=address))
    if problems:
        raise InvalidInput(*problems)
    return address


def _new_person(session: Session, newcomer: Newcomer, team_id: int | None) -> int:
    store, hours = Store(session), WorkingHours(zone=zone_or_utc(newcomer.zone))
    draft = checked(store, PersonDraft("", newcomer.name, email=newcomer.email, hours=hours), None)
    row = store.save_person(replace(draft, key=free_key(store, PersonRow, draft.name)))
    if team_id is not None and session.get(TeamRow, team_id) is not None:
        join(session, row, {team_id})
    return row.id
