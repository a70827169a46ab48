"""The ways of lines: straight where nothing stands between two boxes, and around boxes by Graphviz."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import dist

from planner.render.dot import CLEARANCE, ways_dot
from planner.render.engine import CannotDraw, Engine, Job
from planner.render.geometry import (
    Geometry,
    Point,
    Rectangle,
    flattened,
    frame_of,
    nearby,
    segment_hits,
)
from planner.render.outlines import WAYS_KEPT, way_of
from planner.render.sketch import Arrow, Sketch, Wire

HEAD_LENGTH, HEAD_OF_PEN, HEAD_MORE_MAX = 7.5, 1.4, 6.0  # points; a broad line has a longer head
DOT_LENGTH = 7.0
HEAD_SHARE = 1 / 3  # of a short line at most
NEARBY = 40.0  # points around a line in which it looks for its way

Places = Mapping[int, Point]
Ends = tuple[int, int]


@dataclass(frozen=True)
class Arrangement:
    """A finished layout: where boxes stand, and how wires run in Graphviz's words and as polylines."""

    places: Places
    splines: Mapping[Ends, str]
    geometry: Geometry


def routed(sketch: Sketch, places: Places, engine: Engine) -> Arrangement:
    """Return the layout with the way of every wire; Graphviz is asked only for those that must bend.

    Raises CannotDraw.
    """
    settled = {box.id: (round(places[box.id][0], 1), round(places[box.id][1], 1)) for box in sketch.boxes}
    boxes = {box.id: Rectangle(*settled[box.id], box.width, box.height) for box in sketch.boxes}
    pens = {box.id: box.pen for box in sketch.boxes}
    bent = _bent(sketch, boxes)
    splines = {
        (wire.tail, wire.head): _straight(
            wire, _grown(boxes[wire.tail], pens[wire.tail]), _grown(boxes[wire.head], pens[wire.head])
        )
        for wire in sketch.wires
        if wire not in bent
    }
    if bent:
        splines |= _around_boxes(sketch, bent, boxes, engine)
    geometry = Geometry(boxes, {ends: spline_line(spline) for ends, spline in splines.items()})
    return Arrangement(settled, splines, geometry)


@lru_cache(WAYS_KEPT)
def spline_line(spline: str) -> tuple[Point, ...]:
    """Return a spline in Graphviz's words as a polyline from tip to tip."""
    way = way_of(spline)
    return (*([way.start] if way.start else []), *flattened(way.controls), *([way.end] if way.end else []))


def _bent(sketch: Sketch, boxes: Mapping[int, Rectangle]) -> tuple[Wire, ...]:
    """The wires that cannot be straight: a box is in the way, another wire, or no room between the ends."""
    twins = Counter(frozenset((wire.tail, wire.head)) for wire in sketch.wires)

    def must_bend(wire: Wire) -> bool:
        tail, head = boxes[wire.tail], boxes[wire.head]
        a, b = (tail.x, tail.y), (head.x, head.y)
        return (
            twins[frozenset((wire.tail, wire.head))] > 1
            or tail.overlaps(head)
            or any(
                segment_hits(a, b, box, CLEARANCE) and box is not tail and box is not head
                for box in nearby(boxes.values(), frame_of((a, b)), CLEARANCE)
            )
        )

    return tuple(wire for wire in sketch.wires if must_bend(wire))


def _grown(box: Rectangle, pen: float) -> Rectangle:
    """A box with the half of its outline that lies outside."""
    return Rectangle(box.x, box.y, box.width + pen, box.height + pen)


def _straight(wire: Wire, tail: Rectangle, head: Rectangle) -> str:
    """A line from box to box in Graphviz's words, with room for its heads."""
    start, end = _edge_towards(tail, head), _edge_towards(head, tail)
    long = dist(start, end) or 1.0
    room = min(_head_length(wire), long * HEAD_SHARE) / long
    has_start = wire.arrow in (Arrow.BOTH, Arrow.SHARED)
    has_end = wire.arrow is not Arrow.NONE
    first, last = room if has_start else 0.0, 1 - room if has_end else 1.0
    controls = [_between(start, end, first + (last - first) * step / 3) for step in range(4)]
    tips = ([f"s,{_words(start)}"] if has_start else []) + ([f"e,{_words(end)}"] if has_end else [])
    return " ".join([*tips, *map(_words, controls)])


def _head_length(wire: Wire) -> float:
    if wire.arrow is Arrow.SHARED:
        return DOT_LENGTH
    return HEAD_LENGTH + min(HEAD_OF_PEN * wire.pen, HEAD_MORE_MAX)


def _edge_towards(box: Rectangle, other: Rectangle) -> Point:
    """The point where a line between two centres leaves the first box."""
    across, upwards = abs(other.x - box.x), abs(other.y - box.y)
    share = min(
        box.width / 2 / across if across else 1.0,
        box.height / 2 / upwards if upwards else 1.0,
    )
    return _between((box.x, box.y), (other.x, other.y), share)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _words(place: Point) -> str:
    return f"{place[0]:.1f},{place[1]:.1f}"


def _around_boxes(
    sketch: Sketch, bent: Sequence[Wire], boxes: Mapping[int, Rectangle], engine: Engine
) -> dict[Ends, str]:
    """The ways around the boxes nearby; around all of them where such a way meets another box.

    Graphviz looks at all corners from every corner, so that few boxes are much sooner done than all.
    """
    near = _near(bent, boxes)
    found = _asked(sketch, near, bent, boxes, engine)
    others = [box for number, box in boxes.items() if number not in near]
    if any(_meets_any(spline_line(spline), others) for spline in found.values()):
        return _asked(sketch, frozenset(boxes), bent, boxes, engine)
    return found


def _near(bent: Sequence[Wire], boxes: Mapping[int, Rectangle]) -> frozenset[int]:
    frames = [frame_of([(end.x, end.y) for end in (boxes[wire.tail], boxes[wire.head])]) for wire in bent]
    return frozenset(
        number for number, box in boxes.items() if any(box.overlaps(frame, NEARBY) for frame in frames)
    )


def _meets_any(line: Sequence[Point], boxes: Iterable[Rectangle]) -> bool:
    frame = frame_of(line)
    near = nearby(boxes, frame, CLEARANCE)
    return any(segment_hits(a, b, box, CLEARANCE / 2) for a, b in pairwise(line) for box in near)


def _asked(
    sketch: Sketch,
    among: Container[int],
    bent: Sequence[Wire],
    boxes: Mapping[int, Rectangle],
    engine: Engine,
) -> dict[Ends, str]:
    known = [box for box in sketch.boxes if box.id in among]
    places = {box.id: (boxes[box.id].x, boxes[box.id].y) for box in known}
    (output,) = engine.draw(Job(ways_dot(known, bent, places), "nop2", "json0"))
    laid = json.loads(output)
    numbers = [int(one["name"][1:]) for one in laid["objects"]]
    return {(numbers[edge["tail"]], numbers[edge["head"]]): _spline_of(edge) for edge in laid["edges"]}


def _spline_of(edge: Mapping[str, str]) -> str:
    if "pos" not in edge:
        raise CannotDraw("Graphviz found no way for a line.")
    return edge["pos"]
