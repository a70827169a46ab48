"""A promise is made, asked about, moved and seen: two people side by side, with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from planner.storage.db import db
from tests.browser.checks import faults
from tests.factories import make_actor, make_promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER, WITNESS = "dana-fischer", "amara-diallo"
DRAFT = "Draft of the fare table"


def promised(site: Site) -> None:
    with site.app.app_context():
        make_promise(db.session(), make_actor(db.session(), OWNER), WITNESS)
        db.session.remove()


def test_a_promise_from_the_first_line_to_seen(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    owner = visit(own_example, OWNER, script=script).open("/")
    witness = visit(own_example, WITNESS, script=script)

    owner.get_by_label("Promise something").fill(f"{DRAFT} by Fri")
    owner.get_by_label("Who may ask about it").select_option(WITNESS)
    owner.get_by_role("button", name="Promise", exact=True).click()
    expect(owner.locator("#promise-1")).to_contain_text("◆ Open")

    page = witness.open("/")
    page.locator("#promise-1").get_by_role("button", name="Ask how it goes").click()
    expect(page.locator("#toasts")).to_contain_text(f"Asked how it goes: {DRAFT}")

    owner.goto("/")
    owner.locator("#promise-1").get_by_role("button", name="Kept").click()
    expect(owner.locator("#promise-1")).to_have_count(0)
    owner.get_by_role("button", name="Undo").click()
    expect(owner.locator("#promise-1")).to_have_count(1)
    owner.locator("#promise-1").get_by_role("button", name="Kept").click()
    expect(owner.locator("#promise-1")).to_have_count(0)

    page.goto("/")
    page.locator("#promise-1").get_by_role("button", name="Seen").click()
    expect(page.locator("#promise-1")).to_have_count(0)


def test_another_day_takes_a_day(own_example: Site, visit: Callable[..., Visit], script: bool) -> None:
    promised(own_example)
    page = visit(own_example, OWNER, script=script).open("/promises/1")

    page.get_by_text("Another day…").click()
    page.get_by_label("New day").fill("2026-02-10")
    page.get_by_role("button", name="Move it").click()

    expect(page.locator("h1 + p")).to_contain_text("for Tue 10 Feb")


def test_the_pages_of_promises_are_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    promised(own_example)
    owner, witness = visit(own_example, OWNER), visit(own_example, WITNESS)

    for window in (owner, witness):
        for address in ("/", "/promises", "/promises/1"):
            window.open(address)
            assert faults(window.page) == []
