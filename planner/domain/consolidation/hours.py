"""When people can meet, as one line of quarter hours over all the days a plan may use.

Bit i of a mask is the i-th quarter hour (UTC) after midnight of the day before the first day, so a
session may run over midnight and a person may work far from Greenwich.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.domain.away import Stretch, minute_of
from planner.domain.consolidation.agenda import GRID
from planner.domain.consolidation.model import Slot, Task
from planner.domain.model import MINUTES_PER_DAY, WorkingHours

QUARTERS_PER_DAY = MINUTES_PER_DAY // GRID


def working_time(hours: WorkingHours, day: date) -> tuple[datetime, datetime] | None:
    """The hours of this local day in UTC, None when it is a day off; hours may end after midnight."""
    if day.weekday() not in hours.days:
        return None
    zone = ZoneInfo(hours.zone)
    length = hours.end - hours.start
    last = hours.end if length > 0 else hours.end + MINUTES_PER_DAY
    return _moment(day, hours.start, zone), _moment(day, last, zone)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minute, MINUTES_PER_DAY)
    local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
    return local.astimezone(UTC)


def erode(free: int, length: int) -> int:
    """The quarters at which a stretch of `length` free quarters begins."""
    reached = 1
    while reached < length and free:
        step = min(reached, length - reached)
        free &= free >> step
        reached += step
    return free


class Calendar:
    """The free quarter hours of people on the days of a task; everybody is free when there are none."""

    def __init__(self, task: Task) -> None:
        self._days = tuple(sorted(set(task.days)))
        self._attendees = task.attendees
        self._free: dict[str, int] = {}
        self._by_hours: dict[WorkingHours, int] = {}
        if self._days:
            self._origin = self._days[0] - timedelta(days=1)
            self._width = ((self._days[-1] - self._origin).days + 2) * QUARTERS_PER_DAY

    @property
    def is_open(self) -> bool:
        """True when days are given, so that sessions can and must have a slot."""
        return bool(self._days)

    @property
    def starts(self) -> int:
        """The quarters at which a session may begin."""
        day = (1 << QUARTERS_PER_DAY) - 1
        return sum(day << ((d - self._origin).days * QUARTERS_PER_DAY) for d in self._days)

    def binds(self, person: str) -> bool:
        """True when this person is not always free."""
        attendee = self._attendees.get(person)
        return self.is_open and attendee is not None and (attendee.hours is not None or bool(attendee.away))

    def free(self, person: str) -> int:
        """The free quarters of a person."""
        if person not in self._free:
            attendee = self._attendees.get(person)
            hours = attendee.hours if attendee else None
            free = self._all() if hours is None else self._free_by(hours)
            self._free[person] = free & ~self._taken(attendee.away) if attendee else free
        return self._free[person]

    def common(self, people: Iterable[str]) -> int:
        """The quarters in which all of these people are free."""
        shared = self._all()
        for person in sorted(people):
            shared &= self.free(person)
        return shared

    def slot(self, quarter: int) -> Slot:
        """The date and the minute of the day (UTC) at which a quarter begins."""
        days, rest = divmod(quarter, QUARTERS_PER_DAY)
        return Slot(self._origin + timedelta(days=days), rest * GRID)

    def quarter(self, slot: Slot) -> int:
        """The quarter at which a slot begins; the other way round from `slot`."""
        return (slot.day - self._origin).days * QUARTERS_PER_DAY + slot.minute // GRID

    def _all(self) -> int:
        return (1 << self._width) - 1

    def _free_by(self, hours: WorkingHours) -> int:
        if hours not in self._by_hours:
            self._by_hours[hours] = self._mask(hours)
        return self._by_hours[hours]

    def _taken(self, away: Iterable[Stretch]) -> int:
        """The quarters that these stretches touch."""
        origin, taken = minute_of(datetime.combine(self._origin, time(0), UTC)), 0
        for begin, end in away:
            taken |= _stretch((begin - origin) // GRID, min(-(-(end - origin) // GRID), self._width))
        return taken

    def _mask(self, hours: WorkingHours) -> int:
        midnight = datetime.combine(self._origin, time(0), UTC)
        mask = 0
        for number in range(-1, self._width // QUARTERS_PER_DAY + 1):
            stretch = working_time(hours, self._origin + timedelta(days=number))
            if stretch:
                begin, end = ((moment - midnight) // timedelta(minutes=1) for moment in stretch)
                mask |= _stretch(-(-begin // GRID), end // GRID)
        return mask & self._all()


def _stretch(begin: int, end: int) -> int:
    begin = max(begin, 0)
    return ((1 << (end - begin)) - 1) << begin if end > begin else 0


def quarters(window: tuple[int, int]) -> tuple[int, int]:
    """The quarters that a window in minutes touches: the first, and the one after the last."""
    return window[0] // GRID, -(-window[1] // GRID)


def possible_starts(calendar: Calendar, windows: Sequence[tuple[str, tuple[int, int]]]) -> int:
    """The quarters at which a session may begin so that each person's window lies in their hours."""
    found = calendar.starts
    for person, window in windows:
        if calendar.binds(person):
            begin, end = quarters(window)
            found &= erode(calendar.free(person), end - begin) >> begin
    return found
