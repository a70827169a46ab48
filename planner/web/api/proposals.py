"""Plans proposed to everybody: shared, answered, adopted on trial, kept or reverted; and what was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from planner.domain.agreement import ProposalState, Role, Stance, possible_acts, roles_of
from planner.domain.conditions import Wish
from planner.services import agreements
from planner.services.calendar.inviting import mail_invitations
from planner.services.consolidation import proposals
from planner.services.consolidation.adjusting import MOST, adjust, by_hand
from planner.services.consolidation.proposing import share_plan
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import do, done, one
from planner.web.api.suggestion import ShownPlan
from planner.web.api.telling import told
from planner.web.api.types import AtMost, Number, Text
from planner.web.inviting import mailed
from planner.web.views.suggestion import plan_view

if TYPE_CHECKING:
    from planner.storage.audit import OpenChange

Adjustments = Annotated[tuple[Annotated[str, Text(500, 1)], ...], AtMost(MOST)]
Ending = StrEnum("Ending", {"ADOPT": "adopt", "WITHDRAW": "withdraw", "KEEP": "keep", "REVERT": "revert"})
ENDINGS = {
    Ending.ADOPT: agreements.adopt,
    Ending.WITHDRAW: agreements.withdraw,
    Ending.KEEP: agreements.keep_for_good,
    Ending.REVERT: agreements.revert,
}


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Somebody who is asked, by key, and what they say."""

    person: str
    is_host: bool
    sits_in: int
    stance: Stance | None
    words: str
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SeatIn:
    """Who sits in a session, from which minute to which, and why."""

    person: str
    name: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, kw_only=True)
class ProposedSession:
    """A session as it was proposed; `agenda` names dependencies by number, `starts_at` is in UTC."""

    title: str
    day: date | None
    minute: int | None
    minutes: int
    place: str | None
    facilitator: str
    agenda: tuple[int, ...]
    seats: tuple[SeatIn, ...]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One version of a plan with what everybody says to it.

    `changes`: what was adjusted by hand, as a plan is adjusted anew. `acts`: what you may do to it now.
    """

    number: int
    round: int
    state: ProposalState
    shared_by: str
    shared_at: datetime
    adopted_on: date | None
    trial_until: date | None
    before: dict[str, object]
    after: dict[str, object]
    sessions: tuple[ProposedSession, ...]
    voices: tuple[Voice, ...]
    replaces: tuple[str, ...]
    acts: tuple[str, ...]
    changes: tuple[str, ...]
    version: int


@dataclass(frozen=True, kw_only=True)
class NewProposal(ShownPlan):
    """The plan that you saw, with what you have adjusted of it, as `POST /suggestion/adjusted` told it."""

    changes: Adjustments = ()


@dataclass(frozen=True, kw_only=True)
class NewAnswer:
    """What you think of a plan; a condition needs a wish or words, an objection words.

    wish: what would make it fine. about: the key of the dependency that you would come for alone.
    """

    stance: Stance
    words: Annotated[str, Text(1000)] = ""
    wish: Wish | None = None
    about: Annotated[str, Text(200)] = ""


@dataclass(frozen=True, kw_only=True)
class NewEnding:
    """What becomes of a proposal."""

    act: Ending


@operation("GET", "/proposals")
def list_proposals(query: Page) -> Listed[Proposal]:
    """List proposals, newest first."""
    found = proposals.read_proposals(context.database(), context.organisation(), context.today())
    return page_of(found, query, _proposal)


@operation("POST", "/proposals", status=201)
def create_proposal(body: NewProposal) -> One[Proposal]:
    """Propose the plan that you saw to everybody it concerns."""
    adjusted = adjust(plan_view(body.request, is_near=body.near).answer, body.changes)
    number, change = do(
        share_plan, answer=adjusted.answer, shown=body.mark, key=None, by_hand=by_hand(adjusted)
    )
    return proposal_of(number, change)


@operation("GET", "/proposals/<int:number>")
def read_proposal(number: Number) -> One[Proposal]:
    """Read one proposal with its answers."""
    return one(*_current(number))


@operation("POST", "/proposals/<int:number>/answers")
def answer_proposal(number: Number, body: NewAnswer, version: int | None) -> One[Proposal]:
    """Say for yourself what you think of it, or something else than before."""
    change = do(
        agreements.answer_proposal,
        number,
        stance=body.stance,
        words=body.words,
        wish=body.wish,
        about=body.about,
        version=version,
        key=None,
    )
    return one(*_current(number), change=change)


@operation("POST", "/proposals/<int:number>/acts")
def act_on_proposal(number: Number, body: NewEnding, version: int | None) -> One[Proposal]:
    """Adopt a proposal on trial, withdraw it, or after the trial keep it or revert it."""
    change = do(ENDINGS[body.act], number, version=version, key=None)
    return one(*_current(number), change=change)


@operation("POST", "/proposals/<int:number>/invitations")
def mail_proposal(number: Number) -> Done:
    """Mail the invitations that people have coming."""
    return done(mailed(mail_invitations, number))


def proposal_of(number: int, change: OpenChange | None = None) -> One[Proposal]:
    """Return a new proposal with the address that it has."""
    return one(*_current(number), at=f"/proposals/{number}", change=change)


def _current(number: int) -> tuple[Proposal, int]:
    found = proposals.read_proposal(context.database(), context.organisation(), number, context.today())
    return _proposal(found), found.version


def _proposal(found: proposals.Proposal) -> Proposal:
    me = context.actor().person_id
    roles = frozenset({Role.OTHER}) if me is None else roles_of(found.standing, me)
    return told(
        Proposal,
        found,
        round=found.number,
        changes=found.adjustments,
        number=found.id,
        sessions=tuple(_session(one) for one in found.sessions),
        acts=tuple(sorted(act.value for act in possible_acts(found.standing, roles, context.today()))),
    )


def _session(found: proposals.ProposedSession) -> ProposedSession:
    return told(
        ProposedSession,
        found,
        day=found.slot.day if found.slot else None,
        minute=found.slot.minute if found.slot else None,
        agenda=tuple(line.dependency.id for line in found.agenda if line.dependency is not None),
        seats=tuple(seat_in(seat) for seat in found.seats),
    )


def seat_in(seat: proposals.Seat) -> SeatIn:
    """Return a seat as it is told; whoever sits in it may be recorded no more."""
    return told(SeatIn, seat, person=seat.key)
