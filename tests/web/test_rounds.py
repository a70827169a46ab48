"""A session held again, on its pages: the round that matters, an earlier one by its address, and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.meeting.model import MeetingState
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
FIRST, SECOND = RoundOf(1, 0), RoundOf(1, 1)


@pytest.fixture
def town(session: Session) -> Session:
    """A session that Olive leads runs in its first round; it is held twice."""
    cast = make_cast(session)
    make_shared(session)
    live.start_meeting(session, make_actor(session, cast.owner), 1, key=None)
    session.rollback()
    return session


@pytest.fixture
def olive(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    browser = Browser(app)
    browser.sign_in("olive-owner")
    return browser


def line(page: Page) -> str:
    return page.words(f'.//{HTML}p[@id="round"]')


def test_every_page_says_of_which_date_it_is(olive: Browser, town: Session) -> None:
    assert line(olive.open(f"{AT}/minutes")).startswith("Round 1 of 2, ")
    over = olive.submit(olive.open(f"{AT}/live"), "End the session")

    assert line(over).startswith("Round 1 of 2, ")
    assert "Prepare " in line(over)
    for page in ("live", "prepare"):
        found = line(olive.open(f"{AT}/{page}"))
        assert found.startswith("Round 2 of 2, ")
        assert "Minutes of " in found
    assert line(olive.open(f"{AT}/minutes")).startswith("Round 1 of 2, ")
    assert line(olive.open(f"{AT}/minutes?round=2")).startswith("Round 2 of 2, ")
    assert town


def test_a_form_acts_on_the_round_it_stands_on(olive: Browser, town: Session) -> None:
    over = olive.submit(olive.open(f"{AT}/live"), "End the session")

    running = olive.submit(over, "Open it again")
    olive.submit(running, "End the session")
    olive.submit(olive.open(f"{AT}/live"), "Start the session")

    states = [read_meeting(town, place).state for place in (FIRST, SECOND)]
    assert states == [MeetingState.CLOSED, MeetingState.RUNNING]


def test_a_topic_is_put_on_the_agenda_of_the_round_that_is_shown(olive: Browser, town: Session) -> None:
    ahead = olive.open(f"{AT}/prepare?round=2")

    added = olive.submit(ahead, "Put it on the agenda", title="Holidays")

    assert line(added).startswith("Round 2 of 2, ")
    titles = [[item.title for item in read_meeting(town, place).items] for place in (FIRST, SECOND)]
    assert ["Holidays" in one for one in titles] == [False, True]


def test_a_round_that_there_is_not_is_not_found(olive: Browser) -> None:
    for page in ("live", "prepare", "minutes", "screen"):
        unknown = olive.open(f"{AT}/{page}?round=9", status=404)
        plain = olive.open(f"{AT}/{page}?round=nonsense")

        assert unknown.heading == "Not here"
        assert plain.heading == olive.open(f"{AT}/{page}").heading


def test_what_it_was_worth_is_said_of_the_round_that_is_shown(olive: Browser) -> None:
    olive.submit(olive.open(f"{AT}/live"), "End the session")
    olive.submit(olive.open(f"{AT}/live"), "Start the session")
    olive.submit(olive.open(f"{AT}/live"), "End the session")
    first = olive.open(f"{AT}/minutes?round=1")

    said = olive.submit(first, "More than it cost me: Partner API and Payments", value="3")

    assert "Take it back" in said.text
    assert "Take it back" not in olive.open(f"{AT}/minutes?round=2").text


def test_a_round_at_the_second_of_two_times_says_that_it_is_its_turn(app: Flask, olive: Browser) -> None:
    pat = Browser(app)
    pat.sign_in("pat-partner")
    page = olive.submit(olive.open(AT), "Ask everybody which time suits")
    for browser in (olive, pat):
        page = browser.open(AT)
        for time in [one for one in page.all_words(f".//{HTML}button") if one.startswith("Yes, ")][:2]:
            page = browser.submit(page, time, choice="yes")
    page = olive.open(AT)

    taken = olive.submit(
        page, next(one for one in page.all_words(f".//{HTML}button") if one.startswith("Take turns"))
    )

    dates = taken.words(f'.//{HTML}section[@aria-labelledby="dates"]')
    assert "✓ As planned" in dates
    assert "⇄ In turn at the second of the two times" in dates
    assert "Moved" not in dates


def test_a_decision_comes_back_on_the_day_that_was_said(olive: Browser) -> None:
    said = {"text": "By hand for now", "review_on": "2026-02-10", "version": "0"}
    olive.send(f"{AT}/live/items/1/decide?round=1", said)
    olive.submit(olive.open(f"{AT}/live"), "End the session")

    ahead = olive.open(f"{AT}/prepare?round=2").words(f'.//{HTML}section[@aria-labelledby="agenda"]')

    assert "Settlement file ↻ To be looked at again Decided then: By hand for now" in ahead


def test_my_reply_is_marked_until_the_dates_change(olive: Browser) -> None:
    replied = olive.submit(olive.open(AT), "I may come", answer="tentative")

    pressed = f'.//{HTML}form/{HTML}button[@aria-pressed="true"]'
    assert replied.all_words(pressed) == ["I may come"]
    assert olive.submit(replied, "I come", answer="accepted").all_words(pressed) == ["I come"]


def test_one_date_is_left_out_of_what_one_comes_to(olive: Browser) -> None:
    olive.submit(olive.open(AT), "I come", answer="accepted")
    second = [
        one for one in olive.open(AT).tree.iter(f"{HTML}form") if "on this date" in "".join(one.itertext())
    ]
    words = "".join(second[-1].find(f".//{HTML}button").itertext())

    away = olive.submit(olive.open(AT), words, answer="declined")

    rows = away.all_words(f".//{HTML}section[@aria-labelledby='dates']//{HTML}tbody/{HTML}tr")
    assert ["Does not come: Olive Owner." in row for row in rows] == [False, True]
    back = olive.submit(away, words.replace("I cannot on this date", "I can after all"), answer="accepted")
    assert "Does not come" not in back.words(f".//{HTML}section[@aria-labelledby='dates']")


def test_the_trial_leads_to_preparing_what_is_ahead_and_to_the_minutes_of_what_is_over(
    olive: Browser,
) -> None:
    olive.submit(olive.open(f"{AT}/live"), "End the session")

    trial = olive.open("/sessions/proposals/1")

    links = [one.get("href") for one in trial.tree.iter(f"{HTML}a") if "round=" in (one.get("href") or "")]
    assert links[:2] == [f"{AT}/minutes?round=1", f"{AT}/prepare?round=2"]
