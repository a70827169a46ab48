"""From many sessions to few: the search for one part of a task, from the first plan to the last.

A part is searched from the first plan several times. What the searches have met is recombined, and from
there search and recombination take turns. Each does what the other cannot: a search finds sessions that
nobody has seen, recombination the plan that they make together.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from planner.domain.consolidation.filling import fill
from planner.domain.consolidation.model import Attendance
from planner.domain.consolidation.pricing import Group, Pricer
from planner.domain.consolidation.puzzle import Puzzle, bits
from planner.domain.consolidation.recombination import Memory, recombine
from planner.domain.consolidation.savings import has_hub, merge_by_savings
from planner.domain.consolidation.search import improve
from planner.domain.consolidation.watch import Watch

LUKEWARM = 0.5  # how hot a search from the best plan begins
FEWEST = {Attendance.WHOLE: 500, Attendance.WINDOW: 1_000}  # rounds of one search
ROUNDS_A_UNIT = {Attendance.WHOLE: 8, Attendance.WINDOW: 3}  # of one search
MOST = {Attendance.WHOLE: 7_000, Attendance.WINDOW: 3_000}  # rounds of one search


class Course(NamedTuple):
    """How a part is searched: how often from the first plan, and how often from the best."""

    starts: int
    returns: int

    @property
    def searches(self) -> int:
        return self.starts + self.returns


COURSE = Course(starts=2, returns=5)


def rounds_of(units: int, attendance: Attendance, effort: float) -> int:
    """The rounds of one search of so many units; the clock has no say."""
    return int(effort * min(FEWEST[attendance] + ROUNDS_A_UNIT[attendance] * units, MOST[attendance]))


def first_plan(pricer: Pricer) -> list[Group]:
    """A plan at once: the units joined by savings; around a hub filled in, where that is cheaper."""
    units = pricer.bundles(pricer.puzzle.all_units)
    joined = merge_by_savings(units, pricer)
    if not has_hub(units):
        return joined
    return min(joined, fill(units, pricer, seed=seed_of(pricer.puzzle)), key=_price)


def refined(
    groups: list[Group], pricer: Pricer, *, course: Course = COURSE, effort: float, watch: Watch
) -> list[Group]:
    """The cheapest plan found from this one; with no effort the same one."""
    rounds = rounds_of(len(pricer.puzzle.units), pricer.rules.attendance, effort)
    if rounds == 0:
        return groups
    memory, seed = Memory(pricer), seed_of(pricer.puzzle)
    found = [
        improve(groups, pricer, rounds=rounds, seed=seed + start, memory=memory, watch=watch)
        for start in range(course.starts)
    ]
    best = min(found, key=_price, default=groups)
    for again in range(course.starts, course.searches):
        if watch.stopped:
            return best
        best = recombine(best, memory, seed=seed + again, effort=effort)
        best = improve(
            best, pricer, rounds=rounds, seed=seed + again, warmth=LUKEWARM, memory=memory, watch=watch
        )
    return best if watch.stopped else recombine(best, memory, seed=seed, effort=effort)


def _price(groups: Sequence[Group]) -> tuple[int, int]:
    return sum(group.cost for group in groups), len(groups)


def seed_of(puzzle: Puzzle) -> int:
    """A number that depends on what is asked, neither on names nor on other parts of the task."""
    rows = [(bits(unit.people), unit.minutes, unit.linked) for unit in puzzle.units]
    return int.from_bytes(sha256(repr(rows).encode()).digest()[:8], "big")
