"""What leads from one draft to another costs, counted on the sessions that differ alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from planner.domain.consolidation.adjustments import Draft, Price, Turnout
from planner.domain.consolidation.agenda import items_by_id, presence
from planner.domain.consolidation.cost import session_figures
from planner.domain.consolidation.model import Item, PlannedSession, Task


def price_of(before: Draft, after: Draft) -> Price:
    """The price of everything that is different between two drafts of one plan."""
    old, new = _differing(before, after), _differing(after, before)
    turnout = _turnout(before.plan.sessions, old, new)
    steady = {person for person, count in turnout.items() if count.before == count.after}
    minutes = _minutes_by(after.task, new)
    for person, sat in _minutes_by(before.task, old).items():
        minutes[person] = minutes.get(person, 0) - sat
    left = {item.id for item in after.task.items}
    return Price(
        sessions=(len(before.plan.sessions), len(after.plan.sessions)),
        seats=(_seats(before.plan.sessions), _seats(after.plan.sessions)),
        minutes=_person_minutes(after.task, new) - _person_minutes(before.task, old),
        cost=_cost(after.task, new) - _cost(before.task, old) - _queues_lost(before, after),
        people=tuple(one for name, one in sorted(turnout.items()) if name not in steady),
        longer=tuple(sorted(name for name in steady if minutes.get(name, 0) > 0)),
        shorter=tuple(sorted(name for name in steady if minutes.get(name, 0) < 0)),
        written=tuple(sorted(item.id for item in before.task.items if item.id not in left)),
        moved=_moved(old, new),
    )


def _differing(one: Draft, other: Draft) -> list[PlannedSession]:
    """Sessions of the one that the other has not, or not with the same people at each item."""
    known, changed = set(other.plan.sessions), _changed_items(one.task, other.task)
    return [
        session
        for session in one.plan.sessions
        if session not in known or not changed.isdisjoint(session.items)
    ]


def _changed_items(one: Task, other: Task) -> set[str]:
    """Items that other people talk about."""
    if one is other:
        return set()
    people = {item.id: item.people for item in other.items}
    return {item.id for item in one.items if people.get(item.id) != item.people}


def _agenda(items: Mapping[str, Item], session: PlannedSession) -> list[Item]:
    return [items[id_] for id_ in session.items]


def _person_minutes(task: Task, sessions: Iterable[PlannedSession]) -> int:
    items = items_by_id(task)
    return sum(session_figures(task, _agenda(items, one)).person_minutes for one in sessions)


def _cost(task: Task, sessions: Iterable[PlannedSession]) -> int:
    """What these sessions cost, each queue in each of them paid for."""
    items, found = items_by_id(task), 0
    for one in sessions:
        agenda = _agenda(items, one)
        queues = len({item.provider for item in agenda})
        found += session_figures(task, agenda).cost + task.rules.split_cost * queues
    return found


def _queues_lost(before: Draft, after: Draft) -> int:
    """The first session of a queue is free: what that changes when a queue is in no session any more."""
    then, now = _queues(before), _queues(after)
    return before.task.rules.split_cost * (len(now) - len(then))


def _queues(draft: Draft) -> set[str]:
    return {item.provider for item in draft.task.items if item.id not in draft.plan.unplaced}


def _minutes_by(task: Task, sessions: Iterable[PlannedSession]) -> dict[str, int]:
    items = items_by_id(task)
    found: dict[str, int] = {}
    for one in sessions:
        for person, (begin, end) in presence(task.rules, _agenda(items, one)).items():
            found[person] = found.get(person, 0) + end - begin
    return found


def _turnout(
    all_before: Sequence[PlannedSession], old: Iterable[PlannedSession], new: Iterable[PlannedSession]
) -> dict[str, Turnout]:
    """Everybody in a session that differs, with the number of all their sessions."""
    change: dict[str, int] = {}
    for sessions, step in ((old, -1), (new, 1)):
        for one in sessions:
            for person in one.attendees:
                change[person] = change.get(person, 0) + step
    counts = dict.fromkeys(change, 0)
    for one in all_before:
        for person in one.attendees & change.keys():
            counts[person] += 1
    return {person: Turnout(person, counts[person], counts[person] + change[person]) for person in change}


def _seats(sessions: Iterable[PlannedSession]) -> int:
    return sum(len(one.attendees) for one in sessions)


def _moved(old: Sequence[PlannedSession], new: Sequence[PlannedSession]) -> int:
    """Sessions that go on with most of their items and begin at another time."""
    found = 0
    for one in new:
        goes_on = max(old, key=lambda then: len(set(then.items) & set(one.items)), default=None)
        same = goes_on is not None and 2 * len(set(goes_on.items) & set(one.items)) > len(goes_on.items)
        found += bool(same and goes_on and goes_on.slot != one.slot)
    return found
