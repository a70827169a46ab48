"""Backup and restore: a copy of everything, and the way back, each whole or not at all."""

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

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

KEPT_AS = ".before-restore"
"""What the name of the database that was replaced ends in."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made or taken: where it is, how large, and the version of its tables.

    `came_as` is the earlier version that it had before it was brought to this one.
    """

    file: Path
    bytes: int
    revision: str
    replaced: Path | None = None
    came_as: str | None = None


def back_up(
    database_url: str,
    target: Path,
    *,
    replace: bool = False,
    told: Callable[[int, int], None] | None = None,
) -> Copy:
    """Copy the database to a file while people go on working. Raises NotNow with what to do instead."""
    source = _file_of(database_url, "pg_dump --format=custom --file=planner.dump")
    if target.exists() and not replace:
        raise NotNow(f"{target} is there already. Choose another name, or say --replace.")
    if target.absolute() == source.absolute():
        raise NotNow(f"{target} is the database itself. Choose another name.")
    try:
        revision = revision_of(source) if source.is_file() else None
        if revision is None:
            raise NotNow(f"{source} holds no planner yet. Run `planner db upgrade` first.")
        copy_database(source, target, told)
    except CannotCopy as error:
        raise NotNow(str(error)) from error
    return Copy(target, target.stat().st_size, revision)


def restore(
    database_url: str,
    source: Path,
    *,
    known: Collection[str],
    bring_up: Callable[[Path], None],
    replace: bool = False,
    told: Callable[[int, int], None] | None = None,
) -> Copy:
    """Put a copy in the place of the database, after all of it was looked at.

    `known` are the versions of tables that this planner can read. A copy of an earlier one is brought to
    this version first, by `bring_up`, in a file of its own beside the database. What was there is kept
    beside it as well. Raises NotNow, and then nothing has changed.
    """
    target = _file_of(
        database_url, "pg_restore --clean --if-exists --dbname=… FILE`, and after it `planner db upgrade"
    )
    scratch = target.with_name(f".{target.name}.restoring")
    try:
        came_as = _expect_ours(source, known)
        _expect_room(target, replace=replace)
        copy_database(source, scratch, told)
        bring_up(scratch)
        expect_whole(scratch)
        revision = revision_of(scratch) or came_as
        replaced = _make_room(target)
        copy_database(scratch, target)
    except CannotCopy as error:
        raise NotNow(str(error)) from error
    finally:
        for ending in ("", "-wal", "-shm"):
            scratch.with_name(scratch.name + ending).unlink(missing_ok=True)
    return Copy(target, target.stat().st_size, revision, replaced, came_as if came_as != revision else None)


def _expect_ours(source: Path, known: Collection[str]) -> str:
    expect_whole(source)
    revision = revision_of(source)
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
            raise NotNow(f"{target} holds records. Say --replace to put them aside and restore over them.")
        expect_unused(target)


def _make_room(target: Path) -> Path | None:
    """Keep what is there under another name as well; None where nothing is."""
    if not target.exists():
        return None
    expect_unused(target)  # bringing a copy up took a while
    kept = target.with_name(target.name + KEPT_AS)
    kept.unlink(missing_ok=True)
    kept.hardlink_to(target)
    return kept


def _file_of(database_url: str, instead: str) -> Path:
    """The file of a SQLite database. Raises NotNow for PostgreSQL, which has better tools of its own."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise NotNow(f"This database is PostgreSQL, whose own tool does this safely: run `{instead}`.")
    return Path(url.database)
