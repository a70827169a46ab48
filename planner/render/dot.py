"""Sketches as DOT text, byte for byte the same for the same sketch and places.

Ids are `n<number>`; the only user text is in labels, and it goes through `text.dot_label`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import graphviz

from planner.render.geometry import Point
from planner.render.sketch import Arrow, Band, Box, Line, Shape, Sketch, Wire
from planner.render.text import FONT, dot_label
from planner.render.theme import LIGHT

POINTS_PER_INCH = 72
CLEARANCE = 6.0  # points between a line and a box that it passes
AS_IT_STANDS = "nop2"  # the engine that only draws
GLYPH_LETTERS = {
    "circle": "●",
    "square": "■",
    "plus": "✚",
    "diamond": "◆",
    "star": "★",
    "pentagon": "⬟",
    "hexagon": "⬢",
    "two-way": "⇄",
    "late": "▲",
}
_ARROWS: Mapping[Arrow, Mapping[str, str]] = {
    Arrow.NONE: {"dir": "none"},
    Arrow.ONE: {},
    Arrow.BOTH: {"dir": "both"},
    Arrow.SHARED: {"dir": "both", "arrowhead": "odot", "arrowtail": "odot"},
}


def ways_dot(boxes: Sequence[Box], wires: Sequence[Wire], places: Mapping[int, Point]) -> str:
    """Return the text that asks for the ways of some wires around all boxes: no words, no colours.

    The answer is in the same coordinates.
    """
    graph = graphviz.Digraph("picture")
    graph.attr("graph", esep=f"+{CLEARANCE:g}", notranslate="true", splines="true")
    graph.attr("node", shape="box", fixedsize="true", label="")
    graph.attr("edge", arrowsize="0.75")
    for box in boxes:
        x, y = places[box.id]
        size = {"width": inches(box.width), "height": inches(box.height), "penwidth": f"{box.pen:g}"}
        graph.node(f"n{box.id}", pos=f"{x:.1f},{y:.1f}", **size)
    for wire in wires:
        graph.edge(f"n{wire.tail}", f"n{wire.head}", penwidth=f"{wire.pen:g}", **_ARROWS[wire.arrow])
    return str(graph.source)


def picture_dot(
    sketch: Sketch,
    places: Mapping[int, Point],
    routes: Mapping[tuple[int, int], tuple[str, Point]] | None = None,
    bands: Sequence[Band] = (),
) -> str:
    """Return the whole picture as text: centres of boxes in points, y upwards.

    `routes` holds each wire's spline (in Graphviz's words) and the middle of its label; with them the text
    asks for the picture as it stands, whichever program draws it. Without them Graphviz finds the routes.
    A box without a place is left to whoever lays the text out. `bands` stand behind everything; they take
    part in no routing, so they come with the routes.
    """
    graph = graphviz.Digraph("picture")
    graph.attr(
        "graph",
        bgcolor="transparent",
        esep=f"+{CLEARANCE:g}",
        fontname=FONT,
        outputorder="nodesfirst" if bands else "edgesfirst",
        pad="0.2",
        splines="true",
        **({} if routes is None else {"layout": AS_IT_STANDS}),
    )
    graph.attr("node", shape="box", style="rounded,filled", fixedsize="true", fontname=FONT)
    graph.attr("edge", fontname=FONT, arrowsize="0.75")
    for index, band in enumerate(bands):
        graph.node(f"b{index}", **_band_attributes(band))
    boxes = [_box_attributes(box, places.get(box.id)) for box in sketch.boxes]
    shared, own = _shared(boxes)
    graph.attr("node", **shared)
    for box, attributes in zip(sketch.boxes, own, strict=True):
        graph.node(f"n{box.id}", **attributes)
    ways = routes or {}
    shared, own = _shared([_wire_attributes(one, ways.get((one.tail, one.head))) for one in sketch.wires])
    graph.attr("edge", **shared)
    for wire, attributes in zip(sketch.wires, own, strict=True):
        graph.edge(f"n{wire.tail}", f"n{wire.head}", **attributes)
    return str(graph.source)


def _shared(all_: Sequence[dict[str, str]]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return what most have and none does without, which is said once, and what is left to each."""
    counts = Counter(item for one in all_ for item in one.items())
    having = Counter(name for name, _ in counts.elements())
    shared = {
        name: value
        for (name, value), count in counts.items()
        if 1 < count > len(all_) / 2 and having[name] == len(all_)
    }
    return shared, [dict(one.items() - shared.items()) for one in all_]


def _band_attributes(band: Band) -> dict[str, str]:
    return {
        "label": dot_label(plain(band.head)) if band.head else "",
        "labelloc": "t",
        "pos": f"{band.x:.1f},{band.y:.1f}",
        "width": inches(band.width),
        "height": inches(band.height),
        "fillcolor": LIGHT["sunk"],
        "color": LIGHT["sunk"],
        "fontcolor": LIGHT["ink"],
        "fontsize": f"{band.head.size:g}" if band.head else "9",
    }


def _style(box: Box) -> str:
    corners = [] if box.shape is Shape.GOAL else ["rounded"]
    return ",".join([*corners, "filled", *(["dashed"] if box.is_dashed else [])])


def _box_attributes(box: Box, place: Point | None) -> dict[str, str]:
    return {
        "label": dot_label(*(plain(line) for line in box.lines)),
        **({"pos": f"{place[0]:.1f},{place[1]:.1f}"} if place else {}),
        **({} if _style(box) == "rounded,filled" else {"style": _style(box)}),
        "width": inches(box.width),
        "height": inches(box.height),
        "fillcolor": LIGHT[box.fill],
        "color": LIGHT[box.border],
        "fontcolor": LIGHT["ink"],
        "fontsize": f"{box.lines[0].size:g}",
        "penwidth": f"{box.pen:g}",
    }


def _wire_attributes(wire: Wire, route: tuple[str, Point] | None) -> dict[str, str]:
    attributes = {"color": LIGHT[wire.token], "penwidth": f"{wire.pen:g}", **_ARROWS[wire.arrow]}
    if wire.is_dashed:
        attributes["style"] = "dashed"
    if wire.label:
        attributes["label"] = dot_label(plain(wire.label))
        attributes["fontsize"] = f"{wire.label.size:g}"
        attributes["fontcolor"] = LIGHT[wire.token]
    if route:
        attributes["pos"] = route[0]
        if wire.label:
            attributes["lp"] = f"{route[1][0]:.1f},{route[1][1]:.1f}"
    return dict(sorted(attributes.items()))


def plain(line: Line) -> str:
    """Return a line as text alone, glyphs as letters."""
    pieces = (*line.pieces, *line.tail)
    return " ".join(GLYPH_LETTERS[piece.glyph] if piece.glyph else piece.text for piece in pieces)


def inches(points: float) -> str:
    return f"{points / POINTS_PER_INCH:.4f}"
