"""Every plan of a few items, tried one by one; shares nothing with the solver but the checker and J."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from planner.domain.consolidation.cost import plan_cost
from planner.domain.consolidation.model import Attendance, Item, Plan, Task
from tests.domain.consolidation.build import plan
from tests.domain.consolidation.checker import check


def partitions(items: Sequence[Item]) -> Iterator[list[list[Item]]]:
    """All ways to put items into sessions."""
    if not items:
        yield []
        return
    first, *others = items
    for rest in partitions(others):
        yield [[first], *rest]
        for at in range(len(rest)):
            yield [*rest[:at], [first, *rest[at]], *rest[at + 1 :]]


def least_cost(task: Task) -> int:
    """J of the best plan that the checker lets pass; raises ValueError when there is none."""
    prices: dict[tuple[str, ...], int | None] = {}
    groups = {item: group for group in task.keep_together for item in group}

    def price(members: list[Item]) -> int | None:
        ids = tuple(sorted(item.id for item in members))
        if ids not in prices:
            prices[ids] = _price(task, members)
        return prices[ids]

    best: list[int] = []
    for partition in partitions(task.items):
        where = {item.id: number for number, members in enumerate(partition) for item in members}
        torn = any(where[item] != where[other] for item, group in groups.items() for other in group)
        costs = [price(members) for members in partition]
        if not torn and None not in costs:
            further = sum(len({item.provider for item in members}) for members in partition)
            further -= len({item.provider for item in task.items})
            best.append(sum(cost or 0 for cost in costs) + task.rules.split_cost * further)
    return min(best)


def _price(task: Task, members: list[Item]) -> int | None:
    alone = Task(tuple(members), task.attendees, task.rules, travel=task.travel)
    as_it_comes = plan(alone, " ".join(item.id for item in members))
    if any(finding.startswith("R4") for finding in check(alone, as_it_comes)):
        return None  # no order makes a session shorter
    orders = permutations(members) if task.rules.attendance is Attendance.WINDOW else [members]
    found = [plan(alone, " ".join(item.id for item in order)) for order in orders]
    allowed = [plan_cost(alone, one) for one in found if not _broken(alone, one)]
    return min(allowed, default=None)


def _broken(task: Task, one: Plan) -> bool:
    """In whole mode the order costs nothing, so waiting is left to the order of the agenda."""
    findings = check(task, one)
    whole = task.rules.attendance is Attendance.WHOLE
    return any(not (whole and finding.startswith("R8")) for finding in findings)
