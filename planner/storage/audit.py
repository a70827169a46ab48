"""The one place where history is written: each flush inside a change leaves an event per row.

Nobody calls this module to log something. `open_change` marks the session, and every row that the
unit of work then inserts, updates or deletes is noted with what it was and what it became. A flush
of an audited row outside a change is refused, so no service can forget. `insert_noted` does the same
for thousands of new rows, without an object for each, and `update_noted` for thousands that change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, event, insert, inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from planner.storage.db import Row, table_of
from planner.storage.models import ChangeRow, EventRow
from planner.storage.text_search import follow, follow_new

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import CursorResult

_KEY = "planner.change"


@dataclass
class OpenChange:
    """A change being made. `id` is set by its first event; without one nothing is written."""

    at: datetime
    actor_id: int | None
    actor_name: str
    tag: str
    summary: str
    undoes_id: int | None = None
    key: str | None = None
    id: int | None = field(default=None)


class UnrecordedChange(RuntimeError):
    """A row was about to change outside any change: a mistake in our own code."""


def open_change(session: Session, change: OpenChange) -> None:
    """Note every flush of this session under the change until `close_change`."""
    session.info[_KEY] = change


def close_change(session: Session) -> None:
    session.info.pop(_KEY, None)


def change_in(session: Session) -> OpenChange | None:
    """Return the change that this session makes just now; its `id` is there once a row was flushed."""
    return session.info.get(_KEY)


def values_of(row: Row) -> dict[str, Any]:
    """Return the row's columns as JSON values, without what the history does not keep."""
    return {column: _plain(getattr(row, column)) for column in _kept(type(row))}


@cache
def _kept(table: type[Row]) -> dict[str, None]:
    """The columns that the history keeps: the version counts and tells nothing, a secret is nobody's."""
    columns = inspect(table).columns
    names = (column.key for column in inspect(table).column_attrs)
    return {name: None for name in names if name != "version" and not columns[name].info.get("secret")}


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    events = list(_events(session))
    if events:
        _keep(session, events)
        follow(session, ((one["subject"], one["subject_id"]) for one in events))


def insert_noted(
    session: Session, table: type[Row], keys: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert new rows at once, with their history and words, as if each had been added and flushed.

    `keys` are the columns by which each of them is known. What a row does not have gets its usual value.
    Returns their ids in the order of the rows. Raises UnrecordedChange outside a change.
    """
    if not rows:
        return []
    columns = table_of(table).c
    usual = _usual(table)
    whole = [{**usual, **row, "version": 1} for row in rows]
    # SQLite gives ids in the order of the rows anyway, and asked for it takes them one by one
    in_order = session.get_bind().dialect.name != "sqlite"
    added = insert(table_of(table)).returning(
        *(columns[key] for key in keys), columns.id, sort_by_parameter_order=in_order
    )
    ids = {tuple(found[:-1]): found[-1] for found in session.execute(added, whole)}
    for row in whole:
        row["id"] = ids[tuple(row[key] for key in keys)]
    kept = _kept(table)
    name = table.__tablename__
    _keep(
        session,
        [
            {
                "subject": name,
                "subject_id": row["id"],
                "act": "created",
                "before": None,
                "after": {column: _plain(row[column]) for column in kept},
            }
            for row in whole
        ],
    )
    follow_new(session, name, whole)
    return [row["id"] for row in whole]


def update_noted(session: Session, changes: Sequence[tuple[Row, Mapping[str, Any]]]) -> None:
    """Change rows of one table at once, with their history and words, as if each had been set and flushed.

    Of a row without values only the version counts up: what belongs to it has changed. Raises
    UnrecordedChange outside a change, StaleDataError where somebody else was faster.
    """
    groups: dict[tuple[str, ...], list[tuple[Row, Mapping[str, Any]]]] = {}
    for row, values in changes:
        groups.setdefault(tuple(sorted(values)), []).append((row, values))
    events = []
    for names, group in groups.items():
        _update(session, names, group)
        for row, values in group:
            if names:
                before = {name: _plain(getattr(row, name)) for name in names}
                after = {name: _plain(values[name]) for name in names}
                events.append(_event(row, "updated", before, after))
            for name, value in {**values, "version": row.version + 1}.items():
                set_committed_value(row, name, value)
    if events:
        events.sort(key=lambda event: int(event["subject_id"]))
        _keep(session, events)
        follow(session, ((one["subject"], one["subject_id"]) for one in events))


def _update(session: Session, names: Sequence[str], group: Sequence[tuple[Row, Mapping[str, Any]]]) -> None:
    table = table_of(type(group[0][0]))
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in (*names, "version")}
    is_that = (table.c.id == bindparam("that_id"), table.c.version == bindparam("that_version"))
    words = [
        {
            "that_id": row.id,
            "that_version": row.version,
            "new_version": row.version + 1,
            **{f"new_{name}": values[name] for name in names},
        }
        for row, values in group
    ]
    done = cast("CursorResult[Any]", session.execute(update(table).where(*is_that).values(new), words))
    if done.rowcount != len(words):
        raise StaleDataError(f"{len(words) - done.rowcount} rows of {table.name} were changed meanwhile")


@cache
def _usual(table: type[Row]) -> dict[str, Any]:
    """What a new row has in the columns that nobody gave a value for."""
    return {
        column.name: _default(column.default)
        for column in table_of(table).c
        if column.name not in {"id", "version"}
    }


def _default(default: Any) -> Any:
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _keep(session: Session, events: Sequence[dict[str, Any]]) -> None:
    """Write events down under the change of the session. Raises UnrecordedChange where there is none."""
    change = session.info.get(_KEY)
    if change is None:
        raise UnrecordedChange(f"{events[0]['subject']} changed outside a recorded change")
    if change.id is None:
        change.id = _store(session, change)
    session.execute(insert(table_of(EventRow)), [{"change_id": change.id, **one} for one in events])


def note_without_values(session: Session, change: OpenChange) -> None:
    """Write a change whose rows the history must not keep: that it was done, when and by whom."""
    change.id = _store(session, change)


def _store(session: Session, change: OpenChange) -> int:
    result = session.execute(
        insert(ChangeRow).returning(ChangeRow.id),
        {
            "at": change.at,
            "actor_id": change.actor_id,
            "actor_name": change.actor_name,
            "tag": change.tag,
            "summary": change.summary[:500],
            "undoes_id": change.undoes_id,
            "key": change.key,
        },
    )
    return int(result.scalar_one())


def _events(session: Session) -> Iterator[dict[str, Any]]:
    for row in _audited(session.new):
        yield _event(row, "created", None, values_of(row))
    for row in _audited(session.dirty):
        before, after = _difference(row)
        if after:
            yield _event(row, "updated", before, after)
    for row in _audited(session.deleted):
        yield _event(row, "removed", values_of(row), None)


def _audited(rows: Any) -> list[Row]:
    found = [row for row in rows if isinstance(row, Row)]
    return sorted(found, key=lambda row: (row.__tablename__, row.id))


def _event(row: Row, act: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "subject": row.__tablename__,
        "subject_id": row.id,
        "act": act,
        "before": before,
        "after": after,
    }


def _difference(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if attribute.key not in _kept(type(row)) or not history.has_changes() or not history.deleted:
            continue  # a row marked as changed for its links alone has nothing that was before
        before[attribute.key] = _plain(history.deleted[0])
        after[attribute.key] = _plain(history.added[0]) if history.added else None
    return before, after


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
