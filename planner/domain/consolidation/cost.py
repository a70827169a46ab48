"""What a plan costs its people, in person-minutes, and the figures a page shows about it.

J = the seats (window: c + span; whole: c + opening + minutes), the way there and back where people
meet in a place, and the price of each further session of one provider's queue.
Why these: docs/adr/0002-how-sessions-are-found.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from planner.domain.consolidation.agenda import items_by_id
from planner.domain.consolidation.model import Attendance, Item, Plan, PlannedSession, Rules, Task


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """One session counted: seats, and person-minutes attended (`person_minutes`), needed (`own_minutes`),
    waited out (`idle_minutes`) and travelled. `cost` leaves out the price of split queues."""

    seats: int
    minutes: int
    person_minutes: int
    own_minutes: int
    idle_minutes: int
    travel_minutes: int
    cost: int

    @property
    def relevance(self) -> float:
        """The share of the minutes people sit through that concern them; the opening does not count."""
        return _share(self.own_minutes, self.idle_minutes)


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """A whole plan counted; `sessions_of` says in how many sessions each person sits."""

    sessions: int
    seats: int
    person_minutes: int
    own_minutes: int
    idle_minutes: int
    travel_minutes: int
    split_minutes: int
    cost: int
    sessions_of: Mapping[str, int]

    @property
    def relevance(self) -> float:
        """The share of the minutes people sit through that concern them; 1.0 for an empty plan."""
        return _share(self.own_minutes, self.idle_minutes)

    @property
    def sessions_per_person(self) -> float:
        """Sessions of the average person who sits in one at all."""
        return self.seats / len(self.sessions_of) if self.sessions_of else 0.0


def _share(own: int, idle: int) -> float:
    return own / (own + idle) if own else 1.0


def best_place(task: Task, people: Collection[str]) -> tuple[str | None, int]:
    """Where these people meet with the fewest minutes there and back, and those minutes.

    (None, 0) when nobody travels. Two places with no minutes recorded between them are next door.
    """
    if not task.travel:
        return None, 0
    at = [task.attendees[person].place for person in sorted(people) if person in task.attendees]
    places = [place for place in at if place is not None]
    if not places:
        return None, 0
    minutes, venue = min((_way(task, places, venue), venue) for venue in set(places))
    return venue, minutes


def _way(task: Task, places: Sequence[str], venue: str) -> int:
    return sum(2 * task.travel.get(frozenset({place, venue}), 0) for place in places if place != venue)


def session_figures(task: Task, items: Sequence[Item]) -> SessionFigures:
    """Count one session whose items are talked about in this order."""
    rules = task.rules
    people = {person for item in items for person in item.people}
    minutes = sum(item.minutes for item in items)
    own = sum(item.minutes * len(item.people) for item in items)
    whole = rules.attendance is Attendance.WHOLE
    sat = len(people) * minutes if whole else sum(spans(items).values())
    attended = sat + len(people) * rules.opening if whole else sat
    travel = best_place(task, people)[1]
    return SessionFigures(
        seats=len(people),
        minutes=rules.opening + minutes,
        person_minutes=attended,
        own_minutes=own,
        idle_minutes=sat - own,
        travel_minutes=travel,
        cost=len(people) * rules.seat_cost + attended + travel,
    )


def spans(items: Sequence[Item]) -> dict[str, int]:
    """Minutes from the start of the first to the end of the last own item, for each person."""
    begins: dict[str, int] = {}
    ends: dict[str, int] = {}
    at = 0
    for item in items:
        for person in item.people:
            begins.setdefault(person, at)
            ends[person] = at + item.minutes
        at += item.minutes
    return {person: ends[person] - begins[person] for person in sorted(begins)}


def plan_figures(task: Task, plan: Plan) -> PlanFigures:
    """Count a plan; raises KeyError when it names an item that the task does not have."""
    known = items_by_id(task)
    counted = [session_figures(task, [known[i] for i in session.items]) for session in plan.sessions]
    split = split_minutes(task.rules, plan.sessions, known)
    return PlanFigures(
        sessions=len(counted),
        seats=sum(one.seats for one in counted),
        person_minutes=sum(one.person_minutes for one in counted),
        own_minutes=sum(one.own_minutes for one in counted),
        idle_minutes=sum(one.idle_minutes for one in counted),
        travel_minutes=sum(one.travel_minutes for one in counted),
        split_minutes=split,
        cost=sum(one.cost for one in counted) + split,
        sessions_of=sessions_of(plan, known),
    )


def plan_cost(task: Task, plan: Plan) -> int:
    """J of a plan, in person-minutes."""
    return plan_figures(task, plan).cost


def split_minutes(rules: Rules, sessions: Sequence[PlannedSession], known: Mapping[str, Item]) -> int:
    """The price of all further sessions over which providers' queues are spread."""
    met = [{known[item].provider for item in session.items} for session in sessions]
    return rules.split_cost * (sum(map(len, met)) - len(set().union(*met)))


def sessions_of(plan: Plan, known: Mapping[str, Item]) -> dict[str, int]:
    """In how many sessions each person of the plan sits."""
    counts: dict[str, int] = {}
    for session in plan.sessions:
        for person in {person for item in session.items for person in known[item].people}:
            counts[person] = counts.get(person, 0) + 1
    return dict(sorted(counts.items()))
