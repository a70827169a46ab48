"""A shared session as it is prepared: its agenda, topics of one's own, blind votes, and the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from planner.domain.ballots import WEEKS, Vote
from planner.domain.errors import NotFound
from planner.domain.meeting.model import ItemKind, MeetingState
from planner.domain.perspectives import SCALE, Viewpoint
from planner.services.meeting import ballots, meetings, preparations, preparing
from planner.services.meeting.orders import Order
from planner.services.meeting.preparations import read_preparation
from planner.services.meeting.preparing import TITLE_LONGEST
from planner.web import context
from planner.web.api.operations import Done, One, operation
from planner.web.api.records import do, done, one
from planner.web.api.rounds import WhichRound
from planner.web.api.telling import told
from planner.web.api.types import AtMost, Between, Key, Number, Text

if TYPE_CHECKING:
    from planner.domain.meeting.rounds import RoundOf
    from planner.storage.audit import OpenChange


@dataclass(frozen=True, kw_only=True)
class PreparedLine:
    """One line of an agenda. `number` is 0 while nobody has prepared the session; `dependency`: by number.

    `matter` names it in a vote. `start` and `end`: minutes after the opening. `is_left`: whether the session
    before left it open. `again`: the decision that is looked at again. `version` is what taking it away
    (`may_take`) or handing it to somebody needs.
    """

    number: int
    matter: str
    title: str
    dependency: int | None
    kind: ItemKind
    minutes: int
    start: int
    end: int
    lead: str | None
    is_guest: bool
    is_left: bool
    again: str
    may_change: bool
    may_take: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class BlindVote:
    """What you say of one matter, by its name in the agenda: how important, from where, how many weeks."""

    matter: Annotated[str, Text(400, 1)]
    importance: Annotated[int, Between(1, SCALE)]
    viewpoint: Viewpoint | None = None
    weeks: Annotated[int, Between(min(WEEKS), max(WEEKS))] | None = None


@dataclass(frozen=True, kw_only=True)
class VoteFinding:
    """What opened votes say of one matter; `scores` only to the people of the session."""

    title: str
    count: int
    importance: float | None
    weeks: float | None
    scores: tuple[int, ...]
    gap: str
    viewpoints: str


@dataclass(frozen=True, kw_only=True)
class RankedPlace:
    """One place of the ranking: its matters, why it stands there, and whether they are a knot."""

    titles: tuple[str, ...]
    why: str
    is_knot: bool


@dataclass(frozen=True, kw_only=True)
class Voting:
    """How the blind votes stand: your own paper, how many have voted, and what came out once all are opened.

    `hidden`: on how many matters too few have voted for others than the people of the session.
    """

    round: int
    opened_at: datetime | None
    may_vote: bool
    mine: tuple[BlindVote, ...]
    voted: int
    voters: int
    findings: tuple[VoteFinding, ...]
    hidden: int
    agreement: str
    ranking: tuple[RankedPlace, ...]


@dataclass(frozen=True, kw_only=True)
class AgendaOrder:
    """An order in which the agenda can be written, and what that changes for whom."""

    order: Order
    titles: tuple[str, ...]
    price: tuple[str, ...]
    holds: bool


@dataclass(frozen=True, kw_only=True)
class PreparedSession:
    """A round as it is prepared, as far as you may see it. `version` is what writing its agenda needs.

    `taken_out`: what people took from the agenda though it was left open last time.
    """

    session: int
    round: int
    state: MeetingState
    minutes: int
    fits: str
    before: str
    lines: tuple[PreparedLine, ...]
    taken_out: tuple[str, ...]
    voting: Voting
    orders: tuple[AgendaOrder, ...]
    takes_part: bool
    leads: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class NewTopic:
    """What you want to talk about; you lead it."""

    title: Annotated[str, Text(TITLE_LONGEST, 1)]


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """Who is to lead a topic, by key; who is not invited comes for it alone."""

    lead: Key


@dataclass(frozen=True, kw_only=True)
class NewAgenda:
    """The order in which the agenda is written anew."""

    order: Order


@dataclass(frozen=True, kw_only=True)
class NewPaper:
    """Your votes, each on another matter; they take the place of those you handed in before."""

    votes: Annotated[tuple[BlindVote, ...], AtMost(200)]


@operation("GET", "/shared-sessions/<int:number>/preparation")
def read_session_preparation(number: Number, query: WhichRound) -> One[PreparedSession]:
    """Read how a session is prepared: agenda, votes, and the orders that can be taken."""
    return _told(query.of(number))


@operation("POST", "/shared-sessions/<int:number>/topics", status=201)
def create_topic(number: Number, query: WhichRound, body: NewTopic) -> One[PreparedLine]:
    """Put a topic on the agenda."""
    place = query.of(number)
    change = do(preparing.add_topic, place, title=body.title, key=None)
    made = max(line.item.id for line in _read(place).lines)
    return _topic(place, made, change, at=f"/shared-sessions/{number}/topics/{made}")


@operation("GET", "/shared-sessions/<int:number>/topics/<int:item>")
def read_topic(number: Number, item: Number, query: WhichRound) -> One[PreparedLine]:
    """Read one topic of an agenda."""
    return _topic(query.of(number), item)


@operation("PATCH", "/shared-sessions/<int:number>/topics/<int:item>")
def change_topic(
    number: Number, item: Number, query: WhichRound, body: NewLead, version: int | None
) -> One[PreparedLine]:
    """Ask somebody else to lead a topic of yours."""
    place = query.of(number)
    change = do(preparing.ask_to_lead, place, item_id=item, person=body.lead, version=version, key=None)
    return _topic(place, item, change)


@operation("DELETE", "/shared-sessions/<int:number>/topics/<int:item>")
def delete_topic(number: Number, item: Number, query: WhichRound, version: int | None) -> Done:
    """Take a topic of yours from the agenda, or anything that was left open last time."""
    return done(do(preparing.take_away, query.of(number), item_id=item, version=version, key=None))


@operation("POST", "/shared-sessions/<int:number>/agenda/open")
def open_agenda(number: Number, query: WhichRound) -> One[PreparedSession]:
    """Keep the agenda as it has written itself, so that it can be changed; again it changes nothing."""
    place = query.of(number)
    return _told(place, do(meetings.make_meeting, place, key=None))


@operation("POST", "/shared-sessions/<int:number>/agenda")
def write_agenda(
    number: Number, query: WhichRound, body: NewAgenda, version: int | None
) -> One[PreparedSession]:
    """Write the agenda anew in one of the orders: places, minutes, consent list, everybody's window."""
    place = query.of(number)
    change = do(
        preparing.write_agenda, context.organisation(), place, order=body.order, version=version, key=None
    )
    return _told(place, change)


