"""The sessions that were agreed, as people read them; `scheduling` says when they are held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from planner.domain.consolidation.model import Slot
from planner.domain.errors import NotFound
from planner.domain.series import Round, Series, rounds
from planner.services.consolidation.proposals import seat_of
from planner.storage.models import SharedSessionRow

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency, Organisation, Person, PersonId
    from planner.services.actor import Actor
    from planner.services.consolidation.proposals import Seat

REMEMBERED_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class AgreedSession:
    """A session that was agreed, with the people and dependencies of now; `starts_at` None: no time yet.

    proposal_id: None for one outside of any plan, see `services/single_sessions.py`.
    """

    id: int
    proposal_id: int | None
    uid: str
    sequence: int
    is_cancelled: bool
    changed_at: datetime
    is_told: bool
    title: str
    starts_at: datetime | None
    zone: str
    minutes: int
    place: str
    leader: Person | None
    agenda: tuple[Dependency, ...]
    seats: tuple[Seat, ...]
    version: int = 0
    leader_key: str = ""
    every_days: int = 14
    rounds: tuple[Round, ...] = ()

    @property
    def slot(self) -> Slot | None:
        """The start as a suggestion tells it."""
        if self.starts_at is None:
            return None
        return slot_of(self.starts_at)

    @property
    def held(self) -> tuple[Round, ...]:
        """The rounds that are not left out."""
        return tuple(one for one in self.rounds if one.starts_at is not None)

    def at_round(self, number: int) -> AgreedSession:
        """Return the session as of the round of this number; as it is where that has no time."""
        moment = next((one.starts_at for one in self.rounds if one.number == number), None)
        return self if moment is None else replace(self, starts_at=moment)

    def at_next_round(self, now: datetime) -> AgreedSession:
        """Return the session as of its first round that is today or later."""
        ahead = (
            one.starts_at for one in self.held if one.starts_at and not self._is_past(one.starts_at, now)
        )
        moment = min(ahead, default=None)
        return self if moment is None else replace(self, starts_at=moment)

    def is_not_over(self, now: datetime) -> bool:
        """Return whether its date is today or later, by the clock of where it is held."""
        return self.starts_at is None or not self._is_past(self.starts_at, now)

    def _is_past(self, moment: datetime, now: datetime) -> bool:
        there = ZoneInfo(self.zone)
        return moment.astimezone(there).date() < now.astimezone(there).date()


def read_agreed(session: Session, organisation: Organisation, proposal_id: int) -> tuple[AgreedSession, ...]:
    """Return the sessions of one proposal, cancelled ones too, by their start."""
    return tuple(agreed(organisation, row) for row in rows_of(session, proposal_id))


def read_sessions(session: Session, organisation: Organisation, now: datetime) -> tuple[AgreedSession, ...]:
    """Return all agreed sessions that are ahead or of late, cancelled ones too, by their start."""
    of_late = SharedSessionRow.starts_at > now - REMEMBERED_FOR
    query = select(SharedSessionRow).where(or_(of_late, SharedSessionRow.starts_at.is_(None)))
    return tuple(agreed(organisation, row) for row in sorted(session.scalars(query), key=_by_start))


def read_session(session: Session, organisation: Organisation, number: int) -> AgreedSession:
    """Return one agreed session. Raises NotFound."""
    return agreed(organisation, existing_session(session, number))


def existing_session(session: Session, number: int) -> SharedSessionRow:
    """Return the row of a shared session. Raises NotFound."""
    row = session.get(SharedSessionRow, number)
    if row is None:
        raise NotFound(f"There is no shared session {number}.")
    return row


def leaders_of(organisation: Organisation, row: SharedSessionRow) -> frozenset[PersonId]:
    """Return who may set its dates: whoever leads it, or everybody in it once nobody does."""
    leader = {person.id for person in organisation.people if person.key == row.facilitator}
    return frozenset(leader) or seated(organisation, row)


def seated(organisation: Organisation, row: SharedSessionRow) -> frozenset[PersonId]:
    """Return who sits there."""
    keys = {seat["person"] for seat in row.seats}
    return frozenset(person.id for person in organisation.people if person.key in keys)


def sessions_of(found: Iterable[AgreedSession], people: Container[PersonId]) -> tuple[AgreedSession, ...]:
    """Return those in which one of these people sits."""
    return tuple(
        one
        for one in found
        if any(seat.person is not None and seat.person.id in people for seat in one.seats)
    )


def ahead_of(found: Iterable[AgreedSession], actor: Actor) -> tuple[AgreedSession, ...]:
    """Return those of today and later in which the actor sits, each at its next date, by that."""
    return sessions_of(coming(found, actor.at), {actor.person_id} if actor.person_id is not None else set())


def read_coming(session: Session, organisation: Organisation, now: datetime) -> tuple[AgreedSession, ...]:
    """Return everybody's sessions of today and later, each at its next date, by that. One query."""
    return coming(read_sessions(session, organisation, now), now)


