"""What compared methods move about, and what they must not exceed.

What the same people settle is one bundle, and so is what must stay together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from planner.domain.consolidation.model import Attendance, Item, Task
from planner.domain.model import WorkingHours

QUARTER = 15  # minutes
QUARTERS = 96  # of a day
ROUND_THE_CLOCK = (1 << QUARTERS) - 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """Items that go into the same session; `minutes` is their sum."""

    items: tuple[Item, ...]
    people: frozenset[str]
    minutes: int


def bundle_of(items: Sequence[Item]) -> Bundle:
    people = frozenset(person for item in items for person in item.people)
    return Bundle(tuple(items), people, sum(item.minutes for item in items))


class Caps:
    """Says which people can sit together for how long: K, D, and a common run of working hours."""

    def __init__(self, task: Task) -> None:
        self.rules = task.rules
        window = task.rules.attendance is Attendance.WINDOW
        room = task.rules.room_max if window else None
        self.people_max = min(task.rules.people_max, room or task.rules.people_max)
        self._free = {
            person: _free_quarters(one.hours, task)
            for person, one in task.attendees.items()
            if one.hours and task.days
        }

    def allow(self, people: Collection[str], minutes: int) -> bool:
        """True for a session of these people whose items take so many minutes."""
        length = self.rules.opening + minutes
        fits = len(people) <= self.people_max and length <= self.rules.minutes_max
        return fits and self._share_a_run(people, -(-length // QUARTER))

    def _share_a_run(self, people: Collection[str], quarters: int) -> bool:
        if not self._free:
            return True
        free = ROUND_THE_CLOCK
        for person in people:
            free &= self._free.get(person, ROUND_THE_CLOCK)
        run = free | free << QUARTERS
        for _ in range(quarters - 1):
            run &= run >> 1
        return run & ROUND_THE_CLOCK != 0


def _free_quarters(hours: WorkingHours, task: Task) -> int:
    """The quarters of a working day in UTC, as bits; a day that ends after midnight goes on at 0."""
    noon = datetime.combine(task.days[0], time(12), ZoneInfo(hours.zone))
    offset = noon.utcoffset()
    shift = int(offset.total_seconds()) // 60 if offset else 0
    first, last = (minute - shift for minute in (hours.start, hours.end))
    return sum(1 << quarter % QUARTERS for quarter in range(-(-first // QUARTER), last // QUARTER))


def bundles(task: Task, caps: Caps) -> list[Bundle]:
    """Return all items as bundles that keep the caps, as far as single items can, in order of their ids."""
    groups = [group for group in _groups(task) if caps.allow(group.people, group.minutes)]
    kept = {item.id for group in groups for item in group.items}
    same: dict[frozenset[str], list[Item]] = {}
    for item in sorted(task.items, key=lambda item: item.id):
        if item.id not in kept:
            same.setdefault(item.people, []).append(item)
    talks = [talk for items in same.values() for talk in _talks(items, caps)]
    return sorted([*groups, *talks], key=lambda bundle: bundle.items[0].id)


def _groups(task: Task) -> list[Bundle]:
    """Keep-together groups, joined where they overlap."""
    joined: list[frozenset[str]] = []
    for group in task.keep_together:
        together = group.union(*(other for other in joined if other & group))
        joined = [other for other in joined if not other & together] + [together]
    known = {item.id: item for item in task.items}
    live = [[known[key] for key in sorted(group) if key in known] for group in joined]
    return [bundle_of(items) for items in live if items]


def pair_talks(task: Task, caps: Caps) -> list[Bundle]:
    """Return what each set of people settles alone, cut to D; groups are not kept together."""
    same: dict[frozenset[str], list[Item]] = {}
    for item in sorted(task.items, key=lambda item: item.id):
        same.setdefault(item.people, []).append(item)
    return [talk for items in same.values() for talk in _talks(items, caps)]


def _talks(items: Sequence[Item], caps: Caps) -> list[Bundle]:
    """Items of the same people, the longest first, each in the first talk with room."""
    talks: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (-item.minutes, item.id)):
        for talk in talks:
            if caps.allow(item.people, item.minutes + sum(other.minutes for other in talk)):
                talk.append(item)
                break
        else:
            talks.append([item])
    return [bundle_of(talk) for talk in talks]
