"""Small moves that make a layout better: boxes apart, fewer crossings, room for the words on lines.

Works on straight lines between centres, which is what most routes are, so a step costs microseconds.
Deterministic: the moves come from a seeded sequence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from planner.render.geometry import Point
from planner.render.sketch import Box, Sketch
from planner.render.straight import GAP, TINY, StraightLayout

PUSHES = 200
WORK_MAX = 2_000_000  # pairs of lines and boxes looked at, about a quarter of a second
REACH = (160.0, 20.0)  # how far a box may jump at first and at last, points

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
    """Return the cost of a layout as if all wires were straight."""
    return StraightLayout(sketch, places).cost()


def polished(sketch: Sketch, places: Places, *, moves: int, seed: int = 4) -> dict[int, Point]:
    """Return a layout at least as good as the given one, after at most so many small tries."""
    layout = StraightLayout(sketch, places)
    random = Random(seed)  # noqa: S311  # a reproducible search, not a secret
    tries = _tries_for(sketch, moves)
    for one in range(tries):
        reach = REACH[0] + (REACH[1] - REACH[0]) * one / tries
        box = random.randrange(len(sketch.boxes))
        x, y = layout.points[box]
        layout.try_place(box, (x + random.gauss(0, reach), y + random.gauss(0, reach * 0.6)))
    return separated(sketch, layout.places)


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
    number = there.index(newcomer)
    layout = StraightLayout(replace(sketch, boxes=there, wires=wires), {newcomer.id: candidates[0], **places})

    def cost(place: Point) -> tuple[bool, float]:
        return layout.is_taken(number, place), layout.cost_at(number, place)

    return min(candidates, key=cost)
