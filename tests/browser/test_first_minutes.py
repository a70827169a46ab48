"""From nothing to the first suggestion, or to the example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.checks import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

LINES = """\
Settlement file from Partner API by 2 Mar
Partner API needs verified card token from Payments by 16 Feb
Identity needs customer id from Payments by 16 Feb
Payments needs passkey from Identity by 2 Mar"""


def test_three_screens_lead_from_nothing_to_a_suggestion(
    empty: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = visit(empty, script=script)
    page = window.open("/")
    page.get_by_label("Your name").fill("Dana Fischer")
    page.get_by_label("Your team").fill("Payments")
    page.get_by_role("button", name="Go on to your first lines").click()
    page.get_by_label("Lines").fill(LINES)
    page.get_by_role("button", name="Check the lines").click()

    page.get_by_role("button", name="Add 4 needs").click()

    expect(page).to_have_url(f"{empty.address}/sessions/suggestion")
    heading = page.get_by_role("heading", level=1).inner_text()
    assert re.fullmatch(r"\d+ shared sessions? instead of \d+ \(assumed\)", heading), heading
    assert window.forms_sent == ["POST /start", "POST /dependencies/check", "POST /dependencies/many"]


def test_a_team_without_people_is_named_from_the_suggestion(empty: Site, visit: Callable[..., Visit]) -> None:
    page = visit(empty).open("/start")
    page.get_by_label("Your name").fill("Dana Fischer")
    page.get_by_label("Your team").fill("Payments")
    page.get_by_role("button", name="Go on to your first lines").click()
    page.get_by_label("Lines").fill(LINES)
    page.get_by_role("button", name="Check the lines").click()
    page.get_by_role("button", name="Add 4 needs").click()
    assert faults(page) == []

    page.get_by_role("link", name="Somebody of Identity").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Add a person")
    expect(page.get_by_role("checkbox", name="Identity")).to_be_checked()


def test_who_begins_works_by_the_clock_of_their_browser(empty: Site, visit: Callable[..., Visit]) -> None:
    page = visit(empty).open("/start")
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")

    told = page.locator("input[name=zone]").input_value()

    assert told == zone != ""


def test_a_start_without_names_says_what_is_missing(empty: Site, visit: Callable[..., Visit]) -> None:
    page = visit(empty).open("/start")

    page.get_by_role("button", name="Go on to your first lines").click()

    expect(page).to_have_title("Error: Start · planner")
    expect(page.locator("#errors")).to_be_focused()


def test_the_example_is_one_click_away_and_one_click_back(
    empty: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(empty, script=script).open("/")
    page.get_by_role("button", name="Load the example organisation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("shared sessions instead of 14"))
    page.goto("/sign-in")
    page.get_by_role("button", name="Dana Fischer").click()
    page.goto("/exchange")

    page.get_by_role("button", name="Remove everything and start with your own").click()

    expect(page.get_by_label("Your name")).to_be_visible()
