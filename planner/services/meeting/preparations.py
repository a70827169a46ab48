"""A shared session as it is prepared, for one reader: its agenda, what the votes say, and other orders.

What blind votes say is nobody's to read; what opened ones say is for the people of the session, and for
others only where five or more have voted (see `planner.services.meeting.ballots`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.ballots import (
    PUBLIC_FROM,
    Result,
    agreement,
    most_divided_first,
)
from planner.domain.meeting.agenda import (
    Matter,
    Part,
    Span,
    length_of,
    length_words,
    spans,
)
from planner.domain.meeting.model import AgendaItem, ItemKind, Meeting, MeetingState
from planner.domain.perspectives import concordance_words, gap_words, viewpoint_words
from planner.services.actor import person_of
from planner.services.meeting.agendas import read_facts
from planner.services.meeting.ballots import read_polling
from planner.services.meeting.meetings import existing_shared, people_of, read_meeting
from planner.services.meeting.orders import (
    BY_VOTES,
    Order,
    as_kept,
    gaps_of,
    ordered,
    ranking_by_votes,
    seats_for,
    votes_on,
)
from planner.services.meeting.preparation_words import place_words, price_words
from planner.services.permissions import Right, may
from planner.services.shared_sessions import AgreedSession, agreed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.meeting.rounds import SessionOrRound
    from planner.domain.model import Dependency, Organisation, Person
    from planner.domain.ranking import Ranking
    from planner.services.actor import Actor
    from planner.services.meeting.agendas import Facts
    from planner.services.meeting.ballots import Polling
    from planner.storage.models import SharedSessionRow


FROM_BEFORE = {Part.UNFINISHED, Part.AGAIN}
"""The parts of an agenda that come from the session before, and that everybody invited may take out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the agenda. `dependency` is None for a topic and for what was removed since.

    learned_from: from how many items its minutes are learned, 0 where they are the usual ones.
    lead: who leads it; is_guest: whether they are invited for this line alone. may_change: whether whoever
    looks may hand it to somebody else, may_take: take it away. again: the decision that is looked at again.
    """

    item: AgendaItem
    part: Part
    span: Span
    dependency: Dependency | None
    lead: Person | None
    is_guest: bool
    may_change: bool
    may_take: bool
    learned_from: int = 0
    again: str = ""

    @property
    def is_left(self) -> bool:
        """True for what the session before has left open."""
        return self.part is Part.UNFINISHED


@dataclass(frozen=True, slots=True)
class Told:
    """What the votes on one matter say, in words; `scores` are for the people of the session alone."""

    title: str
    result: Result
    gap: str
    viewpoints: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the ranking: its matters, why it stands there, and whether they are a knot."""

    titles: tuple[str, ...]
    why: str
    is_knot: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An order that can be taken over, and what it would change for whom; nothing where it holds already."""

    order: Order
    titles: tuple[str, ...]
    price: tuple[str, ...]
    holds: bool


@dataclass(frozen=True)
class Findings:
    """What came out of opened votes, as far as whoever looks may read it.

    hidden: on how many matters too few have voted for others than the people of the session.
    """

    told: tuple[Told, ...] = ()
    hidden: int = 0
    agreement: str = ""
    ranking: tuple[Place, ...] = ()
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class News:
    """What has come into a session and what has gone since its agenda was written, by title."""

    came: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.came and not self.gone


@dataclass(frozen=True)
class Preparation:
    """A session as it is prepared, for one reader.

    news: what a kept agenda does not say yet. taken_out: the titles of what people took from it.
    """

    session: AgreedSession
    meeting: Meeting
    lines: tuple[Line, ...]
    minutes: int
    fits: str
    before: str
    polling: Polling
    findings: Findings
    choices: tuple[Choice, ...]
    takes_part: bool
    leads: bool
    news: News = News()
    taken_out: tuple[str, ...] = ()

    @property
    def is_too_long(self) -> bool:
        return self.minutes > self.session.minutes

    @property
    def consent(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.item.kind is ItemKind.CONSENT)

    @property
    def talk(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.item.kind is ItemKind.TALK)

    @property
    def left(self) -> tuple[Line, ...]:
        """What the session before has left open, once the agenda is kept and until the session begins."""
        is_ours = self.meeting.is_kept and self.is_planned
        return tuple(line for line in self.lines if line.is_left) if is_ours else ()

    @property
    def may_open(self) -> bool:
        """Whether there is something to take out or to object to, on an agenda that nobody has opened yet."""
        is_ours = self.takes_part and self.is_planned and not self.session.is_cancelled
        return (
            is_ours
            and not self.meeting.is_kept
            and any(one.part in FROM_BEFORE or one.part is Part.CONSENT for one in self.lines)
        )

    @property
    def is_planned(self) -> bool:
        return self.meeting.state is MeetingState.PLANNED


def read_preparation(
    session: Session,
    organisation: Organisation,
    actor: Actor | None,
    which: SessionOrRound,
    now: datetime | None = None,
) -> Preparation:
    """Return how a round is prepared, as far as this person may see it. Raises NotFound."""
    shared = existing_shared(session, which)
    meeting = read_meeting(session, which, now)
    polling = read_polling(session, organisation, meeting, actor)
    found = votes_on(meeting, polling)
    out = meeting.taken_out
    facts = read_facts(session, organisation, shared, meeting.round, gaps=gaps_of(found), without=out)
    takes_part = actor is not None and may(actor, Right.TAKE_PART, people_of(session, shared))
    me = person_of(organisation, actor)
    kept = as_kept(meeting, facts)
    needed = length_of(kept, facts.rules)
    return Preparation(
        session=agreed(organisation, shared),
        meeting=meeting,
        lines=_lines(organisation, meeting, kept, facts, "" if me is None else me.key, takes_part=takes_part),
        minutes=needed,
        fits=length_words(needed, shared.minutes),
        before=facts.before,
        polling=polling,
        findings=_findings(organisation, polling, found, facts, takes_part=takes_part),
        choices=_choices(organisation, shared, meeting, facts, found) if takes_part else (),
        takes_part=takes_part,
        leads=me is not None and me.key == meeting.facilitator,
        news=_news(meeting, facts),
        taken_out=tuple(_title_of(organisation, name) for name in meeting.taken_out),
    )


def _news(meeting: Meeting, facts: Facts) -> News:
    """What differs between a kept agenda and what the session is about now; nothing once it has begun."""
    if not meeting.is_kept or meeting.state is not MeetingState.PLANNED:
        return News()
    there = {item.dependency for item in meeting.items}
    wanted = {matter.dependency for matter in facts.matters}
    return News(
        came=tuple(one.title for one in facts.matters if one.dependency and one.dependency not in there),
        gone=tuple(
            item.title
            for item in meeting.items
            if item.dependency and item.dependency not in wanted and item.outcome is None
        ),
    )


def _lines(
    organisation: Organisation,
    meeting: Meeting,
    kept: Sequence[Matter],
    facts: Facts,
    me: str,
    *,
    takes_part: bool,
) -> tuple[Line, ...]:
    known = {one.key: one for one in organisation.dependencies}
    people = {one.key: one for one in organisation.people}
    is_ours = meeting.is_kept and meeting.state is MeetingState.PLANNED
    own = {
        item.id
        for item in meeting.items
        if is_ours and me and item.lead == me and item.dependency is None and item.outcome is None
    }
    return tuple(
        Line(
            item=item,
            part=matter.part,
            span=span,
            dependency=known.get(item.dependency or ""),
            lead=people.get(item.lead),
            is_guest=item.lead in people and item.lead not in meeting.invited,
            may_change=item.id in own,
            may_take=item.id in own
            or (is_ours and takes_part and item.outcome is None and matter.part in FROM_BEFORE),
            learned_from=_learned_from(item, facts),
            again=matter.again,
        )
        for item, matter, span in zip(meeting.items, kept, spans(kept, facts.rules), strict=True)
    )


def _learned_from(item: AgendaItem, facts: Facts) -> int:
    """From how many items the minutes of this one are learned; what was written before that is not."""
    if item.sort is None or not item.usual:
        return 0
    is_learned = item.minutes == facts.learned.minutes(item.sort, item.usual)
    return facts.learned.count(item.sort) if is_learned else 0


def _findings(
    organisation: Organisation,
    polling: Polling,
    found: Sequence[Result],
    facts: Facts,
    *,
    takes_part: bool,
) -> Findings:
    """What may be read of opened votes: all of it in the session, outside what five or more have voted on.

    The ranking stays inside: the weeks in it are said by fewer than those who vote.
    """
    readable = [one for one in found if takes_part or one.is_public]
    titles = _titles(organisation, found)
    divided = most_divided_first(readable)
    by_name = {one.matter: one for one in readable}
    at_least = 2 if takes_part else PUBLIC_FROM
    alike = agreement(polling.ballot, [one.matter for one in found], at_least=at_least)
    ranking = ranking_by_votes(found, facts) if takes_part and found else None
    return Findings(
        told=tuple(_told(by_name[name], titles[name], takes_part=takes_part) for name in divided),
        hidden=len(found) - len(readable),
        agreement=concordance_words(alike),
        ranking=() if ranking is None else _ranked(ranking, found, titles),
        is_exact=ranking is None or ranking.is_exact,
    )


def _told(one: Result, title: str, *, takes_part: bool) -> Told:
    shown = one if takes_part else replace(one, scores=(), importance=None, weeks=None)
    return Told(title, shown, gap_words(one.gap), viewpoint_words(one.viewpoint_gap))


def _titles(organisation: Organisation, found: Sequence[Result]) -> dict[str, str]:
    known = {one.key: one.what for one in organisation.dependencies}
    return {one.matter: known.get(one.matter, one.matter.removeprefix("topic: ")) for one in found}


def _title_of(organisation: Organisation, name: str) -> str:
    known = (one.what for one in organisation.dependencies if one.key == name)
    return next(known, name.removeprefix("topic: "))


def _ranked(ranking: Ranking, found: Sequence[Result], titles: Mapping[str, str]) -> tuple[Place, ...]:
    title = {number: titles[one.matter] for number, one in enumerate(found, 1)}
    return tuple(
        Place(
            titles=tuple(title[number] for number in place.ids),
            why=place_words(place, found, title),
            is_knot=place.is_knot,
        )
        for place in ranking.places
    )


def _choices(
    organisation: Organisation,
    shared: SharedSessionRow,
    meeting: Meeting,
    facts: Facts,
    found: Sequence[Result],
) -> tuple[Choice, ...]:
    if meeting.state is not MeetingState.PLANNED:
        return ()
    names = {one.key: one.name for one in organisation.people}
    now = as_kept(meeting, facts)
    choices = []
    for order in (Order.SUGGESTED, *(BY_VOTES if any(one.count for one in found) else ())):
        matters = ordered(order, meeting, facts, found)
        choices.append(
            Choice(
                order=order,
                titles=tuple(matter.title for matter in matters),
                price=price_words(shared.seats, seats_for(shared, matters, facts), names)
                + _length_change(now, matters, facts, shared.minutes),
                holds=[_shape(one) for one in now] == [_shape(one) for one in matters],
            )
        )
    return tuple(choices)


def _length_change(
    now: Sequence[Matter], then: Sequence[Matter], facts: Facts, planned: int
) -> tuple[str, ...]:
    """Say how the length of an agenda changes; nothing where it does not."""
    before, after = length_of(now, facts.rules), length_of(then, facts.rules)
    if before == after:
        return ()
    over = f", {after - planned} too many for this session" if after > planned else ""
    return (f"The agenda takes {after} minutes instead of {before}{over}.",)


def _shape(matter: Matter) -> tuple[str, int, ItemKind]:
    return matter.name, matter.minutes, matter.kind
