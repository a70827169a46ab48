"""Thompson's kinds of interdependence, inferred from what is recorded (domain b.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from planner.domain.graph import loops, tear
from planner.domain.model import Dependency, DependencyKind, TeamId

RING_MAX = 8
TeamEdge = tuple[TeamId, TeamId]


class PairKind(StrEnum):
    """How two teams hang together; the ring counts as reciprocal too."""

    RECIPROCAL_DIRECT = "reciprocal-direct"
    RECIPROCAL_RING = "reciprocal-ring"
    SEQUENTIAL = "sequential"
    POOLED = "pooled"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LargeLoop:
    """A loop of more teams than one conversation can hold, and the hand-overs to settle first."""

    team_ids: tuple[TeamId, ...]
    tear: tuple[TeamEdge, ...]


@dataclass(frozen=True)
class Interdependencies:
    """What hangs together how, within one selection of dependencies.

    edges: (consumer, provider) with the number of hand-overs. rings: loops that fit one conversation.
    shared: for each shared thing (by its words) the teams that share it.
    """

    edges: Mapping[TeamEdge, int]
    rings: tuple[tuple[TeamId, ...], ...]
    too_large: tuple[LargeLoop, ...]
    shared: Mapping[str, frozenset[TeamId]]

    def between(self, one: TeamId, other: TeamId) -> PairKind:
        """How the two teams hang together, whichever is named first."""
        there, back = (one, other) in self.edges, (other, one) in self.edges
        if one == other:
            return PairKind.NONE
        if there and back:
            return PairKind.RECIPROCAL_DIRECT
        if there or back:
            return PairKind.RECIPROCAL_RING if self.ring_size(one, other) else PairKind.SEQUENTIAL
        if any({one, other} <= teams for teams in self.shared.values()):
            return PairKind.POOLED
        return PairKind.NONE

    def ring_size(self, one: TeamId, other: TeamId) -> int:
        """How many teams are in the ring that holds both, 0 when none does."""
        ring = self._ring_of.get(one, ())
        return len(ring) if other in ring else 0

    @cached_property
    def _ring_of(self) -> Mapping[TeamId, tuple[TeamId, ...]]:
        return {team_id: ring for ring in self.rings for team_id in ring}

    def of(self, dependency: Dependency) -> PairKind:
        """What this dependency asks for: a shared thing stays pooled whatever else links the teams."""
        if dependency.kind is DependencyKind.SHARED:
            return PairKind.POOLED
        return self.between(dependency.consumer_id, dependency.provider_id)


def infer(
    dependencies: Iterable[Dependency],
    *,
    ring_max: int = RING_MAX,
    fits: Callable[[Sequence[Dependency]], bool] = lambda _: True,
) -> Interdependencies:
    """How the teams of these dependencies hang together.

    A loop of more than `ring_max` teams, or whose hand-overs do not fit one conversation, is no
    ring: there only two-way pairs count as reciprocal, and the loop is named with its cheapest tear.
    """
    dependencies = list(dependencies)
    edges = _edges(dependencies)
    within = _hand_overs_within(loops(edges), dependencies)
    rings = tuple(loop for loop in within if len(loop) <= ring_max and fits(within[loop]))
    return Interdependencies(
        edges=edges,
        rings=rings,
        too_large=tuple(LargeLoop(loop, _tear(loop, edges)) for loop in within if loop not in rings),
        shared=_shared(dependencies),
    )


def _hand_overs_within(
    found: Iterable[tuple[TeamId, ...]], dependencies: Iterable[Dependency]
) -> dict[tuple[TeamId, ...], list[Dependency]]:
    within: dict[tuple[TeamId, ...], list[Dependency]] = {loop: [] for loop in found}
    loop_of = {team_id: loop for loop in within for team_id in loop}
    for dependency in dependencies:
        loop = loop_of.get(dependency.consumer_id, ())
        if dependency.provider_id in loop and dependency.kind is not DependencyKind.SHARED:
            within[loop].append(dependency)
    return within


def _edges(dependencies: Iterable[Dependency]) -> dict[TeamEdge, int]:
    found: Counter[TeamEdge] = Counter()
    for dependency in dependencies:
        if dependency.kind is DependencyKind.SHARED or dependency.consumer_id == dependency.provider_id:
            continue
        found[dependency.consumer_id, dependency.provider_id] += 1
        if dependency.kind is DependencyKind.BACK_AND_FORTH:
            found[dependency.provider_id, dependency.consumer_id] += 1
    return {edge: found[edge] for edge in sorted(found)}


def _tear(loop: tuple[TeamId, ...], edges: Mapping[TeamEdge, int]) -> tuple[TeamEdge, ...]:
    return tear({edge: weight for edge, weight in edges.items() if edge[0] in loop and edge[1] in loop})


def _shared(dependencies: Iterable[Dependency]) -> dict[str, frozenset[TeamId]]:
    found: dict[str, set[TeamId]] = {}
    for dependency in dependencies:
        if dependency.kind is DependencyKind.SHARED:
            teams = {dependency.consumer_id, dependency.provider_id}
            found.setdefault(dependency.what.strip().casefold(), set()).update(teams)
    return {what: frozenset(found[what]) for what in sorted(found)}
