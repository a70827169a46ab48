"""What a group of parts costs as one session, and the cheapest way to make one of two.

A `Group` is a session in the making. The two ways to attend differ only in how two groups are combined.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.domain.consolidation.agenda import GRID, elapsed, presence
from planner.domain.consolidation.cost import best_place, session_figures
from planner.domain.consolidation.hours import erode, possible_starts
from planner.domain.consolidation.insertion import Part
from planner.domain.consolidation.model import Item
from planner.domain.consolidation.puzzle import Puzzle, bits

REMEMBERED = 40_000  # combinations kept; a bound on memory, forgotten all at once


class Group(NamedTuple):
    """A session in the making: its parts in order, and its price."""

    parts: tuple[Part, ...]
    people: int
    minutes: int
    providers: int
    apart: int
    cost: int


class Pricer(ABC):
    """Prices groups under the rules of a puzzle. `surcharge` adds to the seats of single people."""

    def __init__(self, puzzle: Puzzle, surcharge: Mapping[str, int] | None = None) -> None:
        self.puzzle = puzzle
        self.rules = puzzle.task.rules
        self.minutes_max = self.rules.minutes_max - self.rules.opening
        self.people_max = self.rules.people_max
        self.seat = self.rules.seat_cost + self.rules.opening
        known = (surcharge or {}).items()
        self.surcharge = {puzzle.bit[name]: extra for name, extra in known if name in puzzle.bit}
        self._plain = not (puzzle.task.travel or self.surcharge or self.rules.split_cost)
        self._travel: dict[int, int] = {}
        self._common: dict[int, int] = {}
        self._meeting: dict[tuple[int, int], bool] = {}
        self._bundled: dict[tuple[int, ...], list[Group]] = {}
        self._bound = sum(
            1 << index for index, name in enumerate(puzzle.names) if puzzle.calendar.binds(name)
        )

    def single(self, index: int) -> Group:
        """One unit as a session."""
        unit = self.puzzle.units[index]
        part = Part(unit.people, unit.minutes, (index,), unit.linked)
        return self._group((part,), unit.people, unit.minutes, unit.providers, unit.apart)

    def of_parts(self, parts: Sequence[Part]) -> Group:
        """These parts in this order as a session, whether or not the rules allow it."""
        people = minutes = providers = apart = 0
        for part in parts:
            people |= part.people
            minutes += part.minutes
            for unit in part.units:
                providers |= self.puzzle.units[unit].providers
                apart |= self.puzzle.units[unit].apart
        return self._group(tuple(parts), people, minutes, providers, apart)

    def bundles(self, units: Iterable[int]) -> list[Group]:
        """The units as sessions, those of the same people together as far as the minutes allow."""
        alike: dict[int, list[int]] = {}
        for index in sorted(units):
            unit = self.puzzle.units[index]
            alike.setdefault(-1 - index if unit.linked or unit.apart else unit.people, []).append(index)
        found: list[Group] = []
        for same in map(tuple, alike.values()):
            if same not in self._bundled:
                self._bundled[same] = self._filled(same)
            found += self._bundled[same]
        return found

    def _filled(self, same: Sequence[int]) -> list[Group]:
        units = self.puzzle.units
        boxes: list[tuple[int, list[int]]] = []
        for index in sorted(same, key=lambda i: (-units[i].minutes, i)):
            minutes = units[index].minutes
            at = next((n for n, b in enumerate(boxes) if b[0] + minutes <= self.minutes_max), None)
            if at is None:
                boxes.append((minutes, [index]))
            else:
                boxes[at] = (boxes[at][0] + minutes, boxes[at][1] + [index])
        groups = [self._bundle(minutes, members) for minutes, members in boxes]
        if all(self._meets(group) for group in groups):
            return groups
        return [self.single(index) for index in same]

    def _bundle(self, minutes: int, members: list[int]) -> Group:
        units = self.puzzle.units
        part = Part(units[members[0]].people, minutes, tuple(sorted(members)), units[members[0]].linked)
        return self.of_parts([part])

    @abstractmethod
    def combine(self, one: Group, other: Group) -> Group | None:
        """The two as one session, in the best order found; None when the rules forbid it."""

    @abstractmethod
    def _meets(self, group: Group) -> bool:
        """True when the people of the group have a time for it."""

    @abstractmethod
    def _seats(self, parts: tuple[Part, ...], people: int, minutes: int) -> int:
        """What the seats of a session of these parts cost."""

    def _group(self, parts: tuple[Part, ...], people: int, minutes: int, providers: int, apart: int) -> Group:
        cost = self._seats(parts, people, minutes) + self._extras(people, providers)
        return Group(parts, people, minutes, providers, apart, cost)

    def _extras(self, people: int, providers: int) -> int:
        """Travel, the price of a queue in one more session, and surcharges."""
        if self._plain:
            return 0
        cost = self.rules.split_cost * providers.bit_count()
        if self.puzzle.task.travel:
            if people not in self._travel:
                self._travel[people] = best_place(self.puzzle.task, self.puzzle.people(people))[1]
            cost += self._travel[people]
        for bit, extra in self.surcharge.items():
            if people & bit:
                cost += extra
        return cost

    def _all_free(self, people: int, minutes: int) -> bool:
        """True when a start exists at which everybody can stay from opening to end."""
        people &= self._bound
        if not people:
            return True
        length = -(-elapsed(self.rules, minutes) // GRID)
        key = (people, length)
        if key not in self._meeting:
            if people not in self._common:
                self._common[people] = self.puzzle.calendar.common(self.puzzle.people(people))
            starts = erode(self._common[people], length) & self.puzzle.calendar.starts
            self._meeting[key] = starts != 0
        return self._meeting[key]

    def floor(self, units: Iterable[int]) -> int | None:
        """What a session of these units costs at least; None when the caps forbid it, or R9."""
        group = self.of_parts([part for unit in units for part in self.single(unit).parts])
        return self._least(group) if self._within_caps(group) else None

    def _within_caps(self, group: Group) -> bool:
        """True when people and minutes are not too many and nothing in it is to be kept apart."""
        units = [self.puzzle.units[unit] for part in group.parts for unit in part.units]
        return (
            group.minutes <= self.minutes_max
            and group.people.bit_count() <= self.people_max
            and sum(unit.apart.bit_count() for unit in units) == group.apart.bit_count()
        )

    def _least(self, group: Group) -> int:
        return group.cost

    def allows(self, group: Group) -> bool:
        """True when a group keeps to the caps, its order and the hours."""
        return self._within_caps(group) and self._meets(group)

    def can_meet(self, agenda: Sequence[Item]) -> bool:
        """True when a start exists at which everybody has time for their part of the agenda."""
        calendar = self.puzzle.calendar
        if not calendar.is_open:
            return True
        return possible_starts(calendar, sorted(presence(self.rules, agenda).items())) != 0

    def agenda_cost(self, agenda: Sequence[Item]) -> int:
        """The cost of an agenda with what `_extras` adds to a session."""
        names = {person for item in agenda for person in item.people}
        people = sum(self.puzzle.bit[name] for name in names)
        queues = len({item.provider for item in agenda})
        figures = session_figures(self.puzzle.task, agenda)
        surcharge = sum(extra for bit, extra in self.surcharge.items() if people & bit)
        return figures.cost + self.rules.split_cost * queues + surcharge

    def items(self, group: Group) -> list[Item]:
        """The items of a group in its order."""
        units = self.puzzle.units
        return [item for part in group.parts for unit in part.units for item in units[unit].items]


class WholePricer(Pricer):
    """Everybody stays from opening to end."""

    def _seats(self, parts: tuple[Part, ...], people: int, minutes: int) -> int:  # noqa: ARG002 - one signature for both
        return people.bit_count() * (self.seat + minutes)

    def _meets(self, group: Group) -> bool:
        return self._all_free(group.people, group.minutes)

    def combine(self, one: Group, other: Group) -> Group | None:
        """All items of both, one after the other."""
        minutes = one.minutes + other.minutes
        if minutes > self.minutes_max or one.apart & other.apart:
            return None
        people = one.people | other.people
        seats = people.bit_count()
        if seats > self.people_max:
            return None
        if self._bound & people and not self._all_free(people, minutes):
            return None
        providers = one.providers | other.providers
        cost = seats * (self.seat + minutes)
        if not self._plain:
            cost += self._extras(people, providers)
        return Group(one.parts + other.parts, people, minutes, providers, one.apart | other.apart, cost)


def people_bits(mask: int) -> list[int]:
    """The ones of a mask as masks of their own, ascending."""
    return [1 << index for index in bits(mask)]
