"""When people can meet: working hours of different zones, laid over one another in UTC.

Minutes are counted from midnight UTC of the day asked for; a window that began on the day before
has a negative start. Daylight saving is that of the day itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from planner.domain.model import MINUTES_PER_DAY, WorkingHours

Span = tuple[int, int]
WEEKEND = (5, 6)
LOOK_BACK = 31
"""Days within which a working day before another one is looked for."""


def windows(hours: WorkingHours, day: date, *, later: int = 0) -> tuple[Span, ...]:
    """The person's working windows that touch this UTC day, in order of their start.

    Who comes so many minutes `later` than a session begins may begin to work as long after midnight.
    """
    near = (day + timedelta(days=offset) for offset in (-1, 0, 1))
    spans = (_window(hours, local_day, day) for local_day in near if local_day.weekday() in hours.days)
    end = MINUTES_PER_DAY + later
    return tuple(span for span in spans if span[0] < end and span[1] > 0 and span[0] < span[1])


def _window(hours: WorkingHours, local_day: date, day: date) -> Span:
    zone = ZoneInfo(hours.zone)
    return _utc_minute(local_day, hours.start, zone, day), _utc_minute(local_day, hours.end, zone, day)


def _utc_minute(local_day: date, minute: int, zone: ZoneInfo, day: date) -> int:
    local = datetime.combine(local_day, datetime.min.time(), zone) + timedelta(minutes=minute)
    since = local.astimezone(UTC) - datetime.combine(day, datetime.min.time(), UTC)
    return int(since.total_seconds() // 60)


def common(everyone: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """The spans that lie in at least one window of each person; nobody asked means nothing found."""
    people = iter(everyone)
    shared = list(next(people, ()))
    for spans in people:
        met = [(max(a, c), min(b, d)) for a, b in shared for c, d in spans]
        shared = sorted({span for span in met if span[0] < span[1]})
    return tuple(shared)


def starts(presences: Iterable[tuple[WorkingHours, Span]], day: date) -> tuple[Span, ...]:
    """The ranges (both ends possible) of minutes at which a session may start on this day.

    `presences` has for each person their hours and the part of the session that they attend, in
    minutes after its start; each attends inside one window.
    """
    ranges = [
        tuple((start - part[0], end - part[1] + 1) for start, end in windows(hours, day, later=part[0]))
        for hours, part in presences
    ]
    whole_day = ((0, MINUTES_PER_DAY),)
    return tuple((start, end - 1) for start, end in common([whole_day, *ranges]))


def working_days(first: date, count: int) -> tuple[date, ...]:
    """`count` days from Monday to Friday, the first on or after `first`."""
    days = (first + timedelta(days=offset) for offset in range(7 * count + 7))
    return tuple(islice((day for day in days if day.weekday() not in WEEKEND), count))


def working_day_before(day: date, count: int, hours: WorkingHours, off: Collection[date] = ()) -> date | None:
    """Return the count-th day before this one on which somebody works; None where no day of a month is."""
    days = (day - timedelta(days=ahead) for ahead in range(1, LOOK_BACK + 1))
    found = [one for one in days if one.weekday() in hours.days and one not in off]
    return found[count - 1] if len(found) >= count else None
