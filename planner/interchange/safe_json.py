"""JSON of strangers: parsed within limits, and every way of being wrong said in one sentence."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from planner.interchange.limits import NESTING, ROWS
from planner.interchange.problems import refusal, shown
from planner.interchange.text import decode

# Possessive, and satisfied by an end without a quote, so that no text makes it look twice.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.?)*+"?|[\[{]|[\]}]', re.DOTALL)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


MEND = "export it again, or mend it there with a text editor"


def load_json(data: bytes) -> object:
    """Return the value that a JSON file holds.

    Raises InvalidInput for everything that is not JSON in UTF-8 (or marked UTF-16), and for nesting
    over 50, more than 100,000 rows, a name twice in one object, NaN, numbers too large, and halves
    of characters.
    """
    text = decode(data)
    _check_nesting(text)
    value = _parse(text)
    if _ESCAPED_SURROGATE.search(text):
        _check_whole_characters(value)
    _check_rows(value)
    return value


def _check_nesting(text: str) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match.group()[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        if depth > NESTING:
            raise refusal(f"lists and objects are nested more than {NESTING} deep")


def expect_sound(value: object, text: str) -> None:
    """Raise InvalidInput for a value that was parsed with DECODER from this text, and is none to be taken."""
    if text.count("[") + text.count("{") > NESTING:
        _check_nesting(text)
    if _ESCAPED_SURROGATE.search(text):
        _check_whole_characters(value)


def _parse(text: str) -> object:
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise refusal(f"this is not JSON: {error.msg}; {MEND}", where) from error


def _refuse_constant(name: str) -> NoReturn:
    raise refusal(f"read {name}, expected a number; JSON has no {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise refusal(f"the number {digits[:40]} is too large")
    return number


def _whole(digits: str) -> int:
    if len(digits.removeprefix("-")) > 18:
        raise refusal(f"the number {digits[:40]} is too large")
    return int(digits)


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refusal(f"the name {shown(twice)} stands twice in one object")
    return found


def _check_whole_characters(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        code = f"\\u{ord(error.object[error.start]):04x}"
        raise refusal(f"{code} is half a character; it needs its other half") from error


def _check_rows(value: object) -> None:
    lists = value.values() if isinstance(value, dict) else (value,)
    rows = sum(len(part) for part in lists if isinstance(part, (list, dict)))
    if rows > ROWS:
        raise refusal(f"the file has {rows:,} rows, at most {ROWS:,} are read; split it")


DECODER = json.JSONDecoder(
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_whole,
    object_pairs_hook=_each_name_once,
)
"""The parser of the standard library with our limits: it refuses what JSON has no word for."""
