"""Large-neighbourhood search: take a few related sessions apart and put them together anew.

Rebuilding is by savings with noise or by best insertion in random order; a worse rebuild is kept
while the temperature allows it, the best plan seen is what counts. The number of rounds decides when
to stop, never the clock, and the random numbers come from a seed given by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.consolidation.pricing import Group, Pricer, people_bits
from planner.domain.consolidation.savings import Weigh, merge_by_savings

SINGLES = 0.1  # how often sessions are taken apart into single units
INSERTIONS = 0.2  # how often they are rebuilt by insertion


class Manner(NamedTuple):
    """How far to reach: sessions taken apart at once, how often agendas are merely cut, and the
    first and last temperature as a share of the cost of a seat. All measured."""

    most: int
    cuts: float
    hot: float
    cold: float


WHOLE = Manner(most=8, cuts=0.0, hot=0.06, cold=0.012)
WINDOW = Manner(most=8, cuts=0.3, hot=0.3, cold=0.06)
LARGE_WINDOW = Manner(most=5, cuts=0.3, hot=0.3, cold=0.06)
LARGE = 100  # units; a round then reaches less far, so that there can be more rounds


def improve(
    groups: Sequence[Group],
    pricer: Pricer,
    *,
    rounds: int,
    seed: int,
    settled: bool = False,
    report: Callable[[], None] | None = None,
) -> list[Group]:
    """The best plan seen in so many rounds; never a worse one than was given.

    From a `settled` plan only steps that save something lead away.
    """
    search = _Search(groups, pricer, seed)
    for number in range(rounds):
        search.step(None if settled else 1 - number / rounds)
        if report is not None:
            report()
    return search.best


def _manner(groups: Sequence[Group], rules: Rules) -> Manner:
    if rules.attendance is Attendance.WHOLE:
        return WHOLE
    units = sum(len(part.units) for group in groups for part in group.parts)
    return WINDOW if units <= LARGE else LARGE_WINDOW


class _Search:
    def __init__(self, groups: Sequence[Group], pricer: Pricer, seed: int) -> None:
        self.pricer = pricer
        self.random = Random(seed)  # noqa: S311 - a reproducible search, not a secret
        self.seat = pricer.rules.seat_cost + pricer.rules.opening
        self.manner = _manner(groups, pricer.rules)
        self.live: dict[int, Group] = {}
        self.where: dict[int, list[int]] = {}
        self.next = 0
        self.ids: list[int] = []
        for group in groups:
            self._enter(group)
        self.cost = sum(group.cost for group in groups)
        self.best = list(groups)
        self.best_key = (self.cost, len(groups))

    def _enter(self, group: Group) -> None:
        index, self.next = self.next, self.next + 1
        self.live[index] = group
        self.ids.append(index)
        for bit in people_bits(group.people):
            self.where.setdefault(bit, []).append(index)

    def _leave(self, index: int) -> None:
        for bit in people_bits(self.live.pop(index).people):
            self.where[bit].remove(index)
        self.ids.remove(index)

    def step(self, warmth: float | None) -> None:
        """Rebuild one neighbourhood and keep the result if it is good enough."""
        chosen = self._related()
        old = [self.live[index] for index in chosen]
        new = self._rebuilt(self._apart(old))
        change = sum(group.cost for group in new) - sum(group.cost for group in old)
        if change > self._allowed(warmth):
            return
        for index in chosen:
            self._leave(index)
        for group in new:
            self._enter(group)
        self.cost += change
        if (self.cost, len(self.live)) < self.best_key:
            self.best_key = (self.cost, len(self.live))
            self.best = [self.live[index] for index in sorted(self.live)]

    def _allowed(self, warmth: float | None) -> float:
        if warmth is None:
            return -1
        heat = self.manner.cold + (self.manner.hot - self.manner.cold) * warmth
        return self.seat * heat * self.random.random()

    def _related(self) -> list[int]:
        """A walk over shared people from a random session."""
        wanted = self.random.randint(2, self.manner.most)
        chosen = [self.random.choice(self.ids)]
        for _ in range(3 * wanted):
            bit = self.random.choice(people_bits(self.live[self.random.choice(chosen)].people))
            other = self.random.choice(self.where[bit])
            if other not in chosen:
                chosen.append(other)
                if len(chosen) == wanted:
                    break
        return chosen

    def _apart(self, groups: Sequence[Group]) -> list[Group]:
        """The pieces to build from: units of the same people, single units, or stretches of agendas."""
        luck = self.random.random()
        if luck < self.manner.cuts:
            return [piece for group in groups for piece in self._stretches(group)]
        units = [unit for group in groups for part in group.parts for unit in part.units]
        if luck > 1 - SINGLES:
            return [self.pricer.single(unit) for unit in sorted(units)]
        return self.pricer.bundles(units)

    def _stretches(self, group: Group) -> list[Group]:
        if len(group.parts) == 1:
            return [group]
        at = self.random.randrange(len(group.parts))
        halves = (group.parts[:at], group.parts[at:])
        return [self.pricer.of_parts(half) for half in halves if half]

    def _rebuilt(self, pool: list[Group]) -> list[Group]:
        luck = self.random.random
        if luck() < INSERTIONS:
            return self._inserted(pool)
        weigh: Weigh = lambda saved: saved * (1 + 3 * luck())  # noqa: E731
        if luck() < 0.3:
            weigh = lambda saved: saved + 0.3 * self.seat * luck()  # noqa: E731
        return merge_by_savings(pool, self.pricer, weigh)

    def _inserted(self, pool: list[Group]) -> list[Group]:
        self.random.shuffle(pool)
        built: list[Group] = []
        for guest in pool:
            best_at, best, least = -1, guest, guest.cost
            for at, host in enumerate(built):
                if not host.people & guest.people:
                    continue
                joined = self.pricer.combine(host, guest)
                if joined is not None and joined.cost - host.cost < least:
                    best_at, best, least = at, joined, joined.cost - host.cost
            if best_at < 0:
                built.append(best)
            else:
                built[best_at] = best
        return built
