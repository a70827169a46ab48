"""The verb of this package: find a plan, say what it costs and how good it is known to be.

People who need nothing from each other are planned apart. A small part is solved exactly; a large
one by a search whose length depends on its size and the effort alone. From an earlier plan only what is
new is planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.domain.consolidation.bound import lower_bound
from planner.domain.consolidation.compiling import Compiled, compile_task, components
from planner.domain.consolidation.cost import plan_cost, session_figures
from planner.domain.consolidation.districts import SIZE, in_districts, rounds_in_districts
from planner.domain.consolidation.duality import dual_bound
from planner.domain.consolidation.exact import Agenda, best_agendas, is_small
from planner.domain.consolidation.limits import overloaded, relieved, within_limits
from planner.domain.consolidation.model import Attendance, Item, Plan, PlannedSession, Solution, Task
from planner.domain.consolidation.order import is_in_order, order_items
from planner.domain.consolidation.pricing import Group, Pricer, WholePricer
from planner.domain.consolidation.puzzle import puzzle_of
from planner.domain.consolidation.refine import COURSE, first_plan, refined, rounds_of, seed_of
from planner.domain.consolidation.repair import Settled, repaired
from planner.domain.consolidation.savings import merge_by_savings
from planner.domain.consolidation.schedule import schedule
from planner.domain.consolidation.watch import Progress, Stop, Watch
from planner.domain.consolidation.windows import WindowPricer

PRICED = {Attendance.WHOLE: 450, Attendance.WINDOW: 200}  # groups: of more, pricing does not end in time


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
    solving = _Solving(compile_task(task), effort=effort)
    watch = Watch(max(solving.rounds(), 1), progress=progress, stop=stop)
    solved = solving.solved(watch)
    return _solution(solving, solved, rounds=watch.done)


def replan(task: Task, earlier: Plan) -> Solution:
    """A plan near an earlier one, for a task in which some items are new, changed or gone.

    Sessions that nothing new touches stay as they are, with their order and their start where everybody
    still can; a changed invitation counts `rules.move_cost` person-minutes, in the choice and not in J.
    """
    solving = _Solving(compile_task(task), effort=0)
    solved = [_repaired(solving, part, earlier) for part in solving.parts]
    return _solution(solving, solved, rounds=0, earlier=earlier)


def widened(task: Task, earlier: Plan) -> Solution:
    """A plan from one found under a lower price of seats: its sessions, joined where that pays now."""
    solving = _Solving(compile_task(task), effort=0)
    solved = [_joined(solving, part, earlier) for part in solving.parts]
    return _solution(solving, solved, rounds=0)


class _Solving:
    """A task taken apart into components, and the effort and surcharges to solve them with."""

    def __init__(
        self, compiled: Compiled, *, effort: float, surcharge: Mapping[str, int] | None = None
    ) -> None:
        self.compiled = compiled
        self.task = compiled.task
        self.effort = effort
        self.surcharge = surcharge
        self.parts = components(compiled)

    def pricer(self, numbers: Sequence[int]) -> Pricer:
        """The pricer of these groups, for the way people attend."""
        puzzle = puzzle_of(self.compiled, numbers)
        whole = self.task.rules.attendance is Attendance.WHOLE
        return WholePricer(puzzle, self.surcharge) if whole else WindowPricer(puzzle, self.surcharge)

    def is_small(self, part: Sequence[int]) -> bool:
        return is_small([self.compiled.groups[number] for number in part], self.task.rules)

    def rounds(self) -> int:
        """How many rounds all searches take together."""
        return sum(self._rounds(len(part)) for part in self.parts if not self.is_small(part))

    def _rounds(self, count: int) -> int:
        attendance = self.task.rules.attendance
        if count > SIZE:
            return rounds_in_districts(count, attendance, self.effort)
        return COURSE.searches * rounds_of(count, attendance, self.effort)

    def solved(self, watch: Watch) -> list[_Part]:
        return [self._part(part, watch) for part in self.parts]

    def _part(self, part: Sequence[int], watch: Watch) -> _Part:
        if len(part) > SIZE:
            agendas = in_districts(self.compiled, part, self.pricer, _agenda, effort=self.effort, watch=watch)
            return _Part(tuple(agendas), self.bound(part))
        pricer = self.pricer(part)
        if self.is_small(part):
            best = best_agendas(pricer)
            return _Part(best.agendas, best.cost if best.complete else self.bound(part))
        groups = refined(first_plan(pricer), pricer, effort=self.effort, watch=watch)
        bound = self.bound(part)
        if self.effort >= 1 and len(part) <= PRICED[self.task.rules.attendance] and not watch.stopped:
            bound = max(bound, dual_bound(pricer))
        return _Part(tuple(_agenda(group, pricer) for group in groups), bound)

    def fitted(self, items: Agenda) -> Agenda | None:
        """The items as an agenda; None when the rules forbid it."""
        number = {group[0].id: at for at, group in enumerate(self.compiled.groups)}
        whole = [number[item.id] for item in items if item.id in number]
        pricer = self.pricer(whole)
        if len(pricer.puzzle.items()) != len(items) or pricer.floor(pricer.puzzle.all_units) is None:
            return None
        agenda = order_items(items, self.task.rules, waits=self.compiled.waits)
        return agenda if agenda and pricer.can_meet(agenda) else None

    def bound(self, part: Sequence[int]) -> int:
        """What every plan of these groups costs at least, each queue in each session paid for."""
        items = [item for number in part for item in self.compiled.groups[number]]
        return lower_bound(items, self.task.rules) + self.task.rules.split_cost * _queues(items)


def _queues(items: Iterable[Item]) -> int:
    return len({item.provider for item in items})


def _solution(
    solving: _Solving, solved: Sequence[_Part], *, rounds: int, earlier: Plan | None = None
) -> Solution:
    compiled, task = solving.compiled, solving.task
    found = _plan([agenda for part in solved for agenda in part.agendas], compiled)
    if overloaded(task, found):
        found = _limited(solving, found)
    plan = schedule(task, found, settled=earlier)
    plan = replace(plan, torn=_really_torn(plan))
    lost = plan.unplaced.keys() - compiled.unplaced.keys()
    cost = plan_cost(task, plan)
    bound = sum(part.bound for part in solved) - task.rules.split_cost * _queues(compiled.items())
    if lost:  # it was a bound for more than found a place
        bound = lower_bound([item for item in compiled.items() if item.id not in lost], task.rules)
    added = cost - plan_cost(task, _without(found, lost))
    return Solution(plan, cost, bound, cost == bound, rounds, added)


def _really_torn(plan: Plan) -> dict[str, str]:
    """Without the groups that could not be one unit and came together all the same."""
    sessions = [set(session.items) for session in plan.sessions]
    return {
        names: why
        for names, why in plan.torn.items()
        if not any(session.issuperset(names.split(",")) for session in sessions)
    }


def _without(plan: Plan, lost: Collection[str]) -> Plan:
    """The sessions as they were, without what no time was found for."""
    left = (
        replace(session, items=tuple(item for item in session.items if item not in lost))
        for session in plan.sessions
    )
    return replace(plan, sessions=tuple(session for session in left if session.items))


def _repaired(solving: _Solving, part: Sequence[int], earlier: Plan) -> _Part:
    pricer = solving.pricer(part)
    groups = repaired(pricer, earlier, move_cost=solving.task.rules.move_cost, seed=seed_of(pricer.puzzle))
    before = {frozenset(session.items): session for session in earlier.sessions}
    agendas = tuple(_agenda_as_before(group, pricer, before) for group in groups)
    return _Part(agendas, solving.bound(part))


def _joined(solving: _Solving, part: Sequence[int], earlier: Plan) -> _Part:
    pricer = solving.pricer(part)
    settled = Settled(pricer, earlier)
    groups = merge_by_savings([*settled.sessions(), *pricer.bundles(settled.fresh)], pricer)
    return _Part(tuple(_agenda(group, pricer) for group in groups), solving.bound(part))


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


def _plan(agendas: Iterable[Agenda], compiled: Compiled, unplaced: Mapping[str, str] | None = None) -> Plan:
    return Plan(
        tuple(
            PlannedSession(
                tuple(item.id for item in agenda),
                frozenset(person for item in agenda for person in item.people),
            )
            for agenda in sorted(agendas, key=lambda agenda: min(item.id for item in agenda))
        ),
        {**compiled.unplaced, **(unplaced or {})},
        compiled.torn,
    )


def _limited(solving: _Solving, plan: Plan) -> Plan:
    """A plan in which nobody sits in more sessions than they may."""
    compiled = solving.compiled

    def plan_with(extra: Mapping[str, int]) -> Plan:
        dearer = _Solving(compiled, effort=solving.effort / 8, surcharge=dict(extra))
        return _plan([agenda for part in dearer.solved(Watch(1)) for agenda in part.agendas], compiled)

    best = relieved(solving.task, plan, plan_with)
    known = {item.id: item for item in compiled.items()}
    agendas = [tuple(known[item] for item in session.items) for session in best.sessions]
    kept, unplaced = within_limits(solving.task, agendas, solving.fitted)
    return _plan(kept, compiled, unplaced)
