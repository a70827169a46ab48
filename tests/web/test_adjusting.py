"""Adjusting a plan on its page: every choice a link, its price beside it, and versions that go on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_cast, make_dependency, make_session
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

DRAFT = "/sessions/suggestion/adjust"
VERSION = "/sessions/proposals/1/adjust"
FILE, RULE = "payments-partner-api-settlement-file", "payments-partner-api-refund-rule"
PROPOSE = "Propose this plan to everybody"
SHARE = "Share as version 2"


@pytest.fixture
def town(session: Session) -> Session:
    """Partner API holds a queue in which Payments sits, which needs two things from it."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.team, cast.partner_team, what="Refund rule")
    make_session(session, cast.partner_team, title="Partner API queue", attendees=(cast.partner, cast.owner))
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


@pytest.fixture
def partner(app: Flask, owner: Browser) -> Browser:
    """The other one; the owner has proposed the plan."""
    owner.submit(owner.open(DRAFT), PROPOSE)
    return signed_in(app, "pat-partner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def section(page: Page, heading: str) -> str:
    return page.words(f".//{HTML}section[@aria-labelledby='{heading}']")


def links(page: Page) -> dict[str, str]:
    """The links of a page by their words."""
    return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in page.tree.iter(f"{HTML}a")}


def test_the_suggestion_leads_to_the_choices_about_a_session(owner: Browser) -> None:
    found = links(owner.open("/sessions/suggestion"))

    assert f"{DRAFT}?session={FILE}#menu" in found.values()


def test_each_choice_shows_its_price_and_what_a_rule_forbids_is_named(owner: Browser) -> None:
    page = owner.open(f"{DRAFT}?session={FILE}")

    menu = section(page, "menu-title")
    assert "Pin it as it is Costs nothing" in menu
    assert "Split it in two 1 to 2 sessions, 2 to 4 seats, Olive Owner 1 to 2 sessions and Pat" in menu
    assert page.heading == "Adjust a plan of 1 shared session"
    assert section(page, "adjustments").startswith("Your adjustments None yet.")


def test_adjustments_are_listed_undone_one_by_one_and_all_at_once(owner: Browser) -> None:
    page = owner.open(f"{DRAFT}?change=write:{RULE}&change=pin:{FILE}")

    found = links(page)
    assert section(page, "adjustments").startswith(
        "Your adjustments Settle “Refund rule” in writing 16 person-minutes less, Olive Owner and Pat "
        "Partner sit shorter Undo: Settle “Refund rule” in writing Pin the session with “Settlement file” "
        "Costs nothing Undo: Pin the session with “Settlement file”"
    )
    assert found["Undo: Settle “Refund rule” in writing"].endswith(f"adjust?change=pin:{FILE}")
    assert found["Undo all"].endswith("adjust?change=")


def test_a_draft_without_a_session_says_so_and_cannot_be_proposed(owner: Browser) -> None:
    page = owner.open(f"{DRAFT}?change=drop:{FILE}")

    assert "No session is left in this plan" in page.text
    assert PROPOSE not in page.all_words(f".//{HTML}main//{HTML}button")


def test_a_draft_is_proposed_with_its_adjustments(owner: Browser) -> None:
    page = owner.submit(owner.open(f"{DRAFT}?change=write:{RULE}"), PROPOSE)

    assert page.heading == "A plan of 1 shared session"
    assert section(page, "adjusted") == "Adjusted by hand Settle “Refund rule” in writing"


def test_a_proposal_is_adjusted_into_its_next_version(owner: Browser, partner: Browser) -> None:
    answers = partner.open("/sessions/proposals/1")
    partner.submit(answers, "Fine", stance="fine-if", wish="shorter", words="an hour at most")
    menu = owner.open(f"{VERSION}?session={FILE}")
    page = owner.submit(owner.open(f"{VERSION}?change=split:{FILE}"), SHARE)

    assert "Split it in two" in section(menu, "menu-title")
    assert "↔ Pat Partner asks: “shorter: an hour at most”" in section(menu, "menu-title")
    assert "Pat Partner: “shorter: an hour at most” Adjust" in section(menu, "conditions")
    assert page.heading == "A plan of 2 shared sessions"
    assert "Version 1 1 session, by Olive Owner on" in section(page, "versions")
    assert "Pat Partner: fine if “shorter: an hour at most”" in section(page, "versions")


