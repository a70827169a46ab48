"""Large-neighbourhood search: take a few related sessions apart and put them together anew.

Rebuilding is by savings with noise or by best insertion in random order; a worse rebuild is kept
while the temperature allows it. The best plan is kept piece by piece: wherever the plan at hand and
the best one hold the same items in other sessions, the cheaper of the two pieces stays in the best
(partition crossover), so that many corners of a large plan need not be good at the same moment.

The number of rounds decides when to stop, never the clock, and the random numbers come from a seed
given by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.consolidation.pricing import Group, Pricer, people_bits
from planner.domain.consolidation.recombination import Memory, picker
from planner.domain.consolidation.savings import Weigh, merge_by_savings
from planner.domain.consolidation.watch import Watch

SINGLES = 0.1  # how often sessions are taken apart into single units
INSERTIONS = 0.2  # how often they are rebuilt by insertion
DRAWN = 3  # sessions of which the one farthest above its worth begins a round
COMPARED = 0.1  # rounds between two comparisons with the best, as a share of the sessions


class Manner(NamedTuple):
    """How far to reach: sessions taken apart at once, how often agendas are merely cut, and the
    first and last temperature as a share of the cost of a seat. All measured."""

    most: int
    cuts: float
    hot: float
    cold: float


WHOLE = Manner(most=8, cuts=0.0, hot=0.3, cold=0.03)
WINDOW = Manner(most=8, cuts=0.3, hot=0.5, cold=0.1)
LARGE_WINDOW = Manner(most=5, cuts=0.3, hot=0.3, cold=0.06)
LARGE = 100  # units; a round then reaches less far, so that there can be more rounds


def improve(
    groups: Sequence[Group],
    pricer: Pricer,
    *,
    rounds: int,
    seed: int,
    warmth: float = 1.0,
    memory: Memory | None = None,
    watch: Watch | None = None,
) -> list[Group]:
    """The best plan seen in so many rounds; never a worse one than was given.

    `warmth` from 0 to 1 is how hot to begin. The sessions met on the way go into the memory.
    """
    search = _Search(groups, pricer, seed, memory)
    for number in range(rounds):
        search.step(warmth * (1 - number / rounds))
        if watch is not None and not watch.tick():
            break
    return search.result()


def _manner(groups: Sequence[Group], rules: Rules) -> Manner:
    if rules.attendance is Attendance.WHOLE:
        return WHOLE
    units = sum(len(part.units) for group in groups for part in group.parts)
    return WINDOW if units <= LARGE else LARGE_WINDOW


class _Sessions:
    """Sessions by number, who sits where, and which session holds a unit."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.live: dict[int, Group] = {}
        self.bits: dict[int, list[int]] = {}
        self.where: dict[int, list[int]] = {}
        self.home: dict[int, int] = {}
        self.ids: list[int] = []
        self.cost = 0
        self._at: dict[int, int] = {}
        self._next = 0
        for group in groups:
            self.enter(group)

    def enter(self, group: Group) -> int:
        index, self._next = self._next, self._next + 1
        self.live[index] = group
        self._at[index] = len(self.ids)
        self.ids.append(index)
        self.cost += group.cost
        self.bits[index] = people_bits(group.people)
        for bit in self.bits[index]:
            self.where.setdefault(bit, []).append(index)
        for part in group.parts:
            for unit in part.units:
                self.home[unit] = index
        return index

    def leave(self, index: int) -> None:
        group = self.live.pop(index)
        self.cost -= group.cost
        for bit in self.bits.pop(index):
            self.where[bit].remove(index)
        last = self.ids.pop()
        at = self._at.pop(index)
        if last != index:
            self.ids[at] = last
            self._at[last] = at


class _Best:
    """The cheapest sessions seen, piece by piece."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.live = dict(enumerate(groups))
        self.home = {unit: index for index, group in self.live.items() for unit in _units(group)}
        self.cost = sum(group.cost for group in self.live.values())
        self._next = len(self.live)

    def take_from(self, plan: _Sessions, changed: Iterable[int]) -> None:
        """Replace each piece that the plan has cheaper; `changed` are sessions of the plan to look at."""
        seen: set[int] = set()
        for index in sorted(changed):
            if index in plan.live and index not in seen:
                theirs, ours = self._piece(plan, index)
                seen |= theirs
                self._take([plan.live[one] for one in sorted(theirs)], sorted(ours))

    def _piece(self, plan: _Sessions, index: int) -> tuple[set[int], set[int]]:
        """The fewest sessions of the plan and of the best that hold the same units."""
        theirs, ours = {index}, set[int]()
        waiting = [index]
        while waiting:
            for unit in _units(plan.live[waiting.pop()]):
                if self.home[unit] not in ours:
                    ours.add(self.home[unit])
                    for other in {plan.home[mine] for mine in _units(self.live[self.home[unit]])} - theirs:
                        theirs.add(other)
                        waiting.append(other)
        return theirs, ours

    def _take(self, theirs: Sequence[Group], ours: Sequence[int]) -> None:
        change = sum(group.cost for group in theirs) - sum(self.live[index].cost for index in ours)
        if (change, len(theirs)) >= (0, len(ours)):
            return
        self.cost += change
        for index in ours:
            del self.live[index]
        for group in theirs:
            self.live[self._next] = group
            for unit in _units(group):
                self.home[unit] = self._next
            self._next += 1


def _units(group: Group) -> list[int]:
    return [unit for part in group.parts for unit in part.units]


class _Search:
    def __init__(self, groups: Sequence[Group], pricer: Pricer, seed: int, memory: Memory | None) -> None:
        self.pricer = pricer
        self.memory = Memory(pricer) if memory is None else memory
        self.random = Random(seed)  # noqa: S311 - a reproducible search, not a secret
        self.pick = picker(self.random)
        self.seat = pricer.seat
        self.manner = _manner(groups, pricer.rules)
        self.plan = _Sessions(groups)
        self.best = _Best(groups)
        self.changed: set[int] = set()

    def result(self) -> list[Group]:
        self._compare()
        return [self.best.live[index] for index in sorted(self.best.live)]

    def _compare(self) -> None:
        self.best.take_from(self.plan, self.changed)
        self.changed.clear()

    def step(self, warmth: float) -> None:
        """Rebuild one neighbourhood and keep the result if it is good enough."""
        plan = self.plan
        chosen = self._related()
        old = [plan.live[index] for index in chosen]
        new = self._rebuilt(self._apart(old))
        self.memory.add(new)
        change = sum(group.cost for group in new) - sum(group.cost for group in old)
        if change > self._allowed(warmth):
            return
        for index in chosen:
            plan.leave(index)
        self.changed.update([plan.enter(group) for group in new])
        if plan.cost < self.best.cost or len(self.changed) > COMPARED * len(plan.live):
            self._compare()

    def _allowed(self, warmth: float) -> float:
        heat = self.manner.cold + (self.manner.hot - self.manner.cold) * warmth
        return self.seat * heat * self.random.random()

    def _related(self) -> list[int]:
        """A walk over shared people from a session that costs more than it is worth."""
        plan, pick = self.plan, self.pick
        wanted = self.random.randint(2, self.manner.most)
        drawn = [pick(plan.ids) for _ in range(DRAWN)]
        chosen = [max(drawn, key=lambda index: self.memory.reduced(plan.live[index]))]
        for _ in range(3 * wanted):
            other = pick(plan.where[pick(plan.bits[pick(chosen)])])
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
