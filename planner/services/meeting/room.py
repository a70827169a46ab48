"""A session as everybody in it sees it: what is on, its facts, its vote, and what was done last.

It is the same for every screen, so it is made once for each state of the session and shared; what differs
from person to person is asked of it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from planner.domain.graph import strongly_connected
from planner.domain.meeting.rounds import RoundOf, SessionOrRound
from planner.domain.model import PersonId
from planner.domain.negotiation.affected import affected_by
from planner.services.meeting.guests import read_code
from planner.services.meeting.meetings import existing_shared, read_meeting
from planner.services.meeting.pulse import read_pulse
from planner.services.meeting.sittings import find_round
from planner.services.meeting.votes import read_polls, voters_there
from planner.services.shelf import Shelf
from planner.storage.models import ChangeRow, DependencyRow, EventRow, OutcomeRow, PromiseRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Exists
    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import AgendaItem, ItemId, Meeting
    from planner.domain.meeting.votes import Poll
    from planner.domain.model import Dependency, Organisation


TAKEN_BACK = frozenset(
    f"meeting:{act}"
    for act in (
        *("start", "turn", "add-time", "agree", "talk", "park", "defer", "decide", "hand-over", "close"),
        "open-again",
    )
)
"""What is offered to be taken back on the page; the rest is in the history."""
ACTS_KEPT = 20
_rooms: Shelf[tuple[str, RoundOf], Room] = Shelf(64)
"""The newest state of each round that was looked at."""
_turns = tuple(Lock() for _ in range(16))
"""All screens of a session ask at the same moment; the first makes its state, the others wait for it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the dependency that is on, and the version it has."""

    dependency: Dependency
    version: int
    consumer: str
    provider: str
    offered: date | None
    behind: tuple[str, ...]
    is_in_loop: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done in the session and holds still."""

    change_id: int
    actor_id: PersonId | None
    who: str
    summary: str


@dataclass(frozen=True, slots=True)
class Room:
    """A session at one moment. names: of everybody in it by key. voters: who is there and has a vote.

    has_promises: whether anybody has promised something in it, be it known to the reader or not.
    """

    pulse: str
    title: str
    minutes: int
    is_cancelled: bool
    meeting: Meeting
    names: Mapping[str, str]
    facts: Facts | None
    polls: tuple[Poll, ...]
    voters: frozenset[str]
    versions: Mapping[ItemId, int]
    code: str
    has_promises: bool
    done: tuple[Done, ...]

    @property
    def poll(self) -> Poll | None:
        """The last vote about the item that is on; None where there was none."""
        on = self.meeting.current
        return next((one for one in reversed(self.polls) if one.item_id == on), None)

    @property
    def open_poll(self) -> Poll | None:
        """The vote that is open, whichever item it is about."""
        return next((one for one in self.polls if not one.is_revealed), None)

    def last_of(self, person: PersonId | None) -> Done | None:
        """Return what a person did last that can be taken back."""
        return next((one for one in self.done if person is not None and one.actor_id == person), None)


def read_room(session: Session, organisation: Organisation, which: SessionOrRound, *, now: datetime) -> Room:
    """Return a round as it is; while nothing changes in it, it is made once. Raises NotFound."""
    place = which if isinstance(which, RoundOf) else find_round(session, which, now)
    here, pulse = (str(session.get_bind().engine.url), place), read_pulse(session, place)
    with _turns[hash(here) % len(_turns)]:
        kept = _rooms.get(here)
        if kept is None or kept.pulse != pulse:
            kept = _room(session, organisation, place, now, pulse)
            _rooms.put(here, kept)
        return kept


def _room(session: Session, organisation: Organisation, place: RoundOf, now: datetime, pulse: str) -> Room:
    shared, meeting = existing_shared(session, place), read_meeting(session, place)
    polls = read_polls(session, meeting)
    item = meeting.on_now
    return Room(
        pulse=pulse,
        title=shared.title,
        minutes=shared.minutes,
        is_cancelled=shared.is_cancelled,
        meeting=meeting,
        names={person.key: person.name for person in organisation.people},
        facts=None if item is None else _facts(session, organisation, item),
        polls=polls,
        voters=frozenset() if item is None else frozenset(voters_there(session, meeting, item)),
        versions=_versions(session, meeting),
        code=read_code(session, place, now),
        has_promises=session.scalar(select(_promised_in(place))) or False,
        done=_done(session, meeting),
    )


def _promised_in(place: RoundOf) -> Exists:
    here = (PromiseRow.session_id == place.session_id, PromiseRow.session_round == place.number)
    return exists().where(*here)


def _facts(session: Session, organisation: Organisation, item: AgendaItem) -> Facts | None:
    found = next((d for d in organisation.dependencies if d.key == item.dependency), None)
    if found is None:
        return None
    edges = ((d.consumer_id, d.provider_id) for d in organisation.active_dependencies)
    ends = {found.consumer_id, found.provider_id}
    return Facts(
        dependency=found,
        version=session.scalar(select(DependencyRow.version).where(DependencyRow.id == found.id)) or 0,
        consumer=organisation.team[found.consumer_id].name,
        provider=organisation.team[found.provider_id].name,
        offered=found.negotiation.proposed_for or found.promised_for,
        behind=tuple(
            _told_apart(organisation, one, found) for one in affected_by(found, organisation.dependencies)
        ),
        is_in_loop=any(ends <= set(component) for component in strongly_connected(edges)),
    )


def _told_apart(organisation: Organisation, one: Dependency, on_now: Dependency) -> str:
    """What a dependency is called, and for whom where it is called as the one that is on."""
    return (
        one.what if one.what != on_now.what else f"{one.what} for {organisation.team[one.consumer_id].name}"
    )


def _versions(session: Session, meeting: Meeting) -> dict[ItemId, int]:
    query = select(OutcomeRow.item_id, OutcomeRow.version).where(OutcomeRow.item_id.in_(list(meeting.item)))
    found = dict(session.execute(query).tuples().all())
    return {item.id: found.get(item.id, 0) for item in meeting.items}


def _done(session: Session, meeting: Meeting) -> tuple[Done, ...]:
    """What was done last and holds, newest first: neither taken back nor the taking back itself."""
    items = list(meeting.item)
    of_meeting = and_(EventRow.subject == "meeting", EventRow.subject_id == meeting.id)
    of_items = and_(EventRow.subject == "agenda_item", EventRow.subject_id.in_(items))
    outcomes = select(OutcomeRow.id).where(OutcomeRow.item_id.in_(items))
    of_outcomes = and_(EventRow.subject == "outcome", EventRow.subject_id.in_(outcomes))
    concerned = select(EventRow.change_id).where(or_(of_meeting, of_items, of_outcomes))
    undoing = aliased(ChangeRow)
    query = (
        select(ChangeRow)
        .where(
            ChangeRow.id.in_(concerned),
            ChangeRow.tag.in_(TAKEN_BACK),
            ~select(undoing.id).where(undoing.undoes_id == ChangeRow.id).exists(),
        )
        .order_by(ChangeRow.id.desc())
        .limit(ACTS_KEPT)
    )
    return tuple(
        Done(row.id, None if row.actor_id is None else PersonId(row.actor_id), row.actor_name, row.summary)
        for row in session.scalars(query)
    )
