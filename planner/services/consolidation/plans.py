"""Plans: found in stages, each better than the one before, and kept by the digest of what they answer."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.consolidation.model import Plan, PlannedSession, Slot, Solution
from planner.domain.consolidation.solver import solve
from planner.storage.results import fetch, fetch_first, keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Task

SOLVER_VERSION = "8"
"""Raise it when the solver answers differently, so that kept plans are solved anew."""
STAGES = (0.0, 0.1, 1.0)
"""Shares of the whole effort: the first plan at once, most of what can be saved soon, then the rest."""
STEPS = 1000
"""Into how many steps the progress of all stages is divided."""


def search(
    task: Task,
    *,
    effort: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    found: Callable[[Solution], None] | None = None,
) -> Solution:
    """Return the best plan of all stages; the best so far where `stop` says so.

    `found` hears of the first plan and of each that is better. The same task gives the same plan.
    """
    best: Solution | None = None
    for number, stage in enumerate(STAGES):
        solution = solve(task, effort=stage * effort, progress=_part_of(progress, number), stop=stop)
        if best is None or rank(task, solution) < rank(task, best):
            best = solution
            if found:
                found(best)
        if best.proved or (stop and stop()):
            break
    if best is None:
        raise AssertionError("there is a stage")
    return best


def _part_of(progress: Callable[[int, int], None] | None, number: int) -> Callable[[int, int], None] | None:
    """Turn the progress of one stage into that of all."""
    if progress is None:
        return None
    before, share, whole = sum(STAGES[:number]), STAGES[number], sum(STAGES)

    def told(done: int, total: int) -> None:
        progress(round(STEPS * (before + share * done / total) / whole), STEPS)

    return told


def first_plan(task: Task) -> Solution:
    """Return the plan that is there at once; a few per cent dearer than what a search finds."""
    return solve(task, effort=0)


def rank(task: Task, solution: Solution) -> tuple[int, int, int, int]:
    """Return what makes a plan better than another, the smaller the better: rules first, then the cost."""
    broken = len(solution.plan.unplaced) + len(solution.plan.torn)
    seats = Counter(person for session in solution.plan.sessions for person in session.attendees)
    most = task.rules.sessions_max
    beyond = 0 if most is None else sum(max(0, count - most) for count in seats.values())
    return broken, beyond, solution.cost, len(solution.plan.sessions)


def kept_final(session: Session, key: str) -> Solution | None:
    """Return what a whole search has found, None when it is not there."""
    body = fetch(session, f"plan:{key}")
    return None if body is None else _solution_from(json.loads(body))


def kept_best(session: Session, key: str) -> tuple[Solution, bool] | None:
    """Return the best plan there is, and whether it is that of a whole search."""
    kept = fetch_first(session, f"plan:{key}", f"best:{key}")
    if kept is None:
        return None
    name, body = kept
    return _solution_from(json.loads(body)), name.startswith("plan:")


def keep_final(session: Session, key: str, solution: Solution) -> None:
    _keep(session, f"plan:{key}", solution)


def keep_best(session: Session, key: str, solution: Solution) -> None:
    _keep(session, f"best:{key}", solution)


def digest(task: Task) -> str:
    """Return a name for everything that the plan of a task depends on."""
    facts = {
        "solver": SOLVER_VERSION,
        "items": sorted(task.items, key=lambda item: item.id),
        "attendees": task.attendees,
        "rules": task.rules,
        "together": sorted(sorted(group) for group in task.keep_together),
        "apart": sorted(sorted(group) for group in task.apart),
        "travel": sorted((sorted(pair), minutes) for pair, minutes in task.travel.items()),
        "days": task.days,
    }
    return hashlib.sha256(json.dumps(facts, default=_plain, sort_keys=True).encode()).hexdigest()


def _keep(session: Session, name: str, solution: Solution) -> None:
    keep(session, name, json.dumps(asdict(solution), default=_plain, sort_keys=True).encode())


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{value!r} cannot be kept")


def _solution_from(kept: dict[str, Any]) -> Solution:
    sessions = tuple(
        PlannedSession(
            items=tuple(one["items"]),
            attendees=frozenset(one["attendees"]),
            slot=Slot(date.fromisoformat(one["slot"]["day"]), one["slot"]["minute"]) if one["slot"] else None,
            place=one["place"],
        )
        for one in kept["plan"]["sessions"]
    )
    plan = Plan(sessions, kept["plan"]["unplaced"], kept["plan"]["torn"])
    return Solution(
        plan,
        kept["cost"],
        kept["lower_bound"],
        kept["proved"],
        kept["iterations"],
        kept["scheduling_cost"],
    )
