"""After a session: minutes shared, objected to, corrected and agreed by silence; with script and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId
from planner.services.meeting import live, outcomes
from planner.services.meeting.meetings import read_meeting
from planner.storage.db import db
from tests.browser.checks import faults
from tests.conftest import MONDAY
from tests.factories import make_actor, make_agreed, make_held

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
MINUTES = "/sessions/shared/1/minutes"


@pytest.fixture
def people(own_example: Site) -> tuple[str, str]:
    """The plan of the example is tried and its first session is over: who leads it, and who was there."""
    with own_example.app.app_context():
        session = db.session()
        make_agreed(session, make_actor(session, OWNER))
        meeting = read_meeting(session, 1)
        other = min(meeting.invited - {meeting.facilitator})
        leader = make_held(session, 1, other)
        db.session.remove()
    return leader, other


def decide(site: Site, leader: str, text: str) -> None:
    """Write a decision down after the session, and end it again."""
    with site.app.app_context():
        session = db.session()
        actor = make_actor(session, leader)
        live.open_again(session, actor, 1, key=None)
        outcomes.decide(
            session, actor, 1, ItemId(1), Decision(text=text), version=0, dependency_version=None, key=None
        )
        live.close_meeting(session, replace(actor, at=MONDAY + timedelta(hours=1)), 1, key=None)
        db.session.remove()


def later(site: Site, days: int) -> None:
    """Let days pass on the clock of the installation."""
    planner = site.app.extensions["planner"]
    settings = replace(planner.settings, clock=lambda: MONDAY + timedelta(days=days))
    site.app.extensions["planner"] = replace(planner, settings=settings)


def test_minutes_are_shared_objected_to_answered_corrected_and_agreed(
    own_example: Site, people: tuple[str, str], visit: Callable[..., Visit], script: bool
) -> None:
    leader, other = people
    owner = visit(own_example, leader, script=script).open(MINUTES)
    witness = visit(own_example, other, script=script).open(MINUTES)
    state = owner.locator("h1 >> xpath=ancestor::main").locator(".st").first

    owner.get_by_role("button", name="Share the minutes").click()
    expect(state).to_contain_text("Shared, open to objections")

    witness.goto(MINUTES)
    whole = witness.locator("section", has=witness.locator("#whole"))
    whole.get_by_text("Object…").click()
    whole.get_by_label("What is not right").fill("The first item was decided")
    whole.get_by_role("button", name="Object to this").click()
    expect(witness.locator("#objection-1")).to_contain_text("The first item was decided")

    owner.goto(MINUTES)
    expect(state).to_contain_text("An objection is open")
    owner.get_by_label("Answer, for all to read").fill("True, I correct it")
    owner.get_by_role("button", name="Answer").click()
    expect(owner.locator("#objection-1")).to_contain_text("True, I correct it")

    decide(own_example, leader, "Both teams build it")
    owner.goto(MINUTES)
    owner.get_by_label("What is corrected").fill("The decision was missing")
    owner.get_by_role("button", name="Share the correction").click()
    expect(owner.locator("section", has=owner.locator("#decisions"))).to_contain_text("Both teams build it")

    later(own_example, 4)
    witness.goto(MINUTES)
    expect(witness.locator("main .st").first).to_contain_text("Agreed by silence")
    expect(witness.get_by_text("Object…")).to_have_count(0)
    witness.get_by_role("link", name="Version 1").click()
    expect(witness.locator("main .st").first).to_contain_text("Replaced by a newer version")
    expect(witness.locator("#objection-1")).to_contain_text("True, I correct it")


def test_worth_is_one_click(
    own_example: Site, people: tuple[str, str], visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(own_example, people[1], script=script).open("/sessions/proposals/1")

    page.get_by_role("button", name="More than it cost me").first.click()

    expect(page.locator("#trial ~ ul [aria-pressed=true]")).to_contain_text("✓ More than it cost me")


def test_the_pages_after_a_session_are_without_fault(
    own_example: Site, people: tuple[str, str], visit: Callable[..., Visit]
) -> None:
    leader, other = people
    decide(own_example, leader, "Both teams build it")
    owner, witness = visit(own_example, leader), visit(own_example, other)
    page = owner.open(MINUTES)
    assert faults(page) == []
    page.get_by_role("button", name="Share the minutes").click()
    expect(page.locator("main .st").first).to_contain_text("Shared")

    for window, addresses in (
        (owner, (MINUTES, "/sessions/proposals/1", f"/people/{leader}/load")),
        (witness, (MINUTES,)),
    ):
        for address in addresses:
            window.open(address)
            assert faults(window.page) == []
