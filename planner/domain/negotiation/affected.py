"""Who feels it when a dependency moves: everybody who waits behind it, however far."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.graph import waits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.model import Dependency, DependencyId


def affected_by(dependency: Dependency, dependencies: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """Return what cannot be handed over before this dependency is, transitively, by date then id.

    What waits for what is `graph.waits`, over all of its goal that is still waited for.
    """
    of_goal = {d.id: d for d in dependencies if d.goal_id == dependency.goal_id is not None}
    behind = _behind(d for d in of_goal.values() if d.state.is_active or d.id == dependency.id)
    found = (of_goal[one] for one in _reached(behind, dependency.id))
    return tuple(sorted(found, key=lambda d: (d.needed_by or date.max, d.id)))


def numbers_behind(
    chosen: Iterable[Dependency], dependencies: Iterable[Dependency]
) -> dict[DependencyId, int]:
    """Return for each of the chosen dependencies how many wait behind it."""
    chosen = list(chosen)
    goals = {d.goal_id for d in chosen if d.goal_id is not None}
    behind = _behind(d for d in dependencies if d.goal_id in goals and d.state.is_active)
    return {d.id: len(_reached(behind, d.id)) for d in chosen}


def _behind(dependencies: Iterable[Dependency]) -> Mapping[DependencyId, list[DependencyId]]:
    behind: defaultdict[DependencyId, list[DependencyId]] = defaultdict(list)
    for later, sooner in waits(dependencies).items():
        for one in sooner:
            behind[one].append(later)
    return behind


def _reached(behind: Mapping[DependencyId, list[DependencyId]], start: DependencyId) -> set[DependencyId]:
    found: set[DependencyId] = set()
    waiting = [start]
    while waiting:
        new = [later for later in behind.get(waiting.pop(), ()) if later not in found and later != start]
        found.update(new)
        waiting.extend(new)
    return found
