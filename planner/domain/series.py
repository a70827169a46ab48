"""Sessions that come round again: every so many days at the same local hour, until the last round.

A clock that jumps is followed: an hour that it shows twice is the first of the two, and one that it leaves
out is told by the clock of before, as calendars have it (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.domain.away import Stretch, is_away
from planner.domain.calendars import Span, starts
from planner.domain.model import WorkingHours

DAYS_OF_WEEK = 7
GRID = 15
"""Minutes between two starts that are looked at."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who is needed between two minutes of a session: when they work, and when they are away."""

    hours: WorkingHours
    part: Span
    away: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """When a session is held. exceptions: rounds that begin at another time, or (None) are left out.

    turn: the start whose local hour and day of the week every other round has, None without turns.
    """

    starts_at: datetime
    zone: str
    every_days: int = 14
    count: int = 1
    exceptions: Mapping[int, datetime | None] = field(default_factory=dict)
    turn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One date of a series: when the rule has it, and when it is; None when it is left out.

    in_turn: when its turn has it, where it is held at the second of two times.
    """

    number: int
    planned: datetime
    starts_at: datetime | None
    in_turn: datetime | None = None

    @property
    def usual(self) -> datetime:
        """When it is held unless somebody moves it."""
        return self.in_turn or self.planned

    @property
    def is_moved(self) -> bool:
        return self.starts_at is not None and self.starts_at != self.usual


def rounds(series: Series) -> tuple[Round, ...]:
    """Every round, in order of the rule."""
    planned = [after(series.starts_at, series.zone, n * series.every_days) for n in range(series.count)]
    turns = _turns(series)
    return tuple(
        Round(n, moment, series.exceptions.get(n, moment), turns.get(n)) for n, moment in enumerate(planned)
    )


def after(moment: datetime, zone: str, days: int) -> datetime:
    """The same local hour so many days later, in UTC."""
    if days == 0:
        return moment.astimezone(UTC)
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def count_until(starts_at: datetime, zone: str, every_days: int, last: date) -> int:
    """How many rounds are held up to a day, that day among them; at least one."""
    local = starts_at.astimezone(ZoneInfo(zone)).date()
    return max((last - local).days // every_days + 1, 1)


def fitting(moment: datetime, presences: Sequence[Presence]) -> datetime | None:
    """The start nearest to this moment, on its day (UTC), at which everybody can be there; None without."""
    begin = datetime.combine(moment.astimezone(UTC).date(), time(), UTC)
    wanted = (moment - begin) // timedelta(minutes=1)
    ranges = starts([(one.hours, one.part) for one in presences], begin.date())
    minutes = {wanted, *(m for low, high in ranges for m in range(-(-low // GRID) * GRID, high + 1, GRID))}
    possible = (m for m in minutes if any(low <= m <= high for low, high in ranges))
    free = (m for m in possible if not _is_taken(begin + timedelta(minutes=m), presences))
    found = min(free, key=lambda m: (abs(m - wanted), m), default=None)
    return None if found is None else begin + timedelta(minutes=found)


def in_turns(series: Series, second: datetime) -> Series:
    """The series with every other round at the local hour of another start, on that one's day of the week."""
    turning = replace(series, turn=second)
    return replace(turning, exceptions={**series.exceptions, **_turns(turning)})


def _turns(series: Series) -> dict[int, datetime]:
    """When the rounds are held whose turn is the second of two times; none without turns."""
    if series.turn is None:
        return {}
    zone = ZoneInfo(series.zone)
    days = (series.turn.astimezone(zone).date() - series.starts_at.astimezone(zone).date()).days
    apart = (days + DAYS_OF_WEEK // 2) % DAYS_OF_WEEK - DAYS_OF_WEEK // 2
    return {
        n: _at_hour_of(after(series.starts_at, series.zone, n * series.every_days + apart), series.turn, zone)
        for n in range(1, series.count, 2)
    }


def _at_hour_of(day: datetime, moment: datetime, zone: ZoneInfo) -> datetime:
    """The local day of one moment at the local hour of another, in UTC."""
    local = datetime.combine(day.astimezone(zone).date(), moment.astimezone(zone).time(), zone)
    return local.astimezone(UTC)


def _is_taken(start: datetime, presences: Iterable[Presence]) -> bool:
    return any(
        is_away(one.away, start + timedelta(minutes=one.part[0]), one.part[1] - one.part[0])
        for one in presences
    )


def refitted(series: Series, presences: Sequence[Presence]) -> Series:
    """The series with every later round moved into the hours of everybody, where its day has such a time.

    A round that fits nowhere stays at its hour. Where already the first one does not fit, hours say nothing.
    """
    if fitting(series.starts_at, presences) != series.starts_at:
        return series
    moved = {}
    for one in rounds(series)[1:]:
        found = fitting(one.planned, presences)
        if found is not None and found != one.planned:
            moved[one.number] = found
    return replace(series, exceptions={**moved, **series.exceptions})