def test_of_two_who_adjust_one_proposal_the_second_is_told(owner: Browser, partner: Browser) -> None:
    mine, theirs = (one.open(f"{VERSION}?change=split:{FILE}") for one in (owner, partner))

    owner.submit(mine, SHARE)
    page = partner.submit(theirs, SHARE, status=409)

    assert "Somebody else has shared another version of this plan meanwhile." in page.text


def test_versions_are_compared_and_an_earlier_one_is_restored(owner: Browser, partner: Browser) -> None:
    owner.submit(owner.open(f"{VERSION}?change=split:{FILE}"), SHARE)

    compared = partner.open("/sessions/proposals/2?compare=1")
    restored = partner.submit(partner.open("/sessions/proposals/2"), "Restore version 1")

    assert section(compared, "comparison-title").startswith("What version 2 changes against version 1")
    assert "Olive Owner sits in 2 sessions, in 1 before" in section(compared, "comparison-title")
    assert restored.heading == "A plan of 1 shared session"
    assert section(restored, "versions").startswith("Versions of this plan Versions, newest first")
    partner.open("/sessions/proposals/2?compare=9", status=404)


def test_stale_facts_are_named_and_one_click_solves_again_near_the_plan(
    partner: Browser, town: Session
) -> None:
    make_dependency(town, "payments", "partner-api", what="Chargeback list")

    link = links(partner.open("/sessions/proposals/1"))["Solve again near it"]
    page = partner.open(link)

    assert "“Chargeback list” needs a conversation now" in section(page, "news")
    assert "Chargeback list comes in" in section(page, "changes")


@pytest.mark.parametrize(
    "words", ["change=pin", "change=%00", "change=time:x:2026-99-99:1", "change=&change="]
)
def test_whatever_an_address_says_the_page_is_there(owner: Browser, words: str) -> None:
    assert owner.open(f"{DRAFT}?{words}").heading == "Adjust a plan of 1 shared session"


def test_what_is_not_there_is_not_found_and_too_much_is_refused(owner: Browser) -> None:
    gone = owner.open(f"{DRAFT}?session=gone", status=404)
    unknown = owner.open("/sessions/proposals/7/adjust", status=404)
    refused = owner.open(f"{DRAFT}?{'&'.join(['change=pin'] * 41)}", status=422)

    assert (gone.heading, unknown.heading) == ("Not here", "Not here")
    assert refused.heading != "Adjust a plan of 1 shared session"


@pytest.mark.usefixtures("partner")
def test_the_number_of_queries_does_not_grow(owner: Browser, town: Session) -> None:
    def costs(number: int) -> list[int]:
        proposal = f"/sessions/proposals/{number}"
        addresses = (f"{DRAFT}?session={FILE}", f"{proposal}/adjust?session={FILE}", f"{proposal}?compare=1")
        return [(owner.open(address), cost_of(owner, address))[1] for address in addresses]

    make_dependency(town, "payments", "partner-api", what="Chargeback list")
    few = costs(1)
    owner.submit(owner.open(f"{VERSION}?change=split:{FILE}"), SHARE)
    for number in range(4):
        make_dependency(town, "payments", "partner-api", what=f"Thing {number}")

    assert costs(2) == few


def test_where_nothing_is_recorded_there_is_nothing_to_adjust(app: Flask, session: Session) -> None:
    make_cast(session)

    page = signed_in(app, "olive-owner").open(DRAFT)

    assert page.heading == "Adjust a plan of 0 shared sessions"
    assert "No conversation is needed, so there is nothing to adjust." in page.text
