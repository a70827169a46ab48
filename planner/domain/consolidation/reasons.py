"""The facts behind a session: why these items belong in one conversation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.domain.consolidation.cost import session_figures
from planner.domain.consolidation.model import Item, Task
from planner.domain.graph import longest_chains, shortest_loop
from planner.domain.interdependence import PairKind, infer
from planner.domain.model import Dependency, DependencyId, DependencyState, TeamId

REASONS_MAX = 4
QUEUE_MIN = 2


class ReasonKind(StrEnum):
    TWO_WAY = "two-way"
    LOOP = "loop"
    LATE = "late"
    COUNTERED = "countered"
    ONE_GOAL = "one-goal"
    ONE_QUEUE = "one-queue"
    SPLITTING = "splitting"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact: the dependencies and teams it is about; what splitting would cost, for that kind."""

    kind: ReasonKind
    dependency_ids: tuple[DependencyId, ...] = ()
    team_ids: tuple[TeamId, ...] = ()
    seats: int = 0
    minutes: int = 0


def session_reasons(
    task: Task, items: Sequence[Item], dependencies: Sequence[Dependency], today: date
) -> tuple[Reason, ...]:
    """Up to four facts, the strongest first; what splitting would cost comes last."""
    found = [
        *_two_way(dependencies),
        *_loop(dependencies),
        *_with_ids(ReasonKind.LATE, (d for d in dependencies if d.is_late(today))),
        *_with_ids(ReasonKind.COUNTERED, (d for d in dependencies if d.state is DependencyState.COUNTERED)),
        *_one_goal(dependencies),
        *_one_queue(dependencies),
    ]
    splitting = _splitting(task, items)
    reasons = (*found[: REASONS_MAX - len(splitting)], *splitting)
    return reasons or tuple(_with_ids(ReasonKind.OPEN, dependencies))


def _two_way(dependencies: Sequence[Dependency]) -> list[Reason]:
    """All two-way pairs as one reason; `team_ids` has them two by two."""
    links = infer(dependencies)
    direct = [d for d in dependencies if links.of(d) is PairKind.RECIPROCAL_DIRECT]
    pairs = sorted({tuple(sorted((d.consumer_id, d.provider_id))) for d in direct})
    if not pairs:
        return []
    teams = tuple(team_id for pair in pairs for team_id in pair)
    return [Reason(ReasonKind.TWO_WAY, tuple(sorted(d.id for d in direct)), teams)]


def _loop(dependencies: Sequence[Dependency]) -> list[Reason]:
    """The shortest way round through three teams or more."""
    loop = shortest_loop(infer(dependencies).edges, at_least=3)
    steps = set(zip(loop, (*loop[1:], *loop[:1]), strict=True))
    ids = sorted(d.id for d in dependencies if (d.consumer_id, d.provider_id) in steps)
    return [Reason(ReasonKind.LOOP, tuple(ids), loop)] if loop else []


def _with_ids(kind: ReasonKind, dependencies: Iterable[Dependency]) -> list[Reason]:
    ids = tuple(sorted(dependency.id for dependency in dependencies))
    return [Reason(kind, ids)] if ids else []


def _one_goal(dependencies: Sequence[Dependency]) -> list[Reason]:
    """The longest row of hand-overs of one goal that is talked about here."""
    chains = longest_chains(dependencies)
    if not chains:
        return []
    chain = max(chains.values(), key=len)
    teams = (chain[0].provider_id, *(dependency.consumer_id for dependency in chain))
    return [Reason(ReasonKind.ONE_GOAL, tuple(dependency.id for dependency in chain), teams)]


def _one_queue(dependencies: Sequence[Dependency]) -> list[Reason]:
    """The provider of whom most teams need something here, when they are two or more.

    `team_ids` has the provider first.
    """
    queues: dict[TeamId, list[Dependency]] = defaultdict(list)
    for dependency in dependencies:
        queues[dependency.provider_id].append(dependency)
    asking = {provider: {d.consumer_id for d in queue} for provider, queue in queues.items()}
    longest = min(asking, key=lambda provider: (-len(asking[provider]), provider), default=None)
    if longest is None or len(asking[longest]) < QUEUE_MIN:
        return []
    ids = tuple(sorted(d.id for d in queues[longest]))
    return [Reason(ReasonKind.ONE_QUEUE, ids, (longest, *sorted(asking[longest])))]


def _splitting(task: Task, items: Sequence[Item]) -> list[Reason]:
    """What the cheapest cut of the agenda in two would cost; nothing where it must not be cut."""
    whole = session_figures(task, items)
    here = {item.id for item in items}
    together = [group & here for group in task.keep_together if not group.isdisjoint(here)]
    cuts: list[tuple[int, int]] = []
    for at in range(1, len(items)):
        if _may_cut(items, at, together):
            parts = session_figures(task, items[:at]), session_figures(task, items[at:])
            cost = parts[0].cost + parts[1].cost - whole.cost
            cuts.append((cost, parts[0].seats + parts[1].seats - whole.seats))
    if not cuts or min(cuts)[0] <= 0:
        return []
    minutes, seats = min(cuts)
    return [Reason(ReasonKind.SPLITTING, seats=seats, minutes=minutes)]


def _may_cut(items: Sequence[Item], at: int, together: Iterable[Collection[str]]) -> bool:
    before = {item.id for item in items[:at]}
    return all(before.isdisjoint(group) or before.issuperset(group) for group in together)
