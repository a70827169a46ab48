"""A session is prepared by its people: topics, blind votes, an order taken over; with script and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from planner.domain.ballots import Vote
from planner.services.meeting import ballots
from planner.services.meeting.meetings import read_meeting
from planner.services.organisation import read_organisation
from planner.storage.db import db
from tests.browser.checks import faults
from tests.factories import make_actor, make_agreed

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.visit import Site, Visit

LEADER, SEATED, GUEST = "olu-adeyemi", "amara-diallo", "dana-fischer"
NUMBER = 4
"""The session about refunds, of three people and two dependencies."""
PREPARE = f"/sessions/shared/{NUMBER}/prepare"


def agreed(site: Site) -> None:
    """Everybody is fine with the plan of now, and it is tried."""
    with site.app.app_context():
        make_agreed(db.session(), make_actor(db.session(), GUEST))
        db.session.remove()


def voted(site: Site, *people: str) -> None:
    """These people have voted: alike on the first item, each with other numbers on the rest."""
    with site.app.app_context():
        session = db.session()
        items = read_meeting(session, NUMBER).items
        for more, key in enumerate(people):
            scores = [3, *(1 + 2 * more for _ in items[1:])]
            votes = [Vote(one.name, score) for one, score in zip(items, scores, strict=True)]
            ballots.vote(session, make_actor(session, key), read_organisation(session), NUMBER, votes)
        db.session.remove()


def part(page: Page, heading: str) -> Locator:
    return page.locator("section", has=page.locator(f"#{heading}"))


def test_two_people_prepare_a_session_side_by_side(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    agreed(own_example)
    guest = visit(own_example, GUEST, script=script).open(PREPARE)
    seated = visit(own_example, SEATED, script=script).open(PREPARE)

    guest.get_by_label("What do you want to talk about?").fill("Who answers in the holidays?")
    guest.get_by_role("button", name="Put it on the agenda").click()
    expect(part(guest, "agenda")).to_contain_text("5 minutes too long")
    expect(part(guest, "agenda")).to_contain_text("Dana Fischer, guest for this item only")

    seated.reload()
    seated.get_by_role("group", name="Who answers in the holidays?").get_by_label("Importance 4").check()
    seated.get_by_label("It takes").last.select_option("2")
    seated.get_by_role("button", name="Hand in my votes").click()
    expect(part(seated, "votes-title")).to_contain_text("1 of 3 people have voted.")
    guest.reload()
    expect(guest.get_by_role("heading", name="What the votes say")).to_have_count(0)
    guest.get_by_role("button", name="Take away Who answers in the holidays?").click()
    expect(part(guest, "agenda")).to_contain_text("It fits")
    guest.get_by_role("button", name="Undo").first.click()
    expect(part(guest, "agenda")).to_contain_text("Who answers in the holidays?")


def test_opened_votes_order_the_agenda_and_the_order_is_taken_back(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    agreed(own_example)
    voted(own_example, SEATED, "ines-roth")
    page = visit(own_example, LEADER, script=script).open(PREPARE)

    page.get_by_role("button", name="Open the votes now").click()
    expect(part(page, "findings")).to_contain_text("Views differ.")
    page.get_by_role("button", name=re.compile("Take this order.*what divides you first")).click()

    expect(page.get_by_text("As it is now")).not_to_have_count(0)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator("main")).to_contain_text("Took back: Put what divides people most first")


def test_a_preparation_is_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    agreed(own_example)
    page = visit(own_example, LEADER).open(PREPARE)
    page.get_by_label("What do you want to talk about?").fill("Who answers in the holidays?")
    page.get_by_role("button", name="Put it on the agenda").click()
    assert faults(page) == []

    voted(own_example, SEATED, "ines-roth", LEADER)
    for address in (PREPARE, "/", "/sessions/proposals/1"):
        page.goto(address)
        assert faults(page) == []


def test_the_agenda_prints_without_forms_and_votes(own_example: Site, visit: Callable[..., Visit]) -> None:
    agreed(own_example)
    voted(own_example, SEATED, "ines-roth", LEADER)
    page = visit(own_example, LEADER).open(PREPARE)

    page.emulate_media(media="print")

    expect(page.locator("#agenda")).to_be_visible()
    for hidden in ("#findings", "#orders", "#votes-title", "#title"):
        expect(page.locator(hidden)).to_be_hidden()
