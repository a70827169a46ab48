"""Nobody in more sessions than they may: first by making their seats dearer, then by leaving items out.

Where re-pricing falls short the limit still holds: items of those who have no session left are named as
unplaced.
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


def within_limits(
    task: Task, agendas: Iterable[Agenda], fitted: Callable[[Agenda], Agenda | None]
) -> tuple[list[Agenda], dict[str, str]]:
    """The agendas without the items for which somebody has no session left, and those with the reason.

    Who sits in too many leaves the one in which they have the fewest minutes; their items go where
    everybody sits or may still sit. `fitted` gives items as an agenda, None where the rules forbid it.
    """
    limit = task.rules.sessions_max
    left = list(agendas)
    if limit is None:
        return left, {}
    homeless: list[Item] = []
    while person := _busiest(left, limit):
        theirs = [at for at, agenda in enumerate(left) if _minutes(person, agenda)]
        at = min(theirs, key=lambda at: (_minutes(person, left[at]), [item.rank for item in left[at]]))
        homeless += [item for item in left[at] if person in item.people]
        left[at] = tuple(item for item in left[at] if person not in item.people)
        left = [agenda for agenda in left if agenda]
    unplaced: dict[str, str] = {}
    for item in sorted(homeless, key=lambda item: item.rank):
        if not _taken_in(item, left, limit, fitted):
            unplaced[item.id] = _reason(item, left, limit)
    return left, unplaced


def _taken_in(
    item: Item, agendas: list[Agenda], limit: int, fitted: Callable[[Agenda], Agenda | None]
) -> bool:
    """Put the item into the first session that has room for it and adds to nobody's too many."""
    for at, agenda in enumerate(agendas):
        coming = item.people - {person for other in agenda for person in other.people}
        if all(_sessions(person, agendas) < limit for person in coming):
            wider = fitted((*agenda, item))
            if wider is not None:
                agendas[at] = wider
                return True
    alone = all(_sessions(person, agendas) < limit for person in item.people) and fitted((item,))
    if alone:
        agendas.append(alone)
    return bool(alone)


def _reason(item: Item, agendas: Sequence[Agenda], limit: int) -> str:
    full = [person for person in sorted(item.people) if _sessions(person, agendas) >= limit]
    return f"R7: {', '.join(full)} may sit in {limit} sessions, and {item.id} would need one more."


def _sessions(person: str, agendas: Iterable[Agenda]) -> int:
    return sum(any(person in item.people for item in agenda) for agenda in agendas)


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
