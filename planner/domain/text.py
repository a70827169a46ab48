"""Text as people type it, made safe to keep, one function for all of it; and how things are counted."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

# as much as a column, a file and a form take; one list for all three
NAME_LONGEST = 200
SENTENCE_LONGEST = 500
PROSE_LONGEST = 5000
EMAIL_LONGEST = 254
LINES_MOST = 20


def clean(value: str, *, where: str, longest: int = NAME_LONGEST, required: bool = True) -> str:
    """Return the text in one line, composed (NFC), without control characters around or inside.

    Raises InvalidInput when it is empty though required, too long, or holds half a character.
    """
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput(Problem(where, "holds half of a character; type it again"))
    spaced = "".join(" " if _is_unprintable(character) else character for character in value)
    text = " ".join(unicodedata.normalize("NFC", spaced).split())
    if required and not text:
        raise InvalidInput(Problem(where, "is empty; write at least one letter"))
    if len(text) > longest:
        raise InvalidInput(Problem(where, f"is {len(text)} characters long; at most {longest} can be kept"))
    return text


def clean_list(lines: Iterable[str], *, where: str) -> tuple[str, ...]:
    """Return the lines that say something, each once, cleaned. Raises InvalidInput."""
    cleaned = (clean(line, where=where, longest=SENTENCE_LONGEST, required=False) for line in lines)
    kept = tuple(dict.fromkeys(line for line in cleaned if line))
    if len(kept) > LINES_MOST:
        raise InvalidInput(Problem(where, f"has {len(kept)} lines; at most {LINES_MOST} can be kept"))
    return kept


def _is_unprintable(character: str) -> bool:
    # joiners and the like (Cf) belong to scripts and emoji, so only real control characters go
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in "\u202a\u202b\u202d\u202e"


def fold(name: str) -> str:
    """Return what two spellings of the same name have in common: case and spaces are ignored."""
    return " ".join(name.casefold().split())


def slug(text: str, *, longest: int = 80) -> str:
    """Return lower-case letters, digits and single dashes; "x" when nothing of the text can be kept."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-") or "x"


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 team", "3 teams", "1,200 teams"; `many` for what does not take an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


WORD_LONGEST = 60
_ASCII_WORD = re.compile("[a-z0-9]+")
# scripts that put no space between words: each of their characters is looked for by itself
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def search_words(text: str) -> list[str]:
    """Return the words by which a text is found: letters and digits, without case and accents."""
    if text.isascii():
        return [word[:WORD_LONGEST] for word in _ASCII_WORD.findall(text.lower())]
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in spread if unicodedata.category(character) != "Mn")
    spaced = "".join(character if character.isalnum() else " " for character in plain)
    return [word[:WORD_LONGEST] for word in _UNSPACED.sub(r" \g<0> ", spaced).split()]
