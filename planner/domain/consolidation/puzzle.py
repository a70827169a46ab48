"""A task in the form the solver works on: people as bits of an integer, keep-together groups as units.

Everything is sorted on the way in, so the order of the input leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.domain.consolidation.agenda import (
    elapsed,
    is_live,
    items_by_id,
    presence,
    waits_without_knots,
)
from planner.domain.consolidation.hours import Calendar, possible_starts
from planner.domain.consolidation.model import Attendance, Item, Rules, Task
from planner.domain.consolidation.order import order_items


@dataclass(frozen=True, slots=True)
class Unit:
    """Items that stay in one session. `linked` when the order against other units matters."""

    items: tuple[Item, ...]
    people: int
    minutes: int
    providers: int
    linked: bool


@dataclass(frozen=True)
class Puzzle:
    """Units, the people behind the bits, and the items that no session can hold with the reason."""

    task: Task
    units: tuple[Unit, ...]
    names: tuple[str, ...]
    waits: Mapping[str, frozenset[str]]
    calendar: Calendar
    unplaced: Mapping[str, str]

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
    possible = {key: item for key, item in items.items() if reasons[key] is None}
    waits = waits_without_knots(possible.values())
    groups = _groups(task, possible, _fits(task.rules, calendar, waits))
    names = tuple(sorted({person for item in possible.values() for person in item.people}))
    return Puzzle(
        task=task,
        units=_units(groups, names, waits),
        names=names,
        waits=waits,
        calendar=calendar,
        unplaced={key: reason for key, reason in reasons.items() if reason is not None},
    )


def _reason(item: Item, rules: Rules, calendar: Calendar) -> str | None:
    """Why no session can hold this item, as a sentence with the figures; None when one can."""
    if not is_live(item):
        return f"{item.id} needs no session: {item.minutes} minutes, {len(item.people)} people."
    if rules.opening + item.minutes > rules.minutes_max:
        return (
            f"{item.id} takes {item.minutes} minutes and {rules.opening} to open; "
            f"a session may have {rules.minutes_max}."
        )
    if len(item.people) > people_at_once(rules):
        return f"{item.id} needs {len(item.people)} people; a session may have {people_at_once(rules)}."
    windows = presence(rules, [item])
    if calendar.is_open and not possible_starts(calendar, sorted(windows.items())):
        length = max(end - begin for begin, end in windows.values())
        people = ", ".join(sorted(item.people))
        return f"{people} have no common hours for the {length} minutes of {item.id} on the days given."
    return None


def people_at_once(rules: Rules) -> int:
    """How many people may sit there at one moment."""
    if rules.attendance is Attendance.WHOLE or rules.room_max is None:
        return rules.people_max
    return min(rules.people_max, rules.room_max)


def _has_start(items: Sequence[Item], rules: Rules, calendar: Calendar) -> bool:
    """True when everybody can stay from opening to end."""
    window = (0, elapsed(rules, sum(item.minutes for item in items)))
    people = sorted({person for item in items for person in item.people})
    return possible_starts(calendar, [(person, window) for person in people]) != 0


def _fits(
    rules: Rules, calendar: Calendar, waits: Mapping[str, frozenset[str]]
) -> Callable[[Sequence[Item]], bool]:
    def fits(items: Sequence[Item]) -> bool:
        people = {person for item in items for person in item.people}
        return (
            len(people) <= people_at_once(rules)
            and rules.opening + sum(item.minutes for item in items) <= rules.minutes_max
            and (not calendar.is_open or _has_start(items, rules, calendar))
            and order_items(items, rules, waits=waits) is not None
        )

    return fits


def _groups(
    task: Task, items: Mapping[str, Item], fits: Callable[[Sequence[Item]], bool]
) -> list[tuple[Item, ...]]:
    """Keep-together groups first, then whole queues, each joined as far as the caps allow."""
    home: dict[str, tuple[Item, ...]] = {key: (item,) for key, item in items.items()}
    for group in sorted(sorted(group & items.keys()) for group in task.keep_together):
        _join(home, group, fits)
    if task.rules.queues_whole:
        for provider in sorted({item.provider for item in items.values()}):
            _join(home, [key for key, item in items.items() if item.provider == provider], fits)
    return sorted(set(home.values()), key=lambda group: group[0].id)


def _join(
    home: dict[str, tuple[Item, ...]], group: Sequence[str], fits: Callable[[Sequence[Item]], bool]
) -> None:
    joined = {item.id: item for key in group for item in home[key]}
    together = tuple(joined[key] for key in sorted(joined))
    if together and fits(together):
        home.update(dict.fromkeys(joined, together))


def _units(
    groups: Sequence[tuple[Item, ...]], names: Sequence[str], waits: Mapping[str, frozenset[str]]
) -> tuple[Unit, ...]:
    bit = {name: 1 << index for index, name in enumerate(names)}
    providers = sorted({item.provider for group in groups for item in group})
    queue = {name: 1 << index for index, name in enumerate(providers)}
    waited_for = {other for waiting in waits.values() for other in waiting}
    return tuple(
        Unit(
            items=group,
            people=_mask(bit[person] for item in group for person in item.people),
            minutes=sum(item.minutes for item in group),
            providers=_mask(queue[item.provider] for item in group),
            linked=any(waits[item.id] or item.id in waited_for for item in group),
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
