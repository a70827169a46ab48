"""What is to be drawn, in boxes and wires with their text, before anybody knows where.

Every picture becomes a sketch; from there on layout, DOT text, drawing and measuring are the same for all.
Lengths are points (1 pt = 4/3 px); colours are tokens of the theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from planner.render.text import REGULAR, SEMIBOLD, width

LINE_HEIGHT = 1.18  # of the font size
BOX_MARGIN_X, BOX_MARGIN_Y = 11.0, 5.5
BOX_HEIGHT_MIN = 24.0
GAP = 0.32  # between two pieces of a line, of the font size
GLYPH_WIDTH = 0.82  # of the font size
TAIL_GAP = 14.0  # points at least between the words of a card and its state


class Arrow(StrEnum):
    """ONE points to who receives; BOTH is two-way work; SHARED has open dots at both ends; NONE is a line."""

    NONE = "none"
    ONE = "one"
    BOTH = "both"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a glyph of a line, in the colour of a token."""

    text: str = ""
    glyph: str = ""
    token: str = "ink"  # noqa: S105  # a colour

    def width(self, size: float, weight: int) -> float:
        return GLYPH_WIDTH * size if self.glyph else width(self.text, size, weight)


@dataclass(frozen=True)
class Line:
    """Pieces side by side, centred as a whole; on a card they stand left, and `tail` right, in bold."""

    pieces: tuple[Piece, ...]
    size: float
    weight: int = REGULAR
    tail: tuple[Piece, ...] = ()

    @cached_property
    def width(self) -> float:
        own = _width(self.pieces, self.size, self.weight)
        return own + TAIL_GAP + _width(self.tail, self.size, SEMIBOLD) if self.tail else own

    @property
    def height(self) -> float:
        return self.size * LINE_HEIGHT


def _width(pieces: tuple[Piece, ...], size: float, weight: int) -> float:
    return sum(piece.width(size, weight) for piece in pieces) + GAP * size * (len(pieces) - 1)


class Shape(StrEnum):
    """TEAM has round corners and its words in the middle; on a CARD they go from left to right, and on a
    GOAL too, which has square corners."""

    TEAM = "team"
    CARD = "card"
    GOAL = "goal"


@dataclass(frozen=True)
class Box:
    """A node: `href` is empty or an address within the product; `tooltip` is for people."""

    id: int
    lines: tuple[Line, ...]
    tooltip: str
    css: str = "node"
    href: str = ""
    fill: str = "surface"
    border: str = "line-2"
    pen: float = 1.2
    shape: Shape = Shape.TEAM
    is_dashed: bool = False
    room: float = 0.0  # the least width, so that cards of a column are as wide as one another
    room_high: float = 0.0  # the least height

    @cached_property
    def width(self) -> float:
        text = max(line.width for line in self.lines) + 2 * BOX_MARGIN_X
        return round(max(text, self.room), 1)

    @cached_property
    def height(self) -> float:
        text = sum(line.height for line in self.lines)
        return round(max(BOX_HEIGHT_MIN, text + 2 * BOX_MARGIN_Y, self.room_high), 1)


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge from `tail` to `head`, the ids of boxes."""

    tail: int
    head: int
    tooltip: str
    css: str = "edge"
    token: str = "ink-3"  # noqa: S105  # a colour
    pen: float = 1.25
    arrow: Arrow = Arrow.ONE
    is_dashed: bool = False
    label: Line | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A tinted strip behind the boxes with its words at the top: by its centre, y upwards."""

    x: float
    y: float
    width: float
    height: float
    head: Line | None = None


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One sign of the legend, as glyph, line and words; only signs that occur are listed."""

    word: str
    token: str
    glyph: str = ""
    arrow: Arrow | None = None
    is_dashed: bool = False
    is_heavy: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """A whole picture; boxes and wires are in the order of their ids."""

    title: str
    description: str
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    subtitle: str = ""
    left_out: str = ""
    legend: tuple[LegendEntry, ...] = ()
