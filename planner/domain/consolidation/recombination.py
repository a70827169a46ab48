"""Recombination: the sessions that searches have seen, put together anew.

Every search of the same units meets good sessions that its own plan has no room for. Choosing among all
of them is set partitioning. Its Lagrangian relaxation gives each unit a price, so that a session costs
more than its units are worth by its *reduced cost*; small regions of the plan are then covered anew by
depth-first search, which gives up a branch when the reduced costs so far exceed what could be gained.
Source: Held and Karp's subgradient method as used for covering by Caprara, Fischetti and Toth (1999).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import NamedTuple

from planner.domain.consolidation.pricing import Group, Pricer

STEPS = 600  # of the subgradient method
FIRST_STEP, LAST_STEP = 0.5, 0.002
NEAR = 0.1  # sessions dearer than this share above their units' prices are looked at now and then only
REFRESHED = 20  # steps between two looks at all sessions
PATIENCE = 15  # steps without a better bound before the step size is halved
REGION = 12  # sessions covered anew at once
NODES = 300  # branches tried in a region
HALF = 0.5  # of a minute: costs are whole minutes
TRIPS = 12  # times that each session begins a region, with the whole effort
FEWEST, MOST_A_UNIT = 2_000, 16  # sessions remembered: so many, or so many for each unit


def picker(random: Random) -> Callable[[Sequence[int]], int]:
    """Return what draws from numbers as `random.choice` does, of the same luck: hundreds of thousands of
    times in a search, so that what happens between the bits and the number counts."""
    draw = random.getrandbits

    def pick(numbers: Sequence[int]) -> int:
        many = len(numbers)
        width = many.bit_length()
        at = draw(width)
        while at >= many:
            at = draw(width)
        return numbers[at]

    return pick


class Memory:
    """The cheapest way seen to hold each set of units in one session.

    When it is full, the half that is dearest for what its units are worth is forgotten.
    """

    def __init__(self, pricer: Pricer) -> None:
        self._groups: dict[tuple[int, ...], Group] = {}
        self._alone = {unit: pricer.single(unit).cost for unit in pricer.puzzle.all_units}
        self._most = max(FEWEST, MOST_A_UNIT * len(self._alone))
        self.prices: dict[int, float] = {}  # of the units, as last known

    def add(self, groups: Iterable[Group]) -> None:
        """Remember sessions."""
        for group in groups:
            key = units_of(group)
            known = self._groups.get(key)
            if known is None or group.cost < known.cost:
                self._groups[key] = group
        if len(self._groups) > self._most:
            self._forget()

    def _forget(self) -> None:
        worth = self.prices or self._alone
        ratio = {
            key: group.cost / (sum([worth[unit] for unit in key]) or 1) for key, group in self._groups.items()
        }
        kept = sorted(ratio, key=lambda key: (ratio[key], key))[: self._most // 2]
        self._groups = {key: self._groups[key] for key in kept}

    def reduced(self, group: Group) -> float:
        """What a session costs above what its units are worth; 0.0 before there are prices."""
        prices = self.prices
        return group.cost - sum([prices[unit] for unit in units_of(group)]) if prices else 0.0

    def sessions(self, plan: Iterable[Group]) -> list[tuple[tuple[int, ...], Group]]:
        """Units and session, those of a plan among them, in the order of the units."""
        known = self._groups | {units_of(group): group for group in plan}
        return sorted(known.items(), key=lambda entry: entry[0])


def units_of(group: Group) -> tuple[int, ...]:
    """The units of a session, ascending."""
    return tuple(sorted([unit for part in group.parts for unit in part.units]))


class Columns(NamedTuple):
    """Sessions as columns of a set partitioning problem whose rows are numbered from 0."""

    costs: list[int]
    rows: list[tuple[int, ...]]


def row_prices(columns: Columns, start: Sequence[float], cost: int, *, steps: int = STEPS) -> list[float]:
    """A price for each row so that the columns are worth about what they cost, and the sum is large.

    `start` are first prices and `cost` is that of a known plan. The prices need not be feasible.
    """
    price, best, bound = list(start), list(start), float("-inf")
    step, since = FIRST_STEP, 0
    active: Sequence[int] = ()
    for number in range(steps):
        if number % REFRESHED == 0:
            active = _near(columns, price)
        missed, value = _relaxed(columns, active, price)
        since += 1
        if value > bound:
            best, bound, since = price, value, 0
        elif since > PATIENCE:
            price, step, since = best, step / 2, 0
            if step < LAST_STEP:
                break
            continue
        norm = sum(miss * miss for miss in missed)
        if norm == 0:
            break
        scale = step * (cost - value) / norm
        price = [max(0.0, old + scale * miss) for old, miss in zip(price, missed, strict=True)]
    return best


def _near(columns: Columns, price: Sequence[float]) -> list[int]:
    return [
        index
        for index, (cost, rows) in enumerate(zip(*columns, strict=True))
        if (1 - NEAR) * cost < sum([price[row] for row in rows])
    ]


def _relaxed(columns: Columns, active: Iterable[int], price: Sequence[float]) -> tuple[list[int], float]:
    """How often each row is missed (negative: covered too often) by the columns that pay, and the bound."""
    costs, rows_of = columns
    missed = [1] * len(price)
    value = float(sum(price))
    for index in active:
        rows = rows_of[index]
        reduced: float = costs[index]
        for row in rows:
            reduced -= price[row]
        if reduced < 0:
            value += reduced
            for row in rows:
                missed[row] -= 1
    return missed, value


def recombine(plan: Sequence[Group], memory: Memory, *, seed: int, effort: float = 1.0) -> list[Group]:
    """The cheapest plan found that consists of remembered sessions; never a worse one than was given."""
    return _Recombination(plan, memory, seed).run(max(1, round(effort * TRIPS)))


class _Recombination:
    def __init__(self, plan: Sequence[Group], memory: Memory, seed: int) -> None:
        entries = memory.sessions(plan)
        units = sorted({unit for group in plan for unit in units_of(group)})
        row = {unit: index for index, unit in enumerate(units)}
        self.groups = [group for _, group in entries]
        self.columns = Columns(
            [group.cost for group in self.groups],
            [tuple(row[unit] for unit in key) for key, _ in entries],
        )
        number = {key: index for index, (key, _) in enumerate(entries)}
        self.chosen = dict.fromkeys(number[units_of(group)] for group in plan)
        self.home = {at: index for index in self.chosen for at in self.columns.rows[index]}
        price = self._prices(units, memory)
        self.reduced = [
            cost - sum([price[at] for at in rows]) for cost, rows in zip(*self.columns, strict=True)
        ]
        self.with_row: list[list[int]] = [[] for _ in units]
        self.with_first: list[list[int]] = [[] for _ in units]
        for index in sorted(range(len(entries)), key=lambda index: (self.reduced[index], index)):
            rows = self.columns.rows[index]
            self.with_first[rows[0]].append(index)
            for at in rows:
                self.with_row[at].append(index)
        self.tried: set[frozenset[int]] = set()
        self.pick = picker(Random(seed))  # noqa: S311 - a reproducible search, not a secret

    def _prices(self, units: Sequence[int], memory: Memory) -> list[float]:
        costs, rows = self.columns
        home = [self.home[at] for at in range(len(units))]
        start = [
            memory.prices.get(unit, costs[mine] / len(rows[mine]))
            for unit, mine in zip(units, home, strict=True)
        ]
        price = row_prices(self.columns, start, sum(costs[index] for index in self.chosen))
        memory.prices = dict(zip(units, price, strict=True))
        return price

    def run(self, trips: int) -> list[Group]:
        """Cover anew around each session; a plan of the same cost is as welcome as a cheaper one."""
        for _ in range(trips):
            for first in sorted(self.chosen, key=lambda index: (-self.reduced[index], index)):
                if first in self.chosen:
                    self._cover_anew(self._region(first))
        return [self.groups[index] for index in sorted(self.chosen)]

    def _region(self, first: int) -> list[int]:
        """Sessions of the plan that remembered ones have in common with each other, from the first on."""
        region = [first]
        pick, rows, with_row, home = self.pick, self.columns.rows, self.with_row, self.home
        for _ in range(8 * REGION):
            at = pick(rows[pick(region)])
            other = home[pick(rows[pick(with_row[at])])]
            if other not in region:
                region.append(other)
                if len(region) == REGION:
                    break
        return region

    def _cover_anew(self, region: Sequence[int]) -> None:
        key = frozenset(region)
        if key in self.tried:
            return
        self.tried.add(key)
        found = _Cover(self, region).best()
        for index in region if found else ():
            del self.chosen[index]
        for index in found:
            self.chosen[index] = None
            for at in self.columns.rows[index]:
                self.home[at] = index


class _Cover:
    """The cheapest other cover of the rows of a region by remembered sessions inside it."""

    def __init__(self, whole: _Recombination, region: Sequence[int]) -> None:
        self.reduced = whole.reduced
        self.old = set(region)
        self.limit = sum([self.reduced[index] for index in region]) + HALF
        rows_of = whole.columns.rows
        rows = [at for index in region for at in rows_of[index]]
        inside = self._inside(whole, rows)
        bit = {at: 1 << place for place, at in enumerate(rows)}
        self.masks = {index: sum([bit[at] for at in rows_of[index]]) for index in inside}
        options: dict[int, list[int]] = {at: [] for at in rows}
        for index in inside:
            for at in rows_of[index]:
                options[at].append(index)
        order = sorted(options, key=lambda at: (len(options[at]), at))
        self.steps = [(bit[at], options[at]) for at in order]
        self.nodes = 0
        self.found: list[int] = []

    def _inside(self, whole: _Recombination, rows: Sequence[int]) -> list[int]:
        """The sessions that lie within these rows, ascending by reduced cost."""
        reduced, limit, rows_of = self.reduced, self.limit, whole.columns.rows
        covers = frozenset(rows).issuperset
        inside: list[int] = []
        for at in rows:
            for index in whole.with_first[at]:
                if reduced[index] >= limit:
                    break
                if covers(rows_of[index]):
                    inside.append(index)
        inside.sort(key=lambda index: (reduced[index], index))
        return inside

    def best(self) -> list[int]:
        """Sessions that cost no more than those of the region; empty when there are no others."""
        self._branch(0, (1 << len(self.steps)) - 1, 0.0, [])
        return self.found

    def _branch(self, step: int, left: int, reduced: float, chosen: list[int]) -> None:
        if not left:
            if not self.old.issuperset(chosen):
                self.limit, self.found = reduced - HALF, list(chosen)
            return
        self.nodes += 1
        while not self.steps[step][0] & left:
            step += 1
        for index in self.steps[step][1]:
            further = reduced + self.reduced[index]
            if further >= self.limit or self.nodes > NODES:
                return
            mask = self.masks[index]
            if mask & left == mask:
                chosen.append(index)
                self._branch(step + 1, left ^ mask, further, chosen)
                chosen.pop()
