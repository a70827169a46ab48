"""Plans of random small organisations against the best of all plans."""

from dataclasses import replace

import pytest

from planner.domain.consolidation.model import Rules, Task
from planner.domain.consolidation.solver import solve
from tests.domain.consolidation.brute import least_cost
from tests.domain.consolidation.build import WHOLE, WINDOW, random_task
from tests.domain.consolidation.sessions import least_cost_of_all_sessions

pytestmark = pytest.mark.slow

CASES = 200
PEOPLE = "abcdefghijklmnop"


def whole_task(seed: int) -> Task:
    caps = replace(WHOLE, people_max=4 + seed % 4, minutes_max=75, seat_cost=(15, 60)[seed % 2])
    return random_task(seed, 6 + seed % 15, rules=caps, people=PEOPLE[: 6 + seed % 11])


def window_task(seed: int) -> Task:
    rules: Rules = replace(
        WINDOW, people_max=5 + seed % 2, room_max=4, minutes_max=120, split_cost=5 * (seed % 2)
    )
    return random_task(1000 + seed, 2 + seed % 6, rules=rules)


def test_of_two_hundred_tasks_in_which_everybody_stays_nineteen_in_twenty_are_solved_best() -> None:
    above = []
    for seed in range(CASES):
        best, found = least_cost_of_all_sessions(whole_task(seed)), solve(whole_task(seed)).cost
        above.append((found - best) / best)

    assert min(above) == 0
    assert sum(gap == 0 for gap in above) >= 0.95 * CASES
    assert max(above) <= 0.005


def test_two_hundred_tasks_in_windows_are_solved_best() -> None:
    found = [solve(window_task(seed)).cost for seed in range(CASES)]

    assert found == [least_cost(window_task(seed)) for seed in range(CASES)]
