"""The best plan of a few units by examining every session and every way to put sessions together.

best[S] = min over sessions s of S that hold the first unit of S: cost(s) + best[S without s].
Source: set partitioning by dynamic programming over subsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.domain.consolidation.compiling import ItemGroup
from planner.domain.consolidation.model import Attendance, Item, Rules
from planner.domain.consolidation.order import EXACT_UP_TO, order_items
from planner.domain.consolidation.pricing import Pricer

Agenda = tuple[Item, ...]


class Best(NamedTuple):
    """Agendas with their cost; `complete` is False when working hours ruled out an order, not a set."""

    agendas: tuple[Agenda, ...]
    cost: int
    complete: bool


class _Choice(NamedTuple):
    cost: int
    sessions: int
    chosen: int


def is_small(groups: Sequence[ItemGroup], rules: Rules) -> bool:
    """True when every plan of these groups can be examined in about a second."""
    if len(groups) > EXACT_UP_TO:
        return False
    return rules.attendance is Attendance.WHOLE or sum(map(len, groups)) <= EXACT_UP_TO


def best_agendas(pricer: Pricer) -> Best:
    """The cheapest plan of the pricer's puzzle, with the fewest sessions among equals."""
    return _Subsets(pricer.puzzle.all_units, pricer).best()


class _Subsets:
    def __init__(self, units: Sequence[int], pricer: Pricer) -> None:
        self.units = units
        self.pricer = pricer
        self.complete = True
        self.agendas: dict[int, Agenda] = {}
        self.costs: dict[int, int] = {}
        self.related = [self._related(unit) for unit in units]
        self.connected = {1 << index for index in range(len(units))}

    def _related(self, unit: int) -> int:
        split = self.pricer.rules.split_cost > 0
        mine = self.pricer.puzzle.units[unit]
        mask = 0
        for index, other in enumerate(self.units):
            theirs = self.pricer.puzzle.units[other]
            if mine.people & theirs.people or (split and mine.providers & theirs.providers):
                mask |= 1 << index
        return mask

    def best(self) -> Best:
        size = 1 << len(self.units)
        choices = [_Choice(0, 0, 0)] * size
        for mask in range(1, size):
            choices[mask] = self._choice(mask, choices)
        full, agendas = size - 1, []
        cost = choices[full].cost
        while full:
            agendas.append(self.agendas[choices[full].chosen])
            full ^= choices[full].chosen
        return Best(tuple(agendas), cost, self.complete)

    def _choice(self, mask: int, choices: Sequence[_Choice]) -> _Choice:
        split = self._best_split(mask, choices)
        self._examine(mask, split.cost if split else None)
        if mask in self.costs:
            alone = _Choice(self.costs[mask], 1, mask)
            return min(split, alone) if split else alone
        if split is None:
            raise AssertionError("a unit that no session can hold reached the solver")
        return split

    def _best_split(self, mask: int, choices: Sequence[_Choice]) -> _Choice | None:
        low = mask & -mask
        rest = mask ^ low
        found: _Choice | None = None
        part = (rest - 1) & rest if rest else -1
        while part >= 0:
            cost = self.costs.get(part | low)
            if cost is not None:
                after = choices[rest ^ part]
                if found is None or cost + after.cost <= found.cost:
                    choice = _Choice(cost + after.cost, 1 + after.sessions, part | low)
                    found = choice if found is None else min(found, choice)
            part = (part - 1) & rest if part else -1
        return found

    def _examine(self, mask: int, worth: int | None) -> None:
        """Price the session of these units unless it cannot be allowed or cannot be cheap enough."""
        if not self._is_connected(mask):
            return
        members = [unit for index, unit in enumerate(self.units) if mask >> index & 1]
        floor = self.pricer.floor(members)
        if floor is None or (worth is not None and floor > worth):
            return
        agenda = self._agenda(members)
        if agenda is not None:
            self.agendas[mask] = agenda
            self.costs[mask] = self.pricer.agenda_cost(agenda)

    def _is_connected(self, mask: int) -> bool:
        rest = mask
        while rest:
            low = rest & -rest
            if mask ^ low in self.connected and self.related[low.bit_length() - 1] & (mask ^ low):
                self.connected.add(mask)
            rest ^= low
        return mask in self.connected

    def _agenda(self, members: Sequence[int]) -> Agenda | None:
        puzzle = self.pricer.puzzle
        items = [item for unit in members for item in puzzle.units[unit].items]
        agenda = order_items(items, self.pricer.rules, waits=puzzle.waits)
        if agenda is None or self.pricer.can_meet(agenda):
            return agenda
        if self.pricer.rules.attendance is Attendance.WINDOW:
            self.complete = False
        return None
