"""A task in the form the solver works on: people as bits of an integer, keep-together groups as units.

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


@dataclass(frozen=True, slots=True)
class Unit:
    """Items that stay in one session. `linked` when the order against other units matters; units that
    have a bit of `apart` in common may not share a session."""

    items: tuple[Item, ...]
    people: int
    minutes: int
    providers: int
    linked: bool
    apart: int = 0


@dataclass(frozen=True)
class Puzzle:
    """Units, the people behind the bits, and what the rules forbid: items that no session can hold
    and groups that cannot be kept together, each with the reason."""

    task: Task
    units: tuple[Unit, ...]
    names: tuple[str, ...]
    waits: Mapping[str, frozenset[str]]
    calendar: Calendar
    unplaced: Mapping[str, str]
    torn: Mapping[str, str]

    def items(self) -> list[Item]:
        """What can be planned, in the order of the units."""
        return [item for unit in self.units for item in unit.items]

    def people(self, mask: int) -> list[str]:
        """The names behind a mask, sorted."""
        return [self.names[index] for index in bits(mask)]


def bits(mask: int) -> list[int]:
    """The positions of the ones of a mask, ascending."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def compile_task(task: Task) -> Puzzle:
    """Read a task: what can be planned becomes units, the rest is named with its reason."""
    items = items_by_id(task)
    calendar = Calendar(task)
    reasons = {key: _reason(item, task.rules, calendar) for key, item in items.items()}
    order = canonical_order(task, {key: item for key, item in items.items() if reasons[key] is None})
    possible = {key: replace(items[key], rank=at) for at, key in enumerate(order.items)}
    waits = waits_without_knots(possible.values())
    grouping = _Grouping(task, possible, calendar, waits)
    return Puzzle(
        task=task,
        units=_units(grouping.groups(), order.people, waits, task.apart),
        names=order.people,
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


def _units(
    groups: Sequence[tuple[Item, ...]],
    names: Sequence[str],
    waits: Mapping[str, frozenset[str]],
    apart: Sequence[frozenset[str]],
) -> tuple[Unit, ...]:
    bit = {name: 1 << index for index, name in enumerate(names)}
    providers = dict.fromkeys(item.provider for group in groups for item in group)
    queue = {name: 1 << index for index, name in enumerate(providers)}
    waited_for = {other for waiting in waits.values() for other in waiting}
    barred = {
        key: _mask(1 << n for n, group in enumerate(apart) if key in group) for key in set().union(*apart)
    }
    return tuple(
        Unit(
            items=group,
            people=_mask(bit[person] for item in group for person in item.people),
            minutes=sum(item.minutes for item in group),
            providers=_mask(queue[item.provider] for item in group),
            linked=any(waits[item.id] or item.id in waited_for for item in group),
            apart=_mask(barred.get(item.id, 0) for item in group),
        )
        for group in groups
    )


def _mask(values: Iterable[int]) -> int:
    mask = 0
    for value in values:
        mask |= value
    return mask


def components(puzzle: Puzzle) -> list[tuple[int, ...]]:
    """Units that share people or (where splitting has a price) a queue, directly or over others.

    An optimal plan never joins two components: nobody would save anything by it.
    """
    split = puzzle.task.rules.split_cost > 0
    shift = len(puzzle.names)
    found: list[tuple[int, list[int]]] = []
    for index, unit in enumerate(puzzle.units):
        touch = unit.people | (unit.providers << shift if split else 0)
        members = [index]
        apart: list[tuple[int, list[int]]] = []
        for mask, others in found:
            if mask & touch:
                touch |= mask
                members += others
            else:
                apart.append((mask, others))
        found = [*apart, (touch, members)]
    return sorted(tuple(sorted(members)) for _, members in found)
