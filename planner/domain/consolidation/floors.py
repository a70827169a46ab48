"""What a session of some units costs at least, counted exactly, as the rows of a covering problem.

Whole mode: people * (seat + minutes). Window mode: people * seat, and everybody's own minutes, for a
span is never shorter than what is one's own. Travel costs nothing here, and of the queues of a unit
only one is counted, and only where all its units share a person: then two sessions that share nobody
cost at least as much together as one by one, so that only connected sessions need to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd

from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.consolidation.puzzle import Puzzle, Unit, bits

SCALE = 10_000  # prices are whole numbers of this part of a minute, so that no rounding can harm a bound


@dataclass(frozen=True)
class Floor:
    """Units as rows from 0 on; minutes, seats and prices in parts of a minute (SCALE).

    own: what a row costs whoever sits there (window mode). ground: everybody's own minutes, which no price
    needs to be below. slope: minutes that every person of a session
    pays for (whole mode). queues: the counted queue of a row, -1 for none. beside: what is paid whatever
    the sessions are.
    """

    people: tuple[int, ...]
    minutes: tuple[int, ...]
    own: tuple[int, ...]
    ground: tuple[int, ...]
    slope: tuple[int, ...]
    queues: tuple[int, ...]
    seat: int
    split: int
    people_max: int
    minutes_max: int
    beside: int

    def cost(self, rows: Iterable[int]) -> int:
        """What one session of these rows costs at least."""
        people = own = slope = queues = 0
        for row in rows:
            people |= self.people[row]
            own += self.own[row]
            slope += self.slope[row]
            queues |= 1 << self.queues[row] if self.queues[row] >= 0 else 0
        return people.bit_count() * (self.seat + slope) + own + self.split * queues.bit_count()

    def allows(self, rows: Sequence[int]) -> bool:
        """True when people and minutes keep to the caps."""
        people = 0
        for row in rows:
            people |= self.people[row]
        return people.bit_count() <= self.people_max and self.length(rows) <= self.minutes_max

    @property
    def least_split(self) -> int:
        """What every session pays for queues."""
        return self.split if min(self.queues) >= 0 else 0

    @property
    def everybody(self) -> int:
        """The people of all rows."""
        return _union(self.people)

    def length(self, rows: Iterable[int]) -> int:
        """The minutes of a session of these rows."""
        return sum([self.minutes[row] for row in rows])


def floor_of(puzzle: Puzzle, units: Sequence[int]) -> Floor:
    """The floor under sessions of these units; row n is the n-th of them."""
    rules = puzzle.task.rules
    whole = rules.attendance is Attendance.WHOLE
    members = [puzzle.units[unit] for unit in units]
    queues = _queues(members) if rules.split_cost else [-1] * len(members)
    everything = _union(unit.providers for unit in members)
    counted = {queue for queue in queues if queue >= 0}
    return Floor(
        people=tuple(unit.people for unit in members),
        minutes=tuple(unit.minutes for unit in members),
        own=tuple(0 if whole else SCALE * _own_minutes(unit) for unit in members),
        ground=tuple(SCALE * _own_minutes(unit) for unit in members),
        slope=tuple(SCALE * unit.minutes if whole else 0 for unit in members),
        queues=tuple(queues),
        seat=SCALE * (rules.seat_cost + (rules.opening if whole else 0)),
        split=SCALE * rules.split_cost,
        people_max=rules.people_max,
        minutes_max=rules.minutes_max - rules.opening,
        beside=SCALE * rules.split_cost * (everything.bit_count() - len(counted)),
    )


def _own_minutes(unit: Unit) -> int:
    """Everybody's own minutes; who is not needed for each item of a group may leave in between."""
    return sum(item.minutes * len(item.people) for item in unit.items)


def _queues(members: Sequence[Unit]) -> list[int]:
    """For each unit the first of its queues whose units all share a person; -1 where there is none."""
    shared: dict[int, int] = {}
    for unit in members:
        for queue in bits(unit.providers):
            shared[queue] = shared.get(queue, -1) & unit.people
    return [next((queue for queue in bits(unit.providers) if shared[queue]), -1) for unit in members]


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def grain(puzzle: Puzzle, rules: Rules) -> int:
    """A number of minutes that divides what any session can cost.

    A session costs seats, each person some of its items' minutes, two ways of travel for each person and
    a price for each queue: a sum of whole multiples of the numbers looked at here.
    """
    whole = rules.attendance is Attendance.WHOLE
    minutes = [item.minutes for unit in puzzle.units for item in unit.items]
    ways = [2 * way for way in puzzle.task.travel.values()]
    seat = rules.seat_cost + (rules.opening if whole else 0)
    return max(gcd(seat, rules.split_cost, *minutes, *ways), 1)
