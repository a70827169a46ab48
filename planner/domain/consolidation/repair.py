"""Planning from an earlier plan: what still holds stays, and what is new is fitted in nearby.

Each new or damaged piece is tried alone, in each session that it touches, and with one or two of them
taken apart; moving a seat that people know of has a price, so that a plan changes only where that pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from random import Random
from typing import NamedTuple

from planner.domain.consolidation.model import Plan
from planner.domain.consolidation.pricing import Group, Pricer
from planner.domain.consolidation.recombination import units_of
from planner.domain.consolidation.savings import merge_by_savings

NEAREST = 8  # sessions that a piece may change
NOISY = 3  # rebuilds with noise of what was taken apart


class Change(NamedTuple):
    """What a rebuilt piece costs with its moved seats, how many move, and the sessions."""

    price: int
    moved: int
    groups: list[Group]


class Settled:
    """The sessions that people know of, as far as their units are still there."""

    def __init__(self, pricer: Pricer, start: Plan) -> None:
        self.pricer = pricer
        home = {item: number for number, session in enumerate(start.sessions) for item in session.items}
        place = {item: at for session in start.sessions for at, item in enumerate(session.items)}
        self.members: dict[int, list[int]] = {}
        self.fresh: list[int] = []
        for unit in pricer.puzzle.all_units:
            first = pricer.puzzle.units[unit].items[0].id
            if first in home:
                self.members.setdefault(home[first], []).append(unit)
            else:
                self.fresh.append(unit)
        for session in self.members.values():
            session.sort(key=lambda unit: place[pricer.puzzle.units[unit].items[0].id])
        self.home = {unit: number for number, session in self.members.items() for unit in session}
        self.people = {number: self._people(start, number) for number in self.members}
        self._whole = {number: frozenset(start.sessions[number].items) for number in self.members}

    def _people(self, start: Plan, number: int) -> int:
        """The bits of those who are invited today and still known."""
        return sum(self.pricer.puzzle.bit.get(name, 0) for name in start.sessions[number].attendees)

    def sessions(self) -> list[Group]:
        """The sessions with what is left of them, whether or not the rules still allow them."""
        pricer = self.pricer
        return [
            pricer.of_parts([part for unit in members for part in pricer.single(unit).parts])
            for members in self.members.values()
        ]

    def is_damaged(self, group: Group) -> bool:
        """True when the session has lost items since."""
        items = {item.id for item in self.pricer.items(group)}
        return items != self._whole[self.home[units_of(group)[0]]]

    def moved(self, groups: Iterable[Group]) -> int:
        """Invitations that change: each group goes on as the session it has most units of, once each."""
        gone = {self.home[unit] for group in groups for unit in units_of(group) if unit in self.home}
        seats = 0
        for group in sorted(groups, key=lambda group: (-len(units_of(group)), units_of(group))):
            number = self._goes_on_as(group, gone)
            if number is None:
                seats += group.people.bit_count()
            else:
                gone.discard(number)
                seats += (group.people ^ self.people[number]).bit_count()
        return seats + sum(self.people[number].bit_count() for number in gone)

    def _goes_on_as(self, group: Group, free: set[int]) -> int | None:
        counts: dict[int, int] = {}
        for unit in units_of(group):
            number = self.home.get(unit)
            if number in free:
                counts[number] = counts.get(number, 0) + 1
        return min(counts, key=lambda number: (-counts[number], number), default=None)


def repaired(pricer: Pricer, start: Plan, *, move_cost: int, seed: int) -> list[Group]:
    """The sessions of an earlier plan, changed as little as what is new asks for.

    `move_cost` is what each changed invitation counts, in person-minutes.
    """
    settled = Settled(pricer, start)
    repair = _Repair(settled, pricer, move_cost, seed)
    for session in settled.sessions():
        repair.enter(session)
    for piece in pricer.bundles(settled.fresh):
        repair.fit(piece)
    return [group for group in repair.groups if group.parts]


class _Repair:
    def __init__(self, settled: Settled, pricer: Pricer, move_cost: int, seed: int) -> None:
        self.settled = settled
        self.pricer = pricer
        self.move_cost = move_cost
        self.random = Random(seed)  # noqa: S311 - a reproducible search, not a secret
        self.groups: list[Group] = []

    def enter(self, group: Group) -> None:
        """Keep a session that still holds; fit in the pieces of one that does not, or lost items."""
        if not self.pricer.allows(group):
            for piece in merge_by_savings(self.pricer.bundles(units_of(group)), self.pricer):
                self.fit(piece)
        elif self.settled.is_damaged(group):
            self.fit(group)
        else:
            self.groups.append(group)

    def fit(self, piece: Group) -> None:
        """Add a piece where it costs least, taking at most two sessions apart."""
        near = [group for group in self.groups if group.people & piece.people]
        near.sort(key=lambda group: (-(group.people & piece.people).bit_count(), group.cost, units_of(group)))
        pools = [(), *combinations(near[:NEAREST], 1), *combinations(near[:NEAREST], 2)]
        best: tuple[int, int, list[Group], tuple[Group, ...]] | None = None
        for pool in pools:
            before = sum(group.cost for group in pool)
            for change in self._changes(piece, pool):
                key = change.price - before, change.moved
                if best is None or key < best[:2]:
                    best = (*key, change.groups, pool)
        if best is not None:
            gone = set(map(id, best[3]))
            self.groups = [group for group in self.groups if id(group) not in gone] + best[2]

    def _changes(self, piece: Group, pool: tuple[Group, ...]) -> Iterator[Change]:
        apart = self.pricer.bundles(unit for group in (piece, *pool) for unit in units_of(group))
        yield self._change(merge_by_savings([piece, *pool], self.pricer))
        if not pool:
            return
        yield self._change(merge_by_savings(apart, self.pricer))
        for _ in range(NOISY):
            yield self._change(
                merge_by_savings(apart, self.pricer, lambda saved: saved * (1 + 3 * self.random.random()))
            )

    def _change(self, groups: list[Group]) -> Change:
        moved = self.settled.moved(groups)
        return Change(sum(group.cost for group in groups) + self.move_cost * moved, moved, groups)
