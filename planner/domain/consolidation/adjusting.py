"""Adjusting a plan by hand: each choice changes the sessions it names and leaves the others as they are.

Nothing is searched: the sessions that a choice touches are put together anew, find a start beside all
others, and are refused with the rule where they cannot. Only `Again` plans, and near what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial

from planner.domain.consolidation.adjustment_price import price_of
from planner.domain.consolidation.adjustments import (
    Adjustment,
    Again,
    Apart,
    ApartQueues,
    CannotAdjust,
    Draft,
    Drop,
    LeaveOut,
    Merge,
    Move,
    Obstacle,
    OnlyFor,
    OtherTime,
    Pin,
    Split,
    Write,
)
from planner.domain.consolidation.agenda import waits_without_knots
from planner.domain.consolidation.hours import Calendar
from planner.domain.consolidation.model import Attendee, Item, Plan, Task
from planner.domain.consolidation.remaking import Remaking
from planner.domain.consolidation.solver import replan

NEAREST = 4  # sessions that something to be kept apart may go to, besides one of its own
LATER = ("R5:", "R7:")  # why something beside others has no session, and may have one when they change

Deputies = Mapping[tuple[str, str], Attendee]
"""For an item and one of its people: who speaks in their place."""


class Workbench:
    """Applies adjustments to plans of one task. Pure: the same draft and choice give the same draft."""

    def __init__(self, task: Task, deputies: Deputies | None = None) -> None:
        self.deputies = deputies or {}
        others = {one.id: one for one in self.deputies.values()}
        self.waits = waits_without_knots(task.items)
        items = tuple(replace(one, waits_for=self.waits[one.id]) for one in task.items)
        self.task = replace(task, items=items, attendees={**others, **task.attendees})
        self.calendar = Calendar(self.task)

    def start(self, plan: Plan) -> Draft:
        """A plan of the task as a draft; what the plan could not keep together is free from now on."""
        home = {id_: number for number, one in enumerate(plan.sessions) for id_ in one.items}
        wanted = [*self.task.keep_together, *(_queues(self.task) if self.task.rules.queues_whole else ())]
        placed = (group.intersection(home) for group in wanted)
        kept = [group for group in placed if len(group) > 1 and len({home[id_] for id_ in group}) == 1]
        rules = replace(self.task.rules, queues_whole=False)
        task = replace(self.task, keep_together=tuple(sorted(_fused(kept), key=sorted)), rules=rules)
        return Draft(task, replace(plan, torn={}))

    def adjusted(self, draft: Draft, choice: Adjustment) -> Draft:
        """The draft after this choice. Raises CannotAdjust, with the rule that forbids it."""
        return self._with_what_fits_now(self._applied(draft, choice))

    def _applied(self, draft: Draft, choice: Adjustment) -> Draft:  # noqa: C901, PLR0911 - a line for each choice
        match choice:
            case Pin():
                return self._pinned(draft, choice)
            case LeaveOut():
                return self._without(draft, choice.item, choice.person)
            case OnlyFor():
                return self._without(draft, choice.item, choice.person, only=choice.item)
            case Move():
                return self._moved(draft, choice)
            case Write():
                return self._written(draft, [choice.item])
            case Drop():
                remaking = self._remaking(draft)
                return self._written(draft, remaking.sessions[remaking.free(choice.item)].items)
            case Apart():
                return self._apart(draft, {choice.item}, {choice.other})
            case ApartQueues():
                one, other = (_queue(draft.task, name) for name in (choice.provider, choice.other))
                return self._apart(draft, one, other)
            case OtherTime():
                return self._at_another_time(draft, choice)
            case Merge():
                return self._merged(draft, choice)
            case Split():
                return self._split(draft, choice)
            case Again():
                return self._again(draft)

    def _remaking(self, draft: Draft) -> Remaking:
        return Remaking(draft, self.calendar, self.waits)

    def _pinned(self, draft: Draft, choice: Pin) -> Draft:
        remaking = self._remaking(draft)
        session = remaking.sessions[remaking.free(choice.item)]
        return replace(draft, pinned=draft.pinned.union(session.items))

    def _without(self, draft: Draft, item: str, person: str, *, only: str | None = None) -> Draft:
        """Others of the team speak for who does not come; where there are none, it is settled in writing."""
        remaking = self._remaking(draft)
        number = remaking.free(item)
        session = remaking.sessions[number]
        theirs = [one for one in remaking.agenda(number) if person in one.people]
        if not theirs or (only is not None and person not in remaking.items[only].people):
            raise CannotAdjust(Obstacle.NOT_THERE, people=(person,), items=(item,))
        left = {one.id: self._spoken_for(one, person) for one in theirs if one.id != only}
        if not left:
            raise CannotAdjust(Obstacle.NOTHING_CHANGES, people=(person,), items=(item,))
        gone = {id_ for id_, now in left.items() if now is None}
        now = tuple(left.get(one.id) or one for one in draft.task.items if one.id not in gone)
        task = replace(_fewer(draft.task, gone), items=now)
        changed = replace(draft, task=task)
        stays = [id_ for id_ in session.items if id_ not in gone]
        again = self._remaking(changed)
        agenda = again.in_order([again.items[id_] for id_ in stays])
        return _touched(changed, again.with_sessions({number}, [agenda] if agenda else []), stays)

    def _spoken_for(self, item: Item, person: str) -> Item | None:
        deputy = self.deputies.get((item.id, person))
        others = item.people - {person}
        people = others if deputy is None else others | {deputy.id}
        return replace(item, people=people) if len(people) > 1 else None

    def _moved(self, draft: Draft, choice: Move) -> Draft:
        remaking = self._remaking(draft)
        number = remaking.free(choice.item)
        target = None if choice.to is None else remaking.free(choice.to)
        block = remaking.block(choice.item)
        source = remaking.sessions[number]
        if target == number or (target is None and len(block) == len(source.items)):
            raise CannotAdjust(Obstacle.NOTHING_CHANGES, items=(choice.item,))
        plan = remaking.with_moved(block, number, target)
        shaped = set(block) | (set() if target is None else set(remaking.sessions[target].items))
        moved = _touched(draft, plan, set(source.items) - set(block))
        return replace(moved, shaped=moved.shaped | shaped)

    def _written(self, draft: Draft, ids: Collection[str]) -> Draft:
        remaking = self._remaking(draft)
        homes = {remaking.free(id_) for id_ in ids if id_ not in draft.plan.unplaced}
        left = [[one for one in remaking.agenda(number) if one.id not in ids] for number in homes]
        plan = remaking.with_sessions(homes, [tuple(one) for one in left if one])
        unplaced = {id_: why for id_, why in plan.unplaced.items() if id_ not in ids}
        changed = replace(draft, task=_fewer(draft.task, set(ids)))
        return _touched(changed, replace(plan, unplaced=unplaced), [o.id for one in left for o in one])

    def _apart(self, draft: Draft, one: Set[str], other: Set[str]) -> Draft:
        """Where both are in one session, one of the two goes where that costs least."""
        if not one or not other:
            raise CannotAdjust(Obstacle.NOT_THERE, items=(*one, *other))
        together = next((group for group in draft.task.keep_together if group & one and group & other), None)
        if together is not None:
            raise CannotAdjust(Obstacle.BELONGS_TOGETHER, items=tuple(sorted(together)))
        pairs = {frozenset({a, b}) for a in one for b in other if a != b}
        groups = sorted(pairs.difference(draft.task.apart), key=sorted)
        found = replace(draft, task=replace(draft.task, apart=(*draft.task.apart, *groups)))
        for session in draft.plan.sessions:
            sides = [side & frozenset(session.items) for side in (one, other)]
            if all(sides):
                found = self._parted(found, session.items, sides)
        return found

    def _parted(self, draft: Draft, session: Sequence[str], sides: Sequence[Collection[str]]) -> Draft:
        remaking = self._remaking(draft)
        number = remaking.free(session[0])
        chunks = [tuple(i for i in session if any(i in remaking.block(id_) for id_ in s)) for s in sides]
        ways: list[Callable[[], Plan]] = [
            partial(remaking.with_moved, chunk, number, target)
            for chunk in chunks
            for target in (None, *remaking.near(chunk, number)[:NEAREST])
        ]
        return self._cheapest(draft, ways, session)

    def _cheapest(self, draft: Draft, ways: Sequence[Callable[[], Plan]], touched: Collection[str]) -> Draft:
        """The cheapest of several ways, the first of equals; the first refusal where none is possible."""
        best: tuple[int, Draft] | None = None
        refusal: CannotAdjust | None = None
        for way in ways:
            try:
                found = _touched(draft, way(), touched)
            except CannotAdjust as error:
                refusal = refusal or error
                continue
            cost = price_of(draft, found).cost
            if best is None or cost < best[0]:
                best = cost, found
        if best is not None:
            return best[1]
        raise refusal or CannotAdjust(Obstacle.BELONGS_TOGETHER, items=tuple(touched))

    def _at_another_time(self, draft: Draft, choice: OtherTime) -> Draft:
        remaking = self._remaking(draft)
        number = remaking.free(choice.item)
        session = remaking.sessions[number]
        if session.slot == choice.slot:
            raise CannotAdjust(Obstacle.NOTHING_CHANGES, items=(choice.item,))
        plan = remaking.with_sessions({number}, [remaking.agenda(number)], slot=choice.slot)
        return replace(draft, plan=plan, shaped=draft.shaped.union(session.items))

    def _merged(self, draft: Draft, choice: Merge) -> Draft:
        remaking = self._remaking(draft)
        numbers = {remaking.free(choice.item), remaking.free(choice.other)}
        if len(numbers) < 2:
            raise CannotAdjust(Obstacle.NOTHING_CHANGES, items=(choice.item, choice.other))
        both = [item for number in sorted(numbers) for item in remaking.agenda(number)]
        plan = remaking.with_sessions(numbers, [remaking.ordered(both)])
        return replace(draft, plan=plan, shaped=draft.shaped.union(one.id for one in both))

    def _split(self, draft: Draft, choice: Split) -> Draft:
        """Two parts of the agenda as it stands, so that nothing that belongs together is torn."""
        remaking = self._remaking(draft)
        number = remaking.free(choice.item)
        agenda = remaking.agenda(number)
        ids = [item.id for item in agenda]
        cuts = [at for at in range(1, len(agenda)) if not remaking.tears(agenda, at)]
        ways = [
            partial(remaking.with_sessions, {number}, [agenda[:at], agenda[at:]])
            for at in sorted(cuts, key=lambda at: abs(2 * at - len(agenda)))
        ]
        found = self._cheapest(draft, ways, ids)
        return replace(found, shaped=found.shaped.union(ids))

    def _again(self, draft: Draft) -> Draft:
        """Plan the rest near what is there, and take it where that pays for what it moves."""
        fixed = draft.pinned | draft.shaped
        free = [one for one in draft.plan.sessions if not fixed.intersection(one.items)]
        ids = {id_ for one in free for id_ in one.items}
        waiting = {id_ for id_, why in draft.plan.unplaced.items() if why.startswith(LATER)}
        settled = Plan(tuple(one for one in free if not draft.touched.intersection(one.items)))
        found = replan(_only(draft.task, ids | waiting), settled).plan
        before = {frozenset(one.items): one for one in free}
        new = [one for one in found.sessions if frozenset(one.items) not in before]
        stays = {frozenset(one.items) for one in found.sessions}
        gone = {
            n
            for n, one in enumerate(draft.plan.sessions)
            if one in free and frozenset(one.items) not in stays
        }
        if not new or found.unplaced.keys() & ids:
            raise CannotAdjust(Obstacle.NOTHING_CHANGES)
        remaking = self._remaking(draft)
        agendas = [tuple(remaking.items[id_] for id_ in one.items) for one in new]
        try:
            after = replace(draft, plan=remaking.with_sessions(gone, agendas), touched=frozenset())
        except CannotAdjust as error:
            raise CannotAdjust(Obstacle.NOTHING_CHANGES) from error
        if price_of(draft, after).cost >= 0 and not waiting.difference(after.plan.unplaced):
            raise CannotAdjust(Obstacle.NOTHING_CHANGES)
        return after

    def _with_what_fits_now(self, draft: Draft) -> Draft:
        """What had no time or seat beside the others may have one since they have changed."""
        for id_, why in sorted(draft.plan.unplaced.items()):
            if why.startswith(LATER):
                draft = self._placed(draft, id_)
        return draft

    def _placed(self, draft: Draft, id_: str) -> Draft:
        remaking = self._remaking(draft)
        for target in (None, *remaking.near((id_,), None)):
            try:
                plan = remaking.with_moved((id_,), None, target)
            except CannotAdjust:
                continue
            unplaced = {key: why for key, why in plan.unplaced.items() if key != id_}
            return replace(draft, plan=replace(plan, unplaced=unplaced))
        return draft


def _touched(draft: Draft, plan: Plan, ids: Iterable[str]) -> Draft:
    return replace(draft, plan=plan, touched=draft.touched.union(ids))


def _fewer(task: Task, gone: Collection[str]) -> Task:
    """The task without these items."""
    return _only(task, {item.id for item in task.items}.difference(gone))


def _only(task: Task, ids: Collection[str]) -> Task:
    """The task with these items alone, and what is left of its groups."""
    return replace(
        task,
        items=tuple(item for item in task.items if item.id in ids),
        keep_together=tuple(g for g in (one.intersection(ids) for one in task.keep_together) if len(g) > 1),
        apart=tuple(g for g in (one.intersection(ids) for one in task.apart) if len(g) > 1),
    )


def _queue(task: Task, provider: str) -> frozenset[str]:
    return frozenset(item.id for item in task.items if item.provider == provider)


def _queues(task: Task) -> list[frozenset[str]]:
    return [_queue(task, provider) for provider in sorted({item.provider for item in task.items})]


def _fused(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """The groups, those that overlap made one."""
    found: list[frozenset[str]] = []
    for group in groups:
        touched = [one for one in found if one & group]
        found = [one for one in found if one not in touched] + [group.union(*touched)]
    return found
