"""Where the boxes stand: a few starts by distance, measurement chooses, small moves make the best better.

Places are centres in points with y upwards. They are meant to be stored: given again, teams stay where
people remember them, and only newcomers look for a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt

from planner.render.engine import Engine
from planner.render.geometry import IDEAL_ASPECT, Point
from planner.render.polish import newcomer_place, polished, separated, straight_cost
from planner.render.routing import Arrangement, routed
from planner.render.sketch import Sketch
from planner.render.stress import Stress

CHANGED_LINKS_MAX = 0.2  # more than that and the old places no longer tell the story
ROOM = 6.0  # area of the picture by the area of its boxes

Places = Mapping[int, Point]


@dataclass(frozen=True, slots=True)
class Effort:
    """How many starts at most, for so many pairs of boxes; how many of them get how many small moves."""

    starts: int
    pairs: int
    polished: int
    moves: int


QUICK, THOROUGH = Effort(4, 4000, 1, 1200), Effort(24, 40_000, 6, 2000)
STARTS_MIN = 2
BENT_FROM = 20  # boxes; in a larger map a line that must bend is likely
FIRST_SEED = 9  # any will do; this one suits the example


def arrange(
    sketch: Sketch,
    engine: Engine,
    *,
    earlier: Places | None = None,
    earlier_links: frozenset[tuple[int, int]] = frozenset(),
    tidy: bool = False,
) -> Arrangement:
    """Return a layout that keeps the earlier places unless `tidy` asks for a new one.

    More than a fifth of changed links counts as asking, but who really asks gets a longer search than
    somebody who waits for a first picture. Raises CannotDraw.
    """
    if earlier and not tidy and not _has_changed(sketch, earlier, earlier_links):
        return routed(sketch, separated(sketch, _with_newcomers(sketch, earlier)), engine)
    if len(sketch.boxes) > BENT_FROM:
        engine.awaken()
    efforts = (QUICK, THOROUGH) if tidy else (QUICK,)  # so that tidying up makes no map worse
    found = [layout for effort in efforts for layout in _searched(sketch, effort)]
    return routed(sketch, min(found, key=lambda places: straight_cost(sketch, places)), engine)


def links_of(sketch: Sketch) -> frozenset[tuple[int, int]]:
    """Return the linked pairs, lower id first; stored beside the places to notice a changed graph."""
    return frozenset((min(wire.tail, wire.head), max(wire.tail, wire.head)) for wire in sketch.wires)


def _has_changed(sketch: Sketch, earlier: Places, earlier_links: frozenset[tuple[int, int]]) -> bool:
    known = sum(1 for box in sketch.boxes if box.id in earlier)
    if known * 2 < len(sketch.boxes):
        return True
    links = links_of(sketch)
    together = links | earlier_links
    return bool(earlier_links) and len(links ^ earlier_links) > CHANGED_LINKS_MAX * len(together)


def _searched(sketch: Sketch, effort: Effort) -> list[Places]:
    """The best starts of an effort after their small moves."""
    starts = sorted(_starts(sketch, effort), key=lambda places: straight_cost(sketch, places))
    return [polished(sketch, start, moves=effort.moves) for start in starts[: effort.polished]]


def _starts(sketch: Sketch, effort: Effort) -> list[Places]:
    stress = Stress(sketch)
    count = max(STARTS_MIN, min(effort.starts, effort.pairs // max(1, stress.pairs)))
    return [separated(sketch, _spread(sketch, stress.layout(FIRST_SEED + one))) for one in range(count)]


def _spread(sketch: Sketch, places: Places) -> Places:
    """Turn the longest axis flat and stretch the cloud to the wanted shape; keeps all crossings.

    Turning and stretching are affine, and affine maps keep straight lines and their crossings.
    """
    turned = _turned(places)
    spread_x, spread_y = (_spread_of([place[axis] for place in turned.values()]) for axis in (0, 1))
    area = ROOM * sum((box.width + 12) * (box.height + 12) for box in sketch.boxes)
    high = sqrt(area / IDEAL_ASPECT)
    wide = high * IDEAL_ASPECT
    return {
        number: (x * wide / spread_x if spread_x else 0.0, y * high / spread_y if spread_y else 0.0)
        for number, (x, y) in turned.items()
    }


def _turned(places: Places) -> Places:
    """Rotate around the centre so that the direction of greatest variance lies flat."""
    count = len(places) or 1
    middle_x = sum(x for x, _ in places.values()) / count
    middle_y = sum(y for _, y in places.values()) / count
    moved = {number: (x - middle_x, y - middle_y) for number, (x, y) in places.items()}
    xx = sum(x * x for x, _ in moved.values())
    yy = sum(y * y for _, y in moved.values())
    xy = sum(x * y for x, y in moved.values())
    angle = -atan2(2 * xy, xx - yy) / 2 if xy or xx != yy else pi
    return {
        number: (x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle))
        for number, (x, y) in moved.items()
    }


def _spread_of(values: Sequence[float]) -> float:
    return max(values, default=0.0) - min(values, default=0.0)


def _with_newcomers(sketch: Sketch, earlier: Places) -> Places:
    """Keep everybody's place; a newcomer stands where it costs least around its neighbours."""
    places = {box.id: earlier[box.id] for box in sketch.boxes if box.id in earlier}
    for box in sketch.boxes:
        if box.id not in places:
            around = _around(_neighbourhood(sketch, box.id, places))
            places[box.id] = newcomer_place(sketch, box, places, around)
    return places


def _neighbourhood(sketch: Sketch, number: int, places: Places) -> Point:
    ends = [
        wire.head if wire.tail == number else wire.tail
        for wire in sketch.wires
        if number in (wire.tail, wire.head)
    ]
    known = [places[end] for end in ends if end in places] or list(places.values())
    return sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)


def _around(centre: Point) -> list[Point]:
    """Return rings of places around a point, the nearest first."""
    return [
        (centre[0] + ring * 110 * cos(step * pi / 6), centre[1] + ring * 70 * sin(step * pi / 6))
        for ring in range(1, 7)
        for step in range(12)
    ]
