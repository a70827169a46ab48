"""When sessions begin: in everybody's working hours, with nobody in two places, as early as possible.

Where no start exists for a session beside the others, the plan changes and not the person: the
session is parted, and an item that fits nowhere is named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from planner.domain.consolidation.agenda import GRID, elapsed, items_by_id, presence
from planner.domain.consolidation.cost import best_place
from planner.domain.consolidation.hours import Calendar, erode, possible_starts
from planner.domain.consolidation.model import Item, Plan, PlannedSession, Rules, Task

ROUNDS = 8  # how often those that found no start may go first


def schedule(task: Task, plan: Plan, *, settled: Plan | None = None) -> Plan:
    """The plan with a slot and a place for each session; without days only the places.

    Sessions of the `settled` plan with the same items in the same order keep their start where they
    can. Sessions that cannot be held beside the others are parted; an item that cannot even so is moved
    to `unplaced`. Raises KeyError when the plan names an item that the task does not have.
    """
    known = items_by_id(task)
    agendas = [tuple(known[item] for item in session.items) for session in plan.sessions]
    calendar = Calendar(task)
    if not calendar.is_open:
        return replace(plan, sessions=_sessions(task, [(agenda, None) for agenda in agendas], calendar))
    wished = {one.items: one.slot for one in settled.sessions if one.slot} if settled else {}
    kept = {items: calendar.quarter(slot) for items, slot in wished.items() if slot.day in task.days}
    placed, lost = _placed_or_parted(task, agendas, calendar, kept)
    unplaced = {**plan.unplaced, **{item.id: _reason(item, task) for item in lost}}
    sessions = _sessions(task, placed, calendar)
    return replace(plan, sessions=sessions, unplaced=dict(sorted(unplaced.items())))


def _reason(item: Item, task: Task) -> str:
    people = ", ".join(sorted(item.people))
    minutes = elapsed(task.rules, item.minutes)
    days = len(task.days)
    return f"R5: {people} have no {minutes} common minutes left for {item.id} on the {days} days given."


def _placed_or_parted(
    task: Task, agendas: Sequence[tuple[Item, ...]], calendar: Calendar, kept: Mapping[tuple[str, ...], int]
) -> tuple[list[tuple[tuple[Item, ...], int | None]], list[Item]]:
    lost: list[Item] = []
    todo = sorted(agendas, key=_name)
    while True:
        starts = _starts(task, todo, calendar, kept)
        stuck = [agenda for index, agenda in enumerate(todo) if index not in starts]
        if not stuck:
            return [(agenda, starts[index]) for index, agenda in enumerate(todo)], lost
        lost += [agenda[0] for agenda in stuck if len(agenda) == 1]
        parted = [half for agenda in stuck if len(agenda) > 1 for half in _parted(agenda, task)]
        found = [agenda for index, agenda in enumerate(todo) if index in starts]
        todo = sorted(found + parted, key=_name)


def _name(agenda: Sequence[Item]) -> str:
    return min(item.id for item in agenda)


def _parted(agenda: tuple[Item, ...], task: Task) -> list[tuple[Item, ...]]:
    """Two halves, cut where the fewest groups are torn and the fewest people sit on both sides."""
    groups = task.keep_together

    def price(at: int) -> tuple[int, int, int]:
        left, right = agenda[:at], agenda[at:]
        ids, others = {item.id for item in left}, {item.id for item in right}
        torn = sum(1 for group in groups if group & ids and group & others)
        return torn, len(_people(left) & _people(right)), abs(2 * at - len(agenda))

    cut = min(range(1, len(agenda)), key=lambda at: (price(at), at))
    return [agenda[:cut], agenda[cut:]]


def _people(agenda: Iterable[Item]) -> set[str]:
    return {person for item in agenda for person in item.people}


def _starts(
    task: Task, agendas: Sequence[tuple[Item, ...]], calendar: Calendar, kept: Mapping[tuple[str, ...], int]
) -> dict[int, int]:
    """The quarter at which each session begins; a session without one is missing.

    First come those that have had a start, then those with the fewest possible starts, and in a further
    round those that found none.
    """
    rules = task.rules
    before = [kept.get(tuple(item.id for item in agenda)) for agenda in agendas]
    possible = [possible_starts(calendar, sorted(presence(rules, agenda).items())) for agenda in agendas]
    wished = [
        possible_starts(calendar, opening_windows(rules, agenda)) if quarter is None else 1 << quarter
        for agenda, quarter in zip(agendas, before, strict=True)
    ]
    queue = sorted(
        range(len(agendas)),
        key=lambda i: (
            before[i] is None,
            possible[i].bit_count(),
            -len(_people(agendas[i])),
            _name(agendas[i]),
        ),
    )
    best: dict[int, int] = {}
    for _ in range(ROUNDS):
        found = _earliest(task, agendas, list(zip(possible, wished, strict=True)), queue)
        best = max(best, found, key=len)
        stuck = [index for index in queue if index not in found]
        if not stuck:
            return found
        queue = stuck + [index for index in queue if index in found]
    return best


def opening_windows(rules: Rules, agenda: Sequence[Item]) -> list[tuple[str, tuple[int, int]]]:
    """When people sit there if those who are needed first also open the session, as they would."""
    windows = sorted(presence(rules, agenda).items())
    return [(person, (0 if begin == rules.opening else begin, end)) for person, (begin, end) in windows]


def _earliest(
    task: Task,
    agendas: Sequence[tuple[Item, ...]],
    possible: Sequence[tuple[int, int]],
    queue: Sequence[int],
) -> dict[int, int]:
    """`possible` are the starts of each session that can be, and those among them that are wished for."""
    busy: dict[str, int] = {}
    starts: dict[int, int] = {}
    for index in queue:
        agenda = agendas[index]
        length = -(-elapsed(task.rules, sum(item.minutes for item in agenda)) // GRID)
        taken = 0
        for person in _people(agenda):
            taken |= busy.get(person, 0)
        can_be, wished = possible[index]
        span = max(can_be.bit_length(), taken.bit_length()) + length
        free = can_be & erode(((1 << span) - 1) & ~taken, length)
        free = free & wished or free
        if free:
            starts[index] = (free & -free).bit_length() - 1
            for person in _people(agenda):
                busy[person] = busy.get(person, 0) | ((1 << length) - 1) << starts[index]
    return starts


def _sessions(
    task: Task, placed: Sequence[tuple[tuple[Item, ...], int | None]], calendar: Calendar
) -> tuple[PlannedSession, ...]:
    sessions = [_session(task, agenda, start, calendar) for agenda, start in placed]
    return tuple(sorted(sessions, key=lambda session: min(session.items)))


def _session(task: Task, agenda: Sequence[Item], start: int | None, calendar: Calendar) -> PlannedSession:
    people = frozenset(_people(agenda))
    session = PlannedSession(tuple(item.id for item in agenda), people, place=best_place(task, people)[0])
    return session if start is None else replace(session, slot=calendar.slot(start))
