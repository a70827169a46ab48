"""A sketch and how it gets its shape: by a search, in columns, at given places, or as a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.render.geometry import Point
from planner.render.sketch import Band, Line, Sketch


@dataclass(frozen=True)
class Free:
    """Boxes look for their places, and keep them from one picture to the next."""

    sketch: Sketch


@dataclass(frozen=True)
class Ranked:
    """Boxes stand in columns, in an order that crosses few wires; `heavy` ones are kept straight.

    Each head stands over as many columns as its place in `spans` says.
    """

    sketch: Sketch
    columns: tuple[tuple[int, ...], ...]
    heads: tuple[Line, ...]
    spans: tuple[int, ...]
    heavy: tuple[tuple[int, int], ...] = ()


class Routing(StrEnum):
    """SIDES: from the right side of a box to the left side of another. AROUND: straight, around boxes."""

    SIDES = "sides"
    AROUND = "around"


@dataclass(frozen=True)
class Placed:
    """Boxes stand where we say: centres in points, y upwards."""

    sketch: Sketch
    places: Mapping[int, Point]
    routing: Routing = Routing.SIDES
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class GridCell:
    """A mark where a row meets a column."""

    row: int
    column: int
    word: str
    tooltip: str
    fill: str
    border: str
    ink: str
    href: str = ""
    is_dashed: bool = False


@dataclass(frozen=True)
class Grid:
    """The boxes of the sketch as rows and as columns, in their order; `blocks` are tinted squares."""

    sketch: Sketch
    cells: tuple[GridCell, ...]
    blocks: tuple[tuple[int, int], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a curve; `is_joined` where the line runs through it."""

    mark: str
    name: str
    x: float
    y: float
    is_filled: bool
    is_joined: bool


@dataclass(frozen=True)
class Chart:
    """Points over two axes, from left to right; they are the boxes of the sketch as well."""

    sketch: Sketch
    dots: tuple[Dot, ...]


Scene = Free | Ranked | Placed | Grid | Chart
