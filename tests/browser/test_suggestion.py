"""The suggestion: rules, paper, and eyes that need more contrast or less motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
PATH = "/sessions/suggestion"
PEOPLE_MAX = "People in a session, at most"


def test_my_week_leads_to_each_of_my_sessions(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/")
    mine = page.get_by_role("region", name="Your sessions").locator(".go a")
    titles = mine.all_inner_texts()
    marks = [(link.get_attribute("href") or "").partition("#")[2] for link in mine.all()]

    page.goto(PATH)

    assert titles == [page.locator(f"#{mark} h3").inner_text() for mark in marks]
    assert len(titles) == 2


def test_a_rule_is_tried_without_being_kept(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = visit(own_example, OWNER, script=script)
    page = window.open(PATH)
    page.get_by_label(PEOPLE_MAX).fill("4")

    page.get_by_role("button", name="Solve again").click()

    people = page.locator(".ses .meta span:nth-child(2)").all_inner_texts()
    assert people
    assert all(int(text.split()[0]) <= 4 for text in people)
    assert "people_max=4" in window.path
    expect(window.open(PATH).get_by_label(PEOPLE_MAX)).to_have_value("12")


def test_rules_are_kept_for_everybody_and_taken_back(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(own_example, OWNER, script=script).open(PATH)
    page.get_by_label(PEOPLE_MAX).fill("6")

    page.get_by_role("button", name="Keep these rules").click()

    expect(page.get_by_label(PEOPLE_MAX)).to_have_value("6")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label(PEOPLE_MAX)).to_have_value("12")


def test_a_rule_that_cannot_be_used_is_said_first(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open(PATH)
    page.get_by_label(PEOPLE_MAX).fill("one")

    page.get_by_role("button", name="Solve again").click()

    expect(page.locator("#errors")).to_be_focused()
    assert page.title().startswith("Error: ")
    expect(page.get_by_label(PEOPLE_MAX)).to_have_value("one")


def test_it_says_who_sits_where_as_a_table(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open(PATH)

    with page.expect_download() as download:
        page.get_by_role("link", name="Same as a table (CSV)").click()

    assert download.value.suggested_filename == "suggestion.csv"
    assert len(download.value.path().read_text().splitlines()) == 1 + 14


def test_on_paper_the_sessions_stand_without_what_can_only_be_clicked(
    example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(example, OWNER).open(PATH)

    page.emulate_media(media="print")

    expect(page.locator(".ses .length").first).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("button", name="Solve again")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF-")


def test_forced_colours_keep_states_and_the_current_page_apart(
    example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(example, OWNER).open(PATH)

    page.emulate_media(forced_colors="active")

    border = "e => getComputedStyle(e).borderTopWidth"
    assert page.locator(".st").first.evaluate(border) == "1px"
    expect(page.locator(".ba svg").first).to_be_visible()


def test_nothing_moves_for_who_asked_for_less_motion(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open(PATH)

    page.emulate_media(reduced_motion="reduce")

    moving = """() => [...document.querySelectorAll("*")].filter(e => {
      const style = getComputedStyle(e);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    }).length"""
    assert page.evaluate(moving) == 0
