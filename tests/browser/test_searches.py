"""A search while somebody looks on: it moves by itself, is read aloud once, and leaves the focus alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from planner.config import utc_now
from planner.services.exchange import store_draft
from planner.storage import jobs
from planner.storage.db import db
from planner.storage.jobs import JobState
from tests.browser.checks import faults
from tests.factories import OPERATOR
from tests.support.large import large_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

PATH = "/sessions/suggestion"
FOUND = '{"first": {"sessions": 9, "cost": 9000}, "best": {"sessions": 1, "cost": 100}}'


@pytest.fixture
def searched(empty: Site) -> Site:
    """An organisation with a question that takes long, and a worker that only does what the test says."""
    with empty.app.app_context():
        store_draft(db.session(), OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
        jobs.beat(db.session(), "w1", utc_now())
        db.session.commit()
        db.session.remove()
    return empty


def work(site: Site, **facts: object) -> None:
    """Let the worker take the search, or say how far it is."""
    with site.app.app_context():
        session = db.session()
        jobs.claim(session, "w1", utc_now())
        jobs.tell(session, 1, "w1", **facts)
        session.commit()
        db.session.remove()


def test_progress_comes_by_itself_and_the_end_is_told_without_taking_the_page(
    searched: Site, visit: Callable[..., Visit]
) -> None:
    window = visit(searched, "p1")
    page = window.open(PATH)
    heading = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("#search-meter")).to_contain_text("Waiting for its turn")
    page.get_by_role("button", name="Stop here and keep this").focus()

    work(searched, done=430, total=1000)
    expect(page.locator("#search-meter")).to_contain_text("Searching for better: 43 %")
    expect(page.get_by_role("button", name="Stop here and keep this")).to_be_focused()
    work(searched, state=JobState.DONE, report=FOUND)

    expect(page.locator("#search h2")).to_have_text("A better plan is ready")
    expect(page.locator("#search")).to_contain_text("person-minutes less.")
    expect(page.get_by_role("link", name="Show it")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert window.requests == [f"GET {PATH}"]


def test_a_search_is_stopped(searched: Site, visit: Callable[..., Visit], script: bool) -> None:
    page = visit(searched, "p1", script=script).open(PATH)

    page.get_by_role("button", name="Stop here and keep this").click()

    expect(page.locator("#search h2")).to_have_text("The search was stopped")
    page.get_by_role("button", name="Search on").click()
    expect(page.locator("#search-meter")).to_contain_text("Waiting for its turn")


def test_without_script_one_looks_again(searched: Site, visit: Callable[..., Visit]) -> None:
    page = visit(searched, "p1", script=False).open(PATH)
    work(searched, done=430, total=1000)

    page.get_by_role("link", name="Look again").click()

    expect(page.locator("#search-meter")).to_contain_text("Searching for better: 43 %")


def test_a_page_with_a_search_is_without_fault(searched: Site, visit: Callable[..., Visit]) -> None:
    page = visit(searched, "p1").open(PATH)
    work(searched, done=430, total=1000)

    assert faults(page) == []

    page.goto(f"{PATH}/searches/1")
    assert faults(page) == []
