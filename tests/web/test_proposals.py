"""A plan from the suggestion to its trial, as everybody meets it on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_cast, make_dependency, make_session
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

SUGGESTION = "/sessions/suggestion"
PROPOSAL = "/sessions/proposals/1"
PROPOSE = "Propose this plan to everybody"
ADOPT = "Adopt it on trial"
RESTORE = "Restore the old sessions"


@pytest.fixture
def town(session: Session) -> Session:
    """Partner API holds a session in which Payments sits; the plan would replace it."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_session(session, cast.partner_team, title="Partner API queue", attendees=(cast.partner, cast.owner))
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


@pytest.fixture
def partner(app: Flask, owner: Browser) -> Browser:
    """Who decides for the session that is replaced; the owner has proposed the plan."""
    owner.submit(owner.open(SUGGESTION), PROPOSE)
    return signed_in(app, "pat-partner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def say(browser: Browser, stance: str, words: str = "", *, status: int = 200) -> Page:
    page = browser.open(PROPOSAL)
    return browser.submit(page, "Fine", stance=stance, words=words, status=status)


def buttons(page: Page) -> list[str]:
    return page.all_words(f".//{HTML}main//{HTML}button")


def section(page: Page, heading: str) -> str:
    return page.words(f".//{HTML}section[@aria-labelledby='{heading}']")


def test_a_plan_is_proposed_from_the_suggestion(owner: Browser) -> None:
    page = owner.submit(owner.open(SUGGESTION), PROPOSE)

    assert page.heading == "A plan of 1 shared session"
    assert section(page, "missing").startswith(
        "What is missing until it is tried No answer yet from Pat Partner, who decides for a session it "
        "replaces. It waits for answers until Mon 16 Feb."
    )
    assert buttons(page) == ["Undo", "Fine", "Fine if…", "Object because…", "Withdraw this plan"]


def test_it_is_adopted_when_the_host_is_fine(owner: Browser, partner: Browser) -> None:
    said = say(partner, "fine")
    page = owner.submit(owner.open(PROPOSAL), ADOPT)

    assert section(said, "missing").startswith("Nothing is missing")
    assert section(page, "trial") == (
        "On trial until Mon 2 Mar 1 team session is paused for it. Nothing was changed in anybody's "
        "calendar: take the invitations below, or send them. Restore the old sessions Keeping them is "
        "possible from then on."
    )


def test_the_old_sessions_come_back_in_one_act(owner: Browser, partner: Browser) -> None:
    say(partner, "fine")
    owner.submit(owner.open(PROPOSAL), ADOPT)

    page = partner.submit(partner.open(PROPOSAL), RESTORE)

    assert page.all_words(f".//{HTML}main//{HTML}span")[:1] == ["Restored the old sessions"]
    assert "(paused)" not in page.text
