"""Scenes whose boxes have their columns or their places: lines of our own, or around boxes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

from planner.render.columns import columned
from planner.render.engine import Engine
from planner.render.geometry import Geometry, Point, Rectangle
from planner.render.routing import Arrangement, routed, spline_line
from planner.render.scene import Placed, Ranked, Routing
from planner.render.sketch import Arrow, Band

BAND_SIDE, BAND_TOP, BAND_BOTTOM = 11.0, 32.0, 12.0
ARROW_LENGTH = 7.5  # points, of Graphviz's arrow at size 0.75


def in_columns(scene: Ranked) -> tuple[Arrangement, tuple[Band, ...]]:
    """Return the layout of columns, and a band behind each."""
    if not scene.sketch.boxes:
        return Arrangement({}, {}, Geometry({}, {})), ()
    rooms = [
        head.width / count for head, count in zip(scene.heads, scene.spans, strict=True) for _ in range(count)
    ]
    found = columned(scene.sketch, scene.columns, heavy=scene.heavy, rooms=rooms)
    boxes = {box.id: Rectangle(*found.places[box.id], box.width, box.height) for box in scene.sketch.boxes}
    geometry = Geometry(boxes, {ends: spline_line(spline) for ends, spline in found.splines.items()})
    return Arrangement(found.places, found.splines, geometry), _bands(scene, geometry, found.spans)


def _bands(scene: Ranked, geometry: Geometry, spans: Sequence[tuple[float, float]]) -> tuple[Band, ...]:
    """Strips as high as the whole picture, each behind its columns."""
    points = [(box.y - box.height / 2, box.y + box.height / 2) for box in geometry.boxes.values()]
    ys = [*chain.from_iterable(points), *(y for line in geometry.lines.values() for _, y in line)]
    low, high = min(ys) - BAND_BOTTOM, max(ys) + BAND_TOP
    ends = list(accumulate(scene.spans))
    bands = []
    for head, end, count in zip(scene.heads, ends, scene.spans, strict=True):
        left, right = spans[end - count][0] - BAND_SIDE, spans[end - 1][1] + BAND_SIDE
        bands.append(Band((left + right) / 2, (low + high) / 2, right - left, high - low, head))
    return tuple(bands)


def at_places(scene: Placed, engine: Engine) -> Arrangement:
    """Return the layout of a scene with places. Raises CannotDraw."""
    if scene.routing is Routing.AROUND:
        return routed(scene.sketch, scene.places, engine)
    boxes = {box.id: Rectangle(*scene.places[box.id], box.width, box.height) for box in scene.sketch.boxes}
    splines = {
        (wire.tail, wire.head): _side_to_side(boxes[wire.tail], boxes[wire.head], wire.arrow)
        for wire in scene.sketch.wires
    }
    lines = {ends: spline_line(spline) for ends, spline in splines.items()}
    return Arrangement(scene.places, splines, Geometry(boxes, lines))


def _side_to_side(tail: Rectangle, head: Rectangle, arrow: Arrow) -> str:
    """A curve that leaves a box at its right side and enters the other at its left side, level at both."""
    start = (tail.x + tail.width / 2, _level(tail, head))
    tip = (head.x - head.width / 2, _level(head, tail))
    length = 0.0 if arrow is Arrow.NONE else ARROW_LENGTH
    end = (tip[0] - length, tip[1])
    bend = (end[0] - start[0]) / 2
    controls = (start, (start[0] + bend, start[1]), (end[0] - bend, end[1]), end)
    drawn = " ".join(_words(one) for one in controls)
    return f"e,{_words(tip)} {drawn}" if length else drawn


def _level(box: Rectangle, other: Rectangle) -> float:
    """As near to the level of the other box as a tall box reaches; the middle of a small one."""
    reach = max(0.0, box.height / 2 - 20)
    return min(max(other.y, box.y - reach), box.y + reach)


def _words(place: Point) -> str:
    return f"{place[0]:.1f},{place[1]:.1f}"
