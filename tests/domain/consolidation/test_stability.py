"""One dependency more changes little, two hundred times over."""

from dataclasses import replace
from random import Random
from statistics import median

import pytest

from planner.domain.consolidation.model import Attendance, Item, Task
from planner.domain.consolidation.solver import replan, solve
from tests.domain.consolidation.checker import check
from tests.domain.consolidation.published import instance, needs_data

pytestmark = [needs_data, pytest.mark.slow]

TRIALS = 200


def with_one_more(task: Task, luck: Random) -> Task:
    """Another item between two people of the organisation."""
    people = sorted({person for item in task.items for person in item.people})
    consumer, provider = luck.sample(people, 2)
    new = Item("new", consumer, provider, frozenset({consumer, provider}), luck.choice((5, 10, 15, 20)))
    return replace(task, items=(*task.items, new))


@pytest.mark.parametrize("attendance", list(Attendance))
def test_a_hundred_teams_keep_their_sessions_when_a_dependency_comes(attendance: Attendance) -> None:
    task = instance("real-100a", attendance).task
    earlier = solve(task, effort=0.3)
    luck = Random(5)  # noqa: S311 - a test that can be repeated

    changed, dearer = [], []
    for _ in range(TRIALS):
        more = with_one_more(task, luck)
        found = replan(more, earlier.plan)
        changed.append(len(set(earlier.plan.sessions) - set(found.plan.sessions)))
        dearer.append(found.cost - earlier.cost)
        assert check(more, found.plan) == ()

    assert median(changed) <= 2
    assert max(changed) <= 5
    assert max(dearer) <= 0.01 * earlier.cost


@pytest.mark.parametrize("attendance", list(Attendance))
def test_a_plan_kept_up_to_date_is_hardly_dearer_than_one_from_scratch(attendance: Attendance) -> None:
    task = instance("real-100a", attendance).task
    earlier = solve(task, effort=0.3)
    more = with_one_more(task, Random(7))  # noqa: S311 - a test that can be repeated

    assert replan(more, earlier.plan).cost <= 1.01 * solve(more, effort=0.3).cost
