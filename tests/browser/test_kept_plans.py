"""A plan is kept, something changes, and people choose how to go on: with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from planner.storage.db import db
from tests.browser.checks import faults
from tests.factories import make_dependency

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

PATH = "/sessions/suggestion"
OWNER = "dana-fischer"


def change(site: Site) -> None:
    with site.app.app_context():
        make_dependency(db.session(), "payments", "partner-api", what="Refund rule")
        db.session.remove()


def test_a_plan_is_kept_and_gone_on_from(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = visit(own_example, OWNER, script=script)
    page = window.open(PATH)
    section = page.locator("#kept")

    page.get_by_role("button", name="Keep this as our plan").click()
    expect(section).to_contain_text("Nothing changes: every session stays as it is.")
    change(own_example)
    page.goto(PATH)
    expect(section).to_contain_text("Refund rule")
    page.get_by_role("link", name="Close to the kept plan").click()

    expect(section.locator("[aria-current]")).to_have_text("● Close to the kept plan")
    expect(section).to_contain_text("From scratch costs the same and changes 3 sessions.")
    assert window.path == f"{PATH}?near=1"
    page.get_by_role("button", name="Forget the kept plan").click()
    expect(section).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#kept")).to_be_visible()


def test_the_changes_are_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, OWNER).open(PATH)
    page.get_by_role("button", name="Keep this as our plan").click()
    change(own_example)

    for address in (PATH, f"{PATH}?near=1"):
        page.goto(address)
        assert faults(page) == []
