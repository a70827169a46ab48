"""Leiden and METIS, where they are installed: groups of bundles by several settings of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from random import Random

from planner.bench.consolidation.bundles import Bundle, Caps
from planner.bench.consolidation.graphs import Graph, of_bundles, of_people

SEED = 7
MODULARITY = (1.0, 4.0, 16.0)
CPM_BUNDLES = (0.02, 0.05, 0.1, 0.2, 0.4)  # of the density that a community of bundles has at least
CPM_PEOPLE = (1.0, 2.0, 5.0, 10.0, 20.0)  # the same in minutes of two people
SESSIONS_A_PART = (0.5, 1.0, 2.0, 4.0, 8.0)  # the longest sessions that a part of METIS would fill
PEOPLE_A_PART = 3  # at least

Grouping = list[list[Bundle]]
Clustering = Callable[[Graph], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to ask a library; `group` gives the bundles by community."""

    name: str
    group: Callable[[], Grouping]


def leiden(bundles: Sequence[Bundle], _caps: Caps) -> list[Setting]:
    """Return the settings of Leiden; raises ModuleNotFoundError where igraph is not installed."""
    _need("igraph")
    _leiden("CPM", 1.0)(Graph((1, 1), {(0, 1): 1}))  # the first call loads what no later one waits for
    modularity = [("modularity", each) for each in MODULARITY]
    on_bundles = [*modularity, *(("CPM", each) for each in CPM_BUNDLES)]
    on_people = [*modularity, *(("CPM", each) for each in CPM_PEOPLE)]
    return [
        *(_on_bundles(f"{how} {at:g}", bundles, _leiden(how, at)) for how, at in on_bundles),
        *(_on_people(f"{how} {at:g}", bundles, _leiden(how, at)) for how, at in on_people),
    ]


def metis(bundles: Sequence[Bundle], caps: Caps) -> list[Setting]:
    """Return the settings of METIS; raises ModuleNotFoundError where pymetis is not installed."""
    _need("pymetis")
    room = caps.rules.minutes_max - caps.rules.opening
    full = sum(bundle.minutes for bundle in bundles) / room
    people = len({person for bundle in bundles for person in bundle.people})
    wanted = [max(2, round(full / each)) for each in SESSIONS_A_PART]
    of_people = sorted({min(parts, max(2, people // PEOPLE_A_PART)) for parts in wanted})
    of_bundles = sorted({min(parts, len(bundles)) for parts in wanted})
    return [
        *(_on_bundles(f"{parts} parts", bundles, _metis(parts)) for parts in of_bundles),
        *(_on_people(f"{parts} parts", bundles, _metis(parts)) for parts in of_people),
    ]


def _need(library: str) -> None:
    """Load it before the time is taken."""
    if find_spec(library) is None:
        raise ModuleNotFoundError(f"{library} is not installed", name=library)
    import_module(library)


def _on_bundles(name: str, bundles: Sequence[Bundle], cluster: Clustering) -> Setting:
    return Setting(f"bundles, {name}", partial(_by_bundle, bundles, cluster))


def _on_people(name: str, bundles: Sequence[Bundle], cluster: Clustering) -> Setting:
    return Setting(f"people, {name}", partial(_by_person, bundles, cluster))


def _by_bundle(bundles: Sequence[Bundle], cluster: Clustering) -> Grouping:
    return _grouped(bundles, cluster(of_bundles(bundles)))


def _by_person(bundles: Sequence[Bundle], cluster: Clustering) -> Grouping:
    """A bundle goes to the community of those of its people who have most to settle there."""
    graph, names = of_people(bundles)
    community = dict(zip(names, cluster(graph), strict=True))
    load = dict(zip(names, graph.nodes, strict=True))
    busiest = (max(sorted(bundle.people), key=lambda person: load[person]) for bundle in bundles)
    return _grouped(bundles, [community[person] for person in busiest])


def _grouped(bundles: Iterable[Bundle], membership: Iterable[int]) -> Grouping:
    groups: dict[int, list[Bundle]] = {}
    for bundle, community in zip(bundles, membership, strict=True):
        groups.setdefault(community, []).append(bundle)
    return list(groups.values())


def _leiden(objective: str, resolution: float) -> Clustering:
    def cluster(graph: Graph) -> Sequence[int]:
        igraph = import_module("igraph")
        igraph.set_random_number_generator(Random(SEED))  # noqa: S311 - repeatable, no secret
        found = igraph.Graph(len(graph.nodes), list(graph.edges)).community_leiden(
            objective_function=objective,
            weights=list(graph.edges.values()),
            resolution=resolution,
            n_iterations=-1,
        )
        return [int(community) for community in found.membership]

    return cluster


def _metis(parts: int) -> Clustering:
    def cluster(graph: Graph) -> Sequence[int]:
        pymetis = import_module("pymetis")
        starts, neighbours, weights = _adjacency(graph)
        if parts < 2 or not neighbours:
            return [0] * len(graph.nodes)
        options = pymetis.Options(seed=SEED)
        found = pymetis.part_graph(
            parts,
            pymetis.CSRAdjacency(adj_starts=starts, adjacent=neighbours),
            vweights=list(graph.nodes),
            eweights=weights,
            options=options,
        )
        return [int(part) for part in found[1]]

    return cluster


def _adjacency(graph: Graph) -> tuple[list[int], list[int], list[int]]:
    """The graph as METIS wants it: where each node's neighbours begin, the neighbours, their weights."""
    near: list[list[tuple[int, int]]] = [[] for _ in graph.nodes]
    for one, other, weight in _both_ways(graph):
        near[one].append((other, weight))
    starts = [0]
    for neighbours in near:
        starts.append(starts[-1] + len(neighbours))
    flat = [pair for neighbours in near for pair in neighbours]
    return starts, [node for node, _ in flat], [weight for _, weight in flat]


def _both_ways(graph: Graph) -> Iterator[tuple[int, int, int]]:
    for (one, other), weight in graph.edges.items():
        yield one, other, weight
        yield other, one, weight
