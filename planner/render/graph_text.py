"""The graph of a picture for other tools: Mermaid, GraphML and plain values."""

from __future__ import annotations

from html import escape

from planner.render.dot import plain
from planner.render.sketch import Arrow, Box, Sketch, Wire
from planner.render.text import clean

_MERMAID_LETTERS = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;"}


def mermaid(sketch: Sketch) -> str:
    """Return a Mermaid flowchart; what Mermaid could read as its own is written as entities."""
    lines = ["flowchart LR"]
    lines += [
        f'  n{box.id}["{"<br>".join(_said(plain(line)) for line in box.lines)}"]' for box in sketch.boxes
    ]
    lines += [f"  n{wire.tail} {_arrow(wire)} n{wire.head}" for wire in sketch.wires]
    return "\n".join(lines) + "\n"


def _said(text: str) -> str:
    return "".join(_MERMAID_LETTERS.get(letter, letter) for letter in text)


def _arrow(wire: Wire) -> str:
    shaft = "-.-" if wire.is_dashed else "---"
    arrows = {Arrow.NONE: shaft, Arrow.ONE: f"{shaft[:2]}>", Arrow.BOTH: "<-->", Arrow.SHARED: "o--o"}
    if wire.is_dashed:
        arrows[Arrow.ONE] = "-.->"
    drawn = arrows[wire.arrow]
    return f'{drawn}|"{_said(plain(wire.label))}"|' if wire.label else drawn


def graphml(sketch: Sketch) -> str:
    """Return GraphML with the label of each node and edge, and what an edge says in words."""
    keys = [
        '  <key id="label" for="node" attr.name="label" attr.type="string"/>',
        '  <key id="said" for="edge" attr.name="label" attr.type="string"/>',
        '  <key id="direction" for="edge" attr.name="direction" attr.type="string"/>',
    ]
    nodes = [
        f'    <node id="n{box.id}"><data key="label">{_xml(name_of(box))}</data></node>'
        for box in sketch.boxes
    ]
    edges = [
        f'    <edge source="n{wire.tail}" target="n{wire.head}"><data key="said">{_xml(wire.tooltip)}</data>'
        f'<data key="direction">{wire.arrow.value}</data></edge>'
        for wire in sketch.wires
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            *keys,
            '  <graph id="picture" edgedefault="directed">',
            *nodes,
            *edges,
            "  </graph>",
            "</graphml>",
            "",
        ]
    )


def values_of(sketch: Sketch) -> dict[str, object]:
    """Return title, words, nodes and edges as plain values for JSON."""
    return {
        "title": sketch.title,
        "filter": sketch.subtitle,
        "left_out": sketch.left_out,
        "nodes": [{"id": box.id, "name": name_of(box), "said": box.tooltip} for box in sketch.boxes],
        "edges": [
            {"from": wire.tail, "to": wire.head, "said": wire.tooltip, "direction": wire.arrow.value}
            for wire in sketch.wires
        ],
    }


def name_of(box: Box) -> str:
    """Return the words of the first line without its glyph."""
    return clean(" ".join(piece.text for piece in box.lines[0].pieces if piece.text)) or "?"


def _xml(text: str) -> str:
    return escape(text, quote=False)
