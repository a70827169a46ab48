"""A real browser in front of a real server: one Chromium for the run, one installation and visitor a test."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from planner.app import create_app
from planner.services.actor import Actor
from planner.services.example import load_example
from planner.serving import let_screens_wait
from planner.storage.db import db
from tests.browser.visit import PATIENCE, Site, Visit
from tests.conftest import MONDAY, settings_for
from tests.support.application import knowing_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that is installed, else Playwright's own."""
    installed = filter(None, map(shutil.which, CHROMIUM_NAMES))
    path = os.environ.get("PLANNER_CHROMIUM") or next(installed, None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def example_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the example organisation, to copy from."""
    home = tmp_path_factory.mktemp("example")
    file = _copy(sqlite_template, home)
    app = create_app(settings_for(f"sqlite:///{file}", home))
    with app.app_context():
        load_example(db.session(), Actor(at=MONDAY, name="First start"))
        db.session.remove()
        db.engine.dispose()
    return file


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def example(example_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example organisation, shared by every test that only reads."""
    with serve(example_database, tmp_path_factory.mktemp("shared")) as site:
        yield site


@pytest.fixture
def own_example(example_database: Path, tmp_path: Path) -> Iterator[Site]:
    """The example organisation of this test alone."""
    with serve(example_database, tmp_path) as site:
        yield site


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """An installation in which nobody and nothing is recorded."""
    with serve(sqlite_template, tmp_path) as site:
        yield site


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts; a test that asks for it runs both ways."""
    return bool(request.param)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a site in a window of its own; whatever the browser complained of fails the test at its end."""
    visits: list[Visit] = []

    def begin(site: Site, person: str = "", *, script: bool = True) -> Visit:
        visits.append(Visit(chromium, site, person, script=script))
        return visits[-1]

    yield begin
    for one in visits:
        one.leave()
    assert [complaint for one in visits for complaint in one.complaints] == []


@contextmanager
def serve(database: Path, home: Path, **changes: Any) -> Iterator[Site]:
    """Serve a copy of the database, with settings changed."""
    settings = replace(settings_for(f"sqlite:///{_copy(database, home)}", home), **changes)
    app = knowing_templates(create_app(settings))
    watch = let_screens_wait(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.port}")
    watch.end()
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def _copy(database: Path, home: Path) -> Path:
    """Copy a database with what its journal holds."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(home / "own.db")) as target:
        source.backup(target)
    return home / "own.db"
