"""From many sessions to few: the search for one part of a task, from the first plan to the last.

A part is searched from the beginning several times. What the searches have met is recombined, and from
there search and recombination take turns. Each does what the other cannot: a search finds sessions that
nobody has seen, recombination the plan that they make together.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.domain.consolidation.model import Attendance
from planner.domain.consolidation.pricing import Group, Pricer
from planner.domain.consolidation.recombination import Memory, recombine
from planner.domain.consolidation.savings import merge_by_savings
from planner.domain.consolidation.search import improve
from planner.domain.consolidation.watch import Watch

STARTS = 2  # searches from the beginning
RETURNS = 5  # searches from the best plan so far
LUKEWARM = 0.5  # how hot those begin
FEWEST = 500  # rounds of one search
ROUNDS_A_UNIT = {Attendance.WHOLE: 8, Attendance.WINDOW: 3}  # of one search
MOST = {Attendance.WHOLE: 7_000, Attendance.WINDOW: 3_000}  # rounds of one search


def rounds_of(units: Sequence[int], pricer: Pricer, effort: float) -> int:
    """The rounds of one of the searches; what decides is the size of the part, never the clock."""
    attendance = pricer.rules.attendance
    return int(effort * min(FEWEST + ROUNDS_A_UNIT[attendance] * len(units), MOST[attendance]))


def all_rounds(units: Sequence[int], pricer: Pricer, effort: float) -> int:
    """The rounds of all searches of a part."""
    return (STARTS + RETURNS) * rounds_of(units, pricer, effort)


def refined(units: Sequence[int], pricer: Pricer, *, seed: int, effort: float, watch: Watch) -> list[Group]:
    """A cheap plan of these units; with no effort the first plan."""
    first = merge_by_savings(pricer.bundles(units), pricer)
    rounds = rounds_of(units, pricer, effort)
    if rounds == 0:
        return first
    memory = Memory()
    found = [
        improve(first, pricer, rounds=rounds, seed=seed + start, memory=memory, watch=watch)
        for start in range(STARTS)
    ]
    best = min(found, key=_price)
    for again in range(STARTS, STARTS + RETURNS):
        if watch.stopped:
            break
        best = recombine(best, memory, seed=seed + again)
        best = improve(
            best, pricer, rounds=rounds, seed=seed + again, warmth=LUKEWARM, memory=memory, watch=watch
        )
    return best if watch.stopped else recombine(best, memory, seed=seed)


def _price(groups: list[Group]) -> tuple[int, int]:
    return sum(group.cost for group in groups), len(groups)
