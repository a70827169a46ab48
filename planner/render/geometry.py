"""Points, segments and rectangles: the little geometry that layout and measurement need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

Point = tuple[float, float]

CURVE_STEPS = 10
STRAIGHT_WITHIN = 0.5  # points
IDEAL_ASPECT = 1.55  # width by height that a page leaves for a picture


@dataclass(frozen=True, slots=True)
class Rectangle:
    """By its centre and full width and height."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Rectangle, gap: float = 0.0) -> bool:
        """True when the two are closer than `gap` in both directions."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width + 2 * gap
            and abs(self.y - other.y) * 2 < self.height + other.height + 2 * gap
        )

    def contains(self, point: Point, slack: float = 0.0) -> bool:
        return (
            abs(point[0] - self.x) <= self.width / 2 + slack
            and abs(point[1] - self.y) <= self.height / 2 + slack
        )


@dataclass(frozen=True)
class Geometry:
    """Boxes by id, and the line of each wire as a polyline, by the ids of its ends."""

    boxes: Mapping[int, Rectangle]
    lines: Mapping[tuple[int, int], Sequence[Point]]


def frame_of(line: Sequence[Point]) -> Rectangle:
    """Return the smallest rectangle around a line of one point or more."""
    xs, ys = [x for x, _ in line], [y for _, y in line]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    return Rectangle((left + right) / 2, (low + high) / 2, right - left, high - low)


def nearby(boxes: Iterable[Rectangle], frame: Rectangle, gap: float) -> list[Rectangle]:
    """Return the boxes that are at most `gap` away from a frame in both directions."""
    x, y, wide, high = frame.x, frame.y, frame.width / 2 + gap, frame.height / 2 + gap
    return [
        box
        for box in boxes
        if abs(box.x - x) <= wide + box.width / 2 and abs(box.y - y) <= high + box.height / 2
    ]


def _side(a: Point, b: Point, p: Point) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def parts(c: Point, d: Point, a: Point, b: Point) -> bool:
    """True when a and b lie on different sides of the line through c and d."""
    (cx, cy), ux, uy = c, d[0] - c[0], d[1] - c[1]
    return (ux * (a[1] - cy) - uy * (a[0] - cx)) * (ux * (b[1] - cy) - uy * (b[0] - cx)) < 0


def crossings_of(a: Point, b: Point, others: Iterable[tuple[Point, Point]]) -> int:
    """Return how many of the open segments cross ab in one point; touching ends do not count."""
    return sum(parts(a, b, c, d) and parts(c, d, a, b) for c, d in others)


def segment_hits(a: Point, b: Point, box: Rectangle, slack: float = 0.0) -> bool:
    """True when the segment touches the box grown by `slack` on every side."""
    return runs_through(a, b, (box.x, box.y), (box.width / 2 + slack, box.height / 2 + slack))


def runs_through(a: Point, b: Point, centre: Point, halves: tuple[float, float]) -> bool:
    """True when the segment touches the box of that centre and half width and height.

    Two such shapes are apart if a line parallel to one of their sides parts them: level, upright, or
    along the segment.
    """
    (wide, high), dx, dy = halves, b[0] - a[0], b[1] - a[1]
    x, y = (a[0] + b[0]) / 2 - centre[0], (a[1] + b[1]) / 2 - centre[1]
    across, along = abs(dx), abs(dy)
    if abs(x) > wide + across / 2 or abs(y) > high + along / 2:
        return False
    return abs(dx * y - dy * x) <= wide * along + high * across


def flattened(controls: Sequence[Point]) -> list[Point]:
    """Return a chain of cubic Bézier curves (1 + 3n control points) as a polyline."""
    points = [controls[0]]
    for start in range(0, len(controls) - 3, 3):
        curve = controls[start : start + 4]
        steps = 1 if _is_straight(curve) else CURVE_STEPS
        points.extend(_on_curve(curve, step / steps) for step in range(1, steps + 1))
    return points


def _is_straight(curve: Sequence[Point]) -> bool:
    """True when both control points lie within half a point of the line between the ends."""
    reach = STRAIGHT_WITHIN * (_distance(curve[0], curve[3]) or 1.0)
    return all(abs(_side(curve[0], curve[3], point)) <= reach for point in curve[1:3])


def _on_curve(curve: Sequence[Point], t: float) -> Point:
    s = 1 - t
    weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return (
        sum(weight * point[0] for weight, point in zip(weights, curve, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, curve, strict=True)),
    )


def length(points: Sequence[Point]) -> float:
    """Return the length of a polyline."""
    return sum(_distance(a, b) for a, b in pairwise(points))


def point_along(points: Sequence[Point], share: float) -> Point:
    """Return the point after a share (0 to 1) of the length of a polyline."""
    left = length(points) * share
    for a, b in pairwise(points):
        step = _distance(a, b)
        if step and step >= left:
            part = left / step
            return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
        left -= step
    return points[-1]


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])
