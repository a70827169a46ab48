"""What of a task can be planned: items in groups that stay together, and what the rules forbid.

Everything is put into canonical order on the way in, so neither the order of the input nor the names of
teams, people and items leave a trace in the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.domain.consolidation.agenda import (
    elapsed,
    is_live,
    items_by_id,
    presence,
    waits_without_knots,
)
from planner.domain.consolidation.canonical import canonical_order
from planner.domain.consolidation.hours import Calendar, possible_starts
from planner.domain.consolidation.model import Attendance, Item, Rules, Task
from planner.domain.consolidation.order import order_items

ItemGroup = tuple[Item, ...]


@dataclass(frozen=True)
class Compiled:
    """The groups to plan in canonical order, the items' ranks made unique, and what cannot be planned:
    items that no session can hold and groups that cannot be kept together, each with the reason."""

    task: Task
    groups: tuple[ItemGroup, ...]
    person_rank: Mapping[str, int]
    waits: Mapping[str, frozenset[str]]
    calendar: Calendar
    unplaced: Mapping[str, str]
    torn: Mapping[str, str]

    def items(self) -> list[Item]:
        """What can be planned, in the order of the groups."""
        return [item for group in self.groups for item in group]


def compile_task(task: Task) -> Compiled:
    """Read a task: what can be planned becomes groups, the rest is named with its reason."""
    items = items_by_id(task)
    calendar = Calendar(task)
    reasons = {key: _reason(item, task.rules, calendar) for key, item in items.items()}
    order = canonical_order(task, {key: item for key, item in items.items() if reasons[key] is None})
    possible = {key: replace(items[key], rank=at) for at, key in enumerate(order.items)}
    waits = waits_without_knots(possible.values())
    grouping = _Grouping(task, possible, calendar, waits)
    return Compiled(
        task=task,
        groups=tuple(grouping.groups()),
        person_rank={name: at for at, name in enumerate(order.people)},
        waits=waits,
        calendar=calendar,
        unplaced={key: reason for key, reason in reasons.items() if reason is not None},
        torn=grouping.torn,
    )


def _reason(item: Item, rules: Rules, calendar: Calendar) -> str | None:
    """The rule by which no session can hold this item, with the figures; None when one can."""
    if not is_live(item):
        return f"R1: {item.id} needs no session: {item.minutes} minutes, {len(item.people)} people."
    if rules.opening + item.minutes > rules.minutes_max:
        return (
            f"R4: {item.id} takes {item.minutes} minutes and {rules.opening} to open; "
            f"a session may have {rules.minutes_max}."
        )
    if len(item.people) > people_at_once(rules):
        return f"R3: {item.id} needs {len(item.people)} people; a session may have {people_at_once(rules)}."
    windows = presence(rules, [item])
    if calendar.is_open and not possible_starts(calendar, sorted(windows.items())):
        length = max(end - begin for begin, end in windows.values())
        people = ", ".join(sorted(item.people))
        return f"R5: {people} have no common hours for the {length} minutes of {item.id} on the days given."
    return None


def people_at_once(rules: Rules) -> int:
    """How many people may sit there at one moment."""
    if rules.attendance is Attendance.WHOLE or rules.room_max is None:
        return rules.people_max
    return min(rules.people_max, rules.room_max)


class _Grouping:
    """Puts items that belong together into one unit, as far as the rules allow; `torn` says where not."""

    def __init__(
        self,
        task: Task,
        items: Mapping[str, Item],
        calendar: Calendar,
        waits: Mapping[str, frozenset[str]],
    ) -> None:
        self.task, self.items, self.calendar, self.waits = task, items, calendar, waits
        self.home: dict[str, tuple[Item, ...]] = {key: (item,) for key, item in items.items()}
        self.torn: dict[str, str] = {}

    def groups(self) -> list[tuple[Item, ...]]:
        """Keep-together groups first, then whole queues, each joined as far as the caps allow."""
        known = [group & self.items.keys() for group in self.task.keep_together]
        wanted = [sorted(group, key=lambda key: self.items[key].rank) for group in known]
        for group in sorted(wanted, key=lambda group: [self.items[key].rank for key in group]):
            self._join(group)
        if self.task.rules.queues_whole:
            for provider in dict.fromkeys(item.provider for item in self.items.values()):
                self._join([key for key, item in self.items.items() if item.provider == provider])
        return sorted(set(self.home.values()), key=lambda group: group[0].rank)

    def _join(self, group: Sequence[str]) -> None:
        joined = {item.id: item for key in group for item in self.home[key]}
        together = tuple(sorted(joined.values(), key=lambda item: item.rank))
        obstacle = self._obstacle(together) if len(together) > 1 else None
        if obstacle is None:
            self.home.update(dict.fromkeys(joined, together))
        elif len(group) > 1:
            names = sorted(group)
            self.torn[",".join(names)] = f"R6: {', '.join(names)} cannot be kept together: {obstacle}"

    def _obstacle(self, items: Sequence[Item]) -> str | None:
        """The rule by which these items cannot share a session, with the figures; None when they can."""
        rules = self.task.rules
        people = {person for item in items for person in item.people}
        minutes = rules.opening + sum(item.minutes for item in items)
        ids = {item.id for item in items}
        if minutes > rules.minutes_max:
            return f"{minutes} minutes, a session may have {rules.minutes_max} (R4)."
        if len(people) > people_at_once(rules):
            return f"{len(people)} people, a session may have {people_at_once(rules)} (R3)."
        if any(len(group & ids) > 1 for group in self.task.apart):
            return "they are to be kept apart (R9)."
        if self.calendar.is_open and not self._has_start(people, minutes - rules.opening):
            return f"{len(people)} people have no common hours for {minutes} minutes (R5)."
        if order_items(items, rules, waits=self.waits) is None:
            return "no order of them keeps the room within its limit (R3)."
        return None

    def _has_start(self, people: Iterable[str], minutes: int) -> bool:
        """True when everybody can stay from opening to end."""
        window = (0, elapsed(self.task.rules, minutes))
        return possible_starts(self.calendar, [(person, window) for person in sorted(people)]) != 0


def components(compiled: Compiled) -> list[tuple[int, ...]]:
    """Numbers of groups that share people or (where splitting has a price) a queue, directly or over others.

    An optimal plan never joins two components: nobody would save anything by it.
    """
    leader = list(range(len(compiled.groups)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    first: dict[tuple[str, str], int] = {}
    split = compiled.task.rules.split_cost > 0
    for at, group in enumerate(compiled.groups):
        for tie in _ties(group, split=split):
            one, other = sorted((find(first.setdefault(tie, at)), find(at)))
            leader[other] = one
    found: dict[int, list[int]] = {}
    for at in range(len(compiled.groups)):
        found.setdefault(find(at), []).append(at)
    return [tuple(members) for members in found.values()]


def _ties(group: ItemGroup, *, split: bool) -> list[tuple[str, str]]:
    people = [("person", name) for item in group for name in sorted(item.people)]
    return people + [("queue", item.provider) for item in group] if split else people
