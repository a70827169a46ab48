"""Text as people paste it, made plain: whitespace, list signs, and words that know where they stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ARROWS_TO_RECEIVER = frozenset({"->", "-->", "=>", "==>", "→", "⇒", "➔", "➜", "⟶"})
ARROWS_TO_GIVER = frozenset({"<-", "<--", "←", "⇐", "⟵"})
_CLOSING = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«"}
_LOOSE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_ARROW = re.compile(r"<-{1,2}>|<=>|-{1,2}>|={1,2}>|<-{1,2}|[→⇒➔➜⟶←⇐⟵]")
_BULLET = re.compile(r"(?:[-*+•·–—‣▪◦☐☑✓✔>|]+|\(?\d{1,4}[.)]|\(?[a-zA-Z]\)|\[[ xX]?\])(?:\s+|$)")


def on_one_line(text: str) -> str:
    """The text on one line: no invisible characters, single spaces, none at the ends."""
    visible = "".join(_plain(character) for character in text)
    return " ".join(visible.split())


def _plain(character: str) -> str:
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Cs") or "\ufe00" <= character <= "\ufe0f":
        return ""
    return " " if category in _LOOSE or category == "Zs" else character


def undecorated(text: str) -> str:
    """A cleaned line without what lists, mails and editors put around it."""
    line = on_one_line(text)
    while (stripped := _without_outer_quotes(_without_sign(line))) != line:
        line = stripped
    return line


def _without_sign(line: str) -> str:
    sign = _BULLET.match(line)
    line = line[sign.end() :] if sign else line
    while line and _is_ornament(line[0]):
        line = line[1:].lstrip()
    while line and _is_ornament(line[-1]):
        line = line[:-1].rstrip()
    return line.removeprefix("**").removesuffix("**").strip()


def _is_ornament(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") and character not in "`^"


def _without_outer_quotes(line: str) -> str:
    for opening, closing in (
        ('"', '"'),
        ("“", "”"),
        ("„", "“"),
        ("«", "»"),
        ("'", "'"),
        ("‘", "’"),
        ("`", "`"),
    ):
        inner = line[1:-1]
        encloses = len(line) > 1 and line[0] == opening and line[-1] == closing
        if encloses and opening not in inner and closing not in inner:
            return inner.strip()
    return line


def comparable(text: str) -> str:
    """The text for comparing: no case, no accents, plain apostrophes."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(character for character in spread if not unicodedata.combining(character))


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a text, from `start` to `end`; in quotes it is one word, however long."""

    start: int
    end: int
    folded: str
    quoted: str | None = None


def split_words(text: str) -> tuple[Word, ...]:
    """The words of a cleaned text; arrows, brackets and the , : ; after a word stand alone."""
    words: list[Word] = []
    position = 0
    quote_ends = _quote_ends(text)
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        word = _quoted_word(text, position, end=quote_ends.get(position)) or _bare_word(text, position)
        words.append(word)
        position = word.end
    return tuple(words)


def _quote_ends(text: str) -> dict[int, int]:
    """Where each quoted stretch that begins a word ends, found in one walk over the text."""
    ends: dict[int, int] = {}
    opened: int | None = None
    position = 0
    while position < len(text):
        character = text[position]
        if opened is None:
            if character in _CLOSING and (position == 0 or text[position - 1] in " (:,>"):
                opened = position
        elif character in _CLOSING[text[opened]]:
            if text[position + 1 : position + 2] == character:
                position += 1
            elif text[position + 1 : position + 2] in ("", " ", ",", ".", ":", ";", ")", "!", "?"):
                ends[opened] = position + 1
                opened = None
        position += 1
    return ends


def _quoted_word(text: str, start: int, *, end: int | None) -> Word | None:
    if end is None:
        return None
    closing = text[end - 1]
    inner = text[start + 1 : end - 1].replace(closing * 2, closing).strip()
    return Word(start, end, "\0", inner) if inner else None


def _bare_word(text: str, start: int) -> Word:
    end = start
    while end < len(text) and not text[end].isspace():
        mark = _mark_length(text, end)
        if mark:
            end = end if end > start else end + mark
            break
        end += 1
    return Word(start, end, comparable(text[start:end]).strip("*_`"))


def _mark_length(text: str, position: int) -> int:
    """How many characters the arrow, bracket or stop at this position has; 0 when there is none."""
    arrow = _ARROW.match(text, position)
    if arrow:
        return len(arrow.group())
    if text[position] in ",:;":
        return 1 if text[position + 1 : position + 2] in ("", " ") else 0
    return 1 if text[position] in "()" else 0
