"""Values of somebody else's JSON or YAML: asked for kindly, "" and nothing where there is something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from planner.interchange.tools.rows import SHOWN, Rows

Record = Mapping[str, object]
NAMES = ("name", "title", "displayName", "value", "key", "path")
"""The fields by which tools name what they refer to, best first."""


def record(value: object) -> Record:
    """Return a value as a record, an empty one for anything else."""
    return cast("Record", value) if isinstance(value, dict) else {}


def records(value: object) -> Iterator[Record]:
    """Yield the records of a list, from the beginning each time."""
    for part in value if isinstance(value, list | Rows) else ():
        if isinstance(part, dict):
            yield part


def first_records(value: object) -> list[Record]:
    """Return the first records of a list, by which it is known."""
    found = value.first if isinstance(value, Rows) else value
    return list(records(found[:SHOWN] if isinstance(found, list) else ()))


def within(value: object, *names: str) -> object:
    """Return what stands under these names one within the other, None where a step is missing."""
    for name in names:
        value = record(value).get(name)
    return value


def plain(value: object) -> str:
    """Return a value as text: a record by its name, a list by what stands first."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        return next((text for text in map(plain, value[:20]) if text), "")
    return next((text for name in NAMES if (text := _scalar(record(value).get(name)))), "")


def _scalar(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
