"""Plans as text, said by whatever process and Python runs this: it needs the standard library alone."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from random import Random

from planner.domain.consolidation.model import Rules, Task
from planner.domain.consolidation.solver import solve
from tests.domain.consolidation.build import WHOLE, WINDOW, random_task


def some_task(rules: Rules) -> Task:
    return random_task(7, 40, rules=rules, people="abcdefghijkl")


def told(shuffle: int = 0) -> str:
    """Both ways to attend as text, for another process to say."""
    plans = [solve(shuffled(some_task(rules), shuffle), effort=0.2).plan for rules in (WHOLE, WINDOW)]
    return json.dumps([asdict(plan) for plan in plans], default=sorted, sort_keys=True)


def shuffled(task: Task, seed: int) -> Task:
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    items, names = list(task.items), list(task.attendees.items())
    luck.shuffle(items)
    luck.shuffle(names)
    return replace(task, items=tuple(items), attendees=dict(names))
