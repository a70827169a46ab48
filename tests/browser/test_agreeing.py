"""A plan is proposed, answered, tried and given up again: with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from planner.storage.db import db
from tests.browser.checks import faults
from tests.factories import make_actor, make_agreed, make_dependency

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
PROPOSE = "Propose this plan to everybody"


def adopted(site: Site) -> None:
    """Everybody is fine with the plan of now, and it is tried."""
    with site.app.app_context():
        make_agreed(db.session(), make_actor(db.session(), OWNER))
        db.session.remove()


def something_new(site: Site) -> None:
    with site.app.app_context():
        make_dependency(db.session(), "payments", "partner-api", what="Refund rule")
        db.session.remove()


def test_a_plan_is_proposed_and_answered(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = visit(own_example, OWNER, script=script)
    page = window.open("/sessions/suggestion")

    page.get_by_role("button", name=PROPOSE).click()
    page.get_by_role("button", name="Object because…").click()
    expect(page.locator("#errors")).to_contain_text("is empty; say on what condition")
    page.get_by_label("Your condition, or what speaks against it").fill("it begins at ten")
    page.get_by_role("button", name="Fine if…").click()

    expect(page.locator("section", has=page.locator("#my-answer"))).to_contain_text("Your answer: ↔ Fine if")
    expect(page.locator("section", has=page.locator("#voices"))).to_contain_text("it begins at ten")
    assert window.path == "/sessions/proposals/1"


def test_a_trial_is_given_up_in_one_act(own_example: Site, visit: Callable[..., Visit], script: bool) -> None:
    adopted(own_example)
    page = visit(own_example, OWNER, script=script).open("/sessions/proposals/1")

    page.get_by_role("button", name="Restore the old sessions").click()

    expect(page.locator("h1 + p")).to_contain_text("✕ Given up")
    expect(page.get_by_text("(paused)")).to_have_count(0)


def test_a_proposal_that_waits_is_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, OWNER).open("/sessions/suggestion")
    page.get_by_role("button", name=PROPOSE).click()
    something_new(own_example)

    for address in ("/", "/sessions/proposals/1", "/sessions/proposals", "/notices"):
        page.goto(address)
        assert faults(page) == []


def test_a_trial_is_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    adopted(own_example)
    page = visit(own_example, OWNER).open("/calendar")
    page.get_by_role("button", name="Make one for my sessions").click()
    expect(page.get_by_label("Copy it into your calendar program")).to_be_visible()

    for address in ("/sessions/proposals/1", "/", "/sessions", "/calendar"):
        page.goto(address)
        assert faults(page) == []
