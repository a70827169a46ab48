"""A database that is full or away: people are told what it is, and nothing that they sent is half there."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from planner.storage.db import db
from tests.conftest import settings_for
from tests.factories import make_cast
from tests.support.application import running
from tests.support.page import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.fixture
def room(app: Flask) -> Iterator[dict[str, int]]:  # noqa: ARG001 - gives the application context
    """How many pages the file may have from the next connection on; for one more SQLite says "full"."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the disk of a server cannot be made small")
    pages = {"most": 0}

    def limit(connection: Any, _record: Any) -> None:
        if pages["most"]:
            connection.execute(f"PRAGMA max_page_count={pages['most']}")

    engine = db.engine
    event.listen(engine, "connect", limit)
    yield pages
    event.remove(engine, "connect", limit)


def test_on_a_full_disk_all_is_read_nothing_is_half_written_and_it_goes_on_by_itself(
    browser: Browser, session: Session, room: dict[str, int]
) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    room["most"] = (session.scalar(text("PRAGMA page_count")) or 0) + 12
    _connect_anew(session)

    statuses = [found(browser, f"Ferries {number}") for number in range(12)]
    page = browser.send("/teams", team("Ferries of last resort"), status=507)
    shown = browser.open("/teams").words()
    room["most"] = 2**30
    _connect_anew(session)

    assert set(statuses) == {303, 507}
    assert [f"Ferries {number} " in shown for number in range(12)] == [one == 303 for one in statuses]
    assert "No room is left to save anything. Nothing was saved." in page.words()
    assert found(browser, "Ferries of last resort") == 303


def test_a_disk_that_is_full_while_a_file_is_looked_at_is_told_from_every_other_fault(app: Flask) -> None:
    with app.test_request_context("/imports", method="POST"):
        # the parser of forms leaves what it could not write to whoever tidies up, so it is not asked here
        answer = app.make_response(app.handle_user_exception(OSError(errno.ENOSPC, "No space left")))
        with pytest.raises(FileNotFoundError):
            app.handle_user_exception(FileNotFoundError(errno.ENOENT, "No such file"))

    assert answer.status_code == 507
    assert "No room is left to save anything. Nothing was saved." in answer.get_data(as_text=True)


def test_while_the_database_is_away_people_are_asked_to_wait(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://planner@127.0.0.1:1/planner?connect_timeout=2"

    with running(settings_for(nowhere, tmp_path)) as app:
        answer = app.test_client().get("/dependencies")

    assert answer.status_code == 503
    assert "The database does not answer." in answer.text


def team(name: str) -> dict[str, str]:
    return {"name": name, "area": "", "purpose": "It carries what others wait for. " * 100, "place": ""}


def found(browser: Browser, name: str) -> int:
    """Return the status with which a team of this name is recorded."""
    return browser.status("/teams", team(name))[0]


def _connect_anew(session: Session) -> None:
    session.close()
    db.engine.dispose()
