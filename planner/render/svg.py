"""Graphviz's SVG made fit for a page: only known shapes, theme colours, our own text, names and links.

Nothing is passed through: every element and attribute that reaches the page is written here from an
allow-list, and every text comes from the sketch, escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from xml.etree.ElementTree import Element, ParseError, XMLParser

from planner.render.engine import CannotDraw
from planner.render.geometry import Point
from planner.render.markup import element, number, text_line, text_lines
from planner.render.sketch import BOX_MARGIN_X, Band, Box, Shape, Sketch, Wire
from planner.render.text import FONT
from planner.render.theme import Theme, paint, themed

PIXELS_PER_POINT = 4 / 3
KEYBOARD_NODES_MAX = 25  # beyond that the table beside the picture carries the keyboard
LABEL_PAD_X, LABEL_PAD_Y = 3.0, 1.0
BAND_HEAD = 14.0  # from the top of a band to the middle of its words

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_SHAPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "path": frozenset({"d", "fill", "stroke", "stroke-width", "stroke-dasharray"}),
        "polygon": frozenset({"points", "fill", "stroke", "stroke-width", "stroke-dasharray"}),
        "polyline": frozenset({"points", "fill", "stroke", "stroke-width", "stroke-dasharray"}),
        "ellipse": frozenset({"cx", "cy", "rx", "ry", "fill", "stroke", "stroke-width"}),
    }
)
_PAINTED = frozenset({"fill", "stroke"})
_MEASURED = frozenset({"d", "points", "cx", "cy", "rx", "ry"})
_DECIMAL = re.compile(r"-?\d+\.\d+")
_PATH = re.compile(r' (?:d|points)="([^"]*)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SAFE_HREF = re.compile(r"(/(?!/)|[?#])[^\s\"'<>\\]*")


def dressed(
    graphviz_svg: str,
    sketch: Sketch,
    *,
    labels: Mapping[tuple[int, int], Point],
    prefix: str,
    bands: Sequence[Band] = (),
) -> str:
    """Return the picture as inline SVG that follows the theme of its page.

    `labels` are the middles of the wires in Graphviz's points, y upwards. `prefix` starts every id.
    Raises CannotDraw when the text is no drawing of this sketch.
    """
    root = _parsed(graphviz_svg)
    canvas = root.find(f"{_NAMESPACE}g")
    if canvas is None:
        raise CannotDraw("Graphviz returned an empty picture.")
    shapes = {_title(group): _shapes(group) for group in canvas.iter(f"{_NAMESPACE}g") if group is not canvas}
    wires = [_wire(wire, shapes, prefix) for wire in sketch.wires]
    words = [_label(wire, labels, prefix) for wire in sketch.wires if wire.label]
    is_quiet = sum(1 for box in sketch.boxes if box.href) > KEYBOARD_NODES_MAX
    boxes = [_box(box, shapes, prefix, is_quiet=is_quiet) for box in sketch.boxes]
    strips = [_band(band, shapes[f"b{index}"]) for index, band in enumerate(bands)]
    inside = [*strips, *wires, *words, *boxes]
    moved = element("g", {"transform": _translation(canvas)}, *inside) if boxes else ""
    return document(root.get("viewBox", "0 0 0 0"), sketch, prefix, moved)


def _parsed(text: str) -> Element:
    """Parse from the root element on, so that no document type is ever read."""
    parser = XMLParser()  # noqa: S314  # our own worker's output, without document type
    try:
        parser.feed(text[text.index("<svg") :])
        root: Element = parser.close()
    except (ParseError, ValueError) as broken:
        raise CannotDraw("Graphviz returned a picture that is not well-formed.") from broken
    return root


def _title(group: Element) -> str:
    return group.findtext(f"{_NAMESPACE}title", "")


def _shapes(group: Element) -> str:
    return "".join(_shape(child) for child in group.iter() if _local(child) in _SHAPES)


def _shape(shape: Element) -> str:
    name = _local(shape)
    kept = {key: _value(key, value) for key, value in shape.attrib.items() if key in _SHAPES[name]}
    return element(name, kept)


def _local(node: Element) -> str:
    return node.tag.removeprefix(_NAMESPACE)


def _value(key: str, value: str) -> str:
    if key in _PAINTED:
        return themed("none" if value == "transparent" else value, Theme.CSS)
    if key in _MEASURED:
        return _DECIMAL.sub(lambda match: number(float(match.group())), value)
    return value


def _wire(wire: Wire, shapes: Mapping[str, str], prefix: str) -> str:
    attributes = {"id": f"{prefix}-n{wire.tail}-n{wire.head}", "class": wire.css}
    return element("g", attributes, _tooltip(wire.tooltip), shapes[f"n{wire.tail}->n{wire.head}"])


def _label(wire: Wire, labels: Mapping[tuple[int, int], Point], prefix: str) -> str:
    """The words of a wire on a patch of paper, over all wires and on the middle of its own."""
    if wire.label is None:
        return ""
    x, y = labels[wire.tail, wire.head]
    wide, high = wire.label.width + 2 * LABEL_PAD_X, wire.label.height + 2 * LABEL_PAD_Y
    place = {
        "x": number(x - wide / 2),
        "y": number(-y - high / 2),
        "width": number(wide),
        "height": number(high),
    }
    patch = element("rect", {**place, "rx": "2", "fill": paint("surface", Theme.CSS)})
    attributes = {"id": f"{prefix}-n{wire.tail}-n{wire.head}-said", "class": "label"}
    return element("g", attributes, _tooltip(wire.tooltip), patch, text_line(wire.label, (x, -y)))


def _band(band: Band, outline: str) -> str:
    """A strip with its words at the top, where it was drawn: Graphviz moves a picture to its corner."""
    if band.head is None:
        return element("g", {"class": "band"}, outline)
    x, y = _centre(outline)
    return element(
        "g", {"class": "band"}, outline, text_line(band.head, (x, y - band.height / 2 + BAND_HEAD))
    )


def _box(box: Box, shapes: Mapping[str, str], prefix: str, *, is_quiet: bool) -> str:
    outline = shapes[f"n{box.id}"]
    room = None if box.shape is Shape.TEAM else box.width - 2 * BOX_MARGIN_X
    drawn = _tooltip(box.tooltip) + outline + text_lines(box.lines, _centre(outline), room)
    attributes = {"id": f"{prefix}-n{box.id}", "class": box.css}
    return element("g", attributes, linked(drawn, box.href, box.tooltip, is_quiet=is_quiet))


def linked(drawn: str, href: str, name: str, *, is_quiet: bool) -> str:
    """Return a part of a picture as a link of that name; without an address as it is.

    A quiet link is left out when somebody walks with the keyboard. Raises ValueError for a foreign address.
    """
    if not href:
        return drawn
    if not _SAFE_HREF.fullmatch(href):
        raise ValueError(f"a picture links within the product only, not to {href!r}")
    return element("a", {"href": href, "aria-label": name, **({"tabindex": "-1"} if is_quiet else {})}, drawn)


def _centre(outline: str) -> Point:
    values = [float(value) for value in _NUMBER.findall(_PATH.findall(outline)[0])]
    xs, ys = values[0::2], values[1::2]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _tooltip(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _translation(canvas: Element) -> str:
    found = re.search(r"translate\([^)]*\)", canvas.get("transform", ""))
    return _value("d", found.group()) if found else "translate(0 0)"


def document(view_box: str, sketch: Sketch, prefix: str, content: str) -> str:
    """Return the picture around its content, with its name and description for those who hear it."""
    wide, high = (float(part) for part in view_box.split()[2:4])
    has_links = any(box.href for box in sketch.boxes)
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "picture",
        "role": "group" if has_links else "img",
        "aria-labelledby": f"{prefix}-title",
        "aria-describedby": f"{prefix}-desc",
        "viewBox": f"0 0 {number(wide)} {number(high)}",
        "width": number(wide * PIXELS_PER_POINT),
        "height": number(high * PIXELS_PER_POINT),
        "font-family": FONT,
    }
    title = element("title", {"id": f"{prefix}-title"}, escape(sketch.title))
    description = element("desc", {"id": f"{prefix}-desc"}, escape(sketch.description))
    return element("svg", attributes, title, description, content)


def in_colours(svg: str, theme: Theme) -> str:
    """Return a picture for a page with the fixed colours of a theme instead of variables."""
    if theme is Theme.CSS:
        return svg
    return re.sub(r'"var\(--([a-z0-9-]+)\)"', lambda match: f'"{paint(match.group(1), theme)}"', svg)
