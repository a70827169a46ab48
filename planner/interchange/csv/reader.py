"""Read one list of an organisation from a table. A wrong row is an error: nothing is taken then."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from planner.domain.transfer import Draft, Reading
from planner.interchange import limits, records
from planner.interchange.csv.cells import original, split, split_pairs
from planner.interchange.csv.columns import (
    COLUMNS,
    HOURS_COLUMNS,
    LIST_COLUMNS,
    MEMBER_COLUMNS,
    NUMBER_COLUMNS,
    WHOLE_COLUMNS,
    CsvList,
)
from planner.interchange.fields import Fields
from planner.interchange.keeping import HALVES
from planner.interchange.problems import Problems, refusal, shown
from planner.interchange.text import decode

if TYPE_CHECKING:
    from _csv import Reader

T = TypeVar("T")
Line = tuple[int, dict[str, str]]
Row = tuple[str, dict[str, object]]

_DELIMITERS = ",;\t"


def read_csv(kind: CsvList, data: bytes) -> Reading:
    """Return a draft that holds one list alone; what its records refer to is not looked up.

    Columns may stand in any order and be left out as fields in our JSON may, and an empty cell is an
    empty field; commas, semicolons and tabs are understood.

    Raises InvalidInput with every problem found, each with its line.
    """
    problems = Problems()
    lines = _lines(kind, decode(data), problems)
    rows = [(f"line {number}", _raw(kind, cells)) for number, cells in lines]
    draft = _draft(kind, rows, problems)
    if kind is CsvList.TEAMS and lines:
        draft = _with_half_the_members(draft, lines[0][1].keys())
    _check_own_keys(kind, lines, problems)
    problems.raise_if_any()
    return Reading(draft)


def _lines(kind: CsvList, text: str, problems: Problems) -> list[Line]:
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [original(name).strip().casefold() for name in next(table)]
        _check_header(kind, header, problems)
        return list(_body(table, header, problems))
    except csv.Error as error:
        raise refusal(f"this is not CSV: {error}", f"line {table.line_num}") from error


def _body(table: Reader, header: list[str], problems: Problems) -> Iterator[Line]:
    started = 2
    for count, cells in enumerate(table, start=1):
        if count > limits.ROWS:
            raise refusal(f"the file has more than {limits.ROWS:,} rows; split it")
        if len(cells) > len(header):
            problems.add(f"line {started}", f"has {len(cells)} cells, expected at most {len(header)}")
            del cells[len(header) :]
        if any(cells):
            yield started, {name: original(cell) for name, cell in zip_longest(header, cells, fillvalue="")}
        started = table.line_num + 1


def _check_header(kind: CsvList, header: list[str], problems: Problems) -> None:
    expected = f"expected {', '.join(COLUMNS[kind])}"
    for at, name in enumerate(header):
        if name not in COLUMNS[kind]:
            problems.add("line 1", f"{shown(name)} is not a column here, {expected}")
        elif name in header[:at]:
            problems.add("line 1", f"the column {shown(name)} stands twice")
    problems.raise_if_any()


def _raw(kind: CsvList, cells: dict[str, str]) -> dict[str, object]:
    """Return a row as the record that stands in our JSON; an empty cell is an empty field."""
    raw = {name: _value(name, cell) for name, cell in cells.items() if name not in MEMBER_COLUMNS}
    if kind is CsvList.PEOPLE:
        hours = {name: raw.pop(name) for name in HOURS_COLUMNS if name in raw}
        return {**raw, "hours": hours} if hours else raw
    if not MEMBER_COLUMNS.isdisjoint(cells):
        return {**raw, "members": list(_members(cells))}
    return raw


def _members(cells: dict[str, str]) -> Iterator[dict[str, object]]:
    """Those of both columns; a name alone tells no role, and one column alone not who does not decide."""
    for decides, column in ((True, "deciders"), (False, "members")):
        for person, role in split_pairs(cells.get(column, "")):
            member: dict[str, object] = {"person": person}
            if decides or "deciders" in cells:
                member["decides"] = decides
            if role is not None:
                member["role"] = role
            yield member


def _with_half_the_members(draft: Draft, columns: Collection[str]) -> Draft:
    """The teams, with a note where one of the two columns of their people is not there."""
    lacking = {mark for column, mark in HALVES.items() if column not in columns}
    if len(lacking) != 1:
        return draft
    return replace(draft, teams=tuple(replace(t, silent=t.silent | lacking) for t in draft.teams))


def _value(name: str, cell: str) -> object:
    if not cell:
        return None
    if name in LIST_COLUMNS:
        return list(split(cell))
    if name in WHOLE_COLUMNS and re.fullmatch(r"[0-9]{1,9}", cell):
        return int(cell)
    if name in NUMBER_COLUMNS and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,30})?(e-?[0-9]{1,3})?", cell):
        return float(cell)
    return cell


def _draft(kind: CsvList, rows: list[Row], problems: Problems) -> Draft:
    def listed(of: CsvList, record: Callable[[Fields], T]) -> tuple[T, ...]:
        return tuple(Fields(raw, where, problems).read(record) for where, raw in rows) if of is kind else ()

    return Draft(
        places=listed(CsvList.PLACES, records.place),
        travel=listed(CsvList.TRAVEL, records.travel),
        people=listed(CsvList.PEOPLE, records.person),
        teams=listed(CsvList.TEAMS, records.team),
        horizons=listed(CsvList.HORIZONS, records.horizon),
        goals=listed(CsvList.GOALS, records.goal),
        sessions=listed(CsvList.SESSIONS, records.session),
        dependencies=listed(CsvList.DEPENDENCIES, records.dependency),
    )


def _check_own_keys(kind: CsvList, lines: list[Line], problems: Problems) -> None:
    """Note every key (or name, for a list without keys) that stands twice, whatever its case."""
    column = COLUMNS[kind][0]
    first: dict[str, int] = {}
    for number, cells in lines if kind is not CsvList.TRAVEL else ():
        value = cells.get(column, "")
        same = value if column == "key" else value.casefold()
        if same and same in first:
            problems.add(f"line {number}, {column}", f"{shown(value)} stands already in line {first[same]}")
        first.setdefault(same, number)
