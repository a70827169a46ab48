"""Rows as plain values, and plain values of a stranger as rows, column by column as their types have it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import JSON, Boolean, Date, Integer, String, select

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import PROSE_LONGEST
from planner.storage.db import Base, UtcDateTime, table_of

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.orm import Session

Tree = dict[str, Any]
AnyRow = TypeVar("AnyRow", bound=Base)

LARGEST = 2**31 - 1
JSON_LONGEST = 200_000
BARRED = frozenset({"arrived_at", "left_at"})
"""When somebody came and left is told to nobody."""
_SECTIONS = ("decisions", "set_aside", "not_reached")


class RowsByParent:
    """Reads each table once and hangs its rows on their parents."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[type[Base], Mapping[int, list[Any]]] = {}

    def of(self, table: type[AnyRow], parent: str = "", parent_id: int = 0) -> list[AnyRow]:
        """Return the rows of a table that point to this parent with this column, all without one."""
        if table not in self._rows:
            found: defaultdict[int, list[Any]] = defaultdict(list)
            for row in self._session.scalars(select(table).order_by(table_of(table).c.id)):
                found[getattr(row, parent) if parent else 0].append(row)
            self._rows[table] = found
        return self._rows[table].get(parent_id, [])


def values_in(row: Base) -> Tree:
    """Return the columns of a row that mean the same in another database."""
    return {column.name: plain(getattr(row, column.name)) for column in _columns(type(row))}


def names_in(table: type[Base]) -> list[str]:
    """Return the names of the columns that `values_in` returns."""
    return [column.name for column in _columns(table)]


def typed(table: type[Base], value: Tree, where: str, names: Iterable[str]) -> Tree:
    """Return these columns of plain values as a row has them. Raises InvalidInput with their place."""
    columns = table_of(table).c
    return {name: _typed(columns[name], value.get(name), f"{where}.{name}") for name in sorted(names)}


class Levels:
    """Adds rows of plain values level by level, parents first, so that their history can be taken back.

    Each level is written at once: its history takes as many statements for a thousand rows as for one.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: list[Callable[[], None]] = []

    def add(self, table: type[AnyRow], value: Tree, where: str, **more: Any) -> AnyRow:
        """Add a row, which has no id yet. Raises InvalidInput as `typed` does."""
        row = table(**typed(table, value, where, names_in(table)), **more)
        self._session.add(row)
        return row

    def then(self, act: Callable[[], None]) -> None:
        """Do this once every row that was added until now has its id."""
        self._waiting.append(act)

    def finish(self) -> None:
        """Write what was added, then do what waits for that, until nothing waits."""
        self._session.flush()
        while self._waiting:
            acts, self._waiting = self._waiting, []
            for act in acts:
                act()
            self._session.flush()


def records(value: Mapping[str, Any], name: str, where: str) -> Iterator[tuple[Tree, str]]:
    """Yield the records of a list with their places. Raises InvalidInput for anything else."""
    found = value.get(name, [])
    if not isinstance(found, list):
        raise wrong(f"{where}.{name}", "expected a list")
    for at, one in enumerate(found):
        if not isinstance(one, dict):
            raise wrong(f"{where}.{name}[{at}]", "expected an object")
        yield one, f"{where}.{name}[{at}]"


def with_items(body: Any, renamed: Callable[[Any], int]) -> Any:
    """Return the body of minutes with other names for the items that it tells of."""
    if not isinstance(body, dict):
        return body
    found = {**body}
    for section in _SECTIONS:
        lines = body.get(section)
        if isinstance(lines, list):
            found[section] = [
                {**line, "item": renamed(line.get("item"))} if isinstance(line, dict) else line
                for line in lines
            ]
    return found


def wrong(where: str, message: str) -> InvalidInput:
    """Return the error for a value at this place."""
    return InvalidInput(Problem(where, message))


def _columns(table: type[Base]) -> list[Column[Any]]:
    """The columns that hold no number of this database alone."""
    return [
        one
        for one in table_of(table).c
        if one.name not in {"id", "version", *BARRED} and not one.name.endswith("_id")
    ]


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(column: Column[Any], value: Any, where: str) -> Any:
    """The value as its column has it."""
    if value is None and (column.nullable or column.default is not None):
        return None if column.nullable else usual(column)
    kind = column.type
    if isinstance(kind, JSON):
        return _sound(value, where)
    if isinstance(kind, String):
        return _text(value, kind.length or PROSE_LONGEST, where)
    if isinstance(kind, Boolean) and isinstance(value, bool):
        return value
    if isinstance(kind, Integer) and isinstance(value, int) and abs(value) <= LARGEST:
        return value
    if isinstance(kind, UtcDateTime | Date):
        return _moment(kind, value, where)
    raise wrong(where, f"read {str(value)[:40]}, expected {type(kind).__name__.lower()}")


def usual(column: Column[Any]) -> Any:
    """Return what a new row has in a column that nobody gave a value for."""
    default: Any = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _text(value: Any, longest: int, where: str) -> str:
    if isinstance(value, str) and len(value) <= longest and "\x00" not in value:
        return value
    raise wrong(where, f"expected text of at most {longest:,} characters")


def _moment(kind: UtcDateTime | Date, value: Any, where: str) -> date:
    try:
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        found = datetime.fromisoformat(value)
        if found.tzinfo is not None:
            return found
    except (TypeError, ValueError):
        pass  # said below, as for any other text
    raise wrong(where, "expected a date like 2026-03-02, or a moment with its zone")


def _sound(value: Any, where: str) -> Any:
    """A part of a tree that its readers will look into; only its size and its characters are known here."""
    text = json.dumps(value)
    if value is None or len(text) > JSON_LONGEST or "\\u0000" in text:
        raise wrong(where, "expected a list or an object of moderate size, without NUL characters")
    return value