def coming(found: Iterable[AgreedSession], now: datetime) -> tuple[AgreedSession, ...]:
    """Return those of today and later, each at its next date, by that."""
    held = (one.at_next_round(now) for one in found if not one.is_cancelled)
    ahead = (one for one in held if one.is_not_over(now))
    return tuple(sorted(ahead, key=lambda one: (one.starts_at is None, one.starts_at or now, one.id)))


def rows_of(session: Session, proposal_id: int) -> tuple[SharedSessionRow, ...]:
    """Return the rows of one proposal's sessions, by their start."""
    query = select(SharedSessionRow).where(SharedSessionRow.proposal_id == proposal_id)
    return tuple(sorted(session.scalars(query), key=_by_start))


def agreed(organisation: Organisation, row: SharedSessionRow) -> AgreedSession:
    """Return the session of a row; what was removed since is left out of its agenda."""
    people = {person.key: person for person in organisation.people}
    known = {dependency.key: dependency for dependency in organisation.dependencies}
    return AgreedSession(
        id=row.id,
        proposal_id=row.proposal_id,
        uid=row.uid,
        sequence=row.sequence,
        is_cancelled=row.is_cancelled,
        changed_at=row.changed_at,
        is_told=not is_untold(row),
        title=row.title,
        starts_at=row.starts_at,
        zone=row.zone,
        minutes=row.minutes,
        place=row.place or "",
        leader=people.get(row.facilitator),
        agenda=tuple(known[key] for key in row.agenda if key in known),
        seats=tuple(seat_of(people, seat) for seat in row.seats),
        version=row.version,
        leader_key=row.facilitator,
        every_days=row.every_days,
        rounds=planned_rounds(row),
    )


def slot_of(moment: datetime) -> Slot:
    """Return a moment as a suggestion tells it."""
    return Slot(moment.date(), moment.hour * 60 + moment.minute)


def series_of(row: SharedSessionRow, starts_at: datetime) -> Series:
    """Return when the session of a row is held."""
    return Series(starts_at, row.zone, row.every_days, row.rounds, _exceptions(row), row.turn)


def planned_rounds(row: SharedSessionRow) -> tuple[Round, ...]:
    """Return every round of a session, also those left out; none while it has no time."""
    return () if row.starts_at is None else rounds(series_of(row, row.starts_at))


def _exceptions(row: SharedSessionRow) -> dict[int, datetime | None]:
    read = datetime.fromisoformat
    return {
        one["round"]: None if one["starts_at"] is None else read(one["starts_at"]) for one in row.exceptions
    }


def exception_values(exceptions: Mapping[int, datetime | None]) -> list[dict[str, Any]]:
    """Return exceptions as a row keeps them."""
    return [
        {"round": number, "starts_at": None if moment is None else moment.isoformat()}
        for number, moment in sorted(exceptions.items())
    ]


def is_untold(row: SharedSessionRow) -> bool:
    """Return whether people have an invitation of this session coming, or a cancellation of one."""
    is_over_unheard = row.is_cancelled and row.mailed is None
    return row.starts_at is not None and row.mailed != row.sequence and not is_over_unheard


def _by_start(row: SharedSessionRow) -> tuple[bool, datetime, int]:
    return row.starts_at is None, row.starts_at or row.changed_at, row.id
