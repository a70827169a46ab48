"""Whole copies of a PostgreSQL database by its own tools, which are believed by whoever runs one.

A dump is put back into an empty schema while what was there stands beside it under another name, so that
there is a way back until all of it was read.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from planner.storage.copies import CannotCopy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

SCHEMA = "public"
KEPT = "planner_before_restore"
"""The schema in which what was replaced is kept."""
TOOLS = "PostgreSQL's client tools (the package is often called postgresql-client)"
_REVISION = re.compile(r"^COPY [\w.\"]*alembic_version .*?;\n(\w+)\n", re.MULTILINE)
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def dump_database(database_url: str, target: Path) -> None:
    """Write a whole dump, as of one moment, to a file that is there only when it is complete.

    Raises CannotCopy, also where the tool is not there or is older than the server.
    """
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds everything
        os.close(descriptor)
        words = ("--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={KEPT}")
        _run("pg_dump", *words, f"--file={beside}", *_connection(database_url), url=database_url)
        revision_in(beside)
        beside.replace(target)
    except OSError as error:
        raise CannotCopy(f"{target} could not be written: {error}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def revision_in(file: Path) -> str | None:
    """Return which version of our tables a dump has, None for one that is not ours.

    Raises CannotCopy for what is no dump that can be put back.
    """
    words = ("--data-only", "--table=alembic_version", "--file=-", str(file))
    found = _REVISION.search(_run("pg_restore", *words))
    return found[1] if found else None


def put_back(database_url: str, source: Path) -> None:
    """Put a dump into the empty schema, all of it or nothing. Raises CannotCopy."""
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", *words, *_connection(database_url), str(source), url=database_url)


def revision_here(database_url: str) -> str | None:
    """Return which version of our tables the database has, None where there are none. Raises CannotCopy."""
    with _connected(database_url) as connection:
        if not _has(connection, "alembic_version"):
            return None
        return str(connection.scalar(text("SELECT version_num FROM public.alembic_version")))


def has_records(database_url: str) -> bool:
    """Return whether anything was ever recorded in the database. Raises CannotCopy."""
    with _connected(database_url) as connection:
        found = _has(connection, "change")
        return found and connection.scalar(text("SELECT 1 FROM public.change LIMIT 1")) is not None


def expect_alone(database_url: str) -> None:
    """Raise CannotCopy while anybody else is connected to the database."""
    with _connected(database_url) as connection:
        if connection.scalar(text(_OTHERS)):
            raise CannotCopy(
                f"{_name(database_url)} is in use. Stop `planner serve` and `planner work` on every machine, "
                "then try again."
            )


def put_aside(database_url: str) -> None:
    """Keep all tables under another name and leave an empty schema. Raises CannotCopy.

    Where an earlier restore was killed in between, what it had put aside is what is kept.
    """
    with _connected(database_url) as connection:
        if not _has(connection, "alembic_version") and _has(connection, "alembic_version", KEPT):
            connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        else:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE"))
            connection.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO {KEPT}"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))


def take_back(database_url: str) -> None:
    """Put what was kept in its place again. Raises CannotCopy."""
    with _connected(database_url) as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        connection.execute(text(f"ALTER SCHEMA {KEPT} RENAME TO {SCHEMA}"))


@contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    """Give a connection whose transaction is committed at the end."""
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise CannotCopy(f"{_name(database_url)} refuses: {reason}") from error
    finally:
        engine.dispose()


def _has(connection: Connection, table: str, schema: str = SCHEMA) -> bool:
    return connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{schema}.{table}"}) is not None


def _run(tool: str, *words: str, url: str = "") -> str:
    """Run a tool of PostgreSQL and return what it printed. It never asks for a password."""
    path = shutil.which(tool)
    if path is None:
        raise CannotCopy(f"{tool} is not on the PATH. Install {TOOLS}, of the server's version or newer.")
    password = make_url(url).password if url else None
    env = {**os.environ, "PGPASSWORD": str(password)} if password is not None else dict(os.environ)
    done = subprocess.run(  # noqa: S603 - a tool of PostgreSQL, with words of our own
        [path, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode != 0:
        said = (
            done.stderr.decode(errors="replace").strip().partition("\n")[0] or f"exit code {done.returncode}"
        )
        raise CannotCopy(f"{said}. If the tool is older than the server, install {TOOLS} of its version.")
    return done.stdout.decode(errors="replace")


def _connection(database_url: str) -> tuple[str, str]:
    """The words that lead to the database; its password is not among them, because others see them."""
    url = make_url(database_url)
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    query = {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    said = {name: str(value) for name, value in {**parts, **query}.items() if value and name != "password"}
    quoted = (f"{name}='{_quoted(value)}'" for name, value in said.items())
    return "--no-password", f"--dbname={' '.join(quoted)}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _name(database_url: str) -> str:
    return f"The database “{make_url(database_url).database}”"
