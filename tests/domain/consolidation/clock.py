"""When people sit in a session and when they work, told without any part of the solver.

Moments are minutes since the first day of the calendar, in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from planner.domain.consolidation.model import Attendance, Item, PlannedSession, Rules, Task
from planner.domain.model import WorkingHours

DAY = 24 * 60
QUARTER = 15
LONG = 90  # minutes with the opening; a longer session has a break
BREAK = 10

Part = tuple[int, int]


def length(rules: Rules, agenda: Sequence[Item]) -> int:
    """Minutes from opening to end without a break."""
    return rules.opening + sum(item.minutes for item in agenda)


def lasts(rules: Rules, agenda: Sequence[Item]) -> int:
    """Minutes from opening to end, the break included."""
    net = length(rules, agenda)
    return net + BREAK if net > LONG else net


def times(rules: Rules, agenda: Sequence[Item]) -> list[Part]:
    """Begin and end of each item; the break lies between the two items nearest to the middle."""
    *begins, end = accumulate((item.minutes for item in agenda), initial=rules.opening)
    ends = [*begins[1:], end]
    if end <= LONG or not agenda:
        return list(zip(begins, ends, strict=True))
    if len(agenda) == 1:
        return [(begins[0], end + BREAK)]
    after = min(range(1, len(agenda)), key=lambda at: (abs(2 * begins[at] - end), at))
    late = [BREAK if at >= after else 0 for at in range(len(agenda))]
    return [(begins[at] + late[at], ends[at] + late[at]) for at in range(len(agenda))]


def people_of(agenda: Iterable[Item]) -> frozenset[str]:
    return frozenset(person for item in agenda for person in item.people)


def own_places(agenda: Sequence[Item], person: str) -> list[int]:
    """At which places of an agenda somebody has something to say."""
    return [at for at, item in enumerate(agenda) if person in item.people]


def presence(rules: Rules, agenda: Sequence[Item]) -> dict[str, Part]:
    """From when until when each person sits there, in minutes after the session begins."""
    if rules.attendance is Attendance.WHOLE:
        return dict.fromkeys(sorted(people_of(agenda)), (0, lasts(rules, agenda)))
    held = times(rules, agenda)
    places = {person: own_places(agenda, person) for person in sorted(people_of(agenda))}
    return {person: (held[at[0]][0], held[at[-1]][1]) for person, at in places.items()}


@cache
def working_minutes(hours: WorkingHours, day: int) -> int:
    """One bit for each minute of a UTC day: whether it is worked, read off the clock of the zone."""
    zone = ZoneInfo(hours.zone)
    begin = datetime.combine(date.fromordinal(day), datetime.min.time(), UTC)
    moments = ((begin + timedelta(minutes=minute)).astimezone(zone) for minute in range(DAY))
    return sum(1 << minute for minute, local in enumerate(moments) if _is_worked(hours, local))


def _is_worked(hours: WorkingHours, local: datetime) -> bool:
    """Hours that end before they begin, or after midnight, end on the next day."""
    minute, today = 60 * local.hour + local.minute, local.weekday()
    end = hours.end if hours.end > hours.start else hours.end + DAY
    since_yesterday = minute + DAY < end and (today - 1) % 7 in hours.days
    return since_yesterday or (today in hours.days and hours.start <= minute < end)


def works(hours: WorkingHours | None, begin: int, end: int) -> bool:
    """Whether every minute from begin to end is worked; nobody's hours bind nobody."""
    if hours is None:
        return True
    while begin < end:
        day, minute = divmod(begin, DAY)
        stop = min(end, (day + 1) * DAY)
        wanted = ((1 << (stop - begin)) - 1) << minute
        if working_minutes(hours, day) & wanted != wanted:
            return False
        begin = stop
    return True


def hours_of(task: Task, person: str) -> WorkingHours | None:
    return task.attendees[person].hours if person in task.attendees else None


def start_of(session: PlannedSession) -> int | None:
    if session.slot is None:
        return None
    return session.slot.day.toordinal() * DAY + session.slot.minute


def as_time(moment: int) -> datetime:
    day, minute = divmod(moment, DAY)
    return datetime.combine(date.fromordinal(day), datetime.min.time(), UTC) + timedelta(minutes=minute)


def taken(task: Task, sessions: Iterable[tuple[PlannedSession, Sequence[Item]]]) -> dict[str, list[Part]]:
    """When each person is held by a session, from its opening to its end."""
    found: dict[str, list[Part]] = {}
    for session, agenda in sessions:
        begin = start_of(session)
        if begin is not None:
            for person in people_of(agenda):
                found.setdefault(person, []).append((begin, begin + lasts(task.rules, agenda)))
    return found


def has_start(
    task: Task, parts: Mapping[str, Part], *, held: int = 0, busy: Mapping[str, Sequence[Part]] | None = None
) -> bool:
    """Whether a quarter hour exists from which everybody works through their part.

    `held` minutes from it nobody may be `busy`.
    """
    others = [part for person in parts for part in (busy or {}).get(person, ())]
    starts = (day.toordinal() * DAY + quarter for day in task.days for quarter in range(0, DAY, QUARTER))
    return any(
        all(works(hours_of(task, who), start + begin, start + end) for who, (begin, end) in parts.items())
        and all(start + held <= begin or end <= start for begin, end in others)
        for start in starts
    )
