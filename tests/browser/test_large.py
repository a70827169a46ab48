"""A large organisation in a browser: names that are typed, lists that are fetched when they are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from planner.services.exchange import store_draft
from planner.storage.db import db
from tests.browser.checks import faults
from tests.factories import OPERATOR
from tests.support.large import large_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "p7"


@pytest.fixture
def large(empty: Site) -> Site:
    """Sixty teams, each of which needs something from the next."""
    with empty.app.app_context():
        store_draft(db.session(), OPERATOR, large_organisation(60, 60), tag="test:loaded", summary="Loaded")
        db.session.remove()
    return empty


def test_people_are_added_by_name(large: Site, visit: Callable[..., Visit], script: bool) -> None:
    page = visit(large, OWNER, script=script).open("/teams/t7/edit")
    members = page.get_by_role("group", name="Also in this team")

    for number, name in enumerate(("Person 12", "Person 13", "Person 14"), start=1):
        members.get_by_label(f"Also in this team, name {number}").fill(name)
    if script:
        members.get_by_label("Also in this team, name 4").fill("Person 15")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Team 7")
    expect(page.get_by_role("list", name="People").get_by_role("listitem")).to_have_count(5 if script else 4)


def test_the_names_that_fit_are_offered_while_one_is_typed(large: Site, visit: Callable[..., Visit]) -> None:
    page = visit(large, OWNER).open("/dependencies")
    field = page.get_by_label("Who needs it")

    field.press_sequentially("team 58")

    expect(page.locator("#names-filter-needs option")).to_have_count(1)
    expect(page.locator("#dependency-list tbody tr")).to_have_count(1)
    expect(field).to_be_focused()
    assert faults(page) == []


def test_who_one_is_is_found_by_typing(large: Site, visit: Callable[..., Visit], script: bool) -> None:
    page = visit(large, script=script).open("/sign-in")
    page.get_by_label("Your name").fill("son 58")
    if not script:
        page.get_by_role("button", name="Show").click()

    page.get_by_role("button", name="Person 58").click()

    expect(page.get_by_role("contentinfo")).to_contain_text("You are Person 58")


def test_a_long_list_beside_the_suggestion_is_fetched_when_it_is_opened(
    large: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(large, OWNER, script=script).open("/sessions/suggestion")
    page.get_by_text("Load per person", exact=True).click()
    if not script:
        page.get_by_role("link", name="Show them").click()

    expect(page.locator("#part-load li")).to_have_count(50)
    expect(page.locator("#part-load li").first).to_contain_text("Person 7")
    if script:
        assert faults(page) == []
