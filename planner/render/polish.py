"""Small moves that make a layout better: boxes apart, fewer crossings, room for the words on lines.

Works on straight lines between centres, which is what most routes are, so a step costs microseconds.
Deterministic: the moves come from a seeded sequence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from random import Random

from planner.render.geometry import Point, Rectangle, segment_hits, segments_cross
from planner.render.measure import IDEAL_ASPECT
from planner.render.sketch import Box, Sketch

GAP = 20.0  # points between two boxes
CLEARANCE = 7.0  # points between a line and a box that it passes
LABEL_ROOM = 26.0  # points of a line beyond its label, for the arrow heads
PUSHES = 200
MOVES_TOTAL = 2400
REACH = (260.0, 30.0)  # how far a box may jump at first and at last, points

Places = Mapping[int, Point]


def separated(sketch: Sketch, places: Places) -> dict[int, Point]:
    """Return the places with boxes pushed apart until no two are closer than the gap."""
    moved = dict(places)
    boxes = sketch.boxes
    for _ in range(PUSHES):
        pushed = False
        for index, box in enumerate(boxes):
            for other in boxes[index + 1 :]:
                pushed = _push(moved, box, other) or pushed
        if not pushed:
            break
    return moved


def _push(places: dict[int, Point], box: Box, other: Box) -> bool:
    """Move two close boxes apart along the shorter way, half each; say whether that was needed."""
    (x, y), (u, v) = places[box.id], places[other.id]
    over_x = (box.width + other.width) / 2 + GAP - abs(x - u)
    over_y = (box.height + other.height) / 2 + GAP - abs(y - v)
    if over_x <= 0.01 or over_y <= 0.01:
        return False
    if over_x < over_y:
        step = over_x / 2 if x >= u else -over_x / 2
        places[box.id], places[other.id] = (x + step, y), (u - step, v)
    else:
        step = over_y / 2 if y >= v else -over_y / 2
        places[box.id], places[other.id] = (x, y + step), (u, v - step)
    return True


def straight_cost(sketch: Sketch, places: Places) -> float:
    """Return the cost of a layout as if all wires were straight; see `measure.score` for the weights."""
    model = _Model(sketch, places)
    return sum(model.cost_of(box.id) for box in sketch.boxes) / 2 + model.shape_cost()


def polished(sketch: Sketch, places: Places, *, seed: int = 1) -> dict[int, Point]:
    """Return a layout at least as good as the given one, after many small tries."""
    model = _Model(sketch, places)
    random = Random(seed)  # noqa: S311  # a reproducible search, not a secret
    numbers = [box.id for box in sketch.boxes]
    for move in range(MOVES_TOTAL if len(numbers) > 1 else 0):
        reach = REACH[0] + (REACH[1] - REACH[0]) * move / MOVES_TOTAL
        number = numbers[random.randrange(len(numbers))]
        x, y = model.places[number]
        model.try_place(number, (x + random.gauss(0, reach), y + random.gauss(0, reach * 0.6)))
    return separated(sketch, model.places)


class _Model:
    """The layout under work: places, boxes, wires and what each box costs where it stands."""

    def __init__(self, sketch: Sketch, places: Places) -> None:
        self.places = dict(places)
        self.boxes = {box.id: box for box in sketch.boxes}
        self.rooms = {
            (wire.tail, wire.head): wire.label.width + LABEL_ROOM if wire.label else LABEL_ROOM
            for wire in sketch.wires
        }
        self.wires = list(self.rooms)
        self.wires_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for wire in self.wires:
            for end in wire:
                self.wires_of[end].append(wire)

    def try_place(self, number: int, place: Point) -> None:
        """Move a box if that lowers the cost and it does not come too close to another."""
        if self._is_taken(number, place):
            return
        before = self.cost_of(number) + self.shape_cost()
        old = self.places[number]
        self.places[number] = place
        if self.cost_of(number) + self.shape_cost() >= before:
            self.places[number] = old

    def cost_of(self, number: int) -> float:
        """What the wires of one box cost, and the wires of others that run through it."""
        return sum(self._wire_cost(wire) for wire in self.wires_of[number]) + 40 * self._hits_on(number)

    def shape_cost(self) -> float:
        xs = [x for x, _ in self.places.values()]
        ys = [y for _, y in self.places.values()]
        if len(xs) < 2:
            return 0.0
        wide, high = max(xs) - min(xs) + 110, max(ys) - min(ys) + 36
        return 12 * abs(wide / high - IDEAL_ASPECT) + (wide * high) / 40_000

    def _is_taken(self, number: int, place: Point) -> bool:
        mine = self._rectangle(number, place)
        return any(
            mine.overlaps(self._rectangle(other, spot), GAP)
            for other, spot in self.places.items()
            if other != number
        )

    def _rectangle(self, number: int, place: Point) -> Rectangle:
        box = self.boxes[number]
        return Rectangle(place[0], place[1], box.width, box.height)

    def _wire_cost(self, wire: tuple[int, int]) -> float:
        a, b = self.places[wire[0]], self.places[wire[1]]
        distance = ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
        cost = distance / 150
        for other in self.wires:
            if other[0] in wire or other[1] in wire:
                continue
            if segments_cross(a, b, self.places[other[0]], self.places[other[1]]):
                cost += 10
        for number, place in self.places.items():
            if number not in wire and segment_hits(a, b, self._rectangle(number, place), CLEARANCE):
                cost += 40
        return cost + self._cramped(wire, distance)

    def _cramped(self, wire: tuple[int, int], distance: float) -> float:
        """A line shorter than its label hides the label or the arrow."""
        (x, y), (u, v) = self.places[wire[0]], self.places[wire[1]]
        box, other = self.boxes[wire[0]], self.boxes[wire[1]]
        if distance == 0:
            return 40.0
        inside = min(
            (box.width + other.width) / 2 / (abs(x - u) / distance or 1e-9),
            (box.height + other.height) / 2 / (abs(y - v) / distance or 1e-9),
        )
        return 8.0 if distance - inside < self.rooms[wire] else 0.0

    def _hits_on(self, number: int) -> int:
        mine = self._rectangle(number, self.places[number])
        return sum(
            1
            for wire in self.wires
            if number not in wire and segment_hits(self.places[wire[0]], self.places[wire[1]], mine, CLEARANCE)
        )
