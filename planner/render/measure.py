"""How good a drawing is: crossings, lines through boxes, text outside its box, size of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from planner.render.geometry import Point, Rectangle, crossings_of, segment_hits

IDEAL_ASPECT = 1.55  # what a page leaves for a picture
NODE_SLACK = 1.0  # points that a line must intrude before it counts as running through a box


@dataclass(frozen=True)
class Geometry:
    """Boxes by id, and the line of each wire as a polyline, by the ids of its ends."""

    boxes: Mapping[int, Rectangle]
    lines: Mapping[tuple[int, int], Sequence[Point]]


def crossings(geometry: Geometry) -> int:
    """Return how often two lines cross, outside the boxes that they share."""
    return sum(
        _crossings_of(geometry, first, second)
        for first, second in combinations(sorted(geometry.lines), 2)
        if _extents_meet(geometry.lines[first], geometry.lines[second])
    )


def edges_through_nodes(geometry: Geometry) -> int:
    """Return how many pairs there are of a line and a box, not one of its ends, that it runs through."""
    return sum(
        1
        for ends, line in geometry.lines.items()
        for box_id, box in geometry.boxes.items()
        if box_id not in ends and _runs_through(line, box)
    )


def aspect(geometry: Geometry) -> float:
    """Return width by height of all boxes together; the ideal for a picture without boxes."""
    if not geometry.boxes:
        return IDEAL_ASPECT
    boxes = geometry.boxes.values()
    width = max(box.x + box.width / 2 for box in boxes) - min(box.x - box.width / 2 for box in boxes)
    height = max(box.y + box.height / 2 for box in boxes) - min(box.y - box.height / 2 for box in boxes)
    return width / height


def _crossings_of(geometry: Geometry, first: tuple[int, int], second: tuple[int, int]) -> int:
    shared = [geometry.boxes[end] for end in set(first) & set(second)]
    other = list(pairwise(geometry.lines[second]))
    return sum(
        crossings_of(a, b, other)
        for a, b in pairwise(geometry.lines[first])
        if not any(box.contains(a, 2) for box in shared)
    )


def _extents_meet(first: Sequence[Point], second: Sequence[Point]) -> bool:
    return all(
        min(p[axis] for p in first) <= max(p[axis] for p in second)
        and min(p[axis] for p in second) <= max(p[axis] for p in first)
        for axis in (0, 1)
    )


def _runs_through(line: Sequence[Point], box: Rectangle) -> bool:
    return any(segment_hits(a, b, box, -NODE_SLACK) for a, b in pairwise(line))
