"""Boxes, lines and arrow heads as SVG shapes, from places in points with y upwards as Graphviz has them.

Graphviz finds places and ways; what is drawn from them is written here, so that no text of another
program ever reaches a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import hypot

from planner.render.geometry import Point
from planner.render.markup import element, number
from planner.render.sketch import Arrow, Band, Box, Shape, Wire
from planner.render.theme import Theme, paint

CORNER_MAX = 12.0
CORNER_SHARE = 1 / 3  # of the shorter side
HEAD_HALF_WIDTH = 0.35  # of the length of an arrow head
DASHES = "5,2"
ARROW_TIP_MIN = 0.01  # points: a shorter head has no direction
WAYS_KEPT = 1000  # splines that were read last: each is asked for by whoever routes, measures and draws


@dataclass(frozen=True)
class Way:
    """A chain of cubic curves, and the tips of its arrows where it has some."""

    controls: tuple[Point, ...]
    start: Point | None = None
    end: Point | None = None


@lru_cache(WAYS_KEPT)
def way_of(spline: str) -> Way:
    """Read a spline in Graphviz's words: `s,x,y` and `e,x,y` are the tips, the rest control points."""
    start, end, controls = None, None, []
    for part in spline.split():
        if part.startswith("s,"):
            start = _point(part[2:])
        elif part.startswith("e,"):
            end = _point(part[2:])
        else:
            controls.append(_point(part))
    return Way(tuple(controls), start, end)


def box_outline(box: Box, place: Point) -> str:
    """Return a box around its centre, with round corners unless it is a goal."""
    dashes = {"stroke-dasharray": DASHES} if box.is_dashed else {}
    return element(
        "rect",
        {
            **_frame(place, box.width, box.height, is_round=box.shape is not Shape.GOAL),
            "fill": paint(box.fill, Theme.CSS),
            "stroke": paint(box.border, Theme.CSS),
            "stroke-width": f"{box.pen:g}",
            **dashes,
        },
    )


def band_outline(band: Band) -> str:
    """Return the strip behind the boxes of a band."""
    outline = _frame((band.x, band.y), band.width, band.height, is_round=True)
    return element("rect", {**outline, "fill": paint("sunk", Theme.CSS), "stroke": "none"})


def wire_outline(wire: Wire, spline: str) -> str:
    """Return the line of a wire with its heads."""
    way = way_of(spline)
    colour = paint(wire.token, Theme.CSS)
    dashes = {"stroke-dasharray": DASHES} if wire.is_dashed else {}
    line = element(
        "path",
        {
            "d": _curves(way.controls),
            "fill": "none",
            "stroke": colour,
            "stroke-width": f"{wire.pen:g}",
            **dashes,
        },
    )
    ends = ((way.start, way.controls[0]), (way.end, way.controls[-1]))
    return line + "".join(_head(wire, tip, base, colour) for tip, base in ends if tip)


def _head(wire: Wire, tip: Point, base: Point, colour: str) -> str:
    (x, y), (u, v) = tip, base
    long = hypot(x - u, y - v)
    if wire.arrow is Arrow.SHARED:
        place = {"cx": number((x + u) / 2), "cy": number(-(y + v) / 2), "r": number(long / 2)}
        return element("circle", {**place, "fill": "none", "stroke": colour, "stroke-width": f"{wire.pen:g}"})
    if long < ARROW_TIP_MIN:
        return ""
    half = max(HEAD_HALF_WIDTH * long, wire.pen * 0.9)
    aside = ((y - v) / long * half, (u - x) / long * half)
    corners = ((u + aside[0], v + aside[1]), tip, (u - aside[0], v - aside[1]))
    outline = " ".join(_words(corner) for corner in corners)
    return element("polygon", {"points": outline, "fill": colour, "stroke": colour, "stroke-width": "1"})


def _frame(centre: Point, width: float, height: float, *, is_round: bool) -> dict[str, str]:
    frame = {
        "x": number(centre[0] - width / 2),
        "y": number(-centre[1] - height / 2),
        "width": number(width),
        "height": number(height),
    }
    corner = min(CORNER_MAX, min(width, height) * CORNER_SHARE)
    return {**frame, "rx": number(corner)} if is_round else frame


def _curves(controls: tuple[Point, ...]) -> str:
    return f"M{_words(controls[0])}C{' '.join(_words(one) for one in controls[1:])}"


def _words(place: Point) -> str:
    return f"{number(place[0])},{number(-place[1])}"


def _point(text: str) -> Point:
    x, y = text.split(",")[:2]
    return float(x), float(y)
