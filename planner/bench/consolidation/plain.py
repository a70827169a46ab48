"""How people meet without a planner, priced by the same J."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.bench.consolidation.instances import Instance
from planner.domain.consolidation.cost import PlanFigures, plan_figures
from planner.domain.consolidation.model import Attendance, Item, Plan, PlannedSession


def siloed(instance: Instance) -> PlanFigures:
    """Each team with items meets everybody it is linked to; all stay, and an item is discussed twice."""
    task = instance.task
    rules = task.rules
    opening = rules.opening if rules.attendance is Attendance.WHOLE else 0
    all_stay = replace(rules, attendance=Attendance.WHOLE, opening=opening)
    invited = replace(task, rules=all_stay, items=(*task.items, *instance.written))
    return plan_figures(invited, _held(task.items, instance.written))


def released(instance: Instance) -> PlanFigures:
    """The same sessions with only those who have something to decide there, for as long as the mode says."""
    return plan_figures(instance.task, _held(instance.task.items))


def _held(items: Iterable[Item], written: Iterable[Item] = ()) -> Plan:
    """One session for each team that has items, with all its items and what is written beside them."""
    hosted: dict[str, list[Item]] = {}
    for item in items:
        for team in sorted({item.consumer, item.provider}):
            hosted.setdefault(team, []).append(item)
    for item in written:
        for team in sorted({item.consumer, item.provider} & hosted.keys()):
            hosted[team].append(item)
    return Plan(
        tuple(
            PlannedSession(
                tuple(item.id for item in agenda), frozenset().union(*(item.people for item in agenda))
            )
            for _, agenda in sorted(hosted.items())
        )
    )
