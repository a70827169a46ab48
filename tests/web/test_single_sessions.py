"""Where a suggestion finds no common time, a time is asked for there and then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.domain.model import WorkingHours
from planner.domain.transfer import PersonDraft
from planner.services.changes import recorded
from planner.services.people import change_person
from planner.storage.models import TimePollRow
from tests.factories import OPERATOR, make_cast, make_dependency
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

SUGGESTION = "/sessions/suggestion"
UNCOVERED = f".//{HTML}section[@aria-labelledby='uncovered']"


@pytest.fixture
def owner(app: Flask, session: Session) -> Browser:
    """Olive in Berlin needs something of Pat in Los Angeles."""
    cast = make_cast(session)
    for key, name, zone in (
        (cast.owner, "Olive Owner", "Europe/Berlin"),
        (cast.partner, "Pat Partner", "America/Los_Angeles"),
    ):
        draft = PersonDraft("", name, f"{key}@example.org", hours=WorkingHours(zone=zone))
        change_person(session, OPERATOR, key, draft, version=None)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    browser = Browser(app)
    browser.sign_in(cast.owner)
    return browser


def say_yes_to_all(browser: Browser) -> Page:
    page = browser.open("/sessions/shared/1")
    for time in [one for one in page.all_words(f".//{HTML}button") if one.startswith("Yes, ")]:
        page = browser.submit(page, time, choice="yes")
    return page


def test_a_refused_item_becomes_a_poll_and_then_a_session(app: Flask, owner: Browser) -> None:
    page = owner.open(SUGGESTION)
    assert "Ask them for a time for Tap file Hand over in writing: Tap file" in page.words(UNCOVERED)

    asked = owner.submit(page, "Ask them for a time for Tap file")

    assert asked.heading == "Tap file"
    assert "A time is asked for: answer for Tap file" in owner.open(SUGGESTION).words(UNCOVERED)
    partner = Browser(app)
    partner.sign_in("pat-partner")
    assert "Does it suit you?" in partner.open("/sessions/shared/1").words()
    assert (
        "A time is asked for to talk about “Tap file”. Which suits you?" in partner.open("/notices").words()
    )


def test_the_chosen_time_stands_in_the_suggestion_and_is_mailed(owner: Browser) -> None:
    asked = owner.submit(owner.open(SUGGESTION), "Ask them for a time for Tap file")
    first = next(one for one in asked.all_words(f".//{HTML}button") if one.startswith("Take this time"))

    taken = owner.submit(asked, first)
    mailed = owner.submit(taken, "Mail the invitations")

    assert "As planned" in taken.words()
    assert "Mailed invitations to 1 session, for 2 people" in mailed.words()
    assert "Its own session, " in owner.open(SUGGESTION).words(UNCOVERED)


def test_settling_it_in_writing_ends_the_poll(owner: Browser) -> None:
    asked = owner.submit(owner.open(SUGGESTION), "Ask them for a time for Tap file")

    page = owner.submit(asked, "Settle it in writing instead")

    assert "Cancelled" in page.words()
    assert "Ask them for a time for Tap file" in owner.open(SUGGESTION).words(UNCOVERED)


def test_my_week_says_what_a_session_without_a_time_waits_for(app: Flask, owner: Browser) -> None:
    owner.submit(owner.open(SUGGESTION), "Ask them for a time for Tap file")
    partner = Browser(app)
    partner.sign_in("pat-partner")

    before = partner.open("/").words()
    say_yes_to_all(partner)
    asked = say_yes_to_all(owner)
    said, leading = partner.open("/").words(), owner.open("/").words()
    first = next(one for one in asked.all_words(f".//{HTML}button") if one.startswith("Take this time"))
    owner.submit(asked, first)
    after = partner.open("/").words()

    assert "Tap file ? No time yet Which time suits you? Tap file You are needed for Tap file." in before
    assert "1 shared session has no time yet." in before
    assert "is agreed with you" not in before
    assert "You have said what suits you; Olive Owner takes one of the times." in said
    assert "No time yet Take one of the times for Tap file" in leading
    assert "Tap file ✓ AgreedYou are needed for Tap file." in after
    assert "1 shared session is agreed with you." in after


def test_my_week_asks_for_a_time_where_nobody_has(app: Flask, owner: Browser, session: Session) -> None:
    owner.submit(owner.open(SUGGESTION), "Ask them for a time for Tap file")
    with recorded(session, OPERATOR, "session:polled", "Nobody asks any more"):
        session.delete(session.scalars(select(TimePollRow)).one())
    partner = Browser(app)
    partner.sign_in("pat-partner")

    week = partner.open("/")
    asked = partner.submit(week, "Ask for one: a time for Tap file")

    assert "Tap file ? No time yet" in week.words()
    assert "Nobody has answered yet." in asked.words()
