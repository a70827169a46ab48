"""A file on its way in, wherever its bytes are kept; read as often as needed and never all at once."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from planner.interchange.limits import LINE_CHARACTERS
from planner.interchange.problems import refusal

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Stopped(Exception):
    """Somebody asked to stop while a file was read."""


@dataclass(frozen=True, slots=True)
class Source:
    """`open` gives the bytes from the beginning; `tell` hears how many were read, and may raise Stopped."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    tell: Callable[[int], None] = lambda _done: None

    def head(self, length: int = 65_536) -> bytes:
        with self.open() as stream:
            return stream.read(length)

    def whole(self) -> bytes:
        with self.open() as stream:
            data = stream.read()
        self.tell(self.size)
        return data

    def lines(self) -> Iterator[str]:
        """Yield the lines of a text file one by one, each with its end.

        Raises InvalidInput for what is no text in UTF-8 (or marked UTF-16) and for lines without end.
        """
        encoding = "utf-16" if self.head(2) in _UTF_16 else "utf-8-sig"
        with self.open() as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            yield from _checked(text, self, stream)


def source_of(data: bytes, name: str = "") -> Source:
    """Return a source whose bytes are at hand."""
    return Source(name, len(data), lambda: io.BytesIO(data))


def _checked(text: io.TextIOWrapper, source: Source, stream: BinaryIO) -> Iterator[str]:
    number = 0
    try:
        while line := text.readline(LINE_CHARACTERS):
            number += 1
            if len(line) == LINE_CHARACTERS:
                raise refusal(
                    f"is longer than {LINE_CHARACTERS:,} characters; this is no table", f"line {number}"
                )
            if "\x00" in line:
                raise refusal("holds a NUL character: this is not a text file", f"line {number}")
            if number % 500 == 0:
                source.tell(stream.tell())
            yield line
    except UnicodeDecodeError as error:
        byte = f"0x{error.object[error.start]:02x}" if error.start < len(error.object) else "the end"
        raise refusal(
            f"the file is not UTF-8: {byte} starts no character there; save it as CSV in UTF-8",
            f"after line {number}",
        ) from error
    source.tell(source.size)
