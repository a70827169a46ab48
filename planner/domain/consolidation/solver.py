"""The verb of this package: find a plan, say what it costs and how good it is known to be.

People who need nothing from each other are planned apart. A small part is solved exactly; a large
one by closure savings and a search whose length depends on its size and the effort alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from planner.domain.consolidation.agenda import items_by_id
from planner.domain.consolidation.bound import lower_bound
from planner.domain.consolidation.cost import plan_cost, session_figures, sessions_of
from planner.domain.consolidation.exact import Agenda, best_agendas, is_small
from planner.domain.consolidation.model import Attendance, Plan, PlannedSession, Solution, Task
from planner.domain.consolidation.order import order_items
from planner.domain.consolidation.pricing import Group, Pricer, WholePricer
from planner.domain.consolidation.puzzle import Puzzle, compile_task, components
from planner.domain.consolidation.refine import all_rounds, refined
from planner.domain.consolidation.savings import merge_by_savings
from planner.domain.consolidation.schedule import schedule
from planner.domain.consolidation.watch import Progress, Stop, Watch
from planner.domain.consolidation.windows import WindowPricer

REPRICINGS = 8  # rounds in which seats of people over their limit get dearer


@dataclass(frozen=True, slots=True)
class _Part:
    """The answer for one component; `bound` is proven."""

    agendas: tuple[Agenda, ...]
    bound: int


def solve(
    task: Task,
    *,
    start: Plan | None = None,
    effort: float = 1.0,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Solution:
    """A plan of few cheap sessions, scheduled when the task has days.

    `start` is an earlier plan to begin from and to stay near. `effort` scales the search: 0 gives the
    first plan at once. `progress` hears of rounds done and rounds in all; where `stop` says so, the best
    plan so far is the answer. The same task gives the same plan, whatever the order of its items.
    Items that no session can hold are in `plan.unplaced`.
    """
    puzzle = compile_task(task)
    parts = components(puzzle)
    pricer = _pricer_for(puzzle)
    rounds = [_rounds(part, effort, pricer) for part in parts]
    watch = Watch(max(sum(rounds), 1), progress=progress, stop=stop)
    solved = [_solve_part(part, pricer, start, effort, watch) for part in parts]
    plan = _finished(puzzle, solved)
    if _overloaded(task, plan):
        plan = _relieved(puzzle, parts, plan, effort)
    bound = sum(part.bound for part in solved) - _own_queues(puzzle)
    cost = plan_cost(task, plan)
    return Solution(plan, cost, bound, cost == bound, watch.done)


def _pricer_for(puzzle: Puzzle, surcharge: Mapping[int, int] | None = None) -> Pricer:
    """The pricer for the way people attend."""
    whole = puzzle.task.rules.attendance is Attendance.WHOLE
    return WholePricer(puzzle, surcharge) if whole else WindowPricer(puzzle, surcharge)


def _own_queues(puzzle: Puzzle) -> int:
    """A session pays for each queue in it; the first session of a queue is free."""
    queues = {item.provider for unit in puzzle.units for item in unit.items}
    return puzzle.task.rules.split_cost * len(queues)


def _rounds(units: Sequence[int], effort: float, pricer: Pricer) -> int:
    return 0 if is_small(units, pricer) else all_rounds(units, pricer, effort)


def _solve_part(
    units: tuple[int, ...], pricer: Pricer, start: Plan | None, effort: float, watch: Watch
) -> _Part:
    items = [item for unit in units for item in pricer.puzzle.units[unit].items]
    queues = len({item.provider for item in items})
    bound = lower_bound(items, pricer.rules) + pricer.rules.split_cost * queues
    old = _agendas_of(_started(units, pricer, start), pricer) if start else ()
    if is_small(units, pricer):
        best = best_agendas(units, pricer)
        agendas, bound = best.agendas, best.cost if best.complete else bound
    else:
        agendas = _agendas_of(
            refined(units, pricer, seed=_seed(units, pricer), effort=effort, watch=watch), pricer
        )
    keep = old and _cost(old, pricer) <= _cost(agendas, pricer)
    return _Part(old if keep else agendas, bound)


def _cost(agendas: Iterable[Agenda], pricer: Pricer) -> int:
    return sum(pricer.agenda_cost(agenda) for agenda in agendas)


def _seed(units: Iterable[int], pricer: Pricer) -> int:
    """A number that depends on what is asked and on nothing else."""
    rows = [
        (item.id, item.provider, sorted(item.people), item.minutes)
        for unit in units
        for item in pricer.puzzle.units[unit].items
    ]
    return int.from_bytes(sha256(repr(rows).encode()).digest()[:8], "big")


def _started(units: Sequence[int], pricer: Pricer, start: Plan) -> list[Group]:
    """The sessions of an earlier plan as far as they still hold, and what is new as bundles."""
    home = {item: number for number, session in enumerate(start.sessions) for item in session.items}
    place = {item: at for session in start.sessions for at, item in enumerate(session.items)}
    seats: dict[int, list[int]] = {}
    fresh: list[int] = []
    for unit in units:
        first = pricer.puzzle.units[unit].items[0].id
        if first in home:
            seats.setdefault(home[first], []).append(unit)
        else:
            fresh.append(unit)
    groups: list[Group] = []
    for members in seats.values():
        members.sort(key=lambda unit: place[pricer.puzzle.units[unit].items[0].id])
        group = pricer.of_parts([part for unit in members for part in pricer.single(unit).parts])
        groups += [group] if pricer.allows(group) else merge_by_savings(pricer.bundles(members), pricer)
    return _with_fresh(groups, pricer.bundles(fresh), pricer)


def _with_fresh(groups: list[Group], fresh: Sequence[Group], pricer: Pricer) -> list[Group]:
    for guest in fresh:
        joined = [(pricer.combine(host, guest), at) for at, host in enumerate(groups)]
        choices = [
            (group.cost - groups[at].cost, at, group)
            for group, at in joined
            if group is not None and group.people & guest.people
        ]
        best = min(choices, default=None, key=lambda choice: choice[:2])
        if best is None or best[0] >= guest.cost:
            groups.append(guest)
        else:
            groups[best[1]] = best[2]
    return groups


def _agendas_of(groups: Iterable[Group], pricer: Pricer) -> tuple[Agenda, ...]:
    return tuple(_agenda(group, pricer) for group in groups)


def _agenda(group: Group, pricer: Pricer) -> Agenda:
    """The items in their best order; in the order of the search where only that one keeps the hours."""
    found = tuple(pricer.items(group))
    best = order_items(found, pricer.rules, waits=pricer.puzzle.waits)
    if best is None or not pricer.can_meet(best):
        return found
    if pricer.rules.attendance is Attendance.WHOLE:
        return best
    task = pricer.puzzle.task
    return best if session_figures(task, best).cost <= session_figures(task, found).cost else found


def _finished(puzzle: Puzzle, parts: Iterable[_Part]) -> Plan:
    agendas = [agenda for part in parts for agenda in part.agendas]
    return schedule(puzzle.task, _plan(agendas, puzzle.unplaced))


def _plan(agendas: Iterable[Agenda], unplaced: Mapping[str, str]) -> Plan:
    return Plan(
        tuple(
            PlannedSession(
                tuple(item.id for item in agenda),
                frozenset(person for item in agenda for person in item.people),
            )
            for agenda in sorted(agendas, key=lambda agenda: min(item.id for item in agenda))
        ),
        unplaced,
    )


def _overloaded(task: Task, plan: Plan) -> dict[str, int]:
    """People in more sessions than they may, with their number."""
    limit = task.rules.sessions_max
    if limit is None:
        return {}
    counts = sessions_of(plan, items_by_id(task))
    return {person: count for person, count in counts.items() if count > limit}


def _relieved(puzzle: Puzzle, parts: Sequence[tuple[int, ...]], plan: Plan, effort: float) -> Plan:
    """Plans anew with dearer seats for those with too many, as long as that helps.

    Source: consolidation background, section 2, secondary aims (R7 by re-pricing).
    """
    task = puzzle.task
    bit = {name: 1 << index for index, name in enumerate(puzzle.names)}
    extra: dict[str, int] = {}
    best, seat = plan, task.rules.seat_cost
    for _ in range(REPRICINGS):
        over = _overloaded(task, plan)
        if not over:
            break
        for person in over:
            extra[person] = int(1.4 * (seat + extra.get(person, 0))) + 5 - seat
        pricer = _pricer_for(puzzle, {bit[person]: value for person, value in extra.items()})
        silent = Watch(1)
        plan = _finished(puzzle, [_solve_part(part, pricer, plan, effort / 4, silent) for part in parts])
        best = min(best, plan, key=lambda one: _excess(task, one))
    return best


def _excess(task: Task, plan: Plan) -> tuple[int, int]:
    limit = task.rules.sessions_max or 0
    return sum(count - limit for count in _overloaded(task, plan).values()), plan_cost(task, plan)
