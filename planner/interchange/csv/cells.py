"""What stands in one cell: text that no spreadsheet runs as a formula, and lists that come back whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A cell that starts so may be run as a formula; one apostrophe more makes it text, and comes off again.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_SPECIAL = re.compile(r"([\\;=])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def neutral(text: str) -> str:
    """Return text as a cell that is safe to open in a spreadsheet."""
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """Return the text of which `neutral` made the cell; other cells as they are."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(items: Iterable[str]) -> str:
    """Return a list as one cell, "; " between its items."""
    return "; ".join(map(_escape, items))


def split(cell: str) -> tuple[str, ...]:
    """Return the items of a cell, () for an empty one."""
    parts = _parts(cell, ";")
    return tuple(_unescape(part.removeprefix(" ") if at else part) for at, part in enumerate(parts) if part)


def joined_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs as one cell, "first = second; first"; an empty second part is left out."""
    return "; ".join(
        f"{_escape(first)} = {_escape(second)}" if second else _escape(first) for first, second in pairs
    )


def split_pairs(cell: str) -> tuple[tuple[str, str | None], ...]:
    """Return the pairs of a cell: None where there is no second part, "" where it is empty."""
    return tuple(
        _pair(part.removeprefix(" ") if at else part) for at, part in enumerate(_parts(cell, ";")) if part
    )


def _pair(part: str) -> tuple[str, str | None]:
    first, *rest = _parts(part, "=")
    if not rest:
        return _unescape(first), None
    return _unescape(first.removesuffix(" ")), _unescape("=".join(rest).removeprefix(" "))


def _parts(text: str, mark: str) -> list[str]:
    """Split text at a mark that no backslash precedes; the backslashes stay."""
    parts = [""]
    for piece in re.findall(rf"\\.|\\|{mark}|[^\\{mark}]+", text, re.DOTALL):
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
