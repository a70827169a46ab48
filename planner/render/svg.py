"""A laid out sketch as SVG for a page: shapes in the colours of the theme, text, names and links.

Every element and attribute that reaches the page is written here, and every text comes from the sketch,
escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from planner.render.geometry import Point
from planner.render.markup import ROOT, element, number, text_line, text_lines
from planner.render.outlines import band_outline, box_outline, way_of, wire_outline
from planner.render.sketch import BOX_MARGIN_X, Band, Box, Shape, Sketch, Wire
from planner.render.theme import Theme, paint

PIXELS_PER_POINT = 4 / 3
KEYBOARD_NODES_MAX = 25  # beyond that the table beside the picture carries the keyboard
LABEL_PAD_X, LABEL_PAD_Y = 3.0, 1.0
MARGIN = 14.4  # points around everything
BAND_HEAD = 14.0  # from the top of a band to the middle of its words

_SAFE_HREF = re.compile(r"(/(?!/)|[?#])[^\s\"'<>\\]*")


@dataclass(frozen=True)
class Shapes:
    """Where everything is: centres of boxes in points, y upwards, splines and words of the wires, bands."""

    places: Mapping[int, Point]
    splines: Mapping[tuple[int, int], str]
    labels: Mapping[tuple[int, int], Point]
    bands: Sequence[Band] = ()


def drawn(sketch: Sketch, shapes: Shapes, *, prefix: str) -> str:
    """Return the picture as inline SVG that follows the theme of its page; `prefix` starts every id."""
    wires = [_wire(wire, shapes, prefix) for wire in sketch.wires]
    words = [_label(wire, shapes.labels, prefix) for wire in sketch.wires if wire.label]
    is_quiet = sum(1 for box in sketch.boxes if box.href) > KEYBOARD_NODES_MAX
    boxes = [_box(box, shapes.places[box.id], prefix, is_quiet=is_quiet) for box in sketch.boxes]
    inside = [*(_band(band) for band in shapes.bands), *wires, *words, *boxes]
    left, top, wide, high = _frame(sketch, shapes)
    moved = (
        element("g", {"transform": f"translate({number(-left)} {number(-top)})"}, *inside) if boxes else ""
    )
    return document(f"0 0 {wide:.2f} {high:.2f}", sketch, prefix, moved)


def _frame(sketch: Sketch, shapes: Shapes) -> tuple[float, float, float, float]:
    """Left, top (y downwards), width and height of all that is drawn, with a margin around it."""
    extents = [
        *((shapes.places[box.id], box.width, box.height) for box in sketch.boxes),
        *(((band.x, band.y), band.width, band.height) for band in shapes.bands),
        *(
            (shapes.labels[wire.tail, wire.head], wire.label.width + 2 * LABEL_PAD_X, wire.label.height)
            for wire in sketch.wires
            if wire.label
        ),
        *((control, 0.0, 0.0) for spline in shapes.splines.values() for control in way_of(spline).controls),
    ]
    xs = [x + side * width / 2 for (x, _), width, _ in extents for side in (-1, 1)]
    ys = [y + side * height / 2 for (_, y), _, height in extents for side in (-1, 1)]
    if not xs:
        return 0.0, 0.0, 2 * MARGIN, 2 * MARGIN
    left, top = min(xs) - MARGIN, -max(ys) - MARGIN
    return left, top, max(xs) + MARGIN - left, -min(ys) + MARGIN - top


def _wire(wire: Wire, shapes: Shapes, prefix: str) -> str:
    attributes = {"id": f"{prefix}-n{wire.tail}-n{wire.head}", "class": wire.css}
    outline = wire_outline(wire, shapes.splines[wire.tail, wire.head])
    return element("g", attributes, _tooltip(wire.tooltip), outline)


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


def _band(band: Band) -> str:
    """A strip with its words at the top."""
    head = text_line(band.head, (band.x, -band.y - band.height / 2 + BAND_HEAD)) if band.head else ""
    return element("g", {"class": "band"}, band_outline(band), head)


def _box(box: Box, place: Point, prefix: str, *, is_quiet: bool) -> str:
    room = None if box.shape is Shape.TEAM else box.width - 2 * BOX_MARGIN_X
    words = text_lines(box.lines, (place[0], -place[1]), room)
    attributes = {"id": f"{prefix}-n{box.id}", "class": box.css}
    inside = _tooltip(box.tooltip) + box_outline(box, place) + words
    return element("g", attributes, linked(inside, box.href, box.tooltip, is_quiet=is_quiet))


def linked(drawn: str, href: str, name: str, *, is_quiet: bool) -> str:
    """Return a part of a picture as a link of that name; without an address as it is.

    A quiet link is left out when somebody walks with the keyboard. Raises ValueError for a foreign address.
    """
    if not href:
        return drawn
    if not _SAFE_HREF.fullmatch(href):
        raise ValueError(f"a picture links within the product only, not to {href!r}")
    return element("a", {"href": href, "aria-label": name, **({"tabindex": "-1"} if is_quiet else {})}, drawn)


def _tooltip(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def document(view_box: str, sketch: Sketch, prefix: str, content: str) -> str:
    """Return the picture around its content, with its name and description for those who hear it."""
    wide, high = (float(part) for part in view_box.split()[2:4])
    has_links = any(box.href for box in sketch.boxes)
    attributes = {
        **ROOT,
        "class": "picture",
        "role": "group" if has_links else "img",
        "aria-labelledby": f"{prefix}-title",
        "aria-describedby": f"{prefix}-desc",
        "viewBox": f"0 0 {number(wide)} {number(high)}",
        "width": number(wide * PIXELS_PER_POINT),
        "height": number(high * PIXELS_PER_POINT),
    }
    title = element("title", {"id": f"{prefix}-title"}, escape(sketch.title))
    description = element("desc", {"id": f"{prefix}-desc"}, escape(sketch.description))
    return element("svg", attributes, title, description, content)


def in_colours(svg: str, theme: Theme) -> str:
    """Return a picture for a page with the fixed colours of a theme instead of variables."""
    if theme is Theme.CSS:
        return svg
    return re.sub(r'"var\(--([a-z0-9-]+)\)"', lambda match: f'"{paint(match.group(1), theme)}"', svg)
