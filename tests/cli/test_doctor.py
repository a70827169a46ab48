"""`planner doctor` says what is wrong and what to do, and ends with 1 where something is broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from planner.config import utc_now
from planner.render.engine import Engine
from planner.render.pictures import use_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Terminal


def verdicts(found: list[dict[str, Any]]) -> dict[str, str]:
    return {one["what"]: one["verdict"] for one in found}


def test_a_fresh_installation_has_nothing_broken(terminal: Terminal) -> None:
    found = terminal.read("doctor", "--json")

    assert {one["what"] for one in found} >= {
        "database", "tables", "integrity", "worker", "clock", "drawing", "mail", "address", "room",
    }  # fmt: skip
    assert [one for one in found if one["verdict"] == "broken"] == []
    assert all(one["todo"] for one in found if one["verdict"] != "fine")


def test_for_people_it_is_a_line_for_each_check(terminal: Terminal) -> None:
    lines = terminal.run("doctor").output.splitlines()

    assert "✓ integrity: every page and every reference is sound." in lines
    assert all(line[:2] in {"✓ ", "! "} for line in lines)


def test_tables_of_another_version_are_broken_and_it_says_what_to_do(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.home / "planner.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of yesterday'")
        connection.commit()

    said = terminal.run("doctor", code=1).output

    assert "✕ tables: at of yesterday" in said
    assert "planner db upgrade" in said


def test_an_empty_database_is_broken(terminal: Terminal) -> None:
    (terminal.home / "planner.db").unlink()

    assert "✕ tables: at nothing" in terminal.run("doctor", code=1).output


def test_rows_that_belong_to_nothing_are_found(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.home / "planner.db")) as connection:
        connection.execute("INSERT INTO membership VALUES (1, 1, 77, 77, 0, '')")
        connection.commit()

    assert "✕ integrity: 2 rows belong to nothing" in terminal.run("doctor", code=1).output


def test_a_clock_that_is_behind_what_was_recorded_is_found(terminal: Terminal) -> None:
    tomorrow = (utc_now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.000000")
    with closing(sqlite3.connect(terminal.home / "planner.db")) as connection:
        connection.execute(
            "INSERT INTO change (at, actor_name, tag, summary) VALUES (?, 'x', 'team:recorded', 'x')",
            (tomorrow,),
        )
        connection.commit()

    assert "✕ clock: " in terminal.run("doctor", code=1).output


@pytest.fixture
def other_engine() -> Iterator[None]:
    """Let the rest of the process draw as before: an application chooses one engine for all of it."""
    yield
    use_engine(Engine())


@pytest.mark.usefixtures("other_engine")
def test_a_mail_server_and_a_graphviz_that_are_not_there_are_found(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_SMTP", "smtp://planner:hush@127.0.0.1:1?starttls=0")
    monkeypatch.setenv("PLANNER_DOT", "/no/such/dot")

    said = terminal.run("doctor", code=1).output

    assert "✕ mail: 127.0.0.1:1" in said
    assert "✕ drawing: " in said
    assert "hush" not in said


def test_settings_that_do_not_fit_together_are_found(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_ADDRESS", "https://planner.example.org")
    monkeypatch.setenv("PLANNER_SECURE_COOKIES", "0")
    for name, key in (("secret.key", "0123456789abcdef"), ("secret.key.earlier", "fedcba9876543210")):
        (terminal.home / name).write_text(key * 3)
        (terminal.home / name).chmod(0o644)

    said = terminal.run("doctor", code=1).output

    assert "✕ cookies: " in said
    assert said.count("✕ secret: ") == 2


def test_a_database_that_is_not_there_is_said_without_its_password(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", "postgresql://planner:hush@127.0.0.1:1/planner")

    said = terminal.run("doctor", code=1).output

    assert "✕ database: " in said
    assert "hush" not in said
