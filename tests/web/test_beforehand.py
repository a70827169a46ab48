"""Leaving a word on the page of a session, and reading it wherever the session is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.meeting.rounds import RoundOf
from planner.services.meeting import live
from planner.services.meeting.meetings import read_meeting
from tests.factories import make_actor, make_cast, make_shared
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

AT = "/sessions/shared/1"
FILE = "payments-partner-api-settlement-file"
SAID = "✎ Pat Partner, beforehand: Monday is too early"


@pytest.fixture
def town(session: Session) -> Session:
    """A session that Olive leads; it is held twice."""
    make_cast(session)
    make_shared(session)
    session.rollback()
    return session


@pytest.fixture
def pat(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    browser = Browser(app)
    browser.sign_in("pat-partner")
    return browser


def left(page: Page) -> list[str]:
    return page.all_words(f'.//{HTML}p[@class="left-word"]')


def test_a_word_is_left_beside_the_replies_and_read_on_every_page(pat: Browser, town: Session) -> None:
    shown = pat.submit(pat.open(AT), "Leave it", about=FILE, text="Monday is too early")

    assert left(shown) == [SAID]
    assert "✎ Sends a word" in shown.words(f'.//{HTML}section[@aria-labelledby="who"]')
    prepared = pat.open(f"{AT}/prepare")
    assert left(prepared) == [SAID]
    assert "Does not come: Pat Partner." in prepared.words(f".//{HTML}main")
    live.start_meeting(town, make_actor(town, "olive-owner"), 1, key=None)
    assert left(pat.open(f"{AT}/live")) == [SAID]
    assert left(pat.open(f"{AT}/screen")) == [SAID]
    assert left(pat.open(f"{AT}/minutes")) == [SAID]
    assert "Pat Partner, beforehand: Monday is too early" in pat.client.get(f"{AT}/minutes.md").text


def test_a_word_for_all_of_it_stands_by_the_agenda(pat: Browser, town: Session) -> None:
    shown = pat.submit(pat.open(AT), "Leave it", about="", text="Please be quick")

    said = ["✎ Pat Partner, beforehand: Please be quick"]
    assert (left(shown), left(pat.open(f"{AT}/prepare")), left(pat.open(f"{AT}/live"))) == (said, said, said)
    assert read_meeting(town, 1).words_on_all


def test_a_word_without_words_keeps_what_was_chosen(pat: Browser) -> None:
    refused = pat.submit(pat.open(AT), "Leave it", status=422, about=FILE, text=" ")

    assert "What should be heard is empty" in refused.words(f'.//{HTML}div[@class="errors"]')
    assert refused.words(f".//{HTML}option[@selected]") == "Settlement file"


def test_a_word_is_about_the_round_that_its_form_was_made_for(pat: Browser, town: Session) -> None:
    form = pat.open(AT)
    live.start_meeting(town, make_actor(town, "olive-owner"), 1, key=None)
    live.close_meeting(town, make_actor(town, "olive-owner"), 1, key=None)

    late = pat.submit(form, "Leave it", status=409, about="", text="Please be quick")

    assert "nobody hears a word" in late.words(f".//{HTML}main")
    assert [read_meeting(town, RoundOf(1, at)).words for at in (0, 1)] == [(), ()]


def test_one_takes_back_what_one_left(pat: Browser, town: Session) -> None:
    shown = pat.submit(pat.open(AT), "Leave it", about=FILE, text="Monday is too early")

    gone = pat.submit(shown, "Take it back: on Settlement file")

    assert (left(gone), read_meeting(town, 1).words) == ([], ())
