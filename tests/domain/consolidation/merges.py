"""What two sessions would be as one, and why they better stay two, counted without the refusal's code.

Only the order of the joint agenda is asked of the product: of equally good ones it takes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from planner.domain.consolidation.agenda import waits_without_knots
from planner.domain.consolidation.model import Attendance, Item, Plan, PlannedSession, Task
from planner.domain.consolidation.order import order_items
from planner.domain.consolidation.refusal import Refusal, RefusalReason
from tests.domain.consolidation.checker import check, most_at_once
from tests.domain.consolidation.clock import has_start, length, people_of, presence
from tests.domain.consolidation.page import own_part
from tests.domain.consolidation.recount import minutes_sat, recount

SEVEN = 7  # items of which every order is tried


@dataclass(frozen=True)
class Merge:
    """Two sessions and the agenda they would have together."""

    task: Task
    first: Sequence[Item]
    second: Sequence[Item]
    agenda: Sequence[Item]
    room_is_full: bool

    def cost_of(self, *agendas: Sequence[Item]) -> int:
        """Seats, minutes and ways; without the price of split queues."""
        task = replace(self.task, rules=replace(self.task.rules, split_cost=0))
        sessions = (PlannedSession(tuple(item.id for item in one), people_of(one)) for one in agendas)
        return recount(task, Plan(tuple(sessions))).cost

    @property
    def people(self) -> frozenset[str]:
        return people_of(self.agenda)

    @property
    def minutes(self) -> int:
        return length(self.task.rules, self.agenda)

    def sits(self, name: str, agenda: Sequence[Item]) -> int:
        """Minutes with the price of a seat; nothing for who is not there."""
        if name not in people_of(agenda):
            return 0
        opening = self.task.rules.opening if self.task.rules.attendance is Attendance.WHOLE else 0
        return minutes_sat(self.task, name, agenda) + opening + self.task.rules.seat_cost

    @property
    def longer_for(self) -> int:
        apart = {name: self.sits(name, self.first) + self.sits(name, self.second) for name in self.people}
        return sum(self.sits(name, self.agenda) > minutes for name, minutes in apart.items())

    @property
    def lowest_relevance(self) -> float:
        talked = sum(item.minutes for item in self.agenda)
        return min(
            (own_part(self.task.rules, name, self.agenda) / talked for name in self.people), default=1.0
        )

    def reasons(self) -> tuple[RefusalReason, ...]:
        rules = self.task.rules
        saving = self.cost_of(self.first, self.second) - self.cost_of(self.agenda)
        sides = [{team for item in one for team in (item.consumer, item.provider)} for one in self._two()]
        small = saving < 60 or 10 * saving < self.cost_of(self.first, self.second)
        whole = rules.attendance is Attendance.WHOLE
        found: Mapping[RefusalReason, bool] = {
            RefusalReason.COSTS_MORE: saving < 0,
            RefusalReason.NO_HAND_OFF: not sides[0] & sides[1],
            RefusalReason.TOO_MANY_PEOPLE: len(self.people) > rules.people_max,
            RefusalReason.TOO_LONG: self.minutes > rules.minutes_max,
            RefusalReason.ROOM_FULL: self.room_is_full,
            RefusalReason.NO_COMMON_TIME: bool(self.task.days) and not self._has_start(),
            RefusalReason.LOW_RELEVANCE: whole and self.lowest_relevance < rules.relevance_min,
            RefusalReason.SMALL_SAVING: saving >= 0 and small,
            RefusalReason.LONGER_FOR_SOME: saving >= 0 and self.longer_for > 0,
        }
        return tuple(reason for reason, holds in found.items() if holds)

    def _two(self) -> tuple[Sequence[Item], Sequence[Item]]:
        return self.first, self.second

    def _has_start(self) -> bool:
        return has_start(self.task, presence(self.task.rules, self.agenda))

    def refusal(self) -> Refusal | None:
        reasons = self.reasons()
        if not reasons:
            return None
        return Refusal(
            first=tuple(item.id for item in self.first),
            second=tuple(item.id for item in self.second),
            reasons=reasons,
            separate_cost=self.cost_of(self.first, self.second),
            joint_cost=self.cost_of(self.agenda),
            joint_people=len(self.people),
            joint_minutes=self.minutes,
            longer_for=self.longer_for,
            lowest_relevance=self.lowest_relevance,
        )


def merge_of(task: Task, first: Sequence[Item], second: Sequence[Item]) -> Merge:
    """The two as one in a best order; one after the other where they break a limit."""
    together, rules = (*first, *second), task.rules
    over = len(people_of(together)) > rules.people_max or length(rules, together) > rules.minutes_max
    ordered = None if over else order_items(together, rules, waits=waits_without_knots(together))
    agenda = ordered or together
    merge = Merge(task, first, second, agenda, room_is_full=not over and ordered is None)
    assert sorted(item.id for item in agenda) == sorted(item.id for item in together)
    if not over and len(together) <= SEVEN:
        _assert_best(merge, found=ordered is not None)
    return merge


def _assert_best(merge: Merge, *, found: bool) -> None:
    """No order that keeps waiting and room is cheaper, and one is found where there is one."""
    task = replace(merge.task, items=tuple(merge.agenda), days=(), apart=(), keep_together=())
    costs = [merge.cost_of(order) for order in permutations(merge.agenda) if _is_allowed(task, order)]
    assert bool(costs) == found
    assert not found or merge.cost_of(merge.agenda) == min(costs)


def _is_allowed(task: Task, order: Sequence[Item]) -> bool:
    room = task.rules.room_max
    if task.rules.attendance is Attendance.WINDOW and room is not None and most_at_once(order) > room:
        return False
    ids = tuple(item.id for item in order)
    return not any(
        one.startswith("R8") for one in check(task, Plan((PlannedSession(ids, people_of(order)),)))
    )


def nearest_pairs(
    sessions: Sequence[PlannedSession], agendas: Sequence[Sequence[Item]]
) -> list[tuple[int, int]]:
    """Each session with the one that shares most of its people; of equals the shortest, then the first."""
    pairs: set[tuple[int, int]] = set()
    for at, session in enumerate(sessions):
        ranked = sorted(
            (-len(session.attendees & other.attendees), sum(item.minutes for item in agendas[n]), n)
            for n, other in enumerate(sessions)
            if n != at
        )
        pairs |= {(min(at, n), max(at, n)) for _, _, n in ranked[:1]}
    return sorted(pairs)
