"""A negotiation in the browser: with script, without, and from the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.visit import Site, Visit

GIVER, ASKER = "dana-fischer", "leo-brandt"  # Payments owes Identity a verified card token
TOKEN = "Verified card token"


def row(page: Page, what: str = TOKEN) -> Locator:
    return page.locator("[data-row]", has_text=what)


def test_yes_is_one_click_and_undo_one_more(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(own_example, GIVER, script=script).open("/")

    row(page).get_by_role("button", name="Yes, by Mon 16 Feb").click()

    expect(row(page)).to_contain_text("Payments promised it for Mon 16 Feb.")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(row(page)).to_contain_text("Payments has not answered for more than five working days.")


def test_the_undo_is_in_sight_where_a_long_page_was_answered(
    own_example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(own_example, GIVER).open("/")
    page.set_viewport_size({"width": 1280, "height": 500})

    page.get_by_role("button", name="Mark as handed over").last.click()

    expect(page.locator("#toasts").get_by_role("button", name="Undo")).to_be_in_viewport(ratio=1)


def test_another_date_is_two_clicks_and_a_date(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    giver = visit(own_example, GIVER, script=script)
    page = giver.open("/")

    row(page).get_by_role("link", name="Another date…").click()
    page.get_by_label("Date you can promise").fill("2026-03-02")
    page.get_by_role("button", name="Offer it").click()

    expect(row(page)).to_contain_text("Payments offers Mon 2 Mar, 10 working days after it is needed")
    assert giver.path == "/"
    asker = visit(own_example, ASKER, script=script).open("/")
    row(asker).get_by_role("button", name="Take Mon 2 Mar").click()
    expect(row(asker)).to_contain_text("Payments promised it for Mon 2 Mar")


def test_no_is_two_clicks_and_a_reason(own_example: Site, visit: Callable[..., Visit], script: bool) -> None:
    page = visit(own_example, GIVER, script=script).open("/")

    row(page).get_by_role("link", name="No, because…").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "In your own words is empty; give the reason in a few words"
    )
    expect(page.get_by_label("In your own words")).to_be_focused()
    page.get_by_label("No capacity").check()
    page.get_by_role("button", name="Decline").click()

    expect(page.locator("#toasts")).to_contain_text("Declined “Verified card token”: no capacity")
    expect(row(page)).to_have_count(0)


def test_handed_over_and_confirmed_against_the_criteria(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    giver = visit(own_example, GIVER, script=script).open("/")
    row(giver).get_by_role("button", name="Yes, by").click()
    row(giver).get_by_role("button", name="Mark as handed over").click()
    expect(row(giver)).to_contain_text("Identity has not confirmed it yet.")

    asker = visit(own_example, ASKER, script=script).open("/")
    row(asker).get_by_role("link", name="Confirm…").click()
    asker.get_by_label("The token is bound to one device").check()
    asker.get_by_label("The test card works end to end").check()
    asker.get_by_role("button", name="Confirm", exact=True).click()

    expect(asker.locator("#toasts")).to_contain_text("Confirmed “Verified card token”")


def test_my_week_is_answered_from_the_keyboard_alone(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, GIVER).open("/")

    page.keyboard.press("j")
    expect(row(page)).to_be_focused()
    page.keyboard.press("y")

    expect(row(page)).to_contain_text("Payments promised it for Mon 16 Feb.")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-row]").first).to_be_focused()


def test_a_form_in_a_row_takes_the_focus_and_its_errors_do(
    own_example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(own_example, GIVER).open("/")
    link = row(page).get_by_role("link", name="No, because…")

    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("No capacity")).to_be_focused()
    page.get_by_role("button", name="Decline").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_label("In your own words")).to_be_focused()
    page.keyboard.type("not our part")
    page.keyboard.press("Tab")
    for _stop in range(12):
        if page.evaluate("document.activeElement.textContent") == "Decline":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("not our part")


def test_who_is_too_late_keeps_their_words(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    giver = visit(own_example, GIVER, script=script).open("/")
    row(giver).get_by_role("link", name="Another date…").click()
    giver.get_by_label("Why").fill("my careful words")
    asker = visit(own_example, ASKER, script=script)
    other = asker.open("/dependencies/29/withdraw")
    other.get_by_label("Why it is no longer needed").fill("solved otherwise")
    other.get_by_role("button", name="Withdraw").click()
    expect(other.locator("#toasts")).to_contain_text("Withdrew")

    giver.get_by_role("button", name="Offer it").click()

    expect(giver.get_by_role("alert")).to_contain_text("is withdrawn now. Leo Brandt")
    expect(giver.get_by_label("Why")).to_have_value("my careful words")


STOPS_MAX = 150


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says or is called this, once the page with it is there."""
    expect(page.locator("body")).to_contain_text(words)
    for _stop in range(STOPS_MAX):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count() and words in f"{focus.text_content()} {_label(page, focus)}":
            return
    raise AssertionError(f"Tab never came to “{words}”")


def _label(page: Page, focus: Locator) -> str:
    name = focus.get_attribute("id")
    label = page.locator(f'label[for="{name}"]') if name else None
    return label.first.text_content() or "" if label is not None and label.count() else ""


def test_the_whole_way_with_the_keyboard_alone(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    """Ask, offer another date, take it, hand over, take that back, hand over again, confirm."""
    asker, giver = visit(own_example, ASKER, script=script), visit(own_example, GIVER, script=script)

    page = asker.open("/dependencies/new")
    tab_to(page, "What do you need")
    page.keyboard.type("Refund notice from Payments by 16 Mar")
    page.keyboard.press("Enter")
    if not script:
        tab_to(page, "Add 1 need")
        page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Added “Refund notice”")

    page = giver.open("/")
    tab_to(page, "Another date… Refund notice")
    page.keyboard.press("Enter")
    if not script:
        tab_to(page, "Date you can promise")
    expect(page.get_by_label("Date you can promise")).to_be_focused()
    page.keyboard.press("Enter")  # a sprint later stands there already
    expect(page.locator("#toasts")).to_contain_text("Offered Mon 30 Mar 2026")

    page = asker.open("/")
    tab_to(page, "Take Mon 30 Mar: Refund notice")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Took the offer")

    page = giver.open("/")
    tab_to(page, "Mark as handed over: Refund notice")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Handed over “Refund notice”")
    page.reload()
    page = giver.open("/history")
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Took back: Handed over")

    page = giver.open("/")
    tab_to(page, "Mark as handed over: Refund notice")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Handed over “Refund notice”")

    page = asker.open("/")
    tab_to(page, "Confirm: Refund notice")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Confirmed “Refund notice”")
