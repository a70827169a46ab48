"""Two columns with lines between them, in an order in which few lines cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

ROUNDS = 6

Pairs = Sequence[tuple[int, int]]


def ordered_sides(left: Sequence[int], pairs: Pairs) -> tuple[list[int], list[int]]:
    """Return the left and the right ends of the pairs in an order in which few lines cross.

    Each side in turn stands beside the middle of its partners (Sugiyama, Tagawa, Toda 1981); of all orders
    on the way the one with fewest crossings, of equal ones the first, which has the left as it was given.
    """
    best: tuple[int, list[int], list[int]] | None = None
    ordered = list(left)
    for _ in range(ROUNDS):
        right = beside([(b, a) for a, b in pairs], ordered)
        crossings = _crossings(pairs, ordered, right)
        if best is None or crossings < best[0]:
            best = (crossings, ordered, right)
        ordered = beside(pairs, right)
    return (best[1], best[2]) if best else ([], [])


def beside(pairs: Iterable[tuple[int, int]], partners: Sequence[int]) -> list[int]:
    """Return the first of each pair in the order of the middle of its partners."""
    place = {partner: number for number, partner in enumerate(partners)}
    near: dict[int, list[int]] = defaultdict(list)
    for one, partner in pairs:
        near[one].append(place[partner])
    return sorted(near, key=lambda one: (sum(near[one]) / len(near[one]), one))


def _crossings(pairs: Pairs, left: Sequence[int], right: Sequence[int]) -> int:
    first, second = ({one: n for n, one in enumerate(side)} for side in (left, right))
    ends = [(first[a], second[b]) for a, b in pairs]
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(ends, 2))
