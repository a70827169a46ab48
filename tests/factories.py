"""Records that are saved as a person would save them; each factory returns the key of its record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from planner.domain.agreement import Stance
from planner.domain.transfer import (
    DependencyDraft,
    GoalDraft,
    HorizonDraft,
    MemberDraft,
    PersonDraft,
    PlaceDraft,
    SessionDraft,
    TeamDraft,
)
from planner.interchange.tools import source_of
from planner.services.actor import Actor, actor_for
from planner.services.agreements import adopt, answer_proposal
from planner.services.consolidation.kept_plans import mark_of
from planner.services.consolidation.proposals import read_proposal
from planner.services.consolidation.proposing import share_plan
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.dependencies import record_dependencies
from planner.services.goals import record_goal, record_horizon
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import import_now
from planner.services.meeting.live import arrive, close_meeting, start_meeting
from planner.services.meeting.meetings import read_meeting
from planner.services.organisation import read_organisation
from planner.services.people import record_person
from planner.services.places import record_place
from planner.services.promises import promise
from planner.services.sessions import record_session
from planner.services.teams import record_team

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.exchange import ImportReport

MONDAY = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
OPERATOR = Actor(at=MONDAY)


@dataclass(frozen=True)
class Cast:
    """Owner and partner decide for the two teams, the outsider for a third; a visitor is nobody."""

    owner: str = "olive-owner"
    partner: str = "pat-partner"
    outsider: str = "otto-outsider"
    team: str = "payments"
    partner_team: str = "partner-api"
    outside_team: str = "web-shop"


def make_cast(session: Session) -> Cast:
    """Save the fixed people with their fixed rights."""
    cast = Cast()
    people = (("Olive Owner", "Payments"), ("Pat Partner", "Partner API"), ("Otto Outsider", "Web Shop"))
    for person, team in people:
        make_team(session, name=team, decides=[make_person(session, name=person)])
    return cast


def make_actor(session: Session, key: str) -> Actor:
    """Return the actor that this person is."""
    organisation = read_organisation(session)
    person = next(p for p in organisation.people if p.key == key)
    actor = actor_for(organisation, person.id, MONDAY)
    assert actor is not None
    return actor


def make_place(session: Session, *, minutes_to: dict[str, int] | None = None, **overrides: Any) -> str:
    draft = replace(PlaceDraft("Dock Street", "Europe/London"), **overrides)
    record_place(session, OPERATOR, draft, minutes_to=minutes_to or {})
    return draft.name


def make_person(session: Session, **overrides: Any) -> str:
    draft = replace(PersonDraft("", "Amara Diallo"), **overrides)
    return record_person(session, OPERATOR, draft)[0]


def make_team(
    session: Session, *, decides: list[str] | None = None, members: list[str] | None = None, **overrides: Any
) -> str:
    seats = [*(MemberDraft(p, decides=True) for p in decides or ()), *(MemberDraft(p) for p in members or ())]
    draft = replace(TeamDraft("", "Loyalty", members=tuple(seats)), **overrides)
    return record_team(session, OPERATOR, draft)[0]


def make_horizon(session: Session, **overrides: Any) -> str:
    draft = replace(HorizonDraft("Sprint 1"), **overrides)
    record_horizon(session, OPERATOR, draft)
    return draft.name


def make_goal(session: Session, teams: tuple[str, ...], **overrides: Any) -> str:
    draft = replace(GoalDraft("", "One account, every journey", teams=teams), **overrides)
    return record_goal(session, OPERATOR, draft)[0]


def make_session(session: Session, host: str, **overrides: Any) -> str:
    draft = replace(SessionDraft("", "Payments prioritisation", host), **overrides)
    return record_session(session, OPERATOR, draft)[0]


def make_proposal(session: Session, sharer: Actor) -> int:
    """Propose the best plan of now and return the number of the proposal."""
    found = answer(session, read_organisation(session), SuggestionRequest(), sharer.at.date())
    return share_plan(session, sharer, answer=found, shown=mark_of(found.solution.plan), key=None)[0]


def make_agreed(session: Session, sharer: Actor) -> int:
    """Propose the best plan of now, let everybody be fine with it, adopt it, and return its number."""
    number = make_proposal(session, sharer)
    organisation = read_organisation(session)
    for person in read_proposal(session, organisation, number, sharer.at.date()).standing.asked:
        someone = actor_for(organisation, person, sharer.at)
        assert someone is not None
        answer_proposal(session, someone, number, stance=Stance.FINE, words="", version=None, key=None)
    adopt(session, sharer, number, version=None, key=None)
    return number


def make_shared(session: Session) -> Actor:
    """Let Olive and Pat of the cast agree on a session about two dependencies; return Olive, who leads it."""
    cast = Cast()
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team, what="Refunds")
    olive = make_actor(session, cast.owner)
    make_agreed(session, olive)
    return olive


def make_held(
    session: Session, session_id: int, *there: str, at: datetime = MONDAY, minutes: int = 30
) -> str:
    """Hold a shared session: begun by who leads it, these people there, closed; return who leads."""
    leader = read_meeting(session, session_id).facilitator
    start_meeting(session, replace(make_actor(session, leader), at=at), session_id, key=None)
    for key in there:
        arrive(session, replace(make_actor(session, key), at=at), session_id, key=None)
    over = at + timedelta(minutes=minutes)
    close_meeting(session, replace(make_actor(session, leader), at=over), session_id, key=None)
    return leader


def make_promise(
    session: Session, owner: Actor, *witnesses: str, line: str = "Draft of the fare table by Fri"
) -> int:
    """Promise something, seen by these peers, and return its number."""
    return promise(session, owner, line=line, witnesses=witnesses, key=None).promise_id


def make_dependency(session: Session, consumer: str, provider: str, **overrides: Any) -> str:
    draft = replace(DependencyDraft("", consumer, provider, "Settlement file"), **overrides)
    return record_dependencies(session, OPERATOR, [draft])[0][0]


def bring_in(
    session: Session, actor: Actor, data: bytes, *, name: str = "", kind: str = "", horizon: str = ""
) -> ImportReport:
    """Import a file: a list of ours, a whole organisation or what another tool knows."""
    return import_now(session, actor, [source_of(data, name)], Choices(kind=kind, horizon=horizon))
