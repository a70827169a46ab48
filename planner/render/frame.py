"""The frame of an exported picture: title, filter words, date and what was left out, legend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from planner.render.geometry import Point
from planner.render.markup import ROOT, element, glyph, number, text_line
from planner.render.sketch import Arrow, LegendEntry, Line, Piece, Sketch
from planner.render.svg import PIXELS_PER_POINT
from planner.render.text import REGULAR, SEMIBOLD
from planner.render.theme import Theme, paint

MARGIN = 24.0
TITLE_SIZE, WORDS_SIZE, LEGEND_SIZE = 16.0, 10.0, 9.5
HEADER, LEGEND_ROW = 46.0, 17.0
SIGN_WIDTH, SIGN_GAP, ENTRY_GAP = 26.0, 5.0, 18.0
WIDTH_MIN = 420.0
ZOOM_MAX = 1.4  # a picture of three teams need not fill a slide

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """The size of a page in points."""

    width: float
    height: float


def framed(svg: str, sketch: Sketch, *, page: Page | None = None, drawn_on: date | None = None) -> str:
    """Return the picture within its frame, on a page of the given size or as large as it needs.

    The colours stay variables; `svg.in_colours` fixes them.
    """
    wide, high = _size_of(svg)
    width = page.width if page else max(WIDTH_MIN, wide + 2 * MARGIN, _room_of_title(sketch, drawn_on))
    rows = _rows(sketch.legend, width - 2 * MARGIN)
    footer = MARGIN + len(rows) * LEGEND_ROW
    height = page.height if page else HEADER + high + footer + MARGIN
    inner = _content(svg)
    zoom = (
        min((width - 2 * MARGIN) / wide, (height - HEADER - footer - MARGIN) / high, ZOOM_MAX)
        if page
        else 1.0
    )
    left, top = (width - wide * zoom) / 2, HEADER + (height - HEADER - footer - high * zoom) / 2
    parts = [
        element("rect", {"width": number(width), "height": number(height), "fill": _colour("surface")}),
        _header(sketch, width, drawn_on),
        element("g", {"transform": f"translate({number(left)} {number(top)}) scale({zoom:.4f})"}, inner),
        *_legend(rows, height - footer + LEGEND_ROW),
    ]
    return _document(sketch.title, width, height, parts)


def _document(title: str, width: float, height: float, parts: list[str]) -> str:
    attributes = {
        **ROOT,
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "width": number(width * PIXELS_PER_POINT),
        "height": number(height * PIXELS_PER_POINT),
    }
    return element("svg", attributes, f"<title>{escape(title)}</title>", *parts)


def _size_of(svg: str) -> Point:
    box = svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    return max(float(box[2]), 1.0), max(float(box[3]), 1.0)


def _content(svg: str) -> str:
    """The inside of the picture, without its own names: the file has its title in words."""
    inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    return inner.split("</desc>", 1)[1]


def _title(sketch: Sketch) -> Line:
    return Line((Piece(text=sketch.title),), TITLE_SIZE, SEMIBOLD)


def _dated(drawn_on: date | None) -> Line:
    day = f"{drawn_on.day} {_MONTHS[drawn_on.month - 1]} {drawn_on.year}" if drawn_on else ""
    return Line((Piece(text=day, token="ink-2"),), WORDS_SIZE)  # noqa: S106  # a colour


def _room_of_title(sketch: Sketch, drawn_on: date | None) -> float:
    """The width in which the title and the day stand side by side."""
    return _title(sketch).width + _dated(drawn_on).width + 3 * MARGIN


def _header(sketch: Sketch, width: float, drawn_on: date | None) -> str:
    title, dated = _title(sketch), _dated(drawn_on)
    said = " · ".join(part for part in (sketch.subtitle, sketch.left_out) if part)
    words = Line((Piece(text=said, token="ink-2"),), WORDS_SIZE)  # noqa: S106  # a colour
    return "".join(
        text_line(line, (x, y))
        for line, x, y in (
            (title, MARGIN + title.width / 2, MARGIN),
            (words, MARGIN + words.width / 2, MARGIN + 18),
            (dated, width - MARGIN - dated.width / 2, MARGIN),
        )
        if line.pieces[0].text
    )


def _rows(legend: tuple[LegendEntry, ...], width: float) -> list[list[LegendEntry]]:
    rows: list[list[LegendEntry]] = []
    left = 0.0
    for entry in legend:
        if not rows or left + _entry_width(entry) > width:
            rows.append([])
            left = 0.0
        rows[-1].append(entry)
        left += _entry_width(entry)
    return rows


def _entry_width(entry: LegendEntry) -> float:
    return _sign_width(entry) + SIGN_GAP + _word(entry).width + ENTRY_GAP


def _sign_width(entry: LegendEntry) -> float:
    widths = [SIGN_WIDTH] * bool(entry.arrow) + [LEGEND_SIZE] * bool(entry.glyph)
    return sum(widths) + SIGN_GAP * (len(widths) - 1)


def _word(entry: LegendEntry) -> Line:
    return Line((Piece(text=entry.word, token="ink-2"),), LEGEND_SIZE, REGULAR)  # noqa: S106  # a colour


def _legend(rows: list[list[LegendEntry]], top: float) -> list[str]:
    written = []
    for index, row in enumerate(rows):
        left, y = MARGIN, top + index * LEGEND_ROW
        for entry in row:
            word = _word(entry)
            centre = left + _sign_width(entry) + SIGN_GAP + word.width / 2
            written.append(_sign(entry, (left, y)) + text_line(word, (centre, y)))
            left += _entry_width(entry)
    return written


def _sign(entry: LegendEntry, start: Point) -> str:
    x, y = start
    colour = _colour(entry.token)
    drawn = ""
    if entry.arrow:
        drawn = _arrow(entry, start, colour)
        x += SIGN_WIDTH + SIGN_GAP
    return drawn + (
        glyph(entry.glyph, (x + LEGEND_SIZE / 2, y), LEGEND_SIZE * 0.8, colour) if entry.glyph else ""
    )


def _arrow(entry: LegendEntry, start: Point, colour: str) -> str:
    x, y = start
    end = x + SIGN_WIDTH
    dashes = {"stroke-dasharray": "4,2.5"} if entry.is_dashed else {}
    line = element(
        "path",
        {
            "d": f"M{number(x + 5)},{number(y)}L{number(end - 5)},{number(y)}",
            "stroke": colour,
            "stroke-width": "3" if entry.is_heavy else "1.5",
            **dashes,
        },
    )
    if entry.arrow is Arrow.NONE:
        return line
    if entry.arrow is Arrow.SHARED:
        return line + _dot(x + 3, y, colour) + _dot(end - 3, y, colour)
    tips = [(end, -1.0)] + ([(x, 1.0)] if entry.arrow is Arrow.BOTH else [])
    return line + "".join(_tip(tip, y, step, colour) for tip, step in tips)


def _tip(x: float, y: float, step: float, colour: str) -> str:
    back = number(x + 7 * step)
    outline = f"M{number(x)},{number(y)}L{back},{number(y - 3)}L{back},{number(y + 3)}Z"
    return element("path", {"d": outline, "fill": colour})


def _dot(x: float, y: float, colour: str) -> str:
    return element("circle", {"cx": number(x), "cy": number(y), "r": "2.4", "fill": "none", "stroke": colour})


def _colour(token: str) -> str:
    return paint(token, Theme.CSS)
