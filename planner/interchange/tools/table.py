"""A table of another tool: a header and rows of text, from CSV, TSV or the first sheet of a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from planner.domain.importing import Field
from planner.interchange import limits
from planner.interchange.csv.cells import original
from planner.interchange.problems import refusal
from planner.interchange.text import tidied

if TYPE_CHECKING:
    from planner.interchange.tools.source import Source

_DELIMITERS = ",;\t"
MOST_COLUMNS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its place in the file and its cells."""

    number: int
    cells: list[str]
    places: Mapping[str, tuple[int, ...]]

    def text(self, column: str) -> str:
        """Return what stands first under this name, cleaned; "" where there is nothing."""
        for at in self.places.get(column, ()):
            if at < len(self.cells) and (cell := self.cells[at]) and not cell.isspace():
                return tidied(original(cell))
        return ""

    def texts(self, column: str) -> list[str]:
        """Return what stands under this name, in as many columns as have it."""
        found = (self.cells[at] for at in self.places.get(column, ()) if at < len(self.cells))
        return [tidied(original(cell)) for cell in found if cell and not cell.isspace()]


@dataclass(frozen=True, slots=True)
class Table:
    """A header, the places of each of its names (some tools repeat one), and the rows, to be read once."""

    header: tuple[str, ...]
    rows: Iterator[Line]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.header)


def choose(
    header: Iterable[str], usual: Mapping[Field, tuple[str, ...]], chosen: Mapping[Field, str]
) -> dict[Field, str]:
    """Return the column of each field: the one that was chosen, else the first usual one that is there."""
    there = set(header)
    found: dict[Field, str] = {}
    for field, names in usual.items():
        wanted = (chosen.get(field, ""), *names)
        column = next((name for name in wanted if name in there), None)
        if column is not None:
            found[field] = column
    return found


def table_of(rows: Iterator[tuple[int, list[str]]]) -> Table:
    """Return rows with their numbers as a table; the first one is its header."""
    first = next(rows, None)
    if first is None:
        raise refusal("the file is empty")
    if len(first[1]) > MOST_COLUMNS:
        raise refusal(f"the table has {len(first[1]):,} columns, at most {MOST_COLUMNS:,} are read")
    header = tuple(tidied(original(name))[: limits.NAME] for name in first[1])
    places: dict[str, tuple[int, ...]] = {}
    for at, name in enumerate(header):
        places[name] = (*places.get(name, ()), at)
    return Table(header, (Line(number, cells, places) for number, cells in rows if any(cells)))


def csv_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file with the lines on which they begin. Raises InvalidInput."""
    lines = source.lines()
    first = next(lines, "")
    if not first.strip():
        raise refusal(
            "the file is empty" if source.size == 0 else "the first line is empty; it names the columns"
        )
    delimiter = max(_DELIMITERS, key=first.count)
    table = csv.reader(chain((first,), lines), delimiter=delimiter, strict=True)
    number = 1
    try:
        for count, cells in enumerate(table):
            if count > limits.ROWS:
                raise refusal(f"the file has more than {limits.ROWS:,} rows; split it")
            yield number, cells
            number = table.line_num + 1
    except csv.Error as error:
        raise refusal(f"this is not CSV: {error}", f"line {table.line_num}") from error
