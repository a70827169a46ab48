"""Bundles as graphs: of the people who sit in them, and of the bundles that share people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from planner.bench.consolidation.bundles import Bundle

CROWD = 60  # of more bundles of one person each knows only its neighbours in order of their ids
REACH = 12  # neighbours on either side


@dataclass(frozen=True, slots=True)
class Graph:
    """An undirected graph: weights of nodes by number, weights of edges by both ends, smaller first."""

    nodes: tuple[int, ...]
    edges: Mapping[tuple[int, int], int]


def of_people(bundles: Sequence[Bundle]) -> tuple[Graph, list[str]]:
    """Return a graph whose nodes are people, weighted by the minutes of two people, and their names."""
    names = sorted({person for bundle in bundles for person in bundle.people})
    number = {name: at for at, name in enumerate(names)}
    minutes = [0] * len(names)
    edges: dict[tuple[int, int], int] = {}
    for bundle in bundles:
        seats = sorted(number[person] for person in bundle.people)
        for seat in seats:
            minutes[seat] += bundle.minutes
        for pair in combinations(seats, 2):
            edges[pair] = edges.get(pair, 0) + bundle.minutes
    return Graph(tuple(minutes), edges), names


def of_bundles(bundles: Sequence[Bundle]) -> Graph:
    """Return a graph whose nodes are bundles of so many minutes, weighted by the people two share."""
    theirs: dict[str, list[int]] = {}
    for number, bundle in enumerate(bundles):
        for person in sorted(bundle.people):
            theirs.setdefault(person, []).append(number)
    edges: dict[tuple[int, int], int] = {}
    for own in theirs.values():
        reach = REACH if len(own) > CROWD else len(own)
        for at, one in enumerate(own):
            for other in own[at + 1 : at + 1 + reach]:
                edges[one, other] = edges.get((one, other), 0) + 1
    return Graph(tuple(bundle.minutes for bundle in bundles), edges)


def components(bundles: Sequence[Bundle]) -> list[list[Bundle]]:
    """Return the bundles by connected component, each walked from neighbour to neighbour."""
    theirs: dict[str, list[int]] = {}
    for number, bundle in enumerate(bundles):
        for person in bundle.people:
            theirs.setdefault(person, []).append(number)
    seen: set[int] = set()
    return [
        [bundles[number] for number in _walk(start, bundles, theirs, seen)]
        for start in range(len(bundles))
        if start not in seen
    ]


def _walk(start: int, bundles: Sequence[Bundle], theirs: dict[str, list[int]], seen: set[int]) -> list[int]:
    seen.add(start)
    walked = [start]
    for number in walked:
        for person in sorted(bundles[number].people):
            for other in theirs.pop(person, ()):
                if other not in seen:
                    seen.add(other)
                    walked.append(other)
    return walked
