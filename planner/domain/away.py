"""When people cannot meet: stretches of time and whole days, without a reason.

A moment is a number of minutes since 1970 in UTC, so that a stretch is two numbers and tells nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from planner.domain.model import Organisation, PersonId, PlaceId

Stretch = tuple[int, int]
Away = Mapping[PersonId, tuple[Stretch, ...]]
"""For each person the stretches in which they cannot meet, in order and apart from one another."""
NEVER: Away = MappingProxyType({})

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def minute_of(moment: datetime) -> int:
    """The whole minutes from 1970 to this moment."""
    return (moment - EPOCH) // MINUTE


def stretch_of(begin: datetime, end: datetime) -> Stretch:
    """The stretch that covers all from one moment to another."""
    return minute_of(begin), -((EPOCH - end) // MINUTE)


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same time in as few stretches as possible, in order."""
    found: list[Stretch] = []
    for begin, end in sorted(stretches):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif begin < end:
            found.append((begin, end))
    return tuple(found)


def days_as_stretches(days: Iterable[date], zone: str) -> tuple[Stretch, ...]:
    """Whole days as the clocks of this zone have them."""
    return merged(stretch_of(_midnight(day, zone), _midnight(day + DAY, zone)) for day in days)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def is_away(away: Iterable[Stretch], begin: datetime, minutes: int) -> bool:
    """True when somebody with these stretches cannot be there all the time."""
    first = minute_of(begin)
    return any(start < first + minutes and first < end for start, end in away)


def away_of(
    organisation: Organisation,
    days: Sequence[date],
    *,
    busy: Mapping[PersonId, Iterable[Stretch]],
    days_off: Mapping[PersonId, Iterable[date]],
) -> Away:
    """When each person cannot meet on these days: by their own word and the days off of their place.

    Whoever can meet on all of them is left out. A day off of a place is one by the person's own clock.
    """
    if not days:
        return NEVER
    closed = {place.id: place.days_off for place in organisation.places if place.days_off}
    works_at = _places(organisation) if closed else {}
    first, last = days[0] - 2 * DAY, days[-1] + 2 * DAY
    found: dict[PersonId, tuple[Stretch, ...]] = {}
    for person in organisation.people:
        place = person.place_id or works_at.get(person.id)
        off = {*days_off.get(person.id, ()), *(closed.get(place, ()) if place else ())}
        whole = days_as_stretches((day for day in off if first <= day <= last), person.hours.zone)
        near = (one for one in busy.get(person.id, ()) if _touches(one, first, last))
        away = merged([*whole, *near])
        if away:
            found[person.id] = away
    return found


def _touches(stretch: Stretch, first: date, last: date) -> bool:
    begin, end = stretch_of(_midnight(first, "UTC"), _midnight(last + DAY, "UTC"))
    return stretch[0] < end and begin < stretch[1]


def _places(organisation: Organisation) -> dict[PersonId, PlaceId]:
    """Where the first team of each person sits that has a place."""
    found: dict[PersonId, PlaceId] = {}
    for one in organisation.memberships:
        place = organisation.team[one.team_id].place_id
        if place is not None:
            found.setdefault(one.person_id, place)
    return found


def in_ranges(days: Iterable[date]) -> tuple[tuple[date, date], ...]:
    """Days as first and last of each run of them, in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)
