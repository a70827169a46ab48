"""Pictures and suggested sessions are shared with guests by a program, to the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from planner.config import SignIn
from tests.support.page import Browser
from tests.support.program import Program, token_of
from tests.web.test_rights import Town, app, database_url, filled, town  # noqa: F401 - fixtures too

if TYPE_CHECKING:
    from flask import Flask

UNTIL = {"until": "2026-02-20"}


@pytest.fixture
def mode() -> SignIn:
    return SignIn.ACCOUNTS


@pytest.fixture
def owner(app: Flask, town: Town) -> Program:  # noqa: F811 - the fixtures
    return Program(app, token_of(town.house.session, "olive-owner", is_trial=False))


def path_of(address: str) -> str:
    return urlsplit(address).path


def test_a_picture_is_shown_to_guests_until_it_is_taken_back(owner: Program, app: Flask) -> None:  # noqa: F811 - the fixture
    picture = {**UNTIL, "view": "matrix", "team": "payments", "site": "https://wiki.example.org"}

    made = owner.send("POST", "/shares", picture)
    ways = made.get_json()
    guest = Browser(app)

    assert (made.status_code, sorted(ways)) == (201, ["address", "frame", "image"])
    assert guest.status(path_of(ways["address"]))[0] == 200
    with guest._get(path_of(ways["image"])) as image, guest._get(path_of(ways["frame"])) as frame:
        assert image.content_type == "image/png"
        assert "frame-ancestors https://wiki.example.org" in frame.headers["Content-Security-Policy"]

    (first, *_earlier) = owner.read("/shares")["items"]

    assert (first["shows"]["view"], first["shows"]["team"], first["last_day"]) == (
        "matrix",
        "payments",
        UNTIL["until"],
    )
    assert owner.send("DELETE", f"/shares/{first['number']}").status_code == 204
    assert guest.status(path_of(ways["address"]))[0] == 404


def test_a_suggested_session_is_shown_to_guests(owner: Program, app: Flask) -> None:  # noqa: F811 - the fixture
    made = owner.send("POST", "/suggestion/shares", {**UNTIL, "session": 1})
    missing = owner.send("POST", "/suggestion/shares", {**UNTIL, "session": 9})

    assert (made.status_code, missing.status_code) == (201, 404)
    assert Browser(app).status(path_of(made.get_json()["address"]))[0] == 200
    assert owner.read("/shares")["items"][0]["is_session"] is True


def test_a_site_that_is_none_is_refused(owner: Program) -> None:
    refused = owner.send("POST", "/shares", {**UNTIL, "site": "javascript:alert(1)"})

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "#/site"
