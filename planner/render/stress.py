"""Where boxes could stand at first: as far from one another as there are links between them.

Stress by stochastic gradient descent (Zheng, Pawar and Goodman, 2018): pairs of boxes are moved towards their
distance, one pair after the other, by less and less. The layout of `neato`, without asking for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import exp, hypot, log
from random import Random

from planner.render.geometry import Point
from planner.render.sketch import Sketch

ROUNDS = 15
LAST_STEP = 0.1  # of what would join a linked pair at once
TINY = 1e-9


class Stress:
    """The distances that the boxes of a sketch should have, and layouts that come near them."""

    def __init__(self, sketch: Sketch) -> None:
        self._ids = [box.id for box in sketch.boxes]
        steps = _steps_between(sketch)
        apart = 1 + max((most for near in steps.values() for most in near.values()), default=0)
        self._pairs = [
            (a, b, float(steps[self._ids[a]].get(self._ids[b], apart)))
            for a, b in combinations(range(len(self._ids)), 2)
        ]

    @property
    def pairs(self) -> int:
        """How many pairs of boxes a layout looks at in each round."""
        return len(self._pairs)

    def layout(self, seed: int) -> dict[int, Point]:
        """Return centres, in links, that begin at random and end near the distances."""
        random = Random(seed)  # noqa: S311  # a reproducible start, not a secret
        size = max((distance for *_, distance in self._pairs), default=1.0)
        xs = [random.uniform(0, size) for _ in self._ids]
        ys = [random.uniform(0, size) for _ in self._ids]
        pairs = list(self._pairs)
        fading = log(LAST_STEP / (size * size)) / (ROUNDS - 1)
        for one in range(ROUNDS):
            random.shuffle(pairs)
            _step(xs, ys, pairs, size * size * exp(fading * one))
        return {box: (x, y) for box, x, y in zip(self._ids, xs, ys, strict=True)}


def _step(xs: list[float], ys: list[float], pairs: list[tuple[int, int, float]], step: float) -> None:
    """Move each pair towards its distance: the nearer they should be, the more."""
    for a, b, distance in pairs:
        x, y = xs[a] - xs[b], ys[a] - ys[b]
        is_now = hypot(x, y) or TINY
        share = min(1.0, step / (distance * distance)) * (is_now - distance) / (2 * is_now)
        x *= share
        y *= share
        xs[a] -= x
        ys[a] -= y
        xs[b] += x
        ys[b] += y


def _steps_between(sketch: Sketch) -> Mapping[int, Mapping[int, int]]:
    """How many links lead from each box to each one that it reaches."""
    near: dict[int, set[int]] = {box.id: set() for box in sketch.boxes}
    for wire in sketch.wires:
        near[wire.tail].add(wire.head)
        near[wire.head].add(wire.tail)
    return {box: _steps_from(box, near) for box in near}


def _steps_from(start: int, near: Mapping[int, set[int]]) -> dict[int, int]:
    steps, edge = {start: 0}, [start]
    while edge:
        further = {other for box in edge for other in near[box] if other not in steps}
        steps.update(dict.fromkeys(further, steps[edge[0]] + 1))
        edge = sorted(further)
    return steps
