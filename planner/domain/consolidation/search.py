"""Large-neighbourhood search: take a few related sessions apart and put them together anew.

Rebuilding is by savings with noise or by best insertion in random order; a worse rebuild is kept
while the temperature allows it, the best plan seen is what counts. The number of rounds decides when
to stop, never the clock, and the random numbers come from a seed given by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from planner.domain.consolidation.pricing import Group, Pricer, people_bits
from planner.domain.consolidation.savings import Weigh, merge_by_savings

HOT = 0.02  # temperatures as a share of the cost of a seat
COLD = 0.004


def improve(
    groups: Sequence[Group],
    pricer: Pricer,
    *,
    rounds: int,
    seed: int,
    report: Callable[[], None] | None = None,
) -> list[Group]:
    """The best plan seen in so many rounds; never a worse one than was given."""
    search = _Search(groups, pricer, seed)
    for number in range(rounds):
        search.step(1 - number / rounds)
        if report is not None:
            report()
    return search.best


class _Search:
    def __init__(self, groups: Sequence[Group], pricer: Pricer, seed: int) -> None:
        self.pricer = pricer
        self.random = Random(seed)  # noqa: S311 - a reproducible search, not a secret
        self.seat = pricer.rules.seat_cost + pricer.rules.opening
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

    def step(self, warmth: float) -> None:
        """Rebuild one neighbourhood and keep the result if it is good enough."""
        chosen = self._related()
        old = [self.live[index] for index in chosen]
        new = self._rebuilt(self._apart(old))
        change = sum(group.cost for group in new) - sum(group.cost for group in old)
        limit = self.seat * (COLD + (HOT - COLD) * warmth) * self.random.random() * 3
        if change > limit:
            return
        for index in chosen:
            self._leave(index)
        for group in new:
            self._enter(group)
        self.cost += change
        if (self.cost, len(self.live)) < self.best_key:
            self.best_key = (self.cost, len(self.live))
            self.best = [self.live[index] for index in sorted(self.live)]

    def _related(self) -> list[int]:
        """A walk over shared people from a random session."""
        wanted = self.random.randint(2, 8)
        chosen = [self.random.choice(self.ids)]
        for _ in range(3 * wanted):
            bit = self.random.choice(people_bits(self.live[self.random.choice(chosen)].people))
            other = self.random.choice(self.where[bit])
            if other not in chosen:
                chosen.append(other)
                if len(chosen) == wanted:
                    break
        return chosen

    def _apart(self, groups: Iterable[Group]) -> list[Group]:
        units = [unit for group in groups for part in group.parts for unit in part.units]
        if self.random.random() < 0.1:
            return [self.pricer.single(unit) for unit in sorted(units)]
        return self.pricer.bundles(units)

    def _rebuilt(self, pool: list[Group]) -> list[Group]:
        luck = self.random.random
        if luck() < 0.2:
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
