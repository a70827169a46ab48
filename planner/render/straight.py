"""What a layout costs as if all its lines were straight, which most of them are.

10 a crossing, 40 a line through a box, 8 for words without room, 12 for each unit of aspect away from
1.55, and length and area: the weights that ranked drawings as people did (docs/adr/0003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import dist
from typing import NamedTuple

from planner.render.geometry import IDEAL_ASPECT, Point, parts, runs_through
from planner.render.sketch import Sketch

GAP = 16.0  # points between two boxes
CLEARANCE = 7.0  # points between a line and a box that it passes
LABEL_ROOM = 34.0  # points of a line beyond its label, for the arrow heads
WORDS_HALF_HEIGHT, WORDS_CLEAR = 6.0, 3.0
CROSSING_COST, HIT_COST, WORDS_COST, ASPECT_COST = 10.0, 40.0, 8.0, 12.0
LENGTH_UNIT = 150.0  # points of line that cost one
AREA_COST = 12.0  # for a picture as large as its boxes with their gaps
PAGE_WIDTH = 690.0  # between the outermost centres, so that a page of 1280 pixels need not scroll
OVERHANG_COST = 0.3  # a point more
TYPICAL_BOX = (110.0, 36.0)
TINY = 1e-9

Frame = tuple[float, float, float, float]


class Trouble(NamedTuple):
    """What is wrong with a line: lines that it crosses, boxes that it runs through, hidden words."""

    crossed: list[int]
    hit: list[int]
    hidden: int
    length: float

    @property
    def cost(self) -> float:
        return (
            CROSSING_COST * len(self.crossed)
            + HIT_COST * len(self.hit)
            + WORDS_COST * self.hidden
            + self.length / LENGTH_UNIT
        )


class StraightLayout:
    """A layout under work. It knows the trouble of every line and keeps it up to date with every move.

    Boxes and lines go by their number in the sketch.
    """

    def __init__(self, sketch: Sketch, places: Mapping[int, Point]) -> None:
        self._ids = [box.id for box in sketch.boxes]
        number = {box: at for at, box in enumerate(self._ids)}
        self.points = [places[box] for box in self._ids]
        self._halves = [(box.width / 2, box.height / 2) for box in sketch.boxes]
        self._reach = [(wide + CLEARANCE, high + CLEARANCE) for wide, high in self._halves]
        self._area = sum((box.width + GAP) * (box.height + GAP) for box in sketch.boxes)
        self._ends = [(number[wire.tail], number[wire.head]) for wire in sketch.wires]
        self._words = [wire.label.width if wire.label else 0.0 for wire in sketch.wires]
        self._lines_of: list[list[int]] = [[] for _ in self._ids]
        for line, ends in enumerate(self._ends):
            for end in ends:
                self._lines_of[end].append(line)
        self._rooms = [self._room_of(words) for words in self._words]
        self._apart = [self._strangers_of(*ends) for ends in self._ends]
        self._frame = _frame_of(self.points)
        self._troubles = [self._trouble_of(line) for line in range(len(self._ends))]

    @property
    def places(self) -> dict[int, Point]:
        return dict(zip(self._ids, self.points, strict=True))

    def cost(self) -> float:
        """What all lines cost together, and the outline."""
        return sum(trouble.cost for trouble in self._troubles) + self._shape_cost(self._frame)

    def try_place(self, box: int, place: Point) -> None:
        """Move a box if that lowers the cost and it does not come too close to another."""
        if self.is_taken(box, place):
            return
        limit = self._cost_of(box)
        old = self.points[box]
        self.points[box] = place
        found = self._troubles_below(box, old, limit)
        if found is None:
            self.points[box] = old
        else:
            self._settle(box, old, found)

    def cost_at(self, box: int, place: Point) -> float:
        """What the lines of a box cost at a place, and the lines through it; it stays there."""
        self.points[box] = place
        lines = sum(self._trouble_of(line).cost for line in self._lines_of[box])
        return lines + HIT_COST * len(self._lines_through(box)) + self._shape_cost(_frame_of(self.points))

    def is_taken(self, box: int, place: Point) -> bool:
        """True when a box would stand too close to another one."""
        (x, y), (wide, high) = place, self._halves[box]
        for other, (u, v) in enumerate(self.points):
            half = self._halves[other]
            if abs(u - x) < wide + half[0] + GAP and abs(v - y) < high + half[1] + GAP and other != box:
                return True
        return False

    def _cost_of(self, box: int) -> float:
        """What a box costs where it stands, from the troubles that are known."""
        lines = sum(self._troubles[line].cost for line in self._lines_of[box])
        through = sum(1 for trouble in self._troubles if box in trouble.hit)
        return lines + HIT_COST * through + self._shape_cost(self._frame)

    def _troubles_below(self, box: int, old: Point, limit: float) -> list[Trouble] | None:
        """The troubles of a moved box, or None as soon as they cost as much as the limit; cheap first."""
        lines = self._lines_of[box]
        cost = self._shape_cost(self._frame_after(box, old)) + sum(map(self._length_of, lines)) / LENGTH_UNIT
        if cost >= limit:
            return None
        found = []
        for line in lines:
            trouble = self._trouble_of(line)
            cost += trouble.cost - trouble.length / LENGTH_UNIT
            if cost >= limit:
                return None
            found.append(trouble)
        return found if cost + HIT_COST * len(self._lines_through(box)) < limit else None

    def _settle(self, box: int, old: Point, found: Sequence[Trouble]) -> None:
        """Keep a moved box where it is, and tell the lines of all others."""
        self._frame = self._frame_after(box, old)
        for line, trouble in zip(self._lines_of[box], found, strict=True):
            for other in self._troubles[line].crossed:
                self._troubles[other].crossed.remove(line)
            for other in trouble.crossed:
                self._troubles[other].crossed.append(line)
            self._troubles[line] = trouble
        through = set(self._lines_through(box))
        for line, trouble in enumerate(self._troubles):
            if box in self._ends[line]:
                continue
            if (line in through) != (box in trouble.hit):
                (trouble.hit.append if line in through else trouble.hit.remove)(box)
            hidden = self._hides(box, self.points[box], line) - self._hides(box, old, line)
            if hidden:
                self._troubles[line] = trouble._replace(hidden=trouble.hidden + hidden)

    def _room_of(self, words: float) -> Point:
        """How far from a line, across and upwards, a box can be in its way or hide its words."""
        wide = max((half for half, _ in self._halves), default=0.0)
        high = max((half for _, half in self._halves), default=0.0)
        return (
            wide + max(CLEARANCE, words / 2 + WORDS_CLEAR),
            high + max(CLEARANCE, WORDS_HALF_HEIGHT + WORDS_CLEAR),
        )

    def _strangers_of(self, tail: int, head: int) -> list[tuple[int, int, int]]:
        """The lines, with their ends, that share no end with one: no others can cross it."""
        ends = (tail, head)
        return [(line, a, b) for line, (a, b) in enumerate(self._ends) if a not in ends and b not in ends]

    def _length_of(self, line: int) -> float:
        tail, head = self._ends[line]
        return dist(self.points[tail], self.points[head])

    def _trouble_of(self, line: int) -> Trouble:
        tail, head = self._ends[line]
        points = self.points
        a, b = points[tail], points[head]
        (ax, ay), dx, dy = a, b[0] - a[0], b[1] - a[1]
        aside = [dx * (y - ay) - dy * (x - ax) for x, y in points]  # 0 on the line, and a sign for its side
        crossed = [
            other
            for other, c, d in self._apart[line]
            if aside[c] * aside[d] < 0 and parts(points[c], points[d], a, b)
        ]
        room = self._rooms[line][0] * abs(dy) + self._rooms[line][1] * abs(dx)
        near = [box for box, side in enumerate(aside) if -room <= side <= room]
        hit = [
            box
            for box in near
            if box != tail and box != head and runs_through(a, b, points[box], self._reach[box])
        ]
        length = self._length_of(line)
        hidden = self._is_cramped(line, length) + sum(self._hides(box, points[box], line) for box in near)
        return Trouble(crossed, hit, hidden, length)

    def _lines_through(self, box: int) -> list[int]:
        """The lines of others that run through a box."""
        place, reach, points = self.points[box], self._reach[box], self.points
        left, right = place[0] - reach[0], place[0] + reach[0]
        low, high = place[1] - reach[1], place[1] + reach[1]
        found = []
        for line, (tail, head) in enumerate(self._ends):
            a, b = points[tail], points[head]
            if (a[0] < left and b[0] < left) or (a[0] > right and b[0] > right):
                continue
            if (a[1] < low and b[1] < low) or (a[1] > high and b[1] > high):
                continue
            if box != tail and box != head and runs_through(a, b, place, reach):
                found.append(line)
        return found

    def _is_cramped(self, line: int, length: float) -> bool:
        """True when a line is too short for its words and arrow heads."""
        tail, head = self._ends[line]
        (x, y), (u, v) = self.points[tail], self.points[head]
        half, other = self._halves[tail], self._halves[head]
        share = min((half[0] + other[0]) / (abs(x - u) or TINY), (half[1] + other[1]) / (abs(y - v) or TINY))
        return length * (1 - share) < self._words[line] + LABEL_ROOM

    def _hides(self, box: int, place: Point, line: int) -> bool:
        """True when a box at a place stands on the words of a line."""
        if not self._words[line]:
            return False
        tail, head = self._ends[line]
        (x, y), (u, v), (wide, high) = self.points[tail], self.points[head], self._halves[box]
        return (
            abs(place[0] - (x + u) / 2) < wide + self._words[line] / 2 + WORDS_CLEAR
            and abs(place[1] - (y + v) / 2) < high + WORDS_HALF_HEIGHT + WORDS_CLEAR
        )

    def _frame_after(self, box: int, old: Point) -> Frame:
        """The frame of all centres after a box left its old place."""
        left, right, low, high = self._frame
        x, y = self.points[box]
        if old[0] in (left, right) or old[1] in (low, high):
            return _frame_of(self.points)
        return min(left, x), max(right, x), min(low, y), max(high, y)

    def _shape_cost(self, frame: Frame) -> float:
        """What the outline of the whole costs: its aspect, its area, and what sticks out of a page."""
        if len(self.points) < 2:
            return 0.0
        left, right, low, high = frame
        wide, tall = right - left + TYPICAL_BOX[0], high - low + TYPICAL_BOX[1]
        aspect = ASPECT_COST * abs(wide / tall - IDEAL_ASPECT)
        overhang = OVERHANG_COST * max(0.0, wide - PAGE_WIDTH)
        return aspect + overhang + AREA_COST * wide * tall / self._area


def _frame_of(points: Sequence[Point]) -> Frame:
    """The least and the greatest x, then y."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs, default=0.0), max(xs, default=0.0), min(ys, default=0.0), max(ys, default=0.0)
