"""The database object, its naming convention, and what SQLite needs to be safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, Table, TypeDecorator, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# serialization_failure and deadlock_detected of PostgreSQL
GAVE_UP = frozenset({"40001", "40P01"})
NO_ROOM = "53100"
SHUT = frozenset({"57P01", "57P02", "57P03", "53300"})
"""PostgreSQL ends, was ended, begins, or has no connection left."""

PATIENCE = 20_000  # milliseconds that a writer on SQLite waits for another

Manner = Callable[[Connection], AbstractContextManager[object]]

reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)
"""True while a request only reads: then SQLite opens a plain transaction instead of a writing one."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def table_of(rows: type[Base]) -> Table:
    """Return the table behind rows, for statements on many of them that need no objects."""
    return cast("Table", rows.__table__)


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the condition that a column holds one of these words, such as those of an enum."""
    listed = ", ".join(f"'{value!s}'" for value in values)
    return f"{column} IN ({listed})"


class Row(Base):
    """A mutable row: a permanent id and a version that goes up with each change."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}


@event.listens_for(Row, "attribute_instrument", propagate=True)
def _keep_what_was(_table: type[Row], _name: str, attribute: Any) -> None:
    # a value that has expired is read before it is overwritten: the history tells what was there
    event.listen(attribute, "set", lambda *_: None, active_history=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; refuses one without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - interface
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - interface
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base)


def lost_a_race(error: DBAPIError) -> bool:
    """Return whether the database gave a transaction up for another one, so that trying again helps."""
    return getattr(error.orig, "sqlstate", "") in GAVE_UP or "database is locked" in str(error.orig)


def has_no_room(error: DBAPIError) -> bool:
    """Return whether nothing can be saved because the disk is full."""
    return getattr(error.orig, "sqlstate", "") == NO_ROOM or "database or disk is full" in str(error.orig)


def has_no_server(error: DBAPIError) -> bool:
    """Return whether there is no PostgreSQL server that answers, or not any more."""
    state = getattr(error.orig, "sqlstate", "")
    return isinstance(error, OperationalError) and (state is None or state in SHUT)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we open transactions ourselves, below
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", f"busy_timeout={PATIENCE}", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def giving_way(connection: Connection) -> Iterator[None]:
    """Let this connection fail at once instead of waiting for another writer, on SQLite."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE}")


@contextmanager
def only_reading() -> Iterator[None]:
    """Let transactions that begin inside read only, so that they keep nobody from writing."""
    token = reading_only.set(True)
    try:
        yield
    finally:
        reading_only.reset(token)


@contextmanager
def writing_beside(session: Session, manner: Manner = nullcontext) -> Iterator[Session]:
    """Give a session that writes in a transaction of its own, committed at the end.

    What the other session has read is let go first: a pool of one connection would wait for itself.
    The manner is how it meets other writers: it waits for them, or is `giving_way`.
    """
    session.commit()
    token = reading_only.set(False)
    try:
        engine = session.get_bind().engine
        with engine.connect() as connection, manner(connection), Session(connection) as own:
            yield own
            own.commit()
    finally:
        reading_only.reset(token)


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    reads = reading_only.get()
    if connection.dialect.name == "sqlite":
        # a transaction that reads and then writes fails with "locked" whatever the time-out is
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
    else:
        # a request is made of many questions; all of them are answered from one moment
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
