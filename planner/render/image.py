"""Pictures as files: SVG, PNG and PDF in a frame with title, filters, legend and date, and DOT text.

PDF by svglib and reportlab, which embed the bundled font; PNG by resvg, which reads nothing but it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import resvg_py

from planner.render.frame import Page, framed
from planner.render.pictures import Picture
from planner.render.svg import PIXELS_PER_POINT, in_colours
from planner.render.text import FONT, FONT_FOLDER, is_in_font
from planner.render.theme import Theme

SCREEN_ZOOM = 2.0  # PNG pixels by CSS pixels, so that text stays sharp in a wiki


class Format(StrEnum):
    """What a picture can be saved as."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    DOT = "dot"

    @property
    def media_type(self) -> str:
        """The value of Content-Type for a file of this format."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.SVG: "image/svg+xml; charset=utf-8",
    Format.PNG: "image/png",
    Format.PDF: "application/pdf",
    Format.DOT: "text/vnd.graphviz; charset=utf-8",
}


class Size(StrEnum):
    """SCREEN fits the picture; SLIDE is 1920 x 1080 pixels; A4 and A3 are paper, lying."""

    SCREEN = "screen"
    SLIDE = "slide"
    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class _Paper:
    """A page in points, and how many pixels a point becomes in a PNG."""

    page: Page | None
    pixels_per_point: float


_PAPERS = {
    Size.SCREEN: _Paper(None, PIXELS_PER_POINT * SCREEN_ZOOM),
    Size.SLIDE: _Paper(Page(960.0, 540.0), 2.0),
    Size.A4: _Paper(Page(841.9, 595.3), 200 / 72),
    Size.A3: _Paper(Page(1190.6, 841.9), 200 / 72),
}


def export(
    picture: Picture,
    format: Format,  # noqa: A002  # the word of the address and of the page
    *,
    size: Size = Size.SCREEN,
    theme: Theme = Theme.LIGHT,
    drawn_on: date | None = None,
) -> bytes:
    """Return the picture as a file: exactly what is seen, with title, filter words, legend and date.

    `theme` is LIGHT or DARK; CSS is taken as LIGHT, because a file has no page to follow.
    """
    if format is Format.DOT:
        return picture.dot.encode()
    paper = _PAPERS[size]
    fixed = Theme.LIGHT if theme is Theme.CSS else theme
    svg = in_colours(framed(picture.svg, picture.sketch, page=paper.page, drawn_on=drawn_on), fixed)
    if format is Format.SVG:
        return svg.encode()
    if format is Format.PNG:
        return _png(svg, paper.pixels_per_point / PIXELS_PER_POINT)
    from planner.render.pdf import pdf_of  # noqa: PLC0415  # half a second to import, and few files are PDF

    return pdf_of(svg)


def _png(svg: str, zoom: float) -> bytes:
    """Letters that the bundled font lacks are looked for on the machine; the rest needs no fonts there."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            dpi=96,  # required: without it resvg-py finds the size invalid
            zoom=zoom,
            font_dirs=[str(FONT_FOLDER)],
            font_family=FONT,
            skip_system_fonts=is_in_font(svg),
        )
    )
