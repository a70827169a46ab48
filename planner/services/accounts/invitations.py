"""Invitations: a link for a team, for one person, once, for a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.services.accounts.accounts import account_of
from planner.services.accounts.joining import checked_address
from planner.services.accounts.tickets import Purpose, make_ticket, open_tickets, revoke_tickets
from planner.services.changes import noted
from planner.services.mail import post
from planner.services.people import teams_of
from planner.services.permissions import Right, may, require
from planner.services.teams import with_people

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation, Person, Team
    from planner.services.actor import Actor


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that nobody has accepted yet. `whom`: a name, an address, or "anybody with the link"."""

    id: int
    team: str
    whom: str
    made_by: str
    expires_at: datetime


def invite(
    session: Session,
    actor: Actor,
    *,
    team: Team,
    person: Person | None,
    email: str,
    address_of: Callable[[str], str],
) -> str:
    """Return the address of a new invitation, and mail it too when there is somebody to mail it to.

    With a person, whoever accepts is that person with all their rights, so each of their teams is asked.
    Raises NotAllowed, InvalidInput.
    """
    for team_id in [team.id, *(teams_of(session, person.id) if person else ())]:
        require(actor, Right.INVITE, with_people(session, [team_id]))
    if person is not None and account_of(session, person.id):
        raise InvalidInput(Problem("person", "has an account already and can sign in"))
    to = checked_address(email) if email.strip() else ""
    whom = person.name if person else "somebody new"
    with noted(session, actor, "invited", f"Invited {whom} to {team.name}"):
        token = make_ticket(
            session,
            Purpose.INVITATION,
            now=actor.at,
            team_id=team.id,
            person_id=person.id if person else None,
            email=to,
            made_by=actor.person_id,
        )
        address = address_of(token)
        if to:
            post(
                session,
                to=to,
                subject=f"Join {team.name}"[:200],
                text=_text(actor, team, address),
                now=actor.at,
            )
    return address


def read_invitations(session: Session, actor: Actor, organisation: Organisation) -> list[Invitation]:
    """Return the open invitations that the actor may take back, newest first."""
    return [
        Invitation(
            id=ticket.id,
            team=_team_name(organisation, ticket.team_id),
            whom=_whom(organisation, ticket.person_id, ticket.email),
            made_by=_name(organisation, ticket.made_by),
            expires_at=ticket.expires_at,
        )
        for ticket in open_tickets(session, Purpose.INVITATION, actor.at)
        if _may_revoke(actor, ticket.made_by, ticket.team_id)
    ]


def revoke_invitation(session: Session, actor: Actor, invitation_id: int) -> None:
    """Make an invitation worthless. Raises NotFound, also for what the actor may not know of."""
    found = open_tickets(session, Purpose.INVITATION, actor.at, id=invitation_id)
    if not found or not _may_revoke(actor, found[0].made_by, found[0].team_id):
        raise NotFound("There is no such open invitation.")
    with noted(session, actor, "invitation:revoked", "Took an invitation back"):
        revoke_tickets(session, Purpose.INVITATION, actor.at, id=invitation_id)


def _may_revoke(actor: Actor, made_by: int | None, team_id: int | None) -> bool:
    teams = [] if team_id is None else [team_id]
    return made_by == actor.person_id or (bool(teams) and may(actor, Right.INVITE, teams))


def _text(actor: Actor, team: Team, address: str) -> str:
    lines = (
        f"{actor.name} invites you to {team.name} on planner.",
        f"This link works once, within a week:\n\n{address}",
        "If you do not know what this is about, do nothing.",
    )
    return "\n\n".join(lines) + "\n"


def _whom(organisation: Organisation, person_id: int | None, email: str) -> str:
    return _name(organisation, person_id) if person_id else email or "anybody with the link"


def _name(organisation: Organisation, person_id: int | None) -> str:
    return next((p.name for p in organisation.people if p.id == person_id), "somebody who has left")


def _team_name(organisation: Organisation, team_id: int | None) -> str:
    return next((t.name for t in organisation.teams if t.id == team_id), "a team that is gone")
