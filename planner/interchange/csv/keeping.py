"""A list with few columns over records that are there already: what has no column stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from planner.domain.text import fold
from planner.domain.transfer import Draft
from planner.interchange.csv.columns import COLUMNS, HOURS_COLUMNS, MEMBER_COLUMNS, CsvList
from planner.interchange.text import decode


def keep_missing_columns(kind: CsvList, data: bytes, *, part: Draft, recorded: Draft) -> Draft:
    """Return the part with every field that the file has no column for taken from what is recorded.

    `part` is what `read_csv` made of `data`; new records keep the defaults.
    """
    first = decode(data).partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    header = {name.strip().casefold() for name in next(csv.reader(io.StringIO(first), delimiter=delimiter))}
    missing = {_field(kind, column) for column in COLUMNS[kind] if column not in header}
    missing -= {_field(kind, column) for column in header}
    known = {_key(draft): draft for draft in _list(recorded, kind)}
    filled = tuple(_filled(draft, known.get(_key(draft)), missing) for draft in _list(part, kind))
    values: dict[str, Any] = {kind.value: filled}
    return replace(part, **values)


def _filled(draft: Any, recorded: Any, missing: Iterable[str]) -> Any:
    if recorded is None:
        return draft
    return replace(draft, **{name: getattr(recorded, name) for name in missing})


def _field(kind: CsvList, column: str) -> str:
    if kind is CsvList.PEOPLE and column in HOURS_COLUMNS:
        return "hours"
    return "members" if column in MEMBER_COLUMNS else column


def _list(draft: Draft, kind: CsvList) -> tuple[Any, ...]:
    return tuple(getattr(draft, kind.value))


def _key(draft: Any) -> object:
    """Whatever a record is known by: its key, its name, or the two places of a way."""
    if hasattr(draft, "key"):
        return draft.key
    return fold(draft.name) if hasattr(draft, "name") else frozenset((draft.place, draft.other_place))
