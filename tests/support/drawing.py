"""A picture drawn and read back, to measure what people see and not what was meant.

How often lines cross, what they run through, which text sticks out of its box, and how small it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import hypot
from xml.etree.ElementTree import Element, fromstring

from planner.domain.picture import TeamMap
from planner.render.geometry import Geometry, Point, Rectangle, crossings_of, flattened, segment_hits
from planner.render.pictures import Picture, Positions, draw_scene
from planner.render.scene import Free
from planner.render.svg import PIXELS_PER_POINT
from planner.render.teams import sketch_of_teams
from planner.render.text import REGULAR, width

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_OUTLINES = frozenset({f"{_NAMESPACE}path", f"{_NAMESPACE}polygon"})
_NODE_ID = re.compile(r".*-n(\d+)")
_WIRE_ID = re.compile(r".*-n(\d+)-n(\d+)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NODE_SLACK = 1.0  # points that a line must intrude before it counts as running through a box


@dataclass(frozen=True)
class Drawing:
    """What can be measured: lines and boxes, texts that stick out of their box, the smallest text (px)."""

    geometry: Geometry
    overflowing: tuple[str, ...]
    smallest_text: float


def drawn_map(team_map: TeamMap, *, positions: Positions | None = None, tidy: bool = False) -> Picture:
    """Return the picture of a team map, as the page of the map draws it."""
    return draw_scene(Free(sketch_of_teams(team_map)), positions=positions, tidy=tidy)


def read_drawing(svg: str) -> Drawing:
    """Return the measures of a picture that `svg.drawn` wrote. Raises ParseError for anything else."""
    root = fromstring(svg)  # noqa: S314  # our own picture, without document type
    nodes = dict(_groups(root, _NODE_ID))
    boxes = {ends[0]: _bounds(group) for ends, group in nodes.items()}
    lines = {(ends[0], ends[1]): _line(group) for ends, group in _groups(root, _WIRE_ID)}
    return Drawing(
        geometry=Geometry(boxes, lines),
        overflowing=tuple(
            text.text or ""
            for ends, group in nodes.items()
            for text in group.iter(f"{_NAMESPACE}text")
            if _sticks_out(text, boxes[ends[0]])
        ),
        smallest_text=min((_size(text) for text in root.iter(f"{_NAMESPACE}text")), default=0.0)
        * PIXELS_PER_POINT,
    )


def _groups(root: Element, pattern: re.Pattern[str]) -> Iterator[tuple[tuple[int, ...], Element]]:
    for group in root.iter(f"{_NAMESPACE}g"):
        match = pattern.fullmatch(group.get("id", ""))
        if match and "-n" not in match.string[: match.start(1) - 2]:
            yield tuple(int(part) for part in match.groups()), group


def _bounds(group: Element) -> Rectangle:
    frame = next(group.iter(f"{_NAMESPACE}rect"))
    x, y, wide, high = (float(frame.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return Rectangle(x + wide / 2, y + high / 2, wide, high)


def _line(group: Element) -> list[Point]:
    return flattened(_points(group))


def _points(group: Element) -> list[Point]:
    outlines = (shape.get("d") or shape.get("points") for shape in group.iter() if shape.tag in _OUTLINES)
    values = [float(value) for value in _NUMBER.findall(next(filter(None, outlines)))]
    return list(zip(values[0::2], values[1::2], strict=True))


def _sticks_out(text: Element, box: Rectangle) -> bool:
    half = width(text.text or "", _size(text), int(text.get("font-weight", REGULAR))) / 2
    x, y = float(text.get("x", 0)), float(text.get("y", 0))
    corners = ((x - half, y - _size(text) * 0.75), (x + half, y + _size(text) * 0.22))
    return not all(box.contains(corner) for corner in corners)


def _size(text: Element) -> float:
    return float(text.get("font-size", 0))


def moved_share(before: Mapping[int, Point], after: Mapping[int, Point]) -> float:
    """Return how far boxes in both pictures moved on average, as a share of the first picture's width."""
    shared = before.keys() & after.keys()
    xs = [place[0] for place in before.values()]
    if not shared or max(xs) == min(xs):
        return 0.0
    steps = [hypot(before[one][0] - after[one][0], before[one][1] - after[one][1]) for one in shared]
    return sum(steps) / len(steps) / (max(xs) - min(xs))


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
