"""Small moves that make a layout better: boxes apart, fewer crossings, room for the words on lines.

Works on straight lines between centres, which is what most routes are, so a step costs microseconds.
Deterministic: the moves come from a seeded sequence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import hypot
from random import Random

from planner.render.geometry import Point, Rectangle, crossings_of, segment_hits
from planner.render.measure import IDEAL_ASPECT
from planner.render.sketch import Box, Sketch

GAP = 16.0  # points between two boxes
CLEARANCE = 7.0  # points between a line and a box that it passes
LABEL_ROOM = 34.0  # points of a line beyond its label, for the arrow heads
PUSHES = 200
PAGE_WIDTH = 690.0  # between the outermost centres, so that a page of 1280 pixels need not scroll
OVERHANG_COST = 0.3  # a point more
WORK_MAX = 800_000  # pairs of lines and boxes looked at, about a second
REACH = (160.0, 20.0)  # how far a box may jump at first and at last, points
LENGTH_UNIT = 150.0  # points of line that cost one
AREA_COST = 12.0  # for a picture as large as its boxes with their gaps
TYPICAL_BOX = (110.0, 36.0)
WORDS_HALF_HEIGHT, WORDS_CLEAR = 6.0, 3.0
TINY = 1e-9

Places = Mapping[int, Point]
Pair = tuple[int, int, float, float]


def separated(sketch: Sketch, places: Places) -> dict[int, Point]:
    """Return the places with boxes pushed apart until no two are closer than the gap."""
    moved = dict(places)
    sizes = {box.id: (box.width, box.height) for box in sketch.boxes}
    for _ in range(PUSHES):
        pushed = [_push(moved, *pair) for pair in _neighbours(sizes, moved)]
        if not any(pushed):
            break
    return moved


def _neighbours(sizes: Mapping[int, tuple[float, float]], places: Places) -> list[Pair]:
    """Return the pairs of boxes too close sideways, by id, with the room they need between centres."""
    widest = max((width for width, _ in sizes.values()), default=0.0)
    row = sorted(sizes, key=lambda box: places[box][0])
    across = [places[box][0] for box in row]
    found = []
    for at, box in enumerate(row):
        width, height = sizes[box]
        end = bisect_left(across, across[at] + (width + widest) / 2 + GAP)
        for other in row[at + 1 : end]:
            room = (width + sizes[other][0]) / 2 + GAP, (height + sizes[other][1]) / 2 + GAP
            found.append((min(box, other), max(box, other), *room))
    return sorted(found)


def _push(places: dict[int, Point], box: int, other: int, room_x: float, room_y: float) -> bool:
    """Move two close boxes apart along the shorter way, half each; say whether that was needed."""
    (x, y), (u, v) = places[box], places[other]
    over_x, over_y = room_x - abs(x - u), room_y - abs(y - v)
    if over_x <= TINY or over_y <= TINY:
        return False
    if over_x < over_y:
        step = over_x / 2 if x >= u else -over_x / 2
        places[box], places[other] = (x + step, y), (u - step, v)
    else:
        step = over_y / 2 if y >= v else -over_y / 2
        places[box], places[other] = (x, y + step), (u, v - step)
    return True


def straight_cost(sketch: Sketch, places: Places) -> float:
    """Return the cost of a layout as if all wires were straight.

    10 a crossing, 40 a line through a box, 8 for words without room, 12 for each unit of aspect away from
    1.55, and length and area: the weights that ranked drawings as people did (docs/adr/0003).
    """
    return _Model(sketch, places).cost()


def polished(sketch: Sketch, places: Places, *, moves: int, seed: int = 1) -> dict[int, Point]:
    """Return a layout at least as good as the given one, after at most so many small tries."""
    model = _Model(sketch, places)
    random = Random(seed)  # noqa: S311  # a reproducible search, not a secret
    numbers = [box.id for box in sketch.boxes]
    tries = _tries_for(sketch, moves)
    for one in range(tries):
        reach = REACH[0] + (REACH[1] - REACH[0]) * one / tries
        number = numbers[random.randrange(len(numbers))]
        x, y = model.places[number]
        model.try_place(number, (x + random.gauss(0, reach), y + random.gauss(0, reach * 0.6)))
    return separated(sketch, model.places)


def _tries_for(sketch: Sketch, most: int) -> int:
    """As many tries as fit the time: each looks at all lines and boxes for every line of one box."""
    boxes, wires = len(sketch.boxes), len(sketch.wires)
    if boxes < 2:
        return 0
    return min(most, int(WORK_MAX / (2 * wires / boxes * (wires + boxes) + boxes)))


def newcomer_place(sketch: Sketch, newcomer: Box, places: Places, candidates: Sequence[Point]) -> Point:
    """Return the candidate that costs least, and that no other box takes if there is such a one."""
    there = tuple(box for box in sketch.boxes if box.id in places or box.id == newcomer.id)
    known = {box.id for box in there}
    wires = tuple(wire for wire in sketch.wires if wire.tail in known and wire.head in known)
    model = _Model(replace(sketch, boxes=there, wires=wires), places)

    def cost(place: Point) -> tuple[bool, float]:
        model.places[newcomer.id] = place
        return model.is_taken(newcomer.id, place), model.cost_of(newcomer.id) + model.shape_cost()

    return min(candidates, key=cost)


class _Model:
    """The layout under work: places, sizes, wires and what each box costs where it stands."""

    def __init__(self, sketch: Sketch, places: Places) -> None:
        self.places = dict(places)
        self.halves = {box.id: (box.width / 2, box.height / 2) for box in sketch.boxes}
        self.box_area = sum((box.width + GAP) * (box.height + GAP) for box in sketch.boxes)
        self.rooms = {
            (wire.tail, wire.head): (wire.label.width if wire.label else 0.0) + LABEL_ROOM
            for wire in sketch.wires
        }
        self._reach = {
            number: (wide + CLEARANCE, high + CLEARANCE) for number, (wide, high) in self.halves.items()
        }
        self._strangers: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._known: dict[int, float] = {}  # what a box costs where it stands, until any box moves
        self.wires_of: dict[int, list[tuple[int, int]]] = {number: [] for number in self.halves}
        for wire in self.rooms:
            for end in wire:
                self.wires_of[end].append(wire)

    def try_place(self, number: int, place: Point) -> None:
        """Move a box if that lowers the cost and it does not come too close to another."""
        if self.is_taken(number, place):
            return
        before = self.known_cost(number)
        old = self.places[number]
        self.places[number] = place
        if self._is_below(number, before):
            self._known.clear()
        else:
            self.places[number] = old

    def known_cost(self, number: int) -> float:
        """What a box costs where it stands, with the outline of the whole; remembered until one moves."""
        if number not in self._known:
            self._known[number] = self.cost_of(number) + self.shape_cost()
        return self._known[number]

    def cost(self) -> float:
        """What all lines cost together, and the outline."""
        wires = sum(self._length_of(wire) / LENGTH_UNIT + self._trouble_of(wire) for wire in self.rooms)
        return wires + self.shape_cost()

    def _is_below(self, number: int, limit: float) -> bool:
        """Add up what a box costs, the cheap parts first, and stop where it is as much as the limit."""
        cost = self.shape_cost() + sum(self._length_of(wire) for wire in self.wires_of[number]) / LENGTH_UNIT
        if cost >= limit:
            return False
        for wire in self.wires_of[number]:
            cost += self._trouble_of(wire)
            if cost >= limit:
                return False
        return cost + 40 * self._hits_on(number) < limit

    def cost_of(self, number: int) -> float:
        """What the wires of one box cost, and the wires of others that run through it."""
        wires = self.wires_of[number]
        own = sum(self._length_of(wire) / LENGTH_UNIT + self._trouble_of(wire) for wire in wires)
        return own + 40 * self._hits_on(number)

    def shape_cost(self) -> float:
        """What the outline of the whole costs: its aspect and its area."""
        if len(self.places) < 2:
            return 0.0
        xs = [place[0] for place in self.places.values()]
        ys = [place[1] for place in self.places.values()]
        wide, high = max(xs) - min(xs) + TYPICAL_BOX[0], max(ys) - min(ys) + TYPICAL_BOX[1]
        aspect = 12 * abs(wide / high - IDEAL_ASPECT)
        overhang = OVERHANG_COST * max(0.0, wide - PAGE_WIDTH)
        return aspect + overhang + AREA_COST * wide * high / self.box_area

    def is_taken(self, number: int, place: Point) -> bool:
        wide, high = self.halves[number]
        for other, (x, y) in self.places.items():
            half = self.halves[other]
            if (
                other != number
                and abs(x - place[0]) < wide + half[0] + GAP
                and abs(y - place[1]) < high + half[1] + GAP
            ):
                return True
        return False

    def _length_of(self, wire: tuple[int, int]) -> float:
        (x, y), (u, v) = self.places[wire[0]], self.places[wire[1]]
        return hypot(x - u, y - v)

    def _trouble_of(self, wire: tuple[int, int]) -> float:
        """What a wire costs beside its length: lines that it crosses, boxes that it runs through, words."""
        places = self.places
        a, b = places[wire[0]], places[wire[1]]
        crossed = crossings_of(a, b, [(places[t], places[h]) for t, h in self._apart(wire)])
        hit = sum(number not in wire and self._is_hit(number, a, b) for number in self._near(a, b))
        return 10 * crossed + 40 * hit + 8 * self._hidden_words(wire, self._length_of(wire))

    def _apart(self, wire: tuple[int, int]) -> list[tuple[int, int]]:
        """The wires that share no end with this one: no others can cross it."""
        known = self._strangers.get(wire)
        if known is None:
            known = [other for other in self.rooms if other[0] not in wire and other[1] not in wire]
            self._strangers[wire] = known
        return known

    def _near(self, a: Point, b: Point) -> list[int]:
        """The boxes within the upright rectangle around a line: no others can be in its way."""
        left, right = (a[0], b[0]) if a[0] < b[0] else (b[0], a[0])
        low, high = (a[1], b[1]) if a[1] < b[1] else (b[1], a[1])
        reach = self._reach
        return [
            number
            for number, (x, y) in self.places.items()
            if left - reach[number][0] <= x <= right + reach[number][0]
            and low - reach[number][1] <= y <= high + reach[number][1]
        ]

    def _hits_on(self, number: int) -> int:
        """How many wires of others run through a box."""
        x, y = self.places[number]
        wide, high = self._reach[number]
        left, right, low, top = x - wide, x + wide, y - high, y + high
        places, found = self.places, 0
        for tail, head in self.rooms:
            (ax, ay), (bx, by) = places[tail], places[head]
            if (ax < left and bx < left) or (ax > right and bx > right):
                continue
            if (ay < low and by < low) or (ay > top and by > top):
                continue
            if number != tail and number != head:
                found += self._is_hit(number, (ax, ay), (bx, by))
        return found

    def _is_hit(self, number: int, a: Point, b: Point) -> bool:
        (x, y), (wide, high) = self.places[number], self._reach[number]
        return segment_hits(a, b, Rectangle(x, y, 2 * wide, 2 * high))

    def _hidden_words(self, wire: tuple[int, int], distance: float) -> int:
        """How often the words of a wire lack room: on its own line, or beside a box that it passes."""
        (x, y), (u, v) = self.places[wire[0]], self.places[wire[1]]
        half, other = self.halves[wire[0]], self.halves[wire[1]]
        share = min(
            (half[0] + other[0]) / (abs(x - u) or TINY),
            (half[1] + other[1]) / (abs(y - v) or TINY),
        )
        cramped = int(distance * (1 - share) < self.rooms[wire])
        words = self.rooms[wire] - LABEL_ROOM
        return cramped + (self._boxes_near(((x + u) / 2, (y + v) / 2), words / 2) if words else 0)

    def _boxes_near(self, spot: Point, half_width: float) -> int:
        return sum(
            1
            for number, (x, y) in self.places.items()
            if abs(x - spot[0]) < self.halves[number][0] + half_width + WORDS_CLEAR
            and abs(y - spot[1]) < self.halves[number][1] + WORDS_HALF_HEIGHT + WORDS_CLEAR
        )
