"""Preparing a session as everybody meets it on its page, and what nobody finds out of blind votes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from planner.domain.meeting.rounds import RoundOf
from planner.domain.model import DependencyState
from planner.services.changes import recorded
from planner.services.meeting import live, preparing
from planner.services.meeting.meetings import existing_shared, make_meeting, meeting_row
from planner.storage.models import DependencyRow, PaperRow
from tests.factories import (
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
)
from tests.support.digest import everything
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

PREPARE = "/sessions/shared/1/prepare"
VOTES = "/sessions/shared/1/votes"
HAND_IN, CHANGE, OPEN = "Hand in my votes", "Change my votes", "Open the votes now"
FILE, REFUNDS = "payments-partner-api-settlement-file", "partner-api-payments-refunds"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive, who leads, and Pat have a session about two dependencies."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team, what="Refunds")
    make_agreed(session, make_actor(session, cast.owner))
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


@pytest.fixture
def partner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "pat-partner")


@pytest.fixture
def outsider(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "otto-outsider")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def section(page: Page, heading: str) -> str:
    return page.words(f".//{HTML}section[@aria-labelledby='{heading}']")


def has(page: Page, heading: str) -> bool:
    return page.tree.find(f".//{HTML}section[@aria-labelledby='{heading}']") is not None


def buttons(page: Page) -> list[str]:
    return page.all_words(f".//{HTML}main//{HTML}button")


def rows(page: Page) -> list[str]:
    """The items; what stands between them has no heading."""
    return page.all_words(f".//{HTML}table[@class='table']/{HTML}tbody/{HTML}tr[{HTML}th]")


def paper(file: str, refunds: str, *, weeks: str = "") -> dict[str, str]:
    return {
        "matter-1": FILE, "importance-1": file, "viewpoint-1": "work", "weeks-1": weeks,
        "matter-2": REFUNDS, "importance-2": refunds, "viewpoint-2": "", "weeks-2": "",
    }  # fmt: skip


def vote(browser: Browser, file: str, refunds: str) -> Page:
    return browser.send(VOTES, paper(file, refunds))


def test_the_page_says_what_comes_when_and_whether_it_fits(owner: Browser) -> None:
    page = owner.open(PREPARE)

    assert page.heading.startswith("Preparing ")
    assert "✓ Fits It fits: 45 minutes, to the minute." in section(page, "agenda")
    assert rows(page) == [
        "15 to 30 Settlement file Partner API → Payments 15",
        "30 to 45 Refunds Payments → Partner API 15",
    ]
    assert page.all_words(f".//{HTML}tr[@class='pause']") == ["0 to 15Arriving"]
    assert "0 of 2 people have voted." in section(page, "votes-title")
    assert buttons(page) == ["Put it on the agenda", HAND_IN]


def test_a_topic_makes_it_too_long_and_the_page_says_by_how_much(outsider: Browser, owner: Browser) -> None:
    page = outsider.submit(outsider.open(PREPARE), "Put it on the agenda", title="Holidays")

    assert rows(page)[-1].startswith("45 to 50 Holidays + Topic Otto Outsider, guest for this item only")
    assert "▲ Too long 5 minutes too long: the agenda takes 50, the session has 45." in section(
        page, "agenda"
    )
    assert "Take away Holidays" in buttons(page)
    assert "Take away Holidays" not in buttons(owner.open(PREPARE))
    week = outsider.open("/")
    assert "You lead this in" in section(week, "mine")
    assert rows(outsider.submit(page, "Take away Holidays"))[-1].startswith("30 to 45 Refunds")


def test_an_empty_topic_comes_back_with_what_is_wrong(owner: Browser) -> None:
    page = owner.submit(owner.open(PREPARE), "Put it on the agenda", title="  ", status=422)

    assert page.words(f".//{HTML}title").startswith("Error: ")
    assert page.field_errors() == ["What do you want to talk about? is empty; write at least one letter"]


def test_somebody_else_leads_a_topic_from_its_line(owner: Browser, outsider: Browser) -> None:
    page = owner.submit(owner.open(PREPARE), "Put it on the agenda", title="Holidays")

    page = owner.submit(page, "Ask to lead Holidays", person="otto-outsider")

    assert "Otto Outsider, guest for this item only" in rows(page)[-1]
    assert "Take away Holidays" in buttons(outsider.open(PREPARE))
    refused = outsider.submit(outsider.open(PREPARE), "Ask to lead Holidays", person="nobody", status=422)
    assert "is not in the list" in refused.text


def test_votes_are_blind_until_the_last_one_and_then_say_where_people_differ(
    owner: Browser, partner: Browser
) -> None:
    page = vote(owner, "5", "3")
    assert "1 of 2 people have voted." in section(page, "votes-title")
    assert not has(page, "findings")
    assert buttons(page)[-2:] == [CHANGE, OPEN]
    assert not has(partner.open(PREPARE), "findings")

    page = vote(partner, "1", "3")

    assert section(page, "findings").startswith(
        "What the votes say You have different pictures of what comes first. Settlement file: Views are far "
        "apart. Importance 1, 5 Refunds: All see it alike. Importance 3, 3"
    )
    assert "No other order costs less." in section(page, "findings")
    assert HAND_IN not in buttons(page)


def test_an_order_says_its_price_and_is_taken_back(owner: Browser, partner: Browser) -> None:
    vote(owner, "3", "5")
    page = vote(partner, "3", "1")
    assert "The agenda takes 55 minutes instead of 45, 10 too many for this session." in section(
        page, "orders"
    )

    page = partner.submit(page, "Take this order, what divides you first", order="divided")

    assert [row.split(" ", 3)[-1] for row in rows(page)] == [
        "Refunds Payments → Partner API 30",
        "Settlement file Partner API → Payments 10",
    ]
    assert "10 minutes too long" in section(page, "agenda")
    page = partner.submit(page, "Undo")
    assert "Settlement file" in rows(partner.open(PREPARE))[0]


def test_the_leader_opens_early_and_asks_for_a_second_round(owner: Browser, partner: Browser) -> None:
    vote(partner, "4", "")
    page = owner.submit(owner.open(PREPARE), OPEN)
    assert "Settlement file: Too few votes to compare." in section(page, "findings")
    late = partner.send(VOTES, paper("1", "1"), status=409)
    assert "this one came too late" in late.text

    page = owner.submit(page, "Vote once more")

    assert "Votes before the session, round 2" in section(page, "votes-title")
    assert not has(page, "findings")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({}, "are empty"),
        ({"matter-1": FILE, "weeks-1": "3"}, "but not how important it is"),
        ({"matter-1": FILE, "importance-1": "nine"}, "no number"),
        ({"matter-1": FILE, "importance-1": "9"}, "expected an importance from 1 to 5"),
        ({"matter-1": FILE, "importance-1": "3", "viewpoint-1": "above"}, "names a viewpoint"),
        ({"matter-1": FILE, "importance-1": "3", "weeks-1": "٣"}, "no number"),
        ({"matter-1": "x" * 5000, "importance-1": "3"}, "not on this agenda any more"),
    ],
)
def test_a_paper_that_cannot_be_comes_back_and_nothing_is_kept(
    owner: Browser, town: Session, typed: dict[str, str], problem: str
) -> None:
    before = everything(town)

    page = owner.send(VOTES, typed, status=422)

    assert problem in page.words(f".//{HTML}div[@id='errors']")
    assert everything(town) == before


def test_what_was_typed_stays_when_a_paper_comes_back(owner: Browser) -> None:
    page = owner.send(VOTES, paper("4", "", weeks="3") | {"viewpoint-2": "work"}, status=422)

    chosen = page.tree.findall(f".//{HTML}input[@checked]")
    assert [(one.get("name"), one.get("value")) for one in chosen] == [
        ("importance-1", "4"),
        ("importance-2", ""),
    ]


def test_without_a_seat_one_reads_the_agenda_and_neither_votes_nor_orders(
    outsider: Browser, app: Flask, owner: Browser, partner: Browser
) -> None:
    vote(owner, "5", "3")
    vote(partner, "1", "3")

    page = outsider.open(PREPARE)

    assert len(rows(page)) == 2
    assert not has(page, "orders")
    assert section(page, "findings") == (
        "What the votes say 2 items are left out here: fewer than 5 people have voted, so what they said "
        "stays with the people of this session."
    )
    assert section(Browser(app).open(PREPARE), "findings") == section(page, "findings")
    outsider.send(VOTES, paper("1", "1"), status=403)
    outsider.send("/sessions/shared/1/agenda", {"order": "suggested", "version": "1"}, status=403)


EVERYWHERE = (
    PREPARE,
    "/",
    "/history",
    "/history?of=meeting-1",
    "/history?of=proposal-1",
    "/search?q=5",
    "/search?q=strategy",
    "/export.json",
    "/export/dependencies.csv",
    "/export/sessions.csv",
    "/sessions/proposals/1",
    "/sessions/shared/1.ics",
    "/sessions/suggestion",
    "/notices",
    "/dependencies/1",
    "/people/pat-partner",
)
"""Where a vote could show: pages, exports, the history and the search."""
CHANCE = re.compile(r'(name="(csrf_token|key)" value="[^"]*"|"X-CSRFToken": "[^"]*")')


def all_of_it(browser: Browser) -> dict[str, str]:
    return {at: CHANCE.sub("", browser.client.get(at, follow_redirects=True).text) for at in EVERYWHERE}


def test_nobody_finds_out_what_a_blind_vote_says(
    app: Flask, town: Session, owner: Browser, partner: Browser, outsider: Browser
) -> None:
    vote(partner, "5", "4")
    others = (owner, outsider, Browser(app))
    before = [all_of_it(browser) for browser in others]

    said = [{"matter": REFUNDS, "importance": 1, "viewpoint": "strategy", "weeks": 13}]
    town.execute(update(PaperRow).values(votes=said))
    town.commit()

    assert [all_of_it(browser) for browser in others] == before
    assert 'value="13" selected' in partner.open(PREPARE).text


def test_a_session_that_is_over_takes_no_topic(owner: Browser, town: Session) -> None:
    with recorded(town, OPERATOR, "meeting:closed", "Closed"):
        meeting_row(town, existing_shared(town, 1)).state = "closed"

    page = owner.open(f"{PREPARE}?round=1")
    assert buttons(page) == []
    owner.send("/sessions/shared/1/topics?round=1", {"title": "Holidays"}, status=409)


def test_what_came_from_the_last_round_is_named_and_taken_out(
    owner: Browser, outsider: Browser, town: Session
) -> None:
    leader, first, second = make_actor(town, "olive-owner"), RoundOf(1, 0), RoundOf(1, 1)
    preparing.add_topic(town, leader, first, title="Holidays", key=None)
    live.start_meeting(town, leader, first, key=None)
    make_meeting(town, leader, second, key=None)
    live.close_meeting(town, leader, first, key=None)

    before = owner.open(f"{PREPARE}?round=2")
    after = owner.submit(before, "Take out Holidays")
    read = outsider.open(f"{PREPARE}?round=2")

    left = "“Settlement file”, “Refunds”, “Holidays”: left open in the session before, so they stand first."
    assert left in section(before, "agenda")
    assert [row for row in rows(after) if "Holidays" in row] == []
    assert "Taken out of this agenda: “Holidays”." in section(after, "agenda")
    assert not [word for word in buttons(read) if word.startswith("Take out")]


def test_an_agenda_that_wrote_itself_is_opened_to_take_something_out(
    owner: Browser, outsider: Browser, town: Session
) -> None:
    leader, first = make_actor(town, "olive-owner"), RoundOf(1, 0)
    preparing.add_topic(town, leader, first, title="Holidays", key=None)
    live.start_meeting(town, leader, first, key=None)
    live.close_meeting(town, leader, first, key=None)

    ahead = owner.open(f"{PREPARE}?round=2")
    opened = owner.submit(ahead, "Change this agenda")
    after = owner.submit(opened, "Take out Holidays")

    assert not [word for word in buttons(ahead) if word.startswith("Take out")]
    assert not [row for row in rows(after) if "Holidays" in row]
    assert "Change this agenda" not in buttons(opened)
    assert "Change this agenda" not in buttons(outsider.open(f"{PREPARE}?round=2"))


def test_who_objects_before_the_session_takes_it_from_what_is_agreed_at_once(
    owner: Browser, outsider: Browser, town: Session
) -> None:
    with recorded(town, OPERATOR, "dependency:changed", "Agreed, and not needed"):
        file, refunds = town.get_one(DependencyRow, 1), town.get_one(DependencyRow, 2)
        file.state, file.promised_for = DependencyState.AGREED.value, date(2026, 2, 27)
        refunds.state = DependencyState.WITHDRAWN.value
    owner.submit(owner.open(PREPARE), "Put it on the agenda", title="Holidays")

    before = owner.open(PREPARE)
    after = owner.submit(before, "Talk about it: Settlement file")

    assert "Agreed at once These are settled." in section(before, "agenda")
    assert "Talk about it: Settlement file" not in buttons(outsider.open(PREPARE))
    assert "Agreed at once" not in section(after, "agenda")
    assert rows(after)[0].split(" ", 3)[-1].startswith("Settlement file")


def test_an_unknown_session_is_not_found(owner: Browser) -> None:
    assert owner.open("/sessions/shared/9/prepare", status=404).heading == "Not here"


def test_more_items_and_votes_cost_no_more_queries(owner: Browser, partner: Browser, town: Session) -> None:
    preparing.add_topic(town, make_actor(town, "otto-outsider"), 1, title="One", key=None)
    vote(owner, "5", "3")
    few = [cost_of(owner, PREPARE), cost_of(owner, "/")]
    for title in ("Two", "Three", "Four"):
        preparing.add_topic(town, make_actor(town, "otto-outsider"), 1, title=title, key=None)
    vote(partner, "1", "3")

    assert [cost_of(owner, PREPARE), cost_of(owner, "/")] == few


def test_my_week_asks_for_a_vote_until_it_is_given(owner: Browser, partner: Browser) -> None:
    assert "Prepare and vote" in section(owner.open("/"), "mine")

    vote(owner, "5", "3")
    assert "Prepare and vote" not in section(owner.open("/"), "mine")
    assert "Prepare and vote" in section(partner.open("/"), "mine")

    owner.submit(owner.open(PREPARE), OPEN)
    assert "Prepare and vote" not in section(partner.open("/"), "mine")
    owner.submit(owner.open(PREPARE), "Vote once more")
    assert "Prepare and vote" in section(owner.open("/"), "mine")


def test_my_week_and_the_plan_lead_to_preparing(owner: Browser) -> None:
    for address in ("/", "/sessions/proposals/1"):
        links = [a.get("href") for a in owner.open(address).tree.iter(f"{HTML}a")]
        assert PREPARE in links
