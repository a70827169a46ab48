"""Asking for something: by a sentence, by many lines, with and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
SENTENCE = "Tap receipts from Partner API by 2 Mar"
QUESTION = "What does Payments need, from whom, by when?"


def test_the_person_who_is_chosen_sees_their_week(
    example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(example, script=script).open("/dependencies/new")

    page.get_by_role("button", name="Dana Fischer").click()

    expect(page).to_have_title("Ask for something · planner")
    expect(page.get_by_role("contentinfo")).to_contain_text("You are Dana Fischer.")


def test_a_sentence_is_read_while_it_is_typed_and_sent_with_enter(
    own_example: Site, visit: Callable[..., Visit]
) -> None:
    window = visit(own_example, OWNER)
    page = window.open("/")
    page.get_by_label(QUESTION).fill(SENTENCE)
    expect(page.locator("#preview .tok")).to_have_text(
        ["Payments", "Tap receipts", "Partner API", "Mon 2 Mar 2026"]
    )
    expect(page.get_by_label(QUESTION)).to_be_focused()

    page.get_by_label(QUESTION).press("Enter")

    expect(page.get_by_role("link", name="Tap receipts", exact=True)).to_be_visible()
    assert window.requests == ["GET /", "POST /dependencies"]


def test_what_was_asked_is_taken_back_from_the_toast(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, OWNER).open("/")
    page.get_by_label(QUESTION).fill(SENTENCE)
    expect(page.locator("#preview")).to_contain_text("Tap receipts")
    page.get_by_label(QUESTION).press("Enter")
    expect(page.get_by_role("link", name="Tap receipts", exact=True)).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").filter(has_text="Took back")).to_be_visible()
    expect(page.get_by_role("link", name="Tap receipts", exact=True)).to_have_count(0)


def test_without_script_the_sentence_is_shown_before_it_is_saved(
    own_example: Site, visit: Callable[..., Visit]
) -> None:
    window = visit(own_example, OWNER, script=False)
    page = window.open("/")
    page.get_by_label(QUESTION).fill(SENTENCE)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this meant?")

    page.get_by_role("button", name="Add 1 need").click()

    expect(page.get_by_role("link", name="Tap receipts", exact=True)).to_be_visible()
    assert window.forms_sent == ["POST /dependencies", "POST /dependencies/many"]


def test_a_sentence_with_a_doubt_comes_back_as_a_question(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(own_example, OWNER, script=script).open("/dependencies/new")
    page.get_by_label("What do you need, from whom, by when?").fill("Tap receipts from Partner API by 31 Feb")
    if script:
        expect(page.locator("#preview .ask")).to_be_visible()

    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Is this meant?")
    expect(page.locator("tr.asks .error")).to_be_visible()
    expect(page.get_by_label("By, line 1")).to_have_value("31 Feb")


def test_many_lines_become_a_table_to_correct_and_then_a_suggestion(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(own_example, OWNER, script=script).open("/dependencies/new?bulk=1")
    lines = "Tap receipts from Partner API by 2 Mar\nLoyalty needs night fares from Payments by 31 Feb"
    page.get_by_label("Lines").fill(lines)
    page.get_by_role("button", name="Check the lines").click()
    expect(page.locator("tr.open[id]")).to_have_count(1)

    page.get_by_label("By, line 2").fill("2026-03-02")
    page.get_by_role("button", name="Add 2 needs").click()

    expect(page).to_have_url(f"{own_example.address}/sessions/suggestion")
    assert _is_recorded(page, "night fares")
    assert _is_recorded(page, "Tap receipts")


def test_a_table_that_is_still_open_is_not_saved_and_says_so_first(
    own_example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(own_example, OWNER).open("/dependencies/new?bulk=1")
    page.get_by_label("Lines").fill("Loyalty needs night fares from Payments by 31 Feb")
    page.get_by_role("button", name="Check the lines").click()

    page.get_by_role("button", name="Add 1 need").click()

    expect(page).to_have_title("Error: Is this meant? · planner")
    expect(page.locator("#errors")).to_be_focused()
    assert not _is_recorded(page, "night fares")


def _is_recorded(page: Page, what: str) -> bool:
    page.goto(f"/dependencies?q={what}")
    return page.get_by_role("link", name=what, exact=True).count() == 1
