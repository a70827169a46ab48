"""The few SVG elements that we write ourselves: escaped text, lines of text, glyphs as shapes.

Glyphs are shapes because Inter has no ⇄ ✚ ⬟ ⬢ and a fallback font would look different everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import cos, pi, sin
from types import MappingProxyType

from planner.render.geometry import Point
from planner.render.sketch import GAP, Line, Piece
from planner.render.text import FONT, SEMIBOLD
from planner.render.theme import Theme, paint

CAP_MIDDLE = 0.364  # of the font size: half the height of Inter's capitals
_GLYPH_SIZE = 0.78  # of the font size
ROOT: Mapping[str, str] = MappingProxyType(
    {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONT, "text-anchor": "middle"}
)
"""What every drawing begins with: its words inherit how they are set."""


def element(name: str, attributes: Mapping[str, str], *children: str) -> str:
    """Return an element; attribute values are escaped, children must be markup already."""
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def text_lines(lines: tuple[Line, ...], centre: Point, room: float | None = None) -> str:
    """Return lines of text stacked around a point: centred, or from left to right where `room` is given."""
    top = centre[1] - sum(line.height for line in lines) / 2
    written = []
    for line in lines:
        middle = (centre[0], top + line.height / 2)
        written.append(text_line(line, middle) if room is None else _spread_line(line, middle, room))
        top += line.height
    return "".join(written)


def text_line(line: Line, centre: Point) -> str:
    """Return one line, centred on a point by the measured widths of its pieces."""
    return _pieces(line.pieces, line.size, line.weight, (centre[0] - line.width / 2, centre[1]))


def _spread_line(line: Line, centre: Point, room: float) -> str:
    """The words at the left end of the room, the tail at the right end."""
    left, right = centre[0] - room / 2, centre[0] + room / 2
    words = _pieces(line.pieces, line.size, line.weight, (left, centre[1]))
    if not line.tail:
        return words
    tail = Line(line.tail, line.size, SEMIBOLD)
    return words + _pieces(tail.pieces, tail.size, tail.weight, (right - tail.width, centre[1]))


def _pieces(pieces: tuple[Piece, ...], size: float, weight: int, start: Point) -> str:
    x, y = start
    written = []
    for piece in pieces:
        wide = piece.width(size, weight)
        if piece.glyph:
            colour = paint(piece.token, Theme.CSS)
            written.append(glyph(piece.glyph, (x + wide / 2, y), size * _GLYPH_SIZE, colour))
        else:
            written.append(_text(piece, size, weight, (x + wide / 2, y + CAP_MIDDLE * size)))
        x += wide + GAP * size
    return "".join(written)


def _text(piece: Piece, size: float, weight: int, base: Point) -> str:
    attributes = {
        "x": number(base[0]),
        "y": number(base[1]),
        "font-size": f"{size:g}",
        "fill": paint(piece.token, Theme.CSS),
    }
    if weight == SEMIBOLD:
        attributes["font-weight"] = str(SEMIBOLD)
    return element("text", attributes, escape(piece.text))


def glyph(name: str, centre: Point, size: float, colour: str) -> str:
    """Return a glyph of the given height around a point. Raises KeyError for an unknown name."""
    if name == "circle":
        place = {"cx": number(centre[0]), "cy": number(centre[1]), "r": number(size * 0.44)}
        return element("circle", {**place, "fill": colour})
    outline = "".join(_outline(polygon, centre, size) for polygon in _GLYPHS[name])
    return element("path", {"d": outline, "fill": colour})


def _outline(polygon: tuple[Point, ...], centre: Point, size: float) -> str:
    corners = (f"{number(centre[0] + x * size)},{number(centre[1] + y * size)}" for x, y in polygon)
    return "M" + "L".join(corners) + "Z"


def number(value: float) -> str:
    """Return a length with at most one decimal."""
    return f"{round(value, 1) + 0.0:g}"


def _regular(corners: int, radius: float) -> tuple[Point, ...]:
    angles = [2 * pi * corner / corners - pi / 2 for corner in range(corners)]
    return tuple((radius * cos(angle), radius * sin(angle)) for angle in angles)


def _star() -> tuple[Point, ...]:
    angles = [pi * corner / 5 - pi / 2 for corner in range(10)]
    radii = [0.56 if corner % 2 == 0 else 0.24 for corner in range(10)]
    return tuple(
        (radius * cos(angle), radius * sin(angle)) for radius, angle in zip(radii, angles, strict=True)
    )


_ARROW_RIGHT = (
    (-0.55, -0.28),
    (0.2, -0.28),
    (0.2, -0.46),
    (0.58, -0.21),
    (0.2, 0.04),
    (0.2, -0.14),
    (-0.55, -0.14),
)
_GLYPHS: Mapping[str, tuple[tuple[Point, ...], ...]] = MappingProxyType(
    {
        "square": (((-0.42, -0.42), (0.42, -0.42), (0.42, 0.42), (-0.42, 0.42)),),
        "plus": (
            (
                *((-0.15, -0.48), (0.15, -0.48), (0.15, -0.15), (0.48, -0.15), (0.48, 0.15), (0.15, 0.15)),
                *((0.15, 0.48), (-0.15, 0.48), (-0.15, 0.15), (-0.48, 0.15), (-0.48, -0.15), (-0.15, -0.15)),
            ),
        ),
        "diamond": (_regular(4, 0.56),),
        "star": (_star(),),
        "pentagon": (_regular(5, 0.52),),
        "hexagon": (_regular(6, 0.52),),
        "late": (((0.0, -0.48), (0.54, 0.46), (-0.54, 0.46)),),
        "two-way": (_ARROW_RIGHT, tuple((-x, -y) for x, y in _ARROW_RIGHT)),
    }
)
