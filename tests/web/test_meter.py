"""What takes the machine a while is done so often a minute for each person, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.services.accounts.attempts import TooOften
from planner.web.meter import Meter, Work, expect_patience
from tests.factories import make_cast, make_dependency
from tests.support.page import Browser
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

OLIVE, PAT = 1, 2


class Clock:
    """A clock that the test turns, in seconds."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def owner(app: Flask, browser: Browser, session: Session) -> Browser:
    """Somebody who asks for much, in a minute that does not end."""
    app.extensions["planner"] = replace(app.extensions["planner"], meter=Meter(Clock()))
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")
    browser.sign_in("olive-owner")
    return browser


def spend(owner: Browser) -> None:
    """Draw as many pictures anew as one person may in a minute."""
    assert [owner.status("/map/tidy", {})[0] for _time in range(30)] == [303] * 30


def test_each_person_and_each_kind_of_work_is_counted_alone_until_the_minute_is_over() -> None:
    clock = Clock()
    meter = Meter(clock)
    for _time in range(30):
        expect_patience(meter, Work.PICTURE, OLIVE)
    clock.time = 42.0

    with pytest.raises(TooOften, match=r"^30 pictures .* Wait a minute") as refused:
        expect_patience(meter, Work.PICTURE, OLIVE)

    assert refused.value.wait == timedelta(seconds=18)
    expect_patience(meter, Work.PICTURE, PAT)
    expect_patience(meter, Work.FILE, OLIVE)
    clock.time = 60.0
    expect_patience(meter, Work.PICTURE, OLIVE)


def test_pictures_that_are_kept_are_shown_to_whoever_has_drawn_too_many(owner: Browser, app: Flask) -> None:
    pat = Browser(app)
    pat.sign_in("pat-partner")
    pat.open("/map?view=matrix")
    spend(owner)
    pat.open("/map")

    anew = owner._get("/map?view=loops")
    piece = owner.fragment("/map?view=board", "map")
    kept = [owner.status(address)[0] for address in ("/map?view=matrix", "/map", "/", "/map.csv")]

    assert (anew.status_code, piece.status_code) == (429, 429)
    assert anew.headers["Retry-After"] == "60"
    assert "30 pictures were drawn anew for you in a minute." in anew.text
    assert 'id="errors"' in piece.text
    assert kept == [200] * 4
    assert pat.status("/map?view=loops")[0] == 200


def test_pages_that_show_the_map_beside_something_else_stand_without_counting(
    owner: Browser, session: Session
) -> None:
    spend(owner)
    make_dependency(session, "payments", "partner-api", what="Something new")

    page = owner.open("/")

    assert "Something new" in page.words()


def test_sixty_files_a_minute_are_made_for_a_person_in_pages_and_programs_together(
    owner: Browser, app: Flask, session: Session
) -> None:
    program = Program(app, token_of(session, "olive-owner"))
    addresses = ["/map.dot", "/map.svg", "/export.json"]
    made = [owner.status(addresses[number % 3])[0] for number in range(59)]
    made.append(program.send("GET", "/export").status_code)

    answers = [owner._get(address) for address in addresses]
    refused = program.send("GET", "/pictures/teams?format=svg")

    tables = [owner.status(address)[0] for address in ("/map.csv", "/map.xlsx", "/export/teams.csv")]

    assert (made, tables) == ([200] * 60, [200] * 3)
    assert [answer.status_code for answer in answers] == [429] * 3
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == "60"
    assert refused.get_json()["detail"].startswith("60 files were made for you in a minute. Wait a minute")
