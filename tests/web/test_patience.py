"""A server that can wait: a screen hears of what is new when it happens, and nothing else waits for it."""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import Context
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from planner.domain.meeting.model import ItemId
from planner.services.meeting import guests, live
from planner.services.meeting.watch import Watch
from planner.storage.db import db
from planner.web.patience import Patience
from tests.factories import make_actor, make_cast, make_shared
from tests.support.page import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

pytestmark = pytest.mark.postgres

ROOM = "/sessions/shared/1/live"
LONG, SHORT = 30.0, 0.01
"""Seconds: no test waits for the long ones, or it fails."""


class Hall:
    """An application behind a server that can wait, with one place to work and one to wait."""

    def __init__(self, app: Flask, pool: ThreadPoolExecutor, most: float) -> None:
        self._pool, self._app = pool, app
        self._has_looked = Event()
        with app.app_context():
            self._engine = db.engine
        self.watch = Watch(self._new_session)
        self.behind = Patience(app.wsgi_app, self.watch, working=1, waiting=1, most=most)

    def _new_session(self) -> Session:
        self._has_looked.set()
        return Session(self._engine)

    def ask(self, browser: Browser, pulse: str, address: str = ROOM) -> TestResponse:
        return browser.fragment(f"{address}?seen={pulse}", "live")

    def begin_to_ask(self, browser: Browser, pulse: str, address: str = ROOM) -> Future[TestResponse]:
        """Ask on a thread, and come back once the question waits."""
        asked = self._pool.submit(Context().run, self.ask, browser, pulse, address)
        assert self._has_looked.wait(LONG)
        return asked


@pytest.fixture
def town(session: Session) -> Session:
    """Olive leads a session with Pat about two dependencies; it runs."""
    make_cast(session)
    live.start_meeting(session, make_shared(session), 1, key=None)
    return session


@pytest.fixture
def most() -> float:
    """Seconds that a question waits."""
    return LONG


@pytest.fixture
def hall(app: Flask, town: Session, most: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    assert town
    with ThreadPoolExecutor() as pool:
        hall = Hall(app, pool, most)
        monkeypatch.setattr(app, "wsgi_app", hall.behind)
        yield hall
        hall.watch.end()


def someone(app: Flask, person: str) -> tuple[Browser, str]:
    """A browser in the session, and the pulse of what it shows."""
    browser = Browser(app)
    browser.sign_in(person)
    return browser, seen(browser.fragment(ROOM, "live"))


def seen(answer: TestResponse) -> str:
    found = re.search(r"seen=(\w+)", answer.text)
    assert found is not None
    return found[1]


def turn(session: Session) -> None:
    live.turn_to(session, make_actor(session, "olive-owner"), 1, ItemId(2), key=None)


def test_a_screen_is_answered_when_something_is_new(app: Flask, town: Session, hall: Hall) -> None:
    asked = hall.begin_to_ask(*someone(app, "pat-partner"))

    turn(town)
    answer = asked.result(LONG)

    assert (answer.status_code, "Refunds</h1>" in answer.text) == (200, True)


def test_what_a_page_has_missed_is_answered_at_once(app: Flask, town: Session, hall: Hall) -> None:
    browser, pulse = someone(app, "pat-partner")
    turn(town)

    assert hall.ask(browser, pulse).status_code == 200


@pytest.mark.parametrize("most", [SHORT])
def test_a_screen_hears_after_a_while_that_nothing_is_new(app: Flask, hall: Hall) -> None:
    answer = hall.ask(*someone(app, "pat-partner"))

    assert (answer.status_code, answer.text) == (204, "")


def test_who_waits_keeps_nobody_from_working(app: Flask, hall: Hall) -> None:
    olive, _pulse = someone(app, "olive-owner")
    asked = hall.begin_to_ask(*someone(app, "pat-partner"))

    olive.submit(olive.open(ROOM), "Next item")

    assert "Refunds</h1>" in asked.result(LONG).text


def test_who_finds_no_place_to_wait_is_answered_at_once(app: Flask, town: Session, hall: Hall) -> None:
    asked = hall.begin_to_ask(*someone(app, "pat-partner"))

    answer = hall.ask(*someone(app, "olive-owner"))

    assert (answer.status_code, answer.text, asked.done()) == (204, "", False)
    turn(town)
    assert asked.result(LONG).status_code == 200


def test_a_guest_who_is_shown_out_while_waiting_sees_nothing_new(
    app: Flask, town: Session, hall: Hall
) -> None:
    olive, guest = make_actor(town, "olive-owner"), Browser(app)
    code = guests.open_door(town, olive, 1)
    guest.submit(guest.open(f"/live/{code}"), "Join", name="Gus")
    pulse = seen(guest.fragment("/live/room", "live"))
    asked = hall.begin_to_ask(guest, pulse, "/live/room")

    guests.close_door(town, olive, 1)
    turn(town)

    assert asked.result(LONG).status_code == 404


def test_when_the_server_ends_nobody_waits_any_more(app: Flask, hall: Hall) -> None:
    browser, pulse = someone(app, "pat-partner")
    asked = hall.begin_to_ask(browser, pulse)

    hall.watch.end()

    assert [asked.result(LONG).status_code, hall.ask(browser, pulse).status_code] == [204, 204]


def is_told(watch: Watch, number: int) -> bool:
    """Whether who waits for a session is told long before they would go by themselves."""
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(watch.wait, number, "seen", seconds=LONG)
        ended = wait([waiting], timeout=LONG / 2).done
        watch.end()
    return waiting in ended


def test_who_waits_is_let_go_when_the_database_does_not_answer(tmp_path: Path) -> None:
    nothing = create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'planner.db'}")
    watch = Watch(lambda: Session(nothing))

    assert is_told(watch, 1)


def test_a_session_that_is_gone_is_news(app: Flask, session: Session) -> None:
    assert session
    with app.app_context():
        engine = db.engine
    watch = Watch(lambda: Session(engine))

    assert is_told(watch, 9)
