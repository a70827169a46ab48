"""Minutes as a PDF with the bundled font embedded; slow to import, so only ever imported for a PDF."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from planner.domain.minutes import heading, sections
from planner.render.text import FONT, FONT_FOLDER, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.minutes import Minutes

SEMIBOLD = f"{FONT}-SemiBold"
INK, MUTED = HexColor("#1B1A17"), HexColor("#4A463F")
LONGEST = 2000
"""Characters of one entry; more than any field of ours takes."""


def minutes_pdf(minutes: Minutes) -> bytes:
    """Return minutes as pages of A4: the same minutes give the same bytes.

    A letter that the bundled font lacks is drawn as an empty box; the page and the Markdown have it.
    """
    _register_fonts()
    file = io.BytesIO()
    title = f"Minutes: {clean(minutes.title, LONGEST)}"
    margins = {f"{side}Margin": 22 * mm for side in ("left", "right", "top", "bottom")}
    pages = SimpleDocTemplate(file, pagesize=A4, title=title, lang="en", invariant=1, **margins)
    pages.build(list(_paragraphs(minutes, title)))
    return file.getvalue()


def _paragraphs(minutes: Minutes, title: str) -> Iterator[Paragraph]:
    yield _paragraph(title, "title")
    yield _paragraph(heading(minutes), "muted")
    for section in sections(minutes):
        yield _paragraph(section.heading, "heading")
        for first, below in section.entries:
            yield _paragraph(first, "strong" if below else "plain")
            yield from (_paragraph(one, "below") for one in below)


def _paragraph(text: str, style: str) -> Paragraph:
    # a paragraph reads markup: what people wrote has none
    return Paragraph(escape(clean(text, LONGEST)), _styles()[style])


@cache
def _styles() -> dict[str, ParagraphStyle]:
    plain = ParagraphStyle("plain", fontName=FONT, fontSize=10.5, leading=15, textColor=INK)
    return {
        "plain": plain,
        "title": ParagraphStyle("title", plain, fontName=SEMIBOLD, fontSize=20, leading=26),
        "muted": ParagraphStyle("muted", plain, textColor=MUTED),
        "heading": ParagraphStyle(
            "heading", plain, fontName=SEMIBOLD, fontSize=13.5, leading=18, spaceBefore=14, keepWithNext=1
        ),
        "strong": ParagraphStyle("strong", plain, fontName=SEMIBOLD, spaceBefore=6, keepWithNext=1),
        "below": ParagraphStyle("below", plain, leftIndent=12, textColor=MUTED),
    }


@cache
def _register_fonts() -> None:
    """Registration is for the whole process, so once is enough."""
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FOLDER / "Inter-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(SEMIBOLD, str(FONT_FOLDER / "Inter-SemiBold.ttf")))
