"""Bytes into text: the encodings that are understood, and the characters that are not text."""

from __future__ import annotations

import codecs
import re

from planner.domain.errors import InvalidInput
from planner.interchange.limits import FILE_BYTES
from planner.interchange.problems import refusal

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark.

    Raises InvalidInput for a file that is empty, over 20 MB, binary or in another encoding.
    """
    expect_small(len(data))
    is_wide = data.startswith(_UTF_16_MARKS)
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error) from error
    if not text.strip():
        raise refusal("the file is empty")
    if "\x00" in text:
        raise refusal(
            f"there is a NUL character at position {text.index(chr(0))}: this is not a text file; "
            "save it as plain text in UTF-8"
        )
    return text


def expect_small(size: int) -> None:
    """Raise InvalidInput for more bytes than are ever read whole."""
    if size > FILE_BYTES:
        raise refusal(
            f"the file has {size / 1024 / 1024:.1f} MB, at most {FILE_BYTES // 1024 // 1024} MB are read"
        )


def _undecodable(data: bytes, error: UnicodeDecodeError) -> InvalidInput:
    offset = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
    value = f"0x{data[offset]:02x}" if offset < len(data) else "the end"
    return refusal(
        f"the file is not UTF-8: byte {offset} is {value}, which starts no character there; "
        "save it as plain text in UTF-8"
    )


def tidied(text: str) -> str:
    """Return text of somebody else on one line: control characters become single spaces."""
    if text.isprintable() and "  " not in text and text == text.strip(" "):
        return text  # as most is: a plain space is the only white space that can be printed
    return " ".join(CONTROL.sub(" ", text).split())
