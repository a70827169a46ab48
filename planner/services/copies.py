"""Backup and restore: a copy of everything, and the way back, each whole or not at all.

SQLite by its own online copy, PostgreSQL by `pg_dump` and `pg_restore`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from planner.domain.errors import NotNow
from planner.storage.copies import (
    CannotCopy,
    copy_database,
    expect_unused,
    expect_whole,
    holds_records,
    revision_of,
)
from planner.storage.dumps import (
    KEPT,
    dump_database,
    expect_alone,
    has_records,
    put_aside,
    put_back,
    revision_here,
    revision_in,
    take_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SAY_REPLACE = "Say --replace to put them aside and restore over them."
KEPT_AS = ".before-restore"
"""What the name of the database that was replaced ends in."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made or taken: where it is, how large, and the version of its tables.

    `replaced` is where what was there is kept: a file, or a schema of the database.
    `came_as` is the earlier version that it had before it was brought to this one.
    """

    file: Path
    bytes: int
    revision: str
    replaced: str | None = None
    came_as: str | None = None


def back_up(
    database_url: str,
    target: Path,
    *,
    replace: bool = False,
    told: Callable[[int, int], None] | None = None,
) -> Copy:
    """Copy the database to a file while people go on working. Raises NotNow with what to do instead."""
    if target.exists() and not replace:
        raise NotNow(f"{target} is there already. Choose another name, or say --replace.")
    try:
        if is_postgresql(database_url):
            revision = revision_here(database_url)
        else:
            source = _file_of(database_url)
            if target.absolute() == source.absolute():
                raise NotNow(f"{target} is the database itself. Choose another name.")
            revision = revision_of(source) if source.is_file() else None
        if revision is None:
            raise NotNow(f"{_named(database_url)} holds no planner yet. Run `planner db upgrade` first.")
        if is_postgresql(database_url):
            dump_database(database_url, target)
        else:
            copy_database(source, target, told)
    except CannotCopy as error:
        raise NotNow(str(error)) from error
    return Copy(target, target.stat().st_size, revision)


def restore(
    database_url: str,
    source: Path,
    *,
    known: Collection[str],
    bring_up: Callable[[str], None],
    replace: bool = False,
    told: Callable[[int, int], None] | None = None,
) -> Copy:
    """Put a copy in the place of the database, after all of it was looked at.

    `known` are the versions of tables that this planner can read. A copy of an earlier one is brought to
    this version, by `bring_up`, which gets the address of the database that it is in. What was there is kept
    beside it. Raises NotNow, and then nothing has changed.
    """
    try:
        if is_postgresql(database_url):
            return _put_back(database_url, source, known=known, bring_up=bring_up, replace=replace)
        return _put_in_place(database_url, source, known=known, bring_up=bring_up, replace=replace, told=told)
    except CannotCopy as error:
        raise NotNow(str(error)) from error


def is_postgresql(database_url: str) -> bool:
    return make_url(database_url).get_backend_name() == "postgresql"


def _put_back(
    database_url: str,
    source: Path,
    *,
    known: Collection[str],
    bring_up: Callable[[str], None],
    replace: bool,
) -> Copy:
    came_as = _expect_known(source, revision_in(source), known)
    is_there = revision_here(database_url) is not None
    if has_records(database_url) and not replace:
        raise NotNow(f"{_named(database_url)} holds records. {SAY_REPLACE}")
    expect_alone(database_url)
    put_aside(database_url)
    try:
        put_back(database_url, source)
        bring_up(database_url)
        revision = revision_here(database_url) or came_as
    except BaseException:
        take_back(database_url)
        raise
    kept = f"the schema {KEPT} of this database" if is_there else None
    return Copy(source, source.stat().st_size, revision, kept, came_as if came_as != revision else None)


def _put_in_place(
    database_url: str,
    source: Path,
    *,
    known: Collection[str],
    bring_up: Callable[[str], None],
    replace: bool,
    told: Callable[[int, int], None] | None,
) -> Copy:
    target = _file_of(database_url)
    scratch = target.with_name(f".{target.name}.restoring")
    try:
        came_as = _expect_ours(source, known)
        _expect_room(target, replace=replace)
        copy_database(source, scratch, told)
        bring_up(f"sqlite:///{scratch.absolute()}")
        expect_whole(scratch)
        revision = revision_of(scratch) or came_as
        replaced = _make_room(target)
        copy_database(scratch, target)
    finally:
        for ending in ("", "-wal", "-shm"):
            scratch.with_name(scratch.name + ending).unlink(missing_ok=True)
    return Copy(target, target.stat().st_size, revision, replaced, came_as if came_as != revision else None)


def _expect_ours(source: Path, known: Collection[str]) -> str:
    expect_whole(source)
    return _expect_known(source, revision_of(source), known)


def _expect_known(source: Path, revision: str | None, known: Collection[str]) -> str:
    if revision is None:
        raise CannotCopy(f"{source} is a database, but none of planner.")
    if revision not in known:
        raise CannotCopy(
            f"{source} comes from a planner that this one does not know ({revision}): a newer one, or one "
            "from before the first release. Restore it with that one or a newer one."
        )
    return revision


def _expect_room(target: Path, *, replace: bool) -> None:
    """Raise NotNow where records would be put aside without a word, CannotCopy where they are in use."""
    if target.exists():
        if holds_records(target) and not replace:
            raise NotNow(f"{target} holds records. {SAY_REPLACE}")
        expect_unused(target)


def _make_room(target: Path) -> str | None:
    """Keep what is there under another name as well; None where nothing is."""
    if not target.exists():
        return None
    expect_unused(target)  # bringing a copy up took a while
    kept = target.with_name(target.name + KEPT_AS)
    kept.unlink(missing_ok=True)
    kept.hardlink_to(target)
    return str(kept)


def _file_of(database_url: str) -> Path:
    """The file of a SQLite database. Raises NotNow for one that is in memory alone."""
    name = make_url(database_url).database
    if not name:
        raise NotNow("This database is in memory alone; there is nothing to copy.")
    return Path(name)


def _named(database_url: str) -> str:
    """The database in words, without its password."""
    name = make_url(database_url).database
    return f"The database “{name}”" if is_postgresql(database_url) else str(name)
