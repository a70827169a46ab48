"""Facts about who waits for whom: loops, levels, the longest chain, what waits behind, where to cut.

An edge is (consumer, provider). Every answer is sorted, so that equal graphs give equal answers.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any, Protocol, TypeVar

from planner.domain.model import Dependency, DependencyId, GoalId

EXACT_TEAR_EDGES = 14
CHAIN_MIN = 3


class Sortable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


N = TypeVar("N", bound=Sortable)
Edge = tuple[N, N]


def adjacency(edges: Iterable[Edge[N]]) -> dict[N, list[N]]:
    """Each node's providers, sorted and once each; nobody is their own provider here."""
    found: dict[N, set[N]] = {}
    for consumer, provider in edges:
        found.setdefault(consumer, set())
        found.setdefault(provider, set())
        if consumer != provider:
            found[consumer].add(provider)
    return {node: sorted(found[node]) for node in sorted(found)}


def strongly_connected(edges: Iterable[Edge[N]]) -> tuple[tuple[N, ...], ...]:
    """The strongly connected components, each sorted, in order of their first node."""
    return tuple(sorted(_providers_first(adjacency(edges))))


def _providers_first(after: Mapping[N, list[N]]) -> list[tuple[N, ...]]:
    """Components, each after those it needs something from.

    Tarjan's algorithm (1972) without recursion, so that a chain of ten thousand is no problem.
    """
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    open_nodes: list[N] = []
    closed: set[N] = set()
    components: list[tuple[N, ...]] = []
    for root in after:
        walk = [] if root in index else [_enter(root, after, index, low, open_nodes)]
        while walk:
            node, rest = walk[-1]
            fresh = _next_unseen(node, rest, index, low, closed)
            if fresh is not None:
                walk.append(_enter(fresh, after, index, low, open_nodes))
                continue
            walk.pop()
            if walk:
                low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
            if low[node] == index[node]:
                components.append(_close(node, open_nodes, closed))
    return components


def _enter(
    node: N, after: Mapping[N, list[N]], index: dict[N, int], low: dict[N, int], open_nodes: list[N]
) -> tuple[N, Iterator[N]]:
    index[node] = low[node] = len(index)
    open_nodes.append(node)
    return node, iter(after[node])


def _next_unseen(
    node: N, rest: Iterator[N], index: Mapping[N, int], low: dict[N, int], closed: set[N]
) -> N | None:
    for nearby in rest:
        if nearby not in index:
            return nearby
        if nearby not in closed:
            low[node] = min(low[node], index[nearby])
    return None


def _close(node: N, open_nodes: list[N], closed: set[N]) -> tuple[N, ...]:
    component = [open_nodes.pop()]
    while component[-1] != node:
        component.append(open_nodes.pop())
    closed.update(component)
    return tuple(sorted(component))


def loops(edges: Iterable[Edge[N]]) -> tuple[tuple[N, ...], ...]:
    """The components of two nodes or more."""
    return tuple(component for component in strongly_connected(edges) if len(component) > 1)


def levels(edges: Iterable[Edge[N]]) -> tuple[tuple[tuple[N, ...], ...], ...]:
    """Components by level, providers first: level 0 waits for nobody outside itself."""
    after = adjacency(edges)
    level: dict[N, int] = {}
    rows: dict[int, list[tuple[N, ...]]] = defaultdict(list)
    for component in _providers_first(after):
        outside = (p for node in component for p in after[node] if p not in component)
        depth = 1 + max((level[provider] for provider in outside), default=-1)
        level.update(dict.fromkeys(component, depth))
        rows[depth].append(component)
    return tuple(tuple(sorted(rows[depth])) for depth in sorted(rows))


def shortest_loop(edges: Iterable[Edge[N]], *, at_least: int = 2) -> tuple[N, ...]:
    """The shortest way round through at least two (or three) nodes, from its first; () if there is none."""
    after = adjacency(edges)
    best: tuple[N, ...] = ()
    for start in after:
        for provider in after[start]:
            path = _path(after, provider, start, skip_direct=at_least > 2)
            if path and (not best or (len(path), path) < (len(best), best)):
                best = path
    return best


