"""What a plan costs and how people sit in it, counted without any part of the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.consolidation.model import Attendance, Item, Plan, Task
from tests.domain.consolidation.clock import own_places, people_of


@dataclass(frozen=True, slots=True)
class Recount:
    """The figures of a plan; `cost` is J, the minutes are person-minutes."""

    cost: int
    sessions: int
    seats: int
    person_minutes: int
    own_minutes: int
    idle_minutes: int
    travel_minutes: int
    split_minutes: int
    sessions_of: Mapping[str, int]
    relevance: float


def recount(task: Task, plan: Plan) -> Recount:
    """Count a plan seat by seat; items that the task does not have are passed over."""
    known = {item.id: item for item in task.items}
    agendas = [[known[key] for key in session.items if key in known] for session in plan.sessions]
    seats = [(person, agenda) for agenda in agendas for person in sorted(people_of(agenda))]
    sat = sum(minutes_sat(task, person, agenda) for person, agenda in seats)
    own = sum(item.minutes for person, agenda in seats for item in agenda if person in item.people)
    whole = task.rules.attendance is Attendance.WHOLE
    attended = sat + (task.rules.opening * len(seats) if whole else 0)
    travel = sum(way_to(task, people_of(agenda)) for agenda in agendas)
    split = split_price(task, agendas)
    return Recount(
        cost=attended + task.rules.seat_cost * len(seats) + travel + split,
        sessions=len(agendas),
        seats=len(seats),
        person_minutes=attended,
        own_minutes=own,
        idle_minutes=sat - own,
        travel_minutes=travel,
        split_minutes=split,
        sessions_of=dict(sorted(Counter(person for person, _ in seats).items())),
        relevance=own / sat if own else 1.0,
    )


def minutes_sat(task: Task, person: str, agenda: Sequence[Item]) -> int:
    """What somebody sits through of what is talked about, without opening and break."""
    if task.rules.attendance is Attendance.WHOLE:
        return sum(item.minutes for item in agenda)
    places = own_places(agenda, person)
    return sum(item.minutes for item in agenda[places[0] : places[-1] + 1])


def way_to(task: Task, people: frozenset[str]) -> int:
    """Minutes there and back of all of them, to the place among theirs where that is least."""
    homes = [task.attendees[who].place for who in people if who in task.attendees]
    places = [home for home in homes if home is not None]
    if not task.travel or not places:
        return 0
    return min(sum(both_ways(task, home, venue) for home in places) for venue in places)


def both_ways(task: Task, home: str | None, venue: str | None) -> int:
    if home is None or venue is None or home == venue:
        return 0
    return 2 * task.travel.get(frozenset({home, venue}), 0)


def split_price(task: Task, agendas: Sequence[Sequence[Item]]) -> int:
    """The price of each further session of one provider's queue."""
    met = Counter(provider for agenda in agendas for provider in {item.provider for item in agenda})
    return task.rules.split_cost * sum(times - 1 for times in met.values())
