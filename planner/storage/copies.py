"""Whole copies of a SQLite database: taken while others write, tried before they are believed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES_AT_ONCE = 2000
PATIENCE = 20.0  # seconds to wait for whoever writes just now


class CannotCopy(Exception):
    """A copy could not be made or taken; the message says why. Nothing was changed."""


def copy_database(source: Path, target: Path, told: Callable[[int, int], None] | None = None) -> None:
    """Write a whole copy, as of one moment, to a file that is there only when it is complete.

    `told` hears of pages done and pages in all. Raises CannotCopy.
    """
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds everything
        os.close(descriptor)
        with closing(_open(source)) as read, closing(sqlite3.connect(beside)) as written:
            read.backup(written, pages=PAGES_AT_ONCE, progress=_progress(told) if told else None, sleep=0.01)
            written.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        expect_whole(beside)
        _flush(beside)
        beside.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise CannotCopy(f"{target} could not be written: {error}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def expect_whole(file: Path) -> None:
    """Raise CannotCopy unless the file is a database of which every page and every reference is sound."""
    try:
        with closing(_open(file)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            lost = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        raise CannotCopy(f"{file} is no whole database: {error}") from error
    if found != ["ok"]:
        raise CannotCopy(f"{file} is damaged: {found[0]}")
    if lost:
        raise CannotCopy(f"{file} is damaged: {len(lost)} rows of {lost[0][0]} belong to nothing")


def revision_of(file: Path) -> str | None:
    """Return which version of our tables the file has, None for a database that is not ours."""
    with closing(_open(file)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])


def holds_records(file: Path) -> bool:
    """Return whether anything was ever recorded in a database of ours."""
    with closing(_open(file)) as connection:
        try:
            return connection.execute("SELECT 1 FROM change LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:
            return False


def expect_unused(file: Path) -> None:
    """Raise CannotCopy while any process has the database open."""
    try:
        with closing(sqlite3.connect(file, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # which takes whoever is alone with the file
    except sqlite3.OperationalError as error:
        raise CannotCopy(
            f"{file} is in use. Stop `planner serve` and `planner work`, then try again."
        ) from error


def _open(file: Path) -> sqlite3.Connection:
    if not file.is_file():
        raise sqlite3.OperationalError("there is no such file")
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)


def _progress(told: Callable[[int, int], None]) -> Callable[[int, int, int], None]:
    return lambda _status, left, whole: told(whole - left, whole)


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
