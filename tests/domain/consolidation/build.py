"""Short ways to say what a test is given: an item of some people, a task, a plan."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from planner.domain.consolidation.model import Attendance, Attendee, Item, Plan, PlannedSession, Rules, Task

WHOLE = Rules(attendance=Attendance.WHOLE, room_max=None, split_cost=0)
WINDOW = Rules(attendance=Attendance.WINDOW, split_cost=0)


def item(key: str, people: str, minutes: int = 10, *, waits: Iterable[str] = (), provider: str = "") -> Item:
    """An item of people with one letter each; the first needs, the last provides."""
    return Item(
        key,
        people[:1],
        provider or people[-1:],
        frozenset(people),
        minutes,
        waits_for=frozenset(waits),
    )


def task(*items: Item, rules: Rules = WHOLE) -> Task:
    """A task without places, hours and days."""
    names = sorted({person for one in items for person in one.people})
    return Task(items, {name: Attendee(name) for name in names}, rules)


def plan(task: Task, *sessions: str) -> Plan:
    """Each session as item ids with blanks between; everybody comes who is needed."""
    people = {one.id: one.people for one in task.items}
    return Plan(
        tuple(
            PlannedSession(
                tuple(words.split()),
                frozenset().union(*(people.get(key, frozenset()) for key in words.split())),
            )
            for words in sessions
        )
    )


def random_task(seed: int, size: int, *, rules: Rules, people: str = "abcdef") -> Task:
    """Items of two or three people each, five to forty minutes long."""
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    items: list[Item] = []
    for number in range(size):
        crowd = "".join(luck.sample(people, luck.choice((2, 2, 2, 3))))
        items.append(item(f"i{number:03}", crowd, luck.randint(1, 8) * 5))
    return task(*items, rules=rules)
