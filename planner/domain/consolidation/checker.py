"""Whether a plan keeps the rules R1 to R9, found out without any part of the solver.

Each finding is a sentence that begins with its rule. R9 (pinned, excluded, apart) reaches a task as
keep-together groups and as items left out, so it is R1 and R6 here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from planner.domain.consolidation.agenda import (
    GRID,
    elapsed,
    is_live,
    items_by_id,
    presence,
    waits_without_knots,
)
from planner.domain.consolidation.hours import working_time
from planner.domain.consolidation.model import Attendance, Attendee, Item, Plan, PlannedSession, Rules, Task


def check(task: Task, plan: Plan) -> tuple[str, ...]:
    """Every broken rule as a sentence, in order of the rules; empty for a plan that keeps them all."""
    known = items_by_id(task)
    agendas = [[known[item] for item in session.items if item in known] for session in plan.sessions]
    return (
        *_coverage(plan, known),
        *_attendees(plan, agendas),
        *_people(task.rules, agendas),
        *_minutes(task.rules, agendas),
        *_slots(task, plan, agendas),
        *_groups(task, plan, known),
        *_sessions_of(task.rules, agendas),
        *_order(task, agendas),
    )


def _coverage(plan: Plan, known: Mapping[str, Item]) -> Iterator[str]:
    """R1: each live item once, in a session or named as unplaced; nothing else in a session."""
    seen: dict[str, int] = {}
    for number, session in enumerate(plan.sessions):
        if not session.items:
            yield f"R1: session {number} is empty."
        for item in session.items:
            if item in seen:
                yield f"R1: {item} is in session {seen[item]} and in session {number}."
            elif item not in known:
                yield f"R1: {item} in session {number} is not in the task."
            elif not is_live(known[item]):
                yield f"R1: {item} in session {number} needs no session."
            seen.setdefault(item, number)
    for key in known:
        if (key in seen) == (key in plan.unplaced) and is_live(known[key]):
            yield f"R1: {key} is {'in a session and unplaced' if key in seen else 'in no session'}."


def _attendees(plan: Plan, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    for number, (session, agenda) in enumerate(zip(plan.sessions, agendas, strict=True)):
        needed = _people_of(agenda)
        if session.attendees != needed:
            missing = ", ".join(sorted(needed - session.attendees)) or "nobody"
            extra = ", ".join(sorted(session.attendees - needed)) or "nobody"
            yield f"R2: session {number} misses {missing} and has {extra} for nothing."


def _people_of(agenda: Iterable[Item]) -> frozenset[str]:
    return frozenset(person for item in agenda for person in item.people)


def _people(rules: Rules, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    for number, agenda in enumerate(agendas):
        count = len(_people_of(agenda))
        if count > rules.people_max:
            yield f"R3: session {number} has {count} people, {rules.people_max} are allowed."
        room = rules.room_max
        if room is not None and rules.attendance is Attendance.WINDOW:
            most = _most_at_once(agenda)
            if most > room:
                yield f"R3: session {number} has {most} people at once, {room} are allowed."


def _most_at_once(agenda: Sequence[Item]) -> int:
    """Somebody is there during an item when they have one no later and one no earlier."""
    return max(
        (len(_people_of(agenda[: at + 1]) & _people_of(agenda[at:])) for at in range(len(agenda))), default=0
    )


def _minutes(rules: Rules, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    for number, agenda in enumerate(agendas):
        length = rules.opening + sum(item.minutes for item in agenda)
        if length > rules.minutes_max:
            yield f"R4: session {number} takes {length} minutes, {rules.minutes_max} are allowed."


def _slots(task: Task, plan: Plan, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    """R5: with days given, each session has a start in everybody's hours and nobody is in two places."""
    if not task.days:
        return
    for number, (session, agenda) in enumerate(zip(plan.sessions, agendas, strict=True)):
        if session.slot is None:
            yield f"R5: session {number} has no start."
            continue
        if session.slot.day not in task.days or session.slot.minute % GRID:
            yield f"R5: session {number} starts at {_start(session)}, which is not on offer."
        yield from _out_of_hours(task, number, _start(session), agenda)
    yield from _overlaps(task, plan, agendas)


def _start(session: PlannedSession) -> datetime:
    if session.slot is None:
        raise ValueError("a session without a slot has no start")
    return datetime.combine(session.slot.day, time(0), UTC) + timedelta(minutes=session.slot.minute)


