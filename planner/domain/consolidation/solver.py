"""The verb of this package: find a plan, say what it costs and how good it is known to be.

People who need nothing from each other are planned apart. A small part is solved exactly; a large
one by a search whose length depends on its size and the effort alone. From an earlier plan only what is
new is planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from planner.domain.consolidation.bound import lower_bound
from planner.domain.consolidation.cost import plan_cost, session_figures
from planner.domain.consolidation.exact import Agenda, best_agendas, is_small
from planner.domain.consolidation.limits import overloaded, relieved, within_limits
from planner.domain.consolidation.model import Attendance, Plan, PlannedSession, Solution, Task
from planner.domain.consolidation.order import is_in_order, order_items
from planner.domain.consolidation.pricing import Group, Pricer, WholePricer
from planner.domain.consolidation.puzzle import Puzzle, bits, compile_task, components
from planner.domain.consolidation.refine import all_rounds, refined
from planner.domain.consolidation.repair import repaired
from planner.domain.consolidation.schedule import schedule
from planner.domain.consolidation.watch import Progress, Stop, Watch
from planner.domain.consolidation.windows import WindowPricer


@dataclass(frozen=True, slots=True)
class _Part:
    """The answer for one component; `bound` is proven."""

    agendas: tuple[Agenda, ...]
    bound: int


def solve(
    task: Task,
    *,
    effort: float = 1.0,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Solution:
    """A plan of few cheap sessions, scheduled when the task has days.

    `effort` scales the search: 0 gives the first plan at once. `progress` hears of rounds done and
    rounds in all; where `stop` says so, the best plan so far is the answer. The same task gives the same
    plan, whatever the order of its items. What the rules forbid is named in the plan.
    """
    puzzle = compile_task(task)
    parts = components(puzzle)
    pricer = _pricer_for(puzzle)
    rounds = sum(0 if is_small(part, pricer) else all_rounds(part, pricer, effort) for part in parts)
    watch = Watch(max(rounds, 1), progress=progress, stop=stop)
    solved = [_solve_part(part, pricer, effort, watch) for part in parts]
    return _solution(puzzle, parts, solved, effort=effort, rounds=watch.done)


def replan(task: Task, earlier: Plan) -> Solution:
    """A plan near an earlier one, for a task in which some items are new, changed or gone.

    Sessions that nothing new touches stay as they are, with their order and their start where everybody
    still can; a changed invitation counts `rules.move_cost` person-minutes, in the choice and not in J.
    """
    puzzle = compile_task(task)
    parts = components(puzzle)
    pricer = _pricer_for(puzzle)
    solved = [_repair_part(part, pricer, earlier) for part in parts]
    return _solution(puzzle, parts, solved, effort=0, rounds=0, earlier=earlier)


def _solution(
    puzzle: Puzzle,
    parts: Sequence[tuple[int, ...]],
    solved: Sequence[_Part],
    *,
    effort: float,
    rounds: int,
    earlier: Plan | None = None,
) -> Solution:
    task = puzzle.task
    found = _plan([agenda for part in solved for agenda in part.agendas], puzzle)
    if overloaded(task, found):
        found = _limited(puzzle, parts, found, effort)
    plan = schedule(task, found, settled=earlier)
    lost = plan.unplaced.keys() - puzzle.unplaced.keys()
    cost = plan_cost(task, plan)
    bound = sum(part.bound for part in solved) - _own_queues(puzzle)
    if lost:  # it was a bound for more than found a place
        bound = lower_bound([item for item in puzzle.items() if item.id not in lost], task.rules)
    added = cost - plan_cost(task, _without(found, lost))
    return Solution(plan, cost, bound, cost == bound, rounds, added)


def _without(plan: Plan, lost: Collection[str]) -> Plan:
    """The sessions as they were, without what no time was found for."""
    left = (
        replace(session, items=tuple(item for item in session.items if item not in lost))
        for session in plan.sessions
    )
    return replace(plan, sessions=tuple(session for session in left if session.items))


def _pricer_for(puzzle: Puzzle, surcharge: Mapping[int, int] | None = None) -> Pricer:
    """The pricer for the way people attend."""
    whole = puzzle.task.rules.attendance is Attendance.WHOLE
    return WholePricer(puzzle, surcharge) if whole else WindowPricer(puzzle, surcharge)


def _own_queues(puzzle: Puzzle) -> int:
    """A session pays for each queue in it; the first session of a queue is free."""
    queues = {item.provider for item in puzzle.items()}
    return puzzle.task.rules.split_cost * len(queues)


def _solve_part(units: tuple[int, ...], pricer: Pricer, effort: float, watch: Watch) -> _Part:
    if is_small(units, pricer):
        best = best_agendas(units, pricer)
        return _Part(best.agendas, best.cost if best.complete else _bound(units, pricer))
    groups = refined(units, pricer, seed=_seed(units, pricer), effort=effort, watch=watch)
    return _Part(tuple(_agenda(group, pricer) for group in groups), _bound(units, pricer))


def _repair_part(units: tuple[int, ...], pricer: Pricer, earlier: Plan) -> _Part:
    move_cost = pricer.rules.move_cost
    groups = repaired(units, pricer, earlier, move_cost=move_cost, seed=_seed(units, pricer))
    before = {frozenset(session.items): session for session in earlier.sessions}
    agendas = tuple(_agenda_as_before(group, pricer, before) for group in groups)
    return _Part(agendas, _bound(units, pricer))


def _bound(units: Sequence[int], pricer: Pricer) -> int:
    items = [item for unit in units for item in pricer.puzzle.units[unit].items]
    queues = len({item.provider for item in items})
    return lower_bound(items, pricer.rules) + pricer.rules.split_cost * queues


def _seed(units: Sequence[int], pricer: Pricer) -> int:
    """A number that depends on what is asked, neither on names nor on other parts."""
    chosen = [pricer.puzzle.units[unit] for unit in units]
    person = {
        bit: at for at, bit in enumerate(dict.fromkeys(b for unit in chosen for b in bits(unit.people)))
    }
    rows = [([person[bit] for bit in bits(unit.people)], unit.minutes, unit.linked) for unit in chosen]
    return int.from_bytes(sha256(repr(rows).encode()).digest()[:8], "big")


def _agenda_as_before(
    group: Group, pricer: Pricer, before: Mapping[frozenset[str], PlannedSession]
) -> Agenda:
    found = {item.id: item for item in pricer.items(group)}
    session = before.get(frozenset(found))
    if session is not None:
        agenda = tuple(found[item] for item in session.items)
        in_order = is_in_order(agenda, pricer.rules, waits=pricer.puzzle.waits)
        if in_order and pricer.can_meet(agenda):
            return agenda
    return _agenda(group, pricer)


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


def _plan(agendas: Iterable[Agenda], puzzle: Puzzle, unplaced: Mapping[str, str] | None = None) -> Plan:
    return Plan(
        tuple(
            PlannedSession(
                tuple(item.id for item in agenda),
                frozenset(person for item in agenda for person in item.people),
            )
            for agenda in sorted(agendas, key=lambda agenda: min(item.id for item in agenda))
        ),
        {**puzzle.unplaced, **(unplaced or {})},
        puzzle.torn,
    )


def _limited(puzzle: Puzzle, parts: Sequence[tuple[int, ...]], plan: Plan, effort: float) -> Plan:
    """A plan in which nobody sits in more sessions than they may."""
    bit = {name: 1 << index for index, name in enumerate(puzzle.names)}

    def plan_with(extra: Mapping[str, int]) -> Plan:
        pricer = _pricer_for(puzzle, {bit[person]: value for person, value in extra.items()})
        solved = [_solve_part(part, pricer, effort / 8, Watch(1)) for part in parts]
        return _plan([agenda for part in solved for agenda in part.agendas], puzzle)

    best = relieved(puzzle.task, plan, plan_with)
    known = {item.id: item for item in puzzle.items()}
    agendas = [tuple(known[item] for item in session.items) for session in best.sessions]
    kept, unplaced = within_limits(puzzle.task, agendas)
    return _plan(kept, puzzle, unplaced)
