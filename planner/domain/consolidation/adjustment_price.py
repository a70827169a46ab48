"""What leads from one draft to another costs, counted on the sessions that differ alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.consolidation.adjustments import Draft, Price, Turnout
from planner.domain.consolidation.agenda import presence
from planner.domain.consolidation.cost import session_figures
from planner.domain.consolidation.model import PlannedSession, Task


def price_of(before: Draft, after: Draft) -> Price:
    """The price of everything that is different between two drafts of one plan."""
    old, new = _differing(before, after), _differing(after, before)
    then, now = _Counted(before.task, old), _Counted(after.task, new)
    turnout = _turnout(before.plan.sessions, old, new)
    steady = {person for person, count in turnout.items() if count.before == count.after}
    minutes = now.minutes_by()
    for person, sat in then.minutes_by().items():
        minutes[person] = minutes.get(person, 0) - sat
    return Price(
        sessions=(len(before.plan.sessions), len(after.plan.sessions)),
        seats=(_seats(before.plan.sessions), _seats(after.plan.sessions)),
        minutes=now.person_minutes() - then.person_minutes(),
        cost=now.cost() - then.cost() - _first_of_queues(before, after),
        people=tuple(one for name, one in sorted(turnout.items()) if name not in steady),
        longer=tuple(sorted(name for name in steady if minutes.get(name, 0) > 0)),
        shorter=tuple(sorted(name for name in steady if minutes.get(name, 0) < 0)),
        written=_written(before.task, after.task),
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
    if one.items is other.items:
        return set()
    people = {item.id: item.people for item in other.items}
    return {item.id for item in one.items if people.get(item.id) != item.people}


def _written(before: Task, after: Task) -> tuple[str, ...]:
    if before.items is after.items:
        return ()
    left = {item.id for item in after.items}
    return tuple(sorted(item.id for item in before.items if item.id not in left))


class _Counted:
    """Some sessions of a task, with their items at hand."""

    def __init__(self, task: Task, sessions: Sequence[PlannedSession]) -> None:
        self.task = task
        wanted = {id_ for one in sessions for id_ in one.items}
        items = {item.id: item for item in task.items if item.id in wanted}
        self.agendas = [[items[id_] for id_ in one.items] for one in sessions]
        self.figures = [session_figures(task, agenda) for agenda in self.agendas]

    def person_minutes(self) -> int:
        return sum(one.person_minutes for one in self.figures)

    def cost(self) -> int:
        """What the sessions cost, each queue in each of them paid for."""
        queues = sum(len({item.provider for item in agenda}) for agenda in self.agendas)
        return sum(one.cost for one in self.figures) + self.task.rules.split_cost * queues

    def minutes_by(self) -> dict[str, int]:
        """How long everybody sits there."""
        found: dict[str, int] = {}
        for agenda in self.agendas:
            for person, (begin, end) in presence(self.task.rules, agenda).items():
                found[person] = found.get(person, 0) + end - begin
        return found


def _first_of_queues(before: Draft, after: Draft) -> int:
    """The first session of a queue is free: what that changes where a queue comes or goes as a whole."""
    if before.task.items is after.task.items and before.plan.unplaced == after.plan.unplaced:
        return 0
    return before.task.rules.split_cost * (len(_queues(after)) - len(_queues(before)))


def _queues(draft: Draft) -> set[str]:
    return {item.provider for item in draft.task.items if item.id not in draft.plan.unplaced}


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
