"""A plan is adjusted, shared, compared and restored: with script and without, and by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.checks import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
PROPOSE = "Propose this plan to everybody"
FIRST = "#session-1"


def test_a_plan_is_adjusted_and_goes_on_as_its_next_version(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = visit(own_example, OWNER, script=script)
    page = window.open("/sessions/suggestion")

    page.locator(FIRST).get_by_role("link", name="Adjust").click()
    page.get_by_role("link", name="Split it in two").click()
    expect(page.locator("#adjustments ~ ol > li")).to_have_count(1)
    page.get_by_role("button", name=PROPOSE).click()
    page.get_by_role("link", name="Adjust it").click()
    page.get_by_role("link", name="Undo all").click()
    page.get_by_role("button", name="Share as version 2").click()
    page.get_by_role("link", name="Compare with version 1").click()

    expect(page.locator("#comparison h2")).to_have_text("What version 2 changes against version 1")
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.locator("#adjusted ~ ol > li")).to_have_count(1)
    assert window.path == "/sessions/proposals/3"


def test_an_adjustment_is_made_and_undone_from_the_keyboard_alone(
    own_example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(own_example, OWNER).open("/sessions/suggestion/adjust")

    page.locator(FIRST).get_by_role("link", name="Adjust this session").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(FIRST)).to_contain_text("Pinned")
    page.locator(FIRST).get_by_role("link", name="Release").focus()
    page.keyboard.press("Enter")

    expect(page.locator(FIRST)).not_to_contain_text("Pinned")


@pytest.mark.parametrize("about", ["session", "item"])
def test_a_draft_is_without_fault(own_example: Site, visit: Callable[..., Visit], about: str) -> None:
    page = visit(own_example, OWNER).open("/sessions/suggestion")
    link = page.locator(FIRST).get_by_role("link", name="Adjust").get_attribute("href") or ""
    key = link.partition("session=")[2].partition("#")[0]

    for words in (f"{about}={key}", f"change=split:{key}&change=gone&again=1", f"change=drop:{key}"):
        page.goto(page.url.split("/sessions")[0] + f"/sessions/suggestion/adjust?{words}")
        assert faults(page) == [], words


def test_versions_of_a_proposal_are_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, OWNER).open("/sessions/suggestion/adjust")
    page.get_by_role("button", name=PROPOSE).click()
    page.get_by_label("It would be fine with").select_option("shorter")
    page.get_by_role("button", name="Fine if…").click()
    page.get_by_role("link", name="Adjust it").click()
    page.locator(FIRST).get_by_role("link", name="Adjust this session").click()
    assert faults(page) == []
    page.get_by_role("link", name="Split it in two").click()
    page.get_by_role("button", name="Share as version 2").click()
    page.get_by_role("link", name="Compare with version 1").click()

    assert faults(page) == []
