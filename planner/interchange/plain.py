"""Records on their way out: a draft record as text, numbers and lists, in the order of its fields.

Every field is written, also an empty one: whoever reads it must not take it for one that was left out.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.model import WEEKDAYS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_CLOCKS = frozenset({"start", "end"})


def complete(record: DataclassInstance) -> dict[str, object]:
    """Return every field of a record, None for what is unknown."""
    return {
        part.name: _plain(part.name, getattr(record, part.name))
        for part in fields(record)
        if part.name != "silent"
    }


def clock(minutes: int) -> str:
    """Return minutes after midnight as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _plain(name: str, value: object) -> object:
    if isinstance(value, int):
        return _number(name, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return [WEEKDAYS[day] for day in sorted(value)]
    if isinstance(value, tuple):
        return [_plain("", item) for item in value]
    return _leaf(value)


def _leaf(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return complete(value)
    return str(value) if isinstance(value, StrEnum) else value


def _number(name: str, value: int) -> int | str:
    if name in _CLOCKS:
        return clock(value)
    return WEEKDAYS[value] if name == "weekday" else value
