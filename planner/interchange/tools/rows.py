"""The long list of a JSON file, one element after the other, so that memory does not grow with the file.

The parser is that of the standard library, which knows the end of each value that it reads. Only the way to
the list is walked here: it is the whole file, or stands under one of the names that tools give it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from itertools import islice
from json import JSONDecodeError
from typing import TYPE_CHECKING, BinaryIO

from planner.domain.errors import InvalidInput
from planner.interchange import limits
from planner.interchange.problems import refusal
from planner.interchange.safe_json import DECODER, MEND, expect_sound

if TYPE_CHECKING:
    from planner.interchange.tools.source import Source

PLACES = (("issues",), ("value",), ("_embedded", "elements"))
"""Under which names the list stands in an object: Jira's, Azure DevOps', OpenProject's."""
SHOWN = 100
PIECE = 256 * 1024
PASSES = 2
"""How often a reader goes through the list: for the names of its fields, then for what is in them."""
_SPACE = re.compile(r"[ \t\r\n]*")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Rows:
    """The elements of a list, read anew each time that they are asked for."""

    def __init__(self, elements: Callable[[], Iterator[object]]) -> None:
        self._elements = elements

    def __iter__(self) -> Iterator[object]:
        return self._elements()

    @cached_property
    def first(self) -> list[object]:
        """The first hundred, which tell whose file it is."""
        return list(islice(self, SHOWN))


def rows_in(source: Source) -> object | None:
    """Return the file as an object, or a list, whose long list is `Rows`; None where it has no such list.

    What is wrong with the file is said when the rows are read.
    """
    with source.open() as stream:
        text = _Text(stream)
        place = () if text.peek() == "[" else _place(text)
    if place is None:
        return None
    value: object = Rows(_Passes(source, place))
    for name in reversed(place):
        value = {name: value}
    return value


class _Passes:
    """Counts how often the list was read, so that the share of the bytes only ever grows."""

    def __init__(self, source: Source, place: tuple[str, ...]) -> None:
        self._source, self._place, self._begun = source, place, -1

    def __call__(self) -> Iterator[object]:
        self._begun += 1  # the first look at what is there is not told
        before = min(max(self._begun - 1, 0), PASSES - 1) * self._source.size
        return _elements(self._source, self._place, partial(self._tell, before))

    def _tell(self, before: int, done: int) -> None:
        self._source.tell((before + done) // PASSES if self._begun else 0)


def _place(text: _Text) -> tuple[str, ...] | None:
    """Walk to the first name in an object that a tool gives its list; None where there is none."""
    roads = {place[0]: place for place in PLACES}
    try:
        for name in text.names():
            road = roads.get(name)
            if road is None:
                text.value()
            elif len(road) == 1:
                return road if text.peek() == "[" else None
            else:
                return road if road[1] in text.names_until(road[1]) and text.peek() == "[" else None
    except JSONDecodeError:
        return None
    return None


def _elements(source: Source, place: tuple[str, ...], tell: Callable[[int], None]) -> Iterator[object]:
    """Yield the elements of the list at this place; all of the file is read. Raises InvalidInput."""
    with source.open() as stream:
        text = _Text(stream, tell)
        try:
            yield from _within(text, place)
            if text.peek():
                raise text.wrong("there is more after its end")
        except JSONDecodeError as error:
            raise refusal(f"this is not JSON: {error.msg}; {MEND}", text.where(error.pos)) from error


def _within(text: _Text, place: tuple[str, ...]) -> Iterator[object]:
    if not place:
        yield from text.list()
        return
    seen = False
    for name in text.names():
        if name != place[0]:
            text.value()
        elif seen:
            raise text.wrong(f"the name '{name}' stands twice in one object")
        else:
            seen = True
            yield from _within(text, place[1:])


class _Text:
    """Text that is decoded piece by piece, with a place in it from which values are read."""

    def __init__(self, stream: BinaryIO, tell: Callable[[int], None] = lambda _done: None) -> None:
        self._stream, self._tell = stream, tell
        head = stream.read(4)
        self._decode = codecs.getincrementaldecoder("utf-16" if head.startswith(_UTF_16) else "utf-8-sig")()
        self._bytes, self._line, self._column = 0, 1, 1
        self._text, self._at, self._ended = "", 0, False
        self._take(head)

    def peek(self) -> str:
        """Return the next character that is no white space, "" at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def value(self) -> object:
        """Return the value that stands here. Raises JSONDecodeError."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except JSONDecodeError:
                # it may only be cut off here
                if len(self._text) - self._at > limits.LINE_CHARACTERS or not self._more():
                    raise
                continue
            except RecursionError as error:
                raise self.wrong(f"lists and objects are nested more than {limits.NESTING} deep") from error
            # a number may go on in the next piece
            if self._text[end : end + 1] not in {"", ".", "e", "E"} or not self._more():
                try:
                    expect_sound(value, self._text[self._at : end])
                except InvalidInput as error:
                    raise refusal(error.problems[0].message, self.where(self._at)) from error
                self._at = end
                return value

    def list(self) -> Iterator[object]:
        """Yield the elements of the list that begins here."""
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        count = 0
        while True:
            count += 1
            if count > limits.ROWS:
                raise refusal(f"the file has more than {limits.ROWS:,} rows; split it")
            yield self.value()
            if self._expect(",]") == "]":
                return

    def names(self) -> Iterator[str]:
        """Yield the names of the object that begins here; whoever asks reads the value of each."""
        self._expect("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if self.peek() != '"':
                raise self._error("Expecting property name enclosed in double quotes")
            name = str(self.value())
            self._expect(":")
            yield name
            if self._expect(",}") == "}":
                return

    def names_until(self, wanted: str) -> Iterator[str]:
        """Yield names and pass over their values, up to the wanted one."""
        for name in self.names():
            yield name
            if name == wanted:
                return
            self.value()

    def where(self, at: int) -> str:
        """Return the line and the column of a place in the text at hand, in words."""
        line, column = self._place_of(at)
        return f"line {line}, column {column}"

    def wrong(self, message: str) -> Exception:
        return refusal(f"{message}; {MEND}", self.where(self._at))

    def _error(self, message: str) -> JSONDecodeError:
        return JSONDecodeError(message, self._text, self._at)

    def _expect(self, marks: str) -> str:
        found = self.peek()
        if not found or found not in marks:
            raise self._error(f"Expecting {' or '.join(map(repr, marks))}")
        self._at += 1
        return found

    def _place_of(self, at: int) -> tuple[int, int]:
        before = self._text[:at]
        lines = before.count("\n")
        if not lines:
            return self._line, self._column + at
        return self._line + lines, at - before.rindex("\n")

    def _more(self) -> bool:
        """Take another piece in; return whether there was one. What was read is let go."""
        if self._ended:
            return False
        self._line, self._column = self._place_of(self._at)
        self._text, self._at = self._text[self._at :], 0
        self._take(self._stream.read(max(PIECE, len(self._text))))
        self._tell(self._bytes)
        return True

    def _take(self, piece: bytes) -> None:
        self._ended = not piece
        waiting = len(self._decode.getstate()[0])
        try:
            self._text += self._decode.decode(piece, self._ended)
        except UnicodeDecodeError as error:
            at = self._bytes - waiting + error.start
            raise refusal(
                f"the file is not UTF-8: byte {at} starts no character; save it as plain text in UTF-8",
                f"after line {self._place_of(len(self._text))[0]}",
            ) from error
        self._bytes += len(piece)