def _out_of_hours(task: Task, number: int, start: datetime, agenda: Sequence[Item]) -> Iterator[str]:
    for person, (begin, end) in sorted(presence(task.rules, agenda).items()):
        window = start + timedelta(minutes=begin), start + timedelta(minutes=end)
        attendee = task.attendees.get(person)
        if attendee and attendee.hours and not _is_free(attendee, window):
            yield f"R5: session {number} needs {person} from {window[0]} to {window[1]}, outside their hours."


def _is_free(attendee: Attendee, window: tuple[datetime, datetime]) -> bool:
    hours = attendee.hours
    if hours is None:
        return True
    near = (window[0].date() + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2))
    stretches = [stretch for stretch in (working_time(hours, day) for day in near) if stretch]
    return any(begin <= window[0] and window[1] <= end for begin, end in stretches)


def _overlaps(task: Task, plan: Plan, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    taken: dict[str, list[tuple[datetime, datetime, int]]] = {}
    for number, (session, agenda) in enumerate(zip(plan.sessions, agendas, strict=True)):
        if session.slot is not None:
            begin = _start(session)
            end = begin + timedelta(minutes=elapsed(task.rules, sum(item.minutes for item in agenda)))
            for person in _people_of(agenda):
                taken.setdefault(person, []).append((begin, end, number))
    for person, meetings in sorted(taken.items()):
        meetings.sort()
        for (_, end, one), (begin, _, other) in pairwise(meetings):
            if begin < end:
                yield f"R5: {person} sits in sessions {one} and {other} at the same time."


def _groups(task: Task, plan: Plan, known: Mapping[str, Item]) -> Iterator[str]:
    """R6: groups (joined where they overlap) that surely fit the rules sit in one session."""
    where = {item: number for number, session in enumerate(plan.sessions) for item in session.items}
    live = {key for key, item in known.items() if is_live(item) and key in where}
    explicit = [group & live for group in task.keep_together]
    queues: list[frozenset[str]] = []
    if task.rules.queues_whole:
        providers = sorted({known[key].provider for key in live})
        queues = [frozenset(key for key in live if known[key].provider == name) for name in providers]
    wanted = {*_joined(explicit), *(_joined([*explicit, *queues]) if queues else ())}
    for group in sorted(wanted, key=sorted):
        sessions = sorted({where[item] for item in group})
        if len(sessions) > 1 and _surely_fits(task, [known[item] for item in sorted(group)]):
            yield f"R6: {', '.join(sorted(group))} belong together and are in sessions {sessions}."


def _joined(groups: Iterable[Collection[str]]) -> list[frozenset[str]]:
    apart: list[frozenset[str]] = []
    for group in groups:
        together = frozenset(group).union(*(other for other in apart if other & set(group)))
        apart = [other for other in apart if not other & together] + [together]
    return apart


def _surely_fits(task: Task, items: Sequence[Item]) -> bool:
    """Few enough people to be there all the time, short enough, and nobody's hours in the way."""
    rules, people = task.rules, _people_of(items)
    room = rules.people_max
    if rules.room_max is not None and rules.attendance is Attendance.WINDOW:
        room = min(room, rules.room_max)
    length = rules.opening + sum(item.minutes for item in items)
    fits = len(people) <= room and length <= rules.minutes_max
    return fits and (not task.days or _share_a_stretch(task, people, elapsed(rules, length - rules.opening)))


def _share_a_stretch(task: Task, people: Iterable[str], length: int) -> bool:
    bound = [task.attendees[name] for name in sorted(people) if name in task.attendees]
    starts = (_quarter(day, number) for day in task.days for number in range(24 * 60 // GRID))
    span = timedelta(minutes=length)
    return any(all(_is_free(one, (start, start + span)) for one in bound) for start in starts)


def _quarter(day: date, number: int) -> datetime:
    return datetime.combine(day, time(0), UTC) + timedelta(minutes=number * GRID)


def _sessions_of(rules: Rules, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    if rules.sessions_max is None:
        return
    counts: dict[str, int] = {}
    for agenda in agendas:
        for person in _people_of(agenda):
            counts[person] = counts.get(person, 0) + 1
    for person, count in sorted(counts.items()):
        if count > rules.sessions_max:
            yield f"R7: {person} sits in {count} sessions, {rules.sessions_max} are allowed."


def _order(task: Task, agendas: Sequence[Sequence[Item]]) -> Iterator[str]:
    """R8: what is waited for comes first, except among items that wait for each other in a circle."""
    waits = waits_without_knots(item for item in items_by_id(task).values() if is_live(item))
    for number, agenda in enumerate(agendas):
        to_come = {item.id for item in agenda}
        for item in agenda:
            to_come.discard(item.id)
            for other in sorted(waits.get(item.id, frozenset()) & to_come):
                yield f"R8: in session {number} {item.id} comes before {other}, for which it waits."
