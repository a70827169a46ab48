"""When people cannot meet: busy times from their own calendar file, and days off; private, no reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from planner.domain.away import away_of, in_ranges, is_away, merged
from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.domain.model import PersonId
from planner.interchange.ics import read_busy
from planner.services.changes import one_transaction
from planner.storage.models import AwayRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.away import Away, Stretch
    from planner.domain.model import Organisation
    from planner.services.actor import Actor

BUSY_FOR = timedelta(days=180)
"""So far ahead a calendar file is read: longer than any trial that begins now."""
DAYS_OFF_MOST = 400
NOBODY = "Only a person has a calendar."


@dataclass(frozen=True, slots=True)
class OwnTimes:
    """What somebody has said of their own time. `until` None: no calendar file was read."""

    stretches: tuple[Stretch, ...] = ()
    until: date | None = None
    read_at: datetime | None = None
    days_off: tuple[tuple[date, date], ...] = ()

    def is_away(self, begin: datetime, minutes: int) -> bool:
        """Return whether the calendar file has something then."""
        return is_away(self.stretches, begin, minutes)


def read_away(session: Session, organisation: Organisation, days: Sequence[date]) -> Away:
    """Return when people cannot meet on these days, for the search of times alone. One query."""
    rows = session.scalars(select(AwayRow).order_by(AwayRow.person_id)).all()
    return away_of(
        organisation,
        days,
        busy={PersonId(row.person_id): _stretches(row) for row in rows},
        days_off={PersonId(row.person_id): _days(row) for row in rows},
    )


def read_days_off(session: Session, organisation: Organisation) -> Mapping[PersonId, frozenset[date]]:
    """Return the days on which each person meets nobody, their own and those of their place. One query."""
    of_place = {place.id: frozenset(place.days_off) for place in organisation.places}
    own = {PersonId(row.person_id): frozenset(_days(row)) for row in session.scalars(select(AwayRow))}
    none: frozenset[date] = frozenset()
    return {
        one.id: own.get(one.id, none) | (none if one.place_id is None else of_place.get(one.place_id, none))
        for one in organisation.people
    }


def read_own_times(session: Session, actor: Actor) -> OwnTimes:
    """Return what the actor has said of their own time."""
    row = _row(session, actor)
    if row is None:
        return OwnTimes()
    return OwnTimes(_stretches(row), row.until, row.read_at, in_ranges(_days(row)))


def keep_busy_times(session: Session, actor: Actor, organisation: Organisation, data: bytes) -> int:
    """Read the actor's busy times from a calendar file, in place of those before; return how many.

    Nothing else of the file is kept. Raises InvalidInput with what is wrong with it, and nothing is saved.
    """
    if actor.person_id is None or actor.person_id not in organisation.person:
        raise NotFound(NOBODY)
    start = datetime.combine(actor.today, time(), ZoneInfo(actor.zone)).astimezone(UTC)
    end = start + BUSY_FOR
    zone = organisation.person[actor.person_id].hours.zone
    found = read_busy(data, zone=zone, start=start, end=end)
    with one_transaction(session):
        row = _own(session, actor)
        row.stretches = [list(one) for one in found]
        row.read_at, row.until = actor.at, actor.today + BUSY_FOR
    return len(found)


def remove_busy_times(session: Session, actor: Actor) -> None:
    """Forget the actor's busy times. Raises NotFound where there are none."""
    row = _row(session, actor)
    if row is None or row.until is None:
        raise NotFound("No calendar file of yours was read.")
    with one_transaction(session):
        row.stretches, row.read_at, row.until = [], None, None


def add_days_off(session: Session, actor: Actor, first: date | None, last: date | None) -> None:
    """Keep days on which the actor meets nobody, the last one None for a single day. Raises InvalidInput."""
    days = days_between(first, last)
    if actor.person_id is None:
        raise NotFound(NOBODY)
    with one_transaction(session):
        row = _own(session, actor)
        kept = sorted({*_days(row), *days})
        if len(kept) > DAYS_OFF_MOST:
            raise InvalidInput(
                Problem("last", f"makes more than {DAYS_OFF_MOST} days off; take some back first")
            )
        row.days_off = [day.isoformat() for day in kept]


def remove_days_off(session: Session, actor: Actor, first: date | None) -> None:
    """Take back the run of days off that begins on this day. Raises NotFound where none does."""
    row = _row(session, actor)
    ranges = in_ranges(_days(row)) if row is not None else ()
    if row is None or first not in {begin for begin, _end in ranges}:
        raise NotFound("There are no such days off of yours.")
    with one_transaction(session):
        row.days_off = [
            day.isoformat() for begin, end in ranges if begin != first for day in days_between(begin, end)
        ]


def days_between(first: date | None, last: date | None) -> tuple[date, ...]:
    """Return the days from the first to the last, at most a year of them. Raises InvalidInput."""
    if first is None:
        raise InvalidInput(Problem("first", "is empty; choose a day"))
    last = last or first
    if not first <= last < first + timedelta(days=366):
        raise InvalidInput(Problem("last", "has to be the same day or later, within a year"))
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _row(session: Session, actor: Actor) -> AwayRow | None:
    return session.scalar(select(AwayRow).where(AwayRow.person_id == actor.person_id))


def _own(session: Session, actor: Actor) -> AwayRow:
    """The actor's row, a new one where there is none."""
    row = _row(session, actor)
    if row is None:
        row = AwayRow(person_id=actor.person_id, stretches=[], days_off=[])
        session.add(row)
    return row


def _stretches(row: AwayRow) -> tuple[Stretch, ...]:
    return merged((begin, end) for begin, end in row.stretches)


def _days(row: AwayRow) -> Iterable[date]:
    return [date.fromisoformat(day) for day in row.days_off]