def _path(after: Mapping[N, list[N]], start: N, end: N, *, skip_direct: bool) -> tuple[N, ...]:
    """The loop end, start, .. back to end by the fewest steps, starting with `end`; () if none."""
    came: dict[N, N] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for provider in after[node]:
            if provider == end and not (skip_direct and node == start):
                return (end, *_trail(came, node, start))
            if provider not in came and provider not in (start, end):
                came[provider] = node
                queue.append(provider)
    return ()


def _trail(came: Mapping[N, N], node: N, start: N) -> tuple[N, ...]:
    trail = [node]
    while trail[-1] != start:
        trail.append(came[trail[-1]])
    return tuple(reversed(trail))


def _reached(after: Mapping[N, list[N]], start: N) -> set[N]:
    seen: set[N] = {start}
    waiting = [start]
    while waiting:
        fresh = [node for node in after[waiting.pop()] if node not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return seen - {start}


def tear(weights: Mapping[Edge[N], int]) -> tuple[Edge[N], ...]:
    """The cheapest edges whose removal leaves no loop, sorted.

    Exact up to 14 edges inside loops, by branching on the edges of one loop; above that the edges
    against a greedy order, after those not needed were put back.
    """
    inside = _within_loops(weights)
    if len(inside) <= EXACT_TEAR_EDGES:
        return _exact_tear(inside)
    return _greedy_tear(inside)


def _within_loops(weights: Mapping[Edge[N], int]) -> dict[Edge[N], int]:
    loop_of = {node: number for number, loop in enumerate(loops(weights)) for node in loop}
    return {
        edge: weights[edge]
        for edge in sorted(weights)
        if edge[0] != edge[1] and edge[0] in loop_of and loop_of[edge[0]] == loop_of.get(edge[1])
    }


def _exact_tear(weights: Mapping[Edge[N], int]) -> tuple[Edge[N], ...]:
    best = tuple(sorted(weights))
    waiting: list[tuple[Edge[N], ...]] = [()]
    seen: set[tuple[Edge[N], ...]] = set()
    while waiting:
        cut = waiting.pop()
        if cut in seen or _price(weights, cut) > _price(weights, best):
            continue
        seen.add(cut)
        loop = shortest_loop(edge for edge in weights if edge not in cut)
        if loop:
            waiting.extend(tuple(sorted((*cut, edge))) for edge in _edges_of(loop))
        elif _price(weights, cut) < _price(weights, best):
            best = cut
    return best


def _greedy_tear(weights: Mapping[Edge[N], int]) -> tuple[Edge[N], ...]:
    place = {node: number for number, node in enumerate(_greedy_order(weights))}
    cut = {edge for edge in weights if place[edge[0]] > place[edge[1]]}
    after: dict[N, list[N]] = {node: [] for node in place}
    for consumer, provider in weights.keys() - cut:
        after[consumer].append(provider)
    for edge in sorted(cut, key=lambda edge: (-weights[edge], edge)):
        consumer, provider = edge
        if consumer not in _reached(after, provider):
            after[consumer].append(provider)
            cut.remove(edge)
    return tuple(sorted(cut))


def _greedy_order(weights: Mapping[Edge[N], int]) -> list[N]:
    """Consumers before providers as far as possible: always the node that needs most and gives least next.

    After Eades, Lin and Smyth, A fast and effective heuristic for the feedback arc set problem (1993).
    """
    balance: dict[N, int] = defaultdict(int)
    touching: dict[N, list[Edge[N]]] = defaultdict(list)
    for (consumer, provider), weight in weights.items():
        balance[consumer] += weight
        balance[provider] -= weight
        touching[consumer].append((consumer, provider))
        touching[provider].append((consumer, provider))
    waiting = [(-weight, node) for node, weight in balance.items()]
    heapify(waiting)
    order: list[N] = []
    while waiting:
        weight, node = heappop(waiting)
        if balance.get(node) != -weight:
            continue  # chosen already, or balanced anew since
        order.append(node)
        del balance[node]
        for edge in touching[node]:
            other = edge[1] if edge[0] == node else edge[0]
            if other in balance:
                balance[other] += weights[edge] if edge[0] == node else -weights[edge]
                heappush(waiting, (-balance[other], other))
    return order


def _edges_of(loop: Sequence[N]) -> list[Edge[N]]:
    return list(zip(loop, (*loop[1:], loop[0]), strict=True))


def _price(weights: Mapping[Edge[N], int], cut: tuple[Edge[N], ...]) -> tuple[int, int, tuple[Edge[N], ...]]:
    return sum(weights[edge] for edge in cut), len(cut), cut


def waits(dependencies: Iterable[Dependency]) -> dict[DependencyId, tuple[DependencyId, ...]]:
    """For each dependency of a shared goal those that must be handed over before it.

    One waits for another of the same goal when its provider is the other's consumer and the other
    is needed no later. Hand-overs that wait for one another in a circle have no order: those waits
    are left out.
    """
    dependencies = list(dependencies)
    pairs = waiting_pairs(dependencies)
    knot = {id_: number for number, loop in enumerate(loops(pairs)) for id_ in loop}
    found: dict[DependencyId, list[DependencyId]] = {
        dependency.id: []
        for dependency in sorted(dependencies, key=lambda d: d.id)
        if dependency.goal_id is not None
    }
    for later_id, sooner_id in pairs:
        if later_id not in knot or knot[later_id] != knot.get(sooner_id):
            found[later_id].append(sooner_id)
    return {id_: tuple(sooner) for id_, sooner in found.items()}


def waiting_pairs(dependencies: Iterable[Dependency]) -> list[tuple[DependencyId, DependencyId]]:
    """Each (later, sooner) of one shared goal where the later one waits for the other, see `waits`.

    Those that wait for one another in a circle are here as well.
    """
    dependencies = sorted((d for d in dependencies if d.goal_id is not None), key=lambda d: d.id)
    ending: dict[tuple[GoalId | None, int], list[Dependency]] = defaultdict(list)
    for dependency in dependencies:
        ending[dependency.goal_id, dependency.consumer_id].append(dependency)
    return [
        (later.id, sooner.id)
        for later in dependencies
        for sooner in ending[later.goal_id, later.provider_id]
        if _in_order(sooner, later)
    ]


def _in_order(sooner: Dependency, later: Dependency) -> bool:
    if sooner.id == later.id:
        return False
    return sooner.needed_by is None or later.needed_by is None or sooner.needed_by <= later.needed_by


def longest_chains(dependencies: Iterable[Dependency]) -> dict[GoalId, tuple[Dependency, ...]]:
    """For each goal its longest row of hand-overs, each feeding the next; only rows of three or more.

    Of equally long rows the one with the smallest ids.
    """
    by_id = {dependency.id: dependency for dependency in dependencies}
    before = waits(by_id.values())
    chain: dict[DependencyId, tuple[DependencyId, ...]] = {}
    for level in levels((later, sooner) for later, all_ in before.items() for sooner in all_):
        for id_ in (id_ for component in level for id_ in component):
            longest = min((chain[sooner] for sooner in before[id_]), key=_longest_first, default=())
            chain[id_] = (*longest, id_)
    best: dict[GoalId, tuple[DependencyId, ...]] = {}
    for id_ in sorted(chain):
        goal_id = by_id[id_].goal_id
        if goal_id is not None:
            best[goal_id] = min(best.get(goal_id, ()), chain[id_], key=_longest_first)
    return {
        goal_id: tuple(by_id[id_] for id_ in best[goal_id])
        for goal_id in sorted(best)
        if len(best[goal_id]) >= CHAIN_MIN
    }


def _longest_first(chain: tuple[DependencyId, ...]) -> tuple[int, tuple[DependencyId, ...]]:
    return -len(chain), chain
