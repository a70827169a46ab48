"""A real PostgreSQL server for tests, and a database on it that is empty for each of them."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, Row

TESTS_MOST = 50  # that one database serves: rows that are gone leave gaps, which slow the next ones down

SHAPE = "SELECT (SELECT count(*) FROM pg_attribute), (SELECT max(oid::bigint) FROM pg_class)"
EMPTY = """
DO $$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        IF name <> 'alembic_version' THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""


def in_database(address: str, name: str) -> str:
    """Return the address of another database on the same server."""
    head, _slash, tail = address.partition("?")[0].rpartition("/")
    del tail
    query = address.partition("?")[2]
    return f"{head}/{name}?{query}" if query else f"{head}/{name}"


def outside_transactions(address: str) -> Engine:
    """Return an engine each of whose statements stands for itself."""
    return create_engine(address, isolation_level="AUTOCOMMIT")


class Lender:
    """Lends one database, a copy of the template, to one test after the other.

    To make a database and to drop it takes longer than most tests, so it is emptied; one that comes back
    with other tables is dropped.
    """

    def __init__(self, server: Engine, address: str) -> None:
        self._server = server
        self._address = address
        self._numbers = count(1)
        self._name = ""
        self._tests_left = 0

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Give the address of an empty database, another one each time: what a process keeps in memory of
        a database, it keeps under its address."""
        if not self._tests_left:
            self._make()
        yield f"{self._own}&application_name=test-{next(self._numbers)}"
        self._tests_left -= 1
        if self._tests_left and self._shape() == self._made:
            self._connection.execute(text(EMPTY))
        else:
            self.drop()

    def drop(self) -> None:
        """Drop the database that is there, if one is."""
        if self._name:
            self._connection.close()
            self._engine.dispose()
            self._run(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._name, self._tests_left = "", 0

    def _make(self) -> None:
        self._name, self._tests_left = f"lent_{next(self._numbers)}", TESTS_MOST
        self._run(f"CREATE DATABASE {self._name} TEMPLATE template STRATEGY file_copy")
        self._own = in_database(self._address, self._name)
        self._engine = outside_transactions(self._own)
        self._connection = self._engine.connect()
        self._made = self._shape()

    def _shape(self) -> Row[Any]:
        return self._connection.execute(text(SHAPE)).one()

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))
