"""Backup and restore, as somebody runs them who has a server going and little patience."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
import requests
from flask_migrate import downgrade

from planner.app import create_app
from planner.config import read_settings
from planner.services.copies import back_up
from planner.storage.db import db
from tests.cli.test_serving import served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Terminal


def load(terminal: Terminal, name: str) -> None:
    """Record a team of this name."""
    file = terminal.home / "teams.csv"
    file.write_text(f"key,name\n{name.casefold()},{name}\n", encoding="utf-8")
    terminal.run("import", str(file), "--list", "teams")


def names(terminal: Terminal) -> list[str]:
    return [team.name for team in terminal.organisation().teams]


def test_what_was_backed_up_comes_back(terminal: Terminal) -> None:
    load(terminal, "Web")
    terminal.run("backup", str(terminal.home / "monday.db"))
    load(terminal, "Shop")

    said = terminal.run("restore", str(terminal.home / "monday.db"), "--replace").output

    assert names(terminal) == ["Web"]
    assert "What was there is" in said
    kept = terminal.home / "planner.db.before-restore"
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT name FROM team ORDER BY id").fetchall() == [("Web",), ("Shop",)]


def test_a_backup_tells_programs_where_it_is(terminal: Terminal) -> None:
    file = terminal.home / "monday.db"

    told = json.loads(terminal.run("backup", str(file), "--json").stdout)

    assert told == {
        "file": str(file), "bytes": file.stat().st_size, "revision": told["revision"], "replaced": None,
        "came_as": None,
    }  # fmt: skip
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600


def test_a_backup_writes_over_nothing_unless_it_is_told_to(terminal: Terminal) -> None:
    file = terminal.home / "monday.db"
    file.write_text("something else")

    refused = terminal.run("backup", str(file), code=1)

    assert "is there already" in refused.output
    assert file.read_text() == "something else"
    terminal.run("backup", str(file), "--replace")
    assert file.read_bytes().startswith(b"SQLite format 3\0")


def test_the_database_itself_is_no_place_for_a_backup(terminal: Terminal) -> None:
    assert (
        "is the database itself"
        in terminal.run("backup", str(terminal.home / "planner.db"), "--replace", code=1).output
    )


def test_records_are_not_restored_over_without_a_word(terminal: Terminal) -> None:
    terminal.run("backup", str(terminal.home / "monday.db"))
    load(terminal, "Web")

    refused = terminal.run("restore", str(terminal.home / "monday.db"), code=1)

    assert "--replace" in refused.output
    assert names(terminal) == ["Web"]


@pytest.mark.parametrize("damage", ["text", "half", "other", "future"])
def test_what_is_no_whole_backup_of_ours_is_refused_and_changes_nothing(
    terminal: Terminal, damage: str
) -> None:
    load(terminal, "Web")
    file = terminal.home / "monday.db"
    terminal.run("backup", str(file))
    if damage == "text":
        file.write_text("no database")
    elif damage == "half":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "other":
        file.unlink()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE thing (id INTEGER)")
    else:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = 'of tomorrow'")
            connection.commit()

    refused = terminal.run("restore", str(file), "--replace", code=1)

    assert str(file) in refused.output
    assert names(terminal) == ["Web"]
    assert not (terminal.home / "planner.db.before-restore").exists()


FIRST = "80ec9dec2600"


def test_a_copy_of_the_first_version_is_brought_to_this_one(terminal: Terminal) -> None:
    load(terminal, "Web")
    file = terminal.home / "old.db"
    terminal.run("backup", str(file))
    make_older(terminal, file)
    load(terminal, "Shop")

    told = json.loads(terminal.run("restore", str(file), "--replace", "--json").stdout)

    assert names(terminal) == ["Web"]
    assert told["came_as"] == FIRST
    terminal.run("db", "check")
    assert list(terminal.home.glob(".planner.db*")) == []


def test_an_older_copy_that_cannot_be_brought_up_changes_nothing(terminal: Terminal) -> None:
    file = terminal.home / "old.db"
    terminal.run("backup", str(file))
    make_older(terminal, file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE job (id INTEGER)")  # one that a later version makes
        connection.commit()
    load(terminal, "Web")

    refused = terminal.run("restore", str(file), "--replace", code=1)

    assert "could not be brought to this version" in refused.output
    assert names(terminal) == ["Web"]
    assert not (terminal.home / "planner.db.before-restore").exists()


def make_older(terminal: Terminal, file: Path) -> None:
    """Take the tables of a copy back to those of the first version."""
    settings = replace(read_settings(), database_url=f"sqlite:///{file}", home=terminal.home)
    with create_app(settings).app_context():
        downgrade(revision=FIRST)
        db.engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


@pytest.mark.slow
def test_nothing_is_restored_under_a_running_server(terminal: Terminal) -> None:
    terminal.run("backup", str(terminal.home / "monday.db"))
    load(terminal, "Web")

    with served(terminal.home, PLANNER_SIGN_IN="choose") as (address, _printed):
        assert requests.get(f"{address}/teams", timeout=30).status_code == 200
        refused = terminal.run("restore", str(terminal.home / "monday.db"), "--replace", code=1)

    assert "Stop `planner serve`" in refused.output
    assert names(terminal) == ["Web"]


def test_a_backup_while_others_write_is_of_one_moment(terminal: Terminal) -> None:
    database = terminal.home / "planner.db"
    ended, written = Event(), [0]

    def write() -> None:
        with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            while not ended.is_set():
                number = written[0] + 1
                connection.execute("BEGIN IMMEDIATE")
                for half in ("a", "b"):
                    connection.execute(
                        "INSERT INTO place (version, name, name_folded, zone) VALUES (1, ?, ?, 'UTC')",
                        (f"{half}{number}", f"{half}{number}"),
                    )
                connection.execute("COMMIT")
                written[0] = number

    writer = Thread(target=write)
    writer.start()
    try:
        found = [counted(database, terminal.home / f"{number}.db", written) for number in range(10)]
    finally:
        ended.set()
        writer.join()

    assert [(halves % 2, halves >= 2 * before) for halves, before in found] == [(0, True)] * 10


def counted(database: Path, file: Path, written: list[int]) -> tuple[int, int]:
    """Back up, and return how many halves are in the copy, and how many wholes were there before."""
    before = written[0]
    back_up(f"sqlite:///{database}", file)
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM place").fetchone()[0]), before
