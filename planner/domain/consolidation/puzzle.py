"""Some groups of a task in the form a search works on: people, queues and bars as bits of integers.

The bits are numbered within the puzzle, so that they stay few however large the organisation is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.domain.consolidation.compiling import Compiled, ItemGroup
from planner.domain.consolidation.hours import Calendar
from planner.domain.consolidation.model import Item, Task


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
    """Units, and the people behind their bits. `numbers` are those of the units in the whole task."""

    task: Task
    units: tuple[Unit, ...]
    names: tuple[str, ...]
    waits: Mapping[str, frozenset[str]]
    calendar: Calendar
    numbers: tuple[int, ...]

    @property
    def all_units(self) -> range:
        """The numbers of the units within the puzzle."""
        return range(len(self.units))

    @cached_property
    def bit(self) -> Mapping[str, int]:
        """The bit of each person."""
        return {name: 1 << index for index, name in enumerate(self.names)}

    def items(self) -> list[Item]:
        """The items of all units, in their order."""
        return [item for unit in self.units for item in unit.items]

    def people(self, mask: int) -> list[str]:
        """The names behind a mask, sorted."""
        return sorted(self.names[index] for index in bits(mask))


def bits(mask: int) -> list[int]:
    """The positions of the ones of a mask, ascending."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def puzzle_of(compiled: Compiled, numbers: Sequence[int]) -> Puzzle:
    """The puzzle of these groups of the task."""
    groups = [compiled.groups[number] for number in numbers]
    rank = compiled.person_rank
    names = dict.fromkeys(
        name
        for group in groups
        for name in sorted({n for item in group for n in item.people}, key=rank.__getitem__)
    )
    units = _Units(compiled, names, groups)
    return Puzzle(
        task=compiled.task,
        units=tuple(units.unit(group) for group in groups),
        names=tuple(names),
        waits=compiled.waits,
        calendar=compiled.calendar,
        numbers=tuple(numbers),
    )


class _Units:
    def __init__(self, compiled: Compiled, names: Iterable[str], groups: Sequence[ItemGroup]) -> None:
        self.waits = compiled.waits
        self.person = _bits(names)
        self.queue = _bits(item.provider for group in groups for item in group)
        self.waited_for = {other for group in groups for item in group for other in compiled.waits[item.id]}
        self.bars: dict[str, int] = {}
        for number, barred in enumerate(compiled.task.apart):
            for key in barred:
                self.bars[key] = self.bars.get(key, 0) | 1 << number

    def unit(self, group: ItemGroup) -> Unit:
        return Unit(
            items=group,
            people=_mask(self.person[name] for item in group for name in item.people),
            minutes=sum(item.minutes for item in group),
            providers=_mask(self.queue[item.provider] for item in group),
            linked=any(self.waits[item.id] or item.id in self.waited_for for item in group),
            apart=_mask(self.bars.get(item.id, 0) for item in group),
        )


def _bits(names: Iterable[str]) -> dict[str, int]:
    return {name: 1 << index for index, name in enumerate(dict.fromkeys(names))}


def _mask(values: Iterable[int]) -> int:
    mask = 0
    for value in values:
        mask |= value
    return mask
