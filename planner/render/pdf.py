"""SVG to PDF with the bundled font embedded; slow to import, so only ever imported for a PDF."""

from __future__ import annotations

import io
from functools import cache

from reportlab.graphics import renderPDF
from svglib.svglib import register_font, svg2rlg

from planner.render.engine import CannotDraw
from planner.render.text import FONT, FONT_FOLDER


def pdf_of(svg: str) -> bytes:
    """Return a page of exactly the size of the picture. Raises CannotDraw for what is no SVG."""
    _register_fonts()
    drawing = svg2rlg(io.BytesIO(svg.encode()))
    if drawing is None:
        raise CannotDraw("The picture could not be turned into a PDF.")
    return bytes(renderPDF.drawToString(drawing, autoSize=1))


@cache
def _register_fonts() -> None:
    """Registration is for the whole process, so once is enough."""
    register_font(FONT, str(FONT_FOLDER / "Inter-Regular.ttf"), weight="normal")
    register_font(FONT, str(FONT_FOLDER / "Inter-SemiBold.ttf"), weight="600", rlgFontName="Inter-SemiBold")
