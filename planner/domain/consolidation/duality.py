"""A bound that no plan can be below, from prices of units that no session is worth more than.

Where no session's units are worth more than the session costs at least, the prices of all units together
are at most what any plan costs (weak duality of set covering). Good prices come from a linear programme
over the sessions seen so far; sessions that are worth more than they cost are searched for, settled by
lowering prices, and join those seen: column generation, with a valid bound after each complete search.
Source: Farley 1990; Barnhart et al. 1998; Lübbecke and Desrosiers 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from planner.domain.consolidation.bound import lower_bound
from planner.domain.consolidation.floors import SCALE, Floor, floor_of, grain
from planner.domain.consolidation.model import Attendance
from planner.domain.consolidation.overpriced import Repair
from planner.domain.consolidation.pricing import Pricer
from planner.domain.consolidation.recombination import Columns, row_prices, units_of
from planner.domain.consolidation.savings import merge_by_savings

PASSES = 40  # searches over all people at most
NODES = {Attendance.WHOLE: 40_000, Attendance.WINDOW: 20_000}  # branches of all passes together
PROBE = 3  # passes that the branches are enough for at least, those for one person being limited
FEW = {Attendance.WHOLE: 300, Attendance.WINDOW: 60}  # branches for one person and pass at least
LAST = 20_000  # branches of a last pass that has to end
FEWEST = 100  # branches for a person with which it makes sense
CLOSE = 0.003  # share of the prices that may be lost to settling before it is worth another pass
CAUTIOUS = 85  # percent of the prices above own minutes that a search begins with which must end


class Prices(Protocol):
    """Finds a price for each row: the columns are worth at most about what they cost, the sum is large."""

    def __call__(self, columns: Columns, start: Sequence[float], cost: int) -> list[float]:
        """`start` are first prices and `cost` is that of a known plan."""
        ...


def subgradient_prices(columns: Columns, start: Sequence[float], cost: int) -> list[float]:
    """Nearly the best prices, by the standard library alone."""
    return row_prices(columns, start, cost)


def dual_bound(
    pricer: Pricer,
    *,
    effort: float = 1.0,
    close: float = CLOSE,
    prices: Prices = subgradient_prices,
) -> int:
    """Person-minutes that the groups of the pricer's puzzle cost at least, the price of each queue included.

    `effort` scales the branches. `close` is the share of the prices that may be lost before the last pass.
    The bound is valid whatever `prices` finds; with exact ones, close 0 and enough effort it is the value
    of the linear programme over all sessions, rounded up to what sessions can cost. Never below the bound
    that counts each person alone.
    """
    puzzle, items = pricer.puzzle, pricer.puzzle.items()
    queues = len({item.provider for item in items})
    known = lower_bound(items, pricer.rules) + pricer.rules.split_cost * queues
    if not items or effort <= 0:
        return known
    floor = floor_of(puzzle, puzzle.all_units)
    found = _Market(floor, pricer).bound(prices, effort, close) + floor.beside
    step = SCALE * grain(puzzle, pricer.rules)
    return max(known, -(-found // step) * step // SCALE)


class _Market:
    """The sessions seen so far as columns, and the prices of the units as rows."""

    def __init__(self, floor: Floor, pricer: Pricer) -> None:
        self.floor = floor
        self.attendance = pricer.rules.attendance
        self.people = floor.everybody.bit_count()
        units = pricer.puzzle.all_units
        plan = merge_by_savings(pricer.bundles(units), pricer)
        singles = [pricer.single(unit) for unit in units]
        self.columns: dict[tuple[int, ...], int] = {}
        self.learn(units_of(group) for group in (*plan, *singles, *pricer.bundles(units)))
        self.cost = sum(group.cost for group in plan)
        share = {unit: group.cost / len(units_of(group)) for group in plan for unit in units_of(group)}
        self.prices = [share[unit] for unit in units]

    def learn(self, sessions: Iterable[tuple[int, ...]]) -> bool:
        """Take sessions in; True when one was new."""
        before = len(self.columns)
        for rows in sessions:
            if rows not in self.columns:
                self.columns[rows] = self.floor.cost(rows) // SCALE
        return len(self.columns) > before

    def bound(self, prices: Prices, effort: float, close: float) -> int:
        """The best sum of prices of which no session is worth more than it costs, in parts of a minute."""
        nodes = int(effort * NODES[self.attendance])
        best, left, probe = 0, nodes, max(nodes // PROBE // self.people, FEW[self.attendance])
        for _ in range(PASSES):
            self._price_anew(prices)
            hoped = self._scaled()
            repair = Repair(self.floor, hoped, nodes=probe, sure=False)
            value = sum(repair.run())
            left -= repair.used
            if not repair.cut:
                best = max(best, value)
            fresh = self.learn(sorted(set(repair.found)))
            if not fresh or left < 0 or best > (1 - close) * sum(hoped):
                break
        return best or self._for_sure(int(effort * LAST) // self.people)

    def _for_sure(self, nodes: int) -> int:
        """A sum of prices after a search that is completed; where it takes too long for lower prices."""
        if nodes < FEWEST:
            return 0
        cautious = [
            least + (price - least) * CAUTIOUS // 100
            for price, least in zip(self._scaled(), self.floor.ground, strict=True)
        ]
        return sum(Repair(self.floor, cautious, nodes=nodes, sure=True).run())

    def _price_anew(self, prices: Prices) -> None:
        ordered = sorted(self.columns.items())
        columns = Columns([cost for _, cost in ordered], [rows for rows, _ in ordered])
        self.prices = prices(columns, self.prices, self.cost)

    def _scaled(self) -> list[int]:
        return [int(price * SCALE) for price in self.prices]
