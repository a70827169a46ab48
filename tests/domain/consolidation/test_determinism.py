"""The same task, the same plan: whatever the process, the Python, the order of the input and the names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from planner.domain.consolidation.model import Attendee, Plan, Rules, Task
from planner.domain.consolidation.recombination import picker
from planner.domain.consolidation.solver import solve
from tests.domain.consolidation.build import WHOLE, WINDOW
from tests.domain.consolidation.telling import some_task, told

ROOT = Path(__file__).parents[3]
SCRIPT = "from tests.domain.consolidation.telling import told; print(told())"
BOTH = pytest.mark.parametrize("rules", [WHOLE, WINDOW])


def say(python: str, hash_seed: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([python, "-c", SCRIPT], cwd=ROOT, env=environment, text=True, stdout=-1)


def test_other_hash_seeds_and_two_processes_at_once_say_the_same() -> None:
    both = [say(sys.executable, seed) for seed in ("1", "2")]

    assert [process.communicate()[0].strip() for process in both] == [told(), told(3)]


def found(version: str) -> str | None:
    """A Python of this version that runs: on the path, or one that pyenv keeps."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for python in (shutil.which(f"python{version}"), *map(str, kept)):
        if python and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            return python
    return None


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_each_python_says_the_same(version: str) -> None:
    python = found(version)
    if python is None:
        pytest.skip(f"Python {version} is not on this machine")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    answer = subprocess.run(
        [python, "-c", SCRIPT], cwd=ROOT, env=environment, text=True, capture_output=True, check=True
    )

    assert answer.stdout.strip() == told()


def renamed(task: Task) -> Task:
    """Teams, people and items called the other way round."""
    return replace(
        task,
        items=tuple(
            replace(
                item,
                id=other(item.id),
                consumer=other(item.consumer),
                provider=other(item.provider),
                people=frozenset(map(other, item.people)),
            )
            for item in task.items
        ),
        attendees={other(name): Attendee(other(name)) for name in task.attendees},
    )


def other(name: str) -> str:
    return "".join(chr(ord("a") + ord("z") - ord(c)) if c.isalpha() else str(9 - int(c)) for c in name)


def sessions(task: Task, plan: Plan, called: Callable[[str], str]) -> list[list[tuple[list[str], int]]]:
    """Who talks about something for how long, session by session, under other names."""
    known = {item.id: item for item in task.items}
    return sorted(
        [(sorted(map(called, known[key].people)), known[key].minutes) for key in session.items]
        for session in plan.sessions
    )


@BOTH
def test_other_names_change_nothing_but_names(rules: Rules) -> None:
    given_task = some_task(rules)
    its_double = renamed(given_task)

    again = solve(its_double, effort=0.2)

    expected = solve(given_task, effort=0.2)
    assert again.cost == expected.cost
    assert sessions(its_double, again.plan, str) == sessions(given_task, expected.plan, other)


def test_what_is_picked_is_what_random_would_choose() -> None:
    pick = picker(Random(7))  # noqa: S311 - a reproducible search, not a secret
    choose = Random(7).choice  # noqa: S311 - likewise
    lists = [list(range(many)) for many in range(1, 100)]

    assert [pick(one) for one in lists] == [choose(one) for one in lists]
