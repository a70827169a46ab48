"""What the price of a seat does: few sessions and more hours at one end, the reverse at the other.

A few plans under other prices stand beside the chosen one. Those that another beats in both sessions per
person and person-minutes are left out; the rest are a curve.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.domain.consolidation.agenda import items_by_id
from planner.domain.consolidation.cost import best_place, plan_figures, spans
from planner.domain.consolidation.model import Attendance, Item, Plan, Rules, Task
from planner.domain.consolidation.solver import solve, widened

SEAT_COST_MAX = 480
STEP = 5
SMALLEST_BASE = 5
"""Multiples of a smaller price are all the same, so those of the usual price are tried."""


@dataclass(frozen=True, slots=True)
class Point:
    """One plan counted. `per_person` and `busiest` are sessions; `minutes` is what people sit and travel,
    without the price of seats."""

    seat_cost: int
    sessions: int
    seats: int
    per_person: float
    busiest: int
    minutes: int
    relevance: float

    def beats(self, other: Point) -> bool:
        """Nowhere worse and somewhere better."""
        mine, theirs = (self.per_person, self.minutes), (other.per_person, other.minutes)
        return mine != theirs and mine[0] <= theirs[0] and mine[1] <= theirs[1]


@dataclass(frozen=True, slots=True)
class Shift:
    """How many sessions and minutes more, or fewer where negative, one person has at a neighbour."""

    person: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The next point of the curve and whom it changes anything for, by person."""

    point: Point
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Dial:
    """The curve in order of sessions per person. `chosen` is beside it where a point of it beats it.

    fewer and more are the neighbours of the chosen point: fewer sessions per person, more of them.
    """

    chosen: Point
    points: tuple[Point, ...]
    fewer: Neighbour | None = None
    more: Neighbour | None = None

    @property
    def is_beaten(self) -> bool:
        return self.chosen not in self.points


def dial(task: Task, *, chosen: Plan | None = None, effort: float = 0.1) -> Dial:
    """The curve around the seat cost of the task's rules; five runs at most.

    `chosen` is the plan under these rules where there is one already. The same task and plan give the
    same dial. Plans that leave out other items than the chosen one are no match for it and are left out.
    Without effort a higher price goes on from the plan of the one below, in a quarter of the time.
    """
    here = solve(task, effort=effort).plan if chosen is None else chosen
    mine = _point(task, here, task.rules.seat_cost)
    if not here.sessions:
        return Dial(mine, (mine,))
    plans, below = {mine: here}, here
    for cost in seat_costs(task.rules):
        plan = here if cost == task.rules.seat_cost else _plan_at(task, cost, below, effort)
        below = plan
        if plan.unplaced.keys() == here.unplaced.keys() and len(plan.torn) <= len(here.torn):
            plans.setdefault(_point(task, plan, cost), plan)
    points = _curve(mine, plans)
    fewer, more = _beside(mine, points)
    return Dial(
        mine,
        points,
        None if fewer is None else Neighbour(fewer, _shifts(task, here, plans[fewer])),
        None if more is None else Neighbour(more, _shifts(task, here, plans[more])),
    )


def seat_costs(rules: Rules) -> tuple[int, ...]:
    """The prices that are tried, the chosen one among them, in order."""
    chosen = rules.seat_cost
    if chosen < SMALLEST_BASE:
        usual = Rules().seat_cost
        return tuple(sorted({chosen, *(_rounded(usual * share) for share in (1 / 3, 1, 3, 8))}))
    return tuple(sorted({chosen, *(_rounded(chosen * share) for share in (0, 1 / 3, 3, 8))}))


def _rounded(minutes: float) -> int:
    return min(SEAT_COST_MAX, STEP * round(minutes / STEP))


def _plan_at(task: Task, seat_cost: int, below: Plan, effort: float) -> Plan:
    priced = replace(task, rules=replace(task.rules, seat_cost=seat_cost))
    if effort == 0 and seat_cost > task.rules.seat_cost:
        return widened(priced, below).plan
    return solve(priced, effort=effort).plan


def _point(task: Task, plan: Plan, seat_cost: int) -> Point:
    figures = plan_figures(task, plan)
    return Point(
        seat_cost=seat_cost,
        sessions=figures.sessions,
        seats=figures.seats,
        per_person=figures.sessions_per_person,
        busiest=max(figures.sessions_of.values(), default=0),
        minutes=figures.person_minutes + figures.travel_minutes,
        relevance=figures.relevance,
    )


def _curve(mine: Point, found: Iterable[Point]) -> tuple[Point, ...]:
    """The points that none beats, equal ones once: the chosen one, else that of the nearest price."""
    nearest = sorted(found, key=lambda point: (abs(point.seat_cost - mine.seat_cost), point.seat_cost))
    places = {(point.per_person, point.minutes): point for point in reversed(nearest)}
    kept = [point for point in places.values() if not any(other.beats(point) for other in nearest)]
    return tuple(sorted(kept, key=lambda point: point.per_person))


def _beside(mine: Point, points: Sequence[Point]) -> tuple[Point | None, Point | None]:
    others = [point for point in points if point != mine]
    fewer = [point for point in others if point.per_person <= mine.per_person]
    more = [point for point in others if point.per_person > mine.per_person]
    return fewer[-1] if fewer else None, more[0] if more else None


def _shifts(task: Task, here: Plan, there: Plan) -> tuple[Shift, ...]:
    before, after = _loads(task, here), _loads(task, there)
    found = []
    for person in sorted(before.keys() | after.keys()):
        (sat, took), (sits, takes) = before.get(person, (0, 0)), after.get(person, (0, 0))
        if (sat, took) != (sits, takes):
            found.append(Shift(person, sits - sat, takes - took))
    return tuple(found)


def _loads(task: Task, plan: Plan) -> dict[str, tuple[int, int]]:
    """Sessions and minutes, the way there and back among them, of each person."""
    known = items_by_id(task)
    loads: dict[str, tuple[int, int]] = {}
    for session in plan.sessions:
        for person, minutes in _minutes(task, [known[item] for item in session.items]).items():
            sessions, before = loads.get(person, (0, 0))
            loads[person] = sessions + 1, before + minutes
    return loads


def _minutes(task: Task, items: Sequence[Item]) -> dict[str, int]:
    sat, rules = spans(items), task.rules
    if rules.attendance is Attendance.WHOLE:
        sat = dict.fromkeys(sat, rules.opening + sum(item.minutes for item in items))
    venue = best_place(task, sat)[0]
    return {person: minutes + _way(task, person, venue) for person, minutes in sat.items()}


def _way(task: Task, person: str, venue: str | None) -> int:
    home = task.attendees[person].place if person in task.attendees else None
    if home is None or venue is None or home == venue:
        return 0
    return 2 * task.travel.get(frozenset({home, venue}), 0)
