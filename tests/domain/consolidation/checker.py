"""Whether a plan keeps the rules R1 to R9, found out without any part of the solver.

Each finding is a sentence that begins with its rule. What the plan says it could not do (unplaced
items, torn groups) is judged in `excuses`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.domain.consolidation.model import Attendance, Item, Plan, Rules, Task
from tests.domain.consolidation.clock import (
    DAY,
    QUARTER,
    as_time,
    hours_of,
    lasts,
    length,
    own_places,
    people_of,
    presence,
    start_of,
    works,
)
from tests.domain.consolidation.excuses import judge_torn, judge_unplaced

Agendas = Sequence[Sequence[Item]]


def check(task: Task, plan: Plan) -> tuple[str, ...]:
    """Every broken rule as a sentence, in order of the rules; empty for a plan that keeps them all."""
    known = {item.id: item for item in task.items}
    agendas = [[known[key] for key in session.items if key in known] for session in plan.sessions]
    return (
        *_coverage(task, plan),
        *judge_unplaced(task, plan, agendas),
        *_attendees(plan, agendas),
        *_people(task.rules, agendas),
        *_minutes(task.rules, agendas),
        *_slots(task, plan, agendas),
        *judge_torn(task, plan, agendas),
        *_sessions_of(task.rules, agendas),
        *_order(task, agendas),
        *_apart(task, agendas),
    )


def is_live(item: Item) -> bool:
    """Whether it takes time and somebody has to meet somebody else for it."""
    return item.minutes > 0 and len(item.people) > 1


def _coverage(task: Task, plan: Plan) -> Iterator[str]:
    """R1: each live item once, in a session or named as unplaced; nothing else in a session."""
    known = {item.id: item for item in sorted(task.items, key=lambda item: item.id)}
    seen: dict[str, int] = {}
    for number, session in enumerate(plan.sessions):
        if not session.items:
            yield f"R1: session {number} is empty."
        for key in session.items:
            if key in seen:
                yield f"R1: {key} is in session {seen[key]} and in session {number}."
            elif key not in known:
                yield f"R1: {key} in session {number} is not in the task."
            elif not is_live(known[key]):
                yield f"R1: {key} in session {number} needs no session."
            seen.setdefault(key, number)
    for key, item in known.items():
        if is_live(item) and (key in seen) == (key in plan.unplaced):
            yield f"R1: {key} is {'in a session and unplaced' if key in seen else 'in no session'}."


def _attendees(plan: Plan, agendas: Agendas) -> Iterator[str]:
    for number, (session, agenda) in enumerate(zip(plan.sessions, agendas, strict=True)):
        needed = people_of(agenda)
        if session.attendees != needed:
            missing = ", ".join(sorted(needed - session.attendees)) or "nobody"
            extra = ", ".join(sorted(session.attendees - needed)) or "nobody"
            yield f"R2: session {number} misses {missing} and has {extra} for nothing."


def _people(rules: Rules, agendas: Agendas) -> Iterator[str]:
    for number, agenda in enumerate(agendas):
        count = len(people_of(agenda))
        if count > rules.people_max:
            yield f"R3: session {number} has {count} people, {rules.people_max} are allowed."
        if rules.room_max is not None and rules.attendance is Attendance.WINDOW:
            most = most_at_once(agenda)
            if most > rules.room_max:
                yield f"R3: session {number} has {most} people at once, {rules.room_max} are allowed."


def most_at_once(agenda: Sequence[Item]) -> int:
    """How full the room gets when everybody comes for their first and goes after their last own item."""
    there: Counter[int] = Counter()
    for person in people_of(agenda):
        places = own_places(agenda, person)
        there.update(range(places[0], places[-1] + 1))
    return max(there.values(), default=0)


def _minutes(rules: Rules, agendas: Agendas) -> Iterator[str]:
    for number, agenda in enumerate(agendas):
        net = length(rules, agenda)
        if net > rules.minutes_max:
            yield f"R4: session {number} takes {net} minutes, {rules.minutes_max} are allowed."


def _slots(task: Task, plan: Plan, agendas: Agendas) -> Iterator[str]:
    """R5: with days given, each session has a start in everybody's hours and nobody is in two places."""
    if not task.days:
        return
    for number, (session, agenda) in enumerate(zip(plan.sessions, agendas, strict=True)):
        start = start_of(session)
        if session.slot is None or start is None:
            yield f"R5: session {number} has no start."
            continue
        minute = session.slot.minute
        if session.slot.day not in task.days or minute % QUARTER or not 0 <= minute < DAY:
            yield f"R5: session {number} starts at {as_time(start)}, which is not on offer."
        yield from _out_of_hours(task, number, start, agenda)
    yield from _overlaps(task, plan, agendas)


def _out_of_hours(task: Task, number: int, start: int, agenda: Sequence[Item]) -> Iterator[str]:
    for person, (begin, end) in presence(task.rules, agenda).items():
        if not works(hours_of(task, person), start + begin, start + end):
            come, go = as_time(start + begin), as_time(start + end)
            yield f"R5: session {number} needs {person} from {come} to {go}, outside their hours."


def _overlaps(task: Task, plan: Plan, agendas: Agendas) -> Iterator[str]:
    held: dict[str, list[tuple[int, int, int]]] = {}
    for number, (session, agenda) in enumerate(zip(plan.sessions, agendas, strict=True)):
        begin = start_of(session)
        if begin is not None:
            for person in people_of(agenda):
                held.setdefault(person, []).append((begin, begin + lasts(task.rules, agenda), number))
    for person, meetings in sorted(held.items()):
        for (_, end, one), (begin, _, other) in pairwise(sorted(meetings)):
            if begin < end:
                yield f"R5: {person} sits in sessions {one} and {other} at the same time."


def _sessions_of(rules: Rules, agendas: Agendas) -> Iterator[str]:
    if rules.sessions_max is None:
        return
    counts = Counter(person for agenda in agendas for person in people_of(agenda))
    for person, count in sorted(counts.items()):
        if count > rules.sessions_max:
            yield f"R7: {person} sits in {count} sessions, {rules.sessions_max} are allowed."


def _order(task: Task, agendas: Agendas) -> Iterator[str]:
    """R8: what is waited for comes first, except among items that wait for each other in a circle."""
    waits = {item.id: item.waits_for for item in task.items if is_live(item)}
    waits = {key: frozenset(others & waits.keys() - {key}) for key, others in waits.items()}
    for number, agenda in enumerate(agendas):
        to_come = {item.id for item in agenda}
        for item in agenda:
            to_come.discard(item.id)
            for other in sorted(waits.get(item.id, frozenset()) & to_come):
                if item.id not in _all_before(other, waits):
                    yield f"R8: in session {number} {item.id} comes before {other}, for which it waits."


def _all_before(key: str, waits: dict[str, frozenset[str]]) -> set[str]:
    """Everything that an item waits for, directly or over others."""
    found: set[str] = set()
    edge = set(waits[key])
    while edge:
        found |= edge
        edge = {other for one in edge for other in waits[one]} - found
    return found


def _apart(task: Task, agendas: Agendas) -> Iterator[str]:
    for number, agenda in enumerate(agendas):
        ids = {item.id for item in agenda}
        for group in sorted(task.apart, key=sorted):
            if len(group & ids) > 1:
                yield f"R9: {', '.join(sorted(group & ids))} in session {number} are to be kept apart."
