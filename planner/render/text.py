"""User text on its way into a picture: cleaned, cut, measured and escaped, in this one place."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import graphviz

FONT_FOLDER = Path(__file__).parent / "fonts"
FONT = "Inter"
REGULAR, SEMIBOLD = 400, 600
LABEL_CHARACTERS = 28
TOOLTIP_CHARACTERS = 200
REMEMBERED = 4096  # texts cleaned and measured: the same ones stand on every picture

_ELLIPSIS = "…"
_WIDE, _NARROW = 1000, 640  # thousandths of an em for letters that the font does not have


@lru_cache(REMEMBERED)
def clean(text: str, limit: int = LABEL_CHARACTERS) -> str:
    """Return the text on one line without what XML forbids, cut to `limit` characters with an ellipsis.

    Control characters, lone surrogates and non-characters go; XML 1.0, production 2 (Char).
    """
    shortened = text[: limit * 8]  # a name of a megabyte is not worth reading to its end
    one_line = " ".join("".join(_safe(letter) for letter in shortened).split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1].rstrip() + _ELLIPSIS


def _safe(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category == "Cs" or ord(letter) & 0xFFFE == 0xFFFE or letter in _BIDI_CONTROLS:
        return ""
    return letter


# Text that turns the direction of what follows could make one label hide another.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def dot_label(*lines: str) -> str:
    """Return clean lines as one DOT value that Graphviz shows letter for letter.

    `graphviz.escape` guards quotes and backslashes, `nohtml` a line such as `<b>`; Graphviz also reads
    entities in plain labels, so the ampersand is written as one.
    """
    escaped = (graphviz.escape(line.replace("&", "&amp;")) for line in lines)
    label: str = graphviz.nohtml(r"\n".join(escaped))  # a str of its own kind: keep it as it is
    return label


@lru_cache(REMEMBERED)
def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Return the width of the text at a font size, in the unit of that size."""
    table = _widths()[weight]
    return sum(table.get(letter) or _guess(letter) for letter in text) * size / 1000


def fitted(text: str, size: float, weight: int, room: float) -> str:
    """Return clean text, cut with an ellipsis until it fits the room."""
    found = clean(text)
    for limit in range(len(found), 1, -1):
        if width(found, size, weight) <= room:
            break
        found = clean(text, limit)
    return found


def is_in_font(text: str) -> bool:
    """True when the bundled font has a shape for every letter."""
    table = _widths()[REGULAR]
    return all(letter in table for letter in text)


def _guess(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn"}:
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in {"W", "F"} else _NARROW


@cache
def _widths() -> Mapping[int, Mapping[str, int]]:
    """Advance widths in thousandths of an em, read once from the table beside the font."""
    groups = json.loads((FONT_FOLDER / "widths.json").read_text(encoding="utf-8"))
    return {
        int(weight): {letter: int(advance) for advance, letters in by_width.items() for letter in letters}
        for weight, by_width in groups.items()
    }