@operation("POST", "/shared-sessions/<int:number>/ballot")
def vote_blind(number: Number, query: WhichRound, body: NewPaper) -> One[PreparedSession]:
    """Hand your votes in. Nobody sees them before all are opened; the last one who votes opens them."""
    place = query.of(number)
    given = [Vote(one.matter, one.importance, one.viewpoint, one.weeks) for one in body.votes]
    do(ballots.vote, context.organisation(), place, given)
    return _told(place)


@operation("POST", "/shared-sessions/<int:number>/ballot/open")
def open_ballot(number: Number, query: WhichRound) -> One[PreparedSession]:
    """Open the votes before everybody has voted."""
    place = query.of(number)
    do(ballots.open_votes, place)
    return _told(place)


@operation("POST", "/shared-sessions/<int:number>/ballot/again")
def begin_second_round(number: Number, query: WhichRound) -> One[PreparedSession]:
    """Begin the second round of blind votes."""
    place = query.of(number)
    do(ballots.vote_again, place)
    return _told(place)


def _read(place: RoundOf) -> preparations.Preparation:
    return read_preparation(
        context.database(), context.organisation(), context.visitor(), place, context.now()
    )


def _told(place: RoundOf, change: OpenChange | None = None) -> One[PreparedSession]:
    found = _read(place)
    prepared = told(
        PreparedSession,
        found,
        found.meeting,
        session=place.session_id,
        round=place.number + 1,
        lines=tuple(_line(line) for line in found.lines),
        voting=_voting(found),
        orders=tuple(told(AgendaOrder, one) for one in found.choices),
    )
    return one(prepared, prepared.version, change=change)


def _topic(place: RoundOf, item: int, change: OpenChange | None = None, *, at: str = "") -> One[PreparedLine]:
    line = next((one for one in _read(place).lines if one.item.id == item), None)
    if line is None or line.item.dependency is not None:
        raise NotFound(f"There is no topic {item} on this agenda.")
    return one(_line(line), line.item.version, at=at, change=change)


def _line(line: preparations.Line) -> PreparedLine:
    return told(
        PreparedLine,
        line,
        line.item,
        line.span,
        matter=line.item.name,
        dependency=line.dependency.id if line.dependency else None,
    )


def _voting(found: preparations.Preparation) -> Voting:
    return told(
        Voting,
        found.polling,
        found.polling.ballot,
        found.findings,
        findings=tuple(told(VoteFinding, one, one.result) for one in found.findings.told),
    )
