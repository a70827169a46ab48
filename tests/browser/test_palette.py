"""The palette with the keyboard alone, and the switch that turns single keys off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.checks import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
SENTENCE = "Refund list from Partner API by 2 Mar"


def open_palette(page: Page) -> Locator:
    """Press the keys and return the field, which has the focus then."""
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find, go or ask")
    expect(field).to_be_focused()
    return field


def test_the_palette_finds_and_goes(example: Site, visit: Callable[..., Visit]) -> None:
    window = visit(example, OWNER)
    page = window.open("/")
    field = open_palette(page)
    expect(page.locator("#palette-list").get_by_role("option")).to_have_count(24)

    page.keyboard.type("partner")
    first = page.get_by_role("option", name="Partner API team")
    expect(first).to_be_visible()
    unchosen = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")

    expect(first).to_have_attribute("aria-selected", "true")
    assert (unchosen, field.get_attribute("aria-activedescendant")) == (None, first.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Partner API")
    assert window.path == "/teams/partner-api"


def test_the_palette_records_a_sentence(own_example: Site, visit: Callable[..., Visit]) -> None:
    window = visit(own_example, OWNER)
    page = window.open("/map")
    open_palette(page)

    page.keyboard.type(SENTENCE)
    expect(page.locator("#palette-list").get_by_role("option").first).to_contain_text(f"Ask: {SENTENCE}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    sentence = page.get_by_role("textbox", name="What do you need, from whom, by when?")
    expect(sentence).to_be_focused()
    expect(sentence).to_have_value(SENTENCE)
    page.keyboard.press("Enter")

    expect(page.locator("#toasts")).to_contain_text("Refund list")


def test_enter_without_a_choice_searches_and_escape_leaves(
    example: Site, visit: Callable[..., Visit]
) -> None:
    window = visit(example, OWNER)
    page = window.open("/goals")
    link = page.get_by_role("link", name="Map", exact=True)
    link.focus()
    field = open_palette(page)
    page.keyboard.press("ArrowUp")

    page.keyboard.press("Escape")

    expect(field).to_be_hidden()
    expect(link).to_be_focused()
    open_palette(page)
    page.keyboard.type("fare")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Found for “fare”")


def test_the_open_palette_is_without_fault(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/")
    open_palette(page)
    page.keyboard.type("partner")
    expect(page.get_by_role("option", name="Partner API team")).to_be_visible()
    page.keyboard.press("ArrowDown")

    assert faults(page) == []


def test_single_keys_are_switched_off_with_the_keyboard(example: Site, visit: Callable[..., Visit]) -> None:
    window = visit(example, OWNER)
    page = window.open("/")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")

    page.get_by_role("button", name="Switch single keys off").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Single keys are off")).to_be_visible()
    page.goto("/")
    for key in ("j", "/", "?"):
        page.keyboard.press(key)

    assert window.path == "/"
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    open_palette(page)
