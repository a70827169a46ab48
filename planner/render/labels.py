"""Where the words of a wire stand: on its middle, or as near to it as boxes and other words allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from planner.render.geometry import Point, Rectangle, frame_of, point_along, segment_hits
from planner.render.measure import Geometry
from planner.render.sketch import Sketch, Wire

SHARES = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7)
CLEAR = 3.0  # points around the words
ON_BOX, ON_WORDS, ON_LINE, OFF_MIDDLE = 100.0, 60.0, 8.0, 20.0


def label_spots(sketch: Sketch, geometry: Geometry) -> Mapping[tuple[int, int], Point]:
    """Return the centre of every wire's words; wires without words get the middle of their line."""
    frames = {ends: frame_of(line) for ends, line in geometry.lines.items()}
    spots: dict[tuple[int, int], Point] = {}
    placed: list[Rectangle] = []
    for wire in sketch.wires:
        ends = (wire.tail, wire.head)
        spots[ends] = point_along(geometry.lines[ends], 0.5)
        if wire.label:
            best = min(
                _candidates(wire, geometry.lines[ends]),
                key=lambda spot: _cost(spot, ends, geometry, frames, placed),
            )
            spots[ends] = best[1].x, best[1].y
            placed.append(best[1])
    return spots


def _candidates(wire: Wire, line: Sequence[Point]) -> list[tuple[float, Rectangle]]:
    if wire.label is None:
        return []
    wide, high = wire.label.width + 2 * CLEAR, wire.label.height + 2 * CLEAR
    return [(share, Rectangle(*point_along(line, share), wide, high)) for share in SHARES]


def _cost(
    spot: tuple[float, Rectangle],
    ends: tuple[int, int],
    geometry: Geometry,
    frames: Mapping[tuple[int, int], Rectangle],
    placed: Sequence[Rectangle],
) -> float:
    share, words = spot
    boxes = sum(1 for box in geometry.boxes.values() if words.overlaps(box))
    others = sum(1 for other in placed if words.overlaps(other))
    near = (geometry.lines[key] for key, frame in frames.items() if key != ends and words.overlaps(frame, 1))
    lines = sum(1 for line in near if _touches(line, words))
    return ON_BOX * boxes + ON_WORDS * others + ON_LINE * lines + OFF_MIDDLE * abs(share - 0.5)


def _touches(line: Sequence[Point], words: Rectangle) -> bool:
    return any(segment_hits(a, b, words) for a, b in pairwise(line))
