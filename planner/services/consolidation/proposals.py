"""Proposals as people read them: the plan, who says what to it, what is missing, what has changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.agreement import ProposalState, Stance, Standing, state_on
from planner.domain.conditions import Wish
from planner.domain.consolidation.keeping import come_round, from_keys
from planner.domain.consolidation.load import Totals
from planner.domain.consolidation.model import Slot
from planner.domain.errors import InvalidInput, NotFound
from planner.domain.notices import Notice, NoticeKind
from planner.domain.proposed_plan import News, facts_of, news
from planner.services.consolidation.suggestions import pose, request_of
from planner.services.notices import write
from planner.services.settings import read_rules
from planner.storage.models import AnswerRow, ProposalRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Plan
    from planner.domain.model import Dependency, Organisation, Person, PersonId, TeamSession
    from planner.domain.proposed_plan import KeptSeat
    from planner.storage.audit import OpenChange

GONE = "somebody who is gone"
ASKED_ANEW_IN_VAIN = "The horizon or a rule that this plan was made for is not there any more."


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a session between two minutes; `person` is None for who is not recorded (any more)."""

    key: str
    name: str
    person: Person | None
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """What is talked about and for how long; the dependency is None when it was removed since."""

    dependency: Dependency | None
    minutes: int


@dataclass(frozen=True, slots=True)
class ProposedSession:
    """A session as it was proposed, with the records of now; `reasons` are those that were given then."""

    title: str
    slot: Slot | None
    minutes: int
    place: str | None
    facilitator: str
    agenda: tuple[AgendaLine, ...]
    seats: tuple[Seat, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is asked, and what they say; `stance` is None until they do.

    wish: what would make it fine; about: the dependency they would come for alone.
    """

    person: Person
    is_host: bool
    sits_in: int
    stance: Stance | None = None
    words: str = ""
    answered_at: datetime | None = None
    wish: Wish | None = None
    about: Dependency | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One version of a plan, with everything that is said to it. `state` is that of today."""

    id: int
    number: int
    version: int
    state: ProposalState
    words: Mapping[str, str]
    adjustments: tuple[str, ...]
    before: Totals
    after: Totals
    sessions: tuple[ProposedSession, ...]
    voices: tuple[Voice, ...]
    replaces: tuple[TeamSession, ...]
    standing: Standing
    shared_by: str
    shared_at: datetime
    adopted_on: date | None
    trial_until: date | None


def read_proposals(session: Session, organisation: Organisation, today: date) -> tuple[Proposal, ...]:
    """Return every proposal, newest first. Two queries."""
    rows = session.scalars(select(ProposalRow).order_by(ProposalRow.id.desc())).all()
    answers: dict[int, list[AnswerRow]] = {}
    for one in session.scalars(select(AnswerRow).order_by(AnswerRow.id)):
        answers.setdefault(one.proposal_id, []).append(one)
    return tuple(_proposal(organisation, row, answers.get(row.id, ()), today) for row in rows)


def read_proposal(session: Session, organisation: Organisation, number: int, today: date) -> Proposal:
    """Return one proposal. Raises NotFound."""
    row = existing_proposal(session, number)
    return _proposal(organisation, row, answers_to(session, number), today)


def existing_proposal(session: Session, number: int) -> ProposalRow:
    """Return the row of a proposal. Raises NotFound."""
    row = session.get(ProposalRow, number)
    if row is None:
        raise NotFound(f"There is no proposal {number}.")
    return row


def answers_to(session: Session, number: int) -> Sequence[AnswerRow]:
    query = select(AnswerRow).where(AnswerRow.proposal_id == number).order_by(AnswerRow.id)
    return session.scalars(query).all()


def read_news(session: Session, organisation: Organisation, number: int, today: date) -> News:
    """Return what has changed since a proposal was shared. Raises NotFound."""
    row = existing_proposal(session, number)
    try:
        request = request_of(row.words)
        rules = replace(read_rules(session), **request.rules)
        question = pose(organisation, request, rules=rules, today=today)
    except InvalidInput:
        return News(changed=(ASKED_ANEW_IN_VAIN,))
    now = facts_of(question.organisation, question.task)
    return news(row.plan, row.facts, now, {one.key: one.name for one in question.organisation.people})


def read_plan(session: Session, organisation: Organisation, number: int, today: date) -> Plan:
    """Return the plan of a proposal with the numbers and the days of now. Raises NotFound."""
    return come_round(organisation, from_keys(organisation, existing_proposal(session, number).plan), today)


def standing_of(
    organisation: Organisation,
    row: ProposalRow,
    answers: Iterable[AnswerRow],
    *,
    broken: tuple[str, ...] = (),
) -> Standing:
    """Return all that decides about a proposal; hosts are the product owners of now."""
    number = {one.key: one.id for one in organisation.people}
    teams = {one.key: one.id for one in organisation.teams}
    seated = {seat["person"] for one in row.plan["sessions"] for seat in one["seats"]}
    return Standing(
        state=ProposalState(row.state),
        shared_on=row.shared_at.date(),
        hosts=frozenset(
            person
            for key in row.host_teams
            if key in teams
            for person in organisation.product_owners[teams[key]]
        ),
        attendees=frozenset(number[key] for key in seated if key in number),
        sharer=next((p.id for p in organisation.people if p.id == row.shared_by_id), None),
        stances={number[one.person]: Stance(one.stance) for one in answers if one.person in number},
        trial_until=row.trial_until,
        broken=broken,
    )


def of_question(session: Session, question: str) -> Sequence[ProposalRow]:
    """Every version of a plan for one question, oldest first."""
    query = select(ProposalRow).where(ProposalRow.question == question).order_by(ProposalRow.number)
    return session.scalars(query).all()


def tell_concerned(
    session: Session, organisation: Organisation, row: ProposalRow, text: str, change: OpenChange
) -> None:
    """Write one notice for everybody whom a proposal concerns but who acts; saved with the change.

    `organisation` is that before the act.
    """
    session.flush()
    standing = standing_of(organisation, row, ())
    concerned = standing.asked | {person for person in (standing.sharer,) if person is not None}
    notices = [
        Notice(person, NoticeKind.PROPOSAL, None, text, row.id)
        for person in sorted(concerned)
        if person != change.actor_id
    ]
    write(session, organisation, notices, at=change.at, change_id=change.id)


def _proposal(
    organisation: Organisation, row: ProposalRow, answers: Sequence[AnswerRow], today: date
) -> Proposal:
    standing = standing_of(organisation, row, answers)
    return Proposal(
        id=row.id,
        number=row.number,
        version=row.version,
        state=state_on(standing, today),
        words=row.words,
        adjustments=tuple(row.adjustments),
        before=Totals(**row.figures["before"]),
        after=Totals(**row.figures["after"]),
        sessions=tuple(_session(organisation, one) for one in row.plan["sessions"]),
        voices=_voices(organisation, row, standing, answers),
        replaces=tuple(one for one in organisation.sessions if one.key in row.replaces),
        standing=standing,
        shared_by=row.shared_by,
        shared_at=row.shared_at,
        adopted_on=row.adopted_on,
        trial_until=row.trial_until,
    )


def _session(organisation: Organisation, one: Mapping[str, Any]) -> ProposedSession:
    people = {person.key: person for person in organisation.people}
    known = {dependency.key: dependency for dependency in organisation.dependencies}
    slot = None if one["day"] is None else Slot(date.fromisoformat(one["day"]), one["minute"])
    return ProposedSession(
        title=one["title"],
        slot=slot,
        minutes=one["minutes"],
        place=one["place"],
        facilitator=name_of_key(people, one["facilitator"]),
        agenda=tuple(
            AgendaLine(known.get(key), minutes)
            for key, minutes in zip(one["items"], one["lengths"], strict=True)
        ),
        seats=tuple(seat_of(people, seat) for seat in one["seats"]),
        reasons=tuple(one.get("reasons", ())),
    )


def seat_of(people: Mapping[str, Person], seat: KeptSeat) -> Seat:
    """Return a seat with the person of now."""
    key = seat["person"]
    return Seat(key, name_of_key(people, key), people.get(key), seat["start"], seat["end"], seat["why"])


def name_of_key(people: Mapping[str, Person], key: str) -> str:
    """Return the name behind a key; of who is gone the name is gone as well."""
    return people[key].name if key in people else GONE


def _voices(
    organisation: Organisation, row: ProposalRow, standing: Standing, answers: Iterable[AnswerRow]
) -> tuple[Voice, ...]:
    """Everybody who is asked, hosts first, by name."""
    said = {one.person: one for one in answers}
    known = {one.key: one for one in organisation.dependencies}
    seats = [seat["person"] for one in row.plan["sessions"] for seat in one["seats"]]

    def voice(number: PersonId) -> Voice:
        person = organisation.person[number]
        plain = Voice(person, number in standing.hosts, seats.count(person.key))
        one = said.get(person.key)
        if one is None:
            return plain
        return replace(
            plain,
            stance=Stance(one.stance),
            words=one.words,
            answered_at=one.answered_at,
            wish=Wish(one.wish) if one.wish else None,
            about=known.get(one.about),
        )

    found = (voice(number) for number in standing.asked)
    return tuple(sorted(found, key=lambda one: (not one.is_host, one.person.name, one.person.key)))
