"""The colours of pictures, by the names of the style sheet's tokens, in light and dark.

Pictures are laid out in the light colours. For a page each of them becomes `var(--token)`, so that one
drawing serves both themes; for a file it becomes the colour of the theme that was asked for.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Theme(StrEnum):
    """CSS: colours follow the page. LIGHT and DARK: fixed colours, for files."""

    CSS = "css"
    LIGHT = "light"
    DARK = "dark"


LIGHT = MappingProxyType(
    {
        "bg": "#FAF9F7",
        "surface": "#FFFFFF",
        "sunk": "#F1EFEB",
        "line": "#E0DCD5",
        "line-2": "#8A847A",
        "ink": "#1D1B18",
        "ink-2": "#4F4A43",
        "ink-3": "#6B655C",
        "accent": "#0A5BA8",
        "accent-soft": "#E5EFF9",
        "ok": "#00703C",
        "ok-soft": "#E0F3E6",
        "warn": "#8A5300",
        "warn-soft": "#FFF0D2",
        "risk": "#B81C3A",
        "risk-soft": "#FCE6EA",
        "loop": "#7B3569",
        "loop-soft": "#F5E6F0",
        "a1": "#25648F",
        "a1-f": "#E6F1F9",
        "a2": "#22694E",
        "a2-f": "#E3F2EA",
        "a3": "#77590A",
        "a3-f": "#FAF1D7",
        "a4": "#7D446F",
        "a4-f": "#F5E8F1",
    }
)
DARK = MappingProxyType(
    {
        "bg": "#131518",
        "surface": "#1B1E23",
        "sunk": "#24282F",
        "line": "#363C46",
        "line-2": "#78808D",
        "ink": "#EEEBE6",
        "ink-2": "#C2BDB4",
        "ink-3": "#A09A90",
        "accent": "#7DB9F2",
        "accent-soft": "#17304A",
        "ok": "#4ADE80",
        "ok-soft": "#0F3520",
        "warn": "#FFA229",
        "warn-soft": "#3A2A0C",
        "risk": "#FF6C5C",
        "risk-soft": "#431A14",
        "loop": "#D070FF",
        "loop-soft": "#33203F",
        "a1": "#7DBBE0",
        "a1-f": "#16303F",
        "a2": "#6CC7A2",
        "a2-f": "#133429",
        "a3": "#DDB85C",
        "a3-f": "#35290B",
        "a4": "#D79AC8",
        "a4-f": "#371F33",
    }
)

_AREA_TINTS = 4
_AREA_GLYPHS = ("circle", "square", "plus", "diamond", "star", "pentagon", "hexagon")


def area_colour(index: int) -> str:
    """Return the token of the border and glyph of the area at this place; its fill is `<token>-f`."""
    return f"a{index % _AREA_TINTS + 1}"


def area_glyph(index: int) -> str:
    """Return the glyph of the area at this place; with the colours, 28 areas differ."""
    return _AREA_GLYPHS[index % len(_AREA_GLYPHS)]


def paint(token: str, theme: Theme) -> str:
    """Return what to write as fill or stroke for a token: a variable for pages, a colour for files."""
    if theme is Theme.CSS:
        return f"var(--{token})"
    return (LIGHT if theme is Theme.LIGHT else DARK)[token]
