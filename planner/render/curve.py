"""A small curve as inline SVG: numbered dots over two axes, the chosen one filled."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from planner.render.geometry import Point
from planner.render.markup import ROOT, element, number, text_line
from planner.render.scene import Chart, Dot
from planner.render.sketch import Arrow, Box, Line, Piece, Sketch, Wire
from planner.render.svg import document
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean
from planner.render.theme import Theme, paint

# CSS pixels where it is smallest; the page shows it a little larger
WIDTH, HEIGHT, SCALE = 270.0, 190.0, 1.4
LEFT, RIGHT, TOP, BOTTOM = 46.0, 22.0, 34.0, 42.0
RADIUS, SIZE = 6.0, 13.0


def scene_of_dial(dots: Sequence[Dot], title: str, *, subtitle: str = "") -> Chart:
    """Return the points as a chart, with boxes and lines for files that hold a graph."""
    boxes = tuple(
        Box(number, (Line((Piece(text=f"{dot.mark}. {dot.name}"),), SIZE, SEMIBOLD),), _said(dot))
        for number, dot in enumerate(dots)
    )
    joined = [number for number, dot in enumerate(dots) if dot.is_joined]
    wires = tuple(Wire(one, other, "the next price", arrow=Arrow.NONE) for one, other in pairwise(joined))
    sketch = Sketch(
        title=clean(title, TOOLTIP_CHARACTERS),
        description=" ".join(f"{_said(dot)}." for dot in dots),
        boxes=boxes,
        wires=wires,
        subtitle=clean(subtitle, TOOLTIP_CHARACTERS),
    )
    return Chart(sketch, tuple(dots))


def drawn_chart(chart: Chart, prefix: str) -> str:
    """Return the chart as inline SVG."""
    if not chart.dots:
        return document("0 0 1 1", chart.sketch, prefix, "")
    return curve(chart.dots, chart.sketch.title, prefix=prefix)


def curve(dots: Sequence[Dot], title: str, *, prefix: str = "curve") -> str:
    """Return the picture; `dots` in order from left to right, sessions per person across and hours up."""
    places = [(_along(dot.x, [one.x for one in dots]), _up(dot.y, [one.y for one in dots])) for dot in dots]
    drawn = [*_axes(dots), *_line(dots, places)]
    for dot, place in zip(dots, places, strict=True):
        drawn.append(_dot(dot, place))
    return _document(dots, title, prefix, drawn)


def _share(value: float, values: Sequence[float]) -> float:
    least, most = min(values), max(values)
    return 0.5 if least == most else (value - least) / (most - least)


def _along(value: float, values: Sequence[float]) -> float:
    return LEFT + 14 + _share(value, values) * (WIDTH - LEFT - RIGHT - 28)


def _up(value: float, values: Sequence[float]) -> float:
    return HEIGHT - BOTTOM - 14 - _share(value, values) * (HEIGHT - TOP - BOTTOM - 28)


def _axes(dots: Sequence[Dot]) -> list[str]:
    corner = f"M{number(LEFT)},{number(TOP)}V{number(HEIGHT - BOTTOM)}H{number(WIDTH - RIGHT)}"
    stroke = {"stroke": paint("line-2", Theme.CSS), "stroke-width": "1", "fill": "none"}
    xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
    across = [_text(f"{x:.1f}", (_along(x, xs), HEIGHT - BOTTOM + 12)) for x in _ends(xs)]
    up = [_text(f"{y:.1f}", (LEFT - 22, _up(y, ys))) for y in _ends(ys)]
    words = [
        _text("sessions per person", ((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 11)),
        _text("hours in meetings", (LEFT + 24, 14)),
    ]
    return [element("path", {"d": corner, **stroke}), *across, *up, *words]


def _ends(values: Sequence[float]) -> list[float]:
    """The least and the most; one of them where they read the same."""
    least, most = min(values), max(values)
    return [least] if f"{least:.1f}" == f"{most:.1f}" else [least, most]


def _text(words: str, centre: Point, *, weight: int = REGULAR, token: str = "ink-2") -> str:  # noqa: S107 # a colour
    return text_line(Line((Piece(text=words, token=token),), SIZE, weight), centre)


def _line(dots: Sequence[Dot], places: Sequence[Point]) -> list[str]:
    joined = [place for dot, place in zip(dots, places, strict=True) if dot.is_joined]
    if len(joined) < 2:
        return []
    path = "M" + "L".join(f"{number(x)},{number(y)}" for x, y in joined)
    return [
        element(
            "path", {"d": path, "stroke": paint("accent", Theme.CSS), "stroke-width": "1.7", "fill": "none"}
        )
    ]


def _dot(dot: Dot, place: Point) -> str:
    accent = paint("accent", Theme.CSS)
    ring = {"cx": number(place[0]), "cy": number(place[1]), "r": number(RADIUS)}
    fill = accent if dot.is_filled else paint("surface", Theme.CSS)
    circle = element("circle", {**ring, "fill": fill, "stroke": accent, "stroke-width": "1.7"})
    mark = _text(dot.mark, (place[0] + 11, place[1] - 12), weight=SEMIBOLD, token="ink")  # noqa: S106 # a colour
    return element("g", {"class": "point"}, element("title", {}, escape(clean(_said(dot), 80))), circle, mark)


def _said(dot: Dot) -> str:
    return f"{dot.mark}, {dot.name}: {dot.x:.2f} sessions per person, {dot.y:.1f} hours"


def _document(dots: Sequence[Dot], title: str, prefix: str, drawn: Sequence[str]) -> str:
    attributes = {
        **ROOT,
        "class": "picture",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "viewBox": f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        "width": number(WIDTH * SCALE),
        "height": number(HEIGHT * SCALE),
    }
    said = "; ".join(_said(dot) for dot in dots)
    heading = element("title", {"id": f"{prefix}-title"}, escape(clean(title, 80)))
    desc = element("desc", {"id": f"{prefix}-desc"}, escape(f"{said}."))
    return element("svg", attributes, heading, desc, *drawn)
