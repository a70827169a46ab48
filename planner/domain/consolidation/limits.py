"""Nobody in more sessions than they may: first by making their seats dearer, then by leaving items out.

Source: consolidation background, section 2, secondary aims (R7 by re-pricing). Where re-pricing falls
short the limit still holds: items of those who have no session left are named as unplaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from planner.domain.consolidation.agenda import items_by_id
from planner.domain.consolidation.cost import plan_cost, sessions_of
from planner.domain.consolidation.model import Item, Plan, Task

REPRICINGS = 12  # rounds in which seats of people over their limit get dearer

Agenda = tuple[Item, ...]
PlanWith = Callable[[Mapping[str, int]], Plan]


def overloaded(task: Task, plan: Plan) -> dict[str, int]:
    """People in more sessions than they may, with the number of their sessions."""
    limit = task.rules.sessions_max
    if limit is None:
        return {}
    counts = sessions_of(plan, items_by_id(task))
    return {person: count for person, count in counts.items() if count > limit}


def relieved(task: Task, plan: Plan, plan_with: PlanWith) -> Plan:
    """The plan in which people over their limit sit least too often, after several rounds of dearer seats.

    `plan_with` plans anew with surcharges for the seats of people, by name.
    """
    extra: dict[str, int] = {}
    best, seat = plan, task.rules.seat_cost
    for _ in range(REPRICINGS):
        over = overloaded(task, plan)
        if not over:
            break
        for person in over:
            extra[person] = int(1.4 * (seat + extra.get(person, 0))) + 5 - seat
        plan = plan_with(extra)
        best = min(best, plan, key=lambda one: _excess(task, one))
    return best


def _excess(task: Task, plan: Plan) -> tuple[int, int]:
    limit = task.rules.sessions_max or 0
    return sum(count - limit for count in overloaded(task, plan).values()), plan_cost(task, plan)


def within_limits(task: Task, agendas: Iterable[Agenda]) -> tuple[list[Agenda], dict[str, str]]:
    """The agendas without the items for which somebody has no session left, and those with the reason.

    Who sits in too many leaves the one in which they have the fewest minutes.
    """
    limit = task.rules.sessions_max
    left = list(agendas)
    unplaced: dict[str, str] = {}
    while limit is not None and (person := _busiest(left, limit)):
        theirs = [at for at, agenda in enumerate(left) if _minutes(person, agenda)]
        at = min(theirs, key=lambda at: (_minutes(person, left[at]), [item.rank for item in left[at]]))
        for item in left[at]:
            if person in item.people:
                unplaced[item.id] = (
                    f"R7: {person} may sit in {limit} sessions, and {item.id} would need one more."
                )
        left[at] = tuple(item for item in left[at] if person not in item.people)
        left = [agenda for agenda in left if agenda]
    return left, unplaced


def _busiest(agendas: Sequence[Agenda], limit: int) -> str | None:
    """Who sits in most sessions above the limit, the first by name among equals."""
    counts: dict[str, int] = {}
    for agenda in agendas:
        for person in {person for item in agenda for person in item.people}:
            counts[person] = counts.get(person, 0) + 1
    over = [(-count, person) for person, count in counts.items() if count > limit]
    return min(over)[1] if over else None


def _minutes(person: str, agenda: Agenda) -> int:
    return sum(item.minutes for item in agenda if person in item.people)
