"""Solve one instance by every method, in a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from planner.bench.consolidation.bundles import Bundle, Caps, bundles, pair_talks
from planner.bench.consolidation.communities import Setting, leiden, metis
from planner.bench.consolidation.families import generate
from planner.bench.consolidation.instances import Instance, bench_rules, read_published
from planner.bench.consolidation.packing import (
    Session,
    cheapest_fit,
    cut,
    cut_by_first_fit,
    first_fit,
    plan_of,
)
from planner.bench.consolidation.plain import released, siloed
from planner.bench.consolidation.results import FIRST, OURS, CaseResult, Row, outcome_of
from planner.bench.measuring import calibrate, peak_megabytes
from planner.domain.consolidation.cost import plan_figures
from planner.domain.consolidation.model import Attendance, Plan, Solution, Task
from planner.domain.consolidation.solver import solve

FIRST_EFFORT = 0.1  # of the effort asked for: what a page shows first

CUTS = {"": cut, ", first fit": cut_by_first_fit}  # communities to the caps, by what it adds to the name

T = TypeVar("T")
Peer = Callable[[Sequence[Bundle], Caps], list[Setting]]


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be measured: a file, or a family and a number of teams."""

    attendance: Attendance
    family: str
    teams: int = 0
    file: Path | None = None
    effort: float = 1.0

    def instance(self) -> Instance:
        """Read or generate it."""
        if self.file:
            return read_published(self.file, self.attendance)
        return generate(self.family, self.teams, bench_rules(self.attendance))


class Clock:
    """Turns plans into rows with what they cost to find."""

    def __init__(self) -> None:
        self.calibration = calibrate()

    def timed(self, act: Callable[[], T]) -> tuple[T, float]:
        began = time.process_time()
        return act(), time.process_time() - began

    def row(self, method: str, task: Task, plan: Plan, cpu: float, setting: str = "") -> Row:
        """Return a plan as a row; `cpu` in seconds."""
        peak = peak_megabytes()
        outcome = outcome_of(plan_figures(task, plan))
        return Row(method, setting, outcome, cpu, cpu / self.calibration, peak)


def measure_apart(case: Case) -> CaseResult:
    """Measure in a new process, so that memory of one instance is not that of another."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_talk_to_standard_error) as pool:
        return pool.submit(measure, case).result()


def _talk_to_standard_error() -> None:
    """METIS prints its remarks; they must not get between the figures."""
    os.dup2(2, 1)


def measure(case: Case) -> CaseResult:
    """Solve the instance of a case by every method; ours comes first, for the sake of its memory."""
    instance, clock = case.instance(), Clock()
    first, ours, solution = _ours(clock, instance.task, case.effort)
    return CaseResult(
        instance.name,
        instance.family,
        case.attendance,
        len(instance.teams),
        len({person for item in instance.task.items for person in item.people}),
        len(instance.task.items),
        clock.calibration,
        solution.lower_bound,
        solution.proved,
        len(solution.plan.unplaced),
        instance.bound,
        instance.best_known,
        (ours, first, *_plain(clock, instance), *_peers(clock, instance.task)),
    )


def _ours(clock: Clock, task: Task, effort: float) -> tuple[Row, Row, Solution]:
    early, early_cpu = clock.timed(lambda: solve(task, effort=effort * FIRST_EFFORT))
    first = clock.row(FIRST, task, early.plan, early_cpu)
    solution, cpu = clock.timed(lambda: solve(task, effort=effort))
    return first, clock.row(OURS, task, solution.plan, cpu), solution


def _plain(clock: Clock, instance: Instance) -> list[Row]:
    """What needs no library: how people meet today, and the simplest ways to do better."""
    task, caps = instance.task, Caps(instance.task)
    parts = bundles(task, caps)
    return [
        Row("siloed", outcome=outcome_of(siloed(instance))),
        Row("seats released", outcome=outcome_of(released(instance))),
        _packed(clock, "pair talks", task, lambda: [(talk,) for talk in pair_talks(task, caps)]),
        _packed(clock, "components, first fit", task, lambda: first_fit(parts, caps)),
        _packed(clock, "cheapest fit", task, lambda: cheapest_fit(parts, caps)),
    ]


def _packed(clock: Clock, method: str, task: Task, pack: Callable[[], list[Session]]) -> Row:
    sessions, cpu = clock.timed(pack)
    return clock.row(method, task, plan_of(sessions), cpu)


def _peers(clock: Clock, task: Task) -> list[Row]:
    return [*_best_of(clock, "Leiden", leiden, task), *_best_of(clock, "METIS", metis, task)]


def _best_of(clock: Clock, method: str, peer: Peer, task: Task) -> list[Row]:
    """By each way to cut, the cheapest plan over all settings, with the time of that setting alone."""
    caps = Caps(task)
    parts = bundles(task, caps)
    try:
        settings = peer(parts, caps)
    except ModuleNotFoundError as error:
        return [Row(method + way, note=str(error)) for way in CUTS]
    tried = [_cut_each_way(clock, method, setting, task) for setting in settings]
    return [min(rows, key=_cost) for rows in zip(*tried, strict=True)]


def _cut_each_way(clock: Clock, method: str, setting: Setting, task: Task) -> list[Row]:
    """The same communities cut by each way; the time to find them counts in each."""
    caps = Caps(task)
    communities, grouping = clock.timed(setting.group)
    rows: list[Row] = []
    for way, cut_up in CUTS.items():
        sessions, cutting = clock.timed(partial(cut_up, communities, caps))
        rows.append(clock.row(method + way, task, plan_of(sessions), grouping + cutting, setting.name))
    return rows


def _cost(row: Row) -> int:
    return row.outcome.cost if row.outcome else 0
