"""Finding a time that works: busy times, a poll, a reply, one date that moves; with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from planner.services.changes import recorded
from planner.storage.db import db
from planner.storage.models import PersonRow, SharedSessionRow
from tests.browser.checks import faults
from tests.browser.test_agreeing import adopted
from tests.factories import OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.visit import Site, Visit

EVENT = "BEGIN:VEVENT\nUID:1\nDTSTART:20260203T090000Z\nDURATION:PT2H\nEND:VEVENT\n"
FILE = f"BEGIN:VCALENDAR\n{EVENT}END:VCALENDAR\n"


def people_of_first(site: Site) -> tuple[str, str]:
    """Who leads the first session that was agreed, and somebody else who sits in it."""
    with site.app.app_context():
        row = db.session.scalars(select(SharedSessionRow).order_by(SharedSessionRow.id)).first()
        assert row is not None
        known = set(db.session.scalars(select(PersonRow.key)))
        other = next(
            s["person"] for s in row.seats if s["person"] != row.facilitator and s["person"] in known
        )
        leader = row.facilitator
        db.session.remove()
    return leader, other


def test_a_calendar_file_is_read_and_days_are_kept_free(
    own_example: Site, visit: Callable[..., Visit], tmp_path: Path, script: bool
) -> None:
    (tmp_path / "mine.ics").write_text(FILE)
    page = visit(own_example, "dana-fischer", script=script).open("/calendar")

    page.get_by_label("Calendar file").set_input_files(tmp_path / "mine.ics")
    page.get_by_role("button", name="Read my busy times").click()
    expect(page.get_by_text("1 busy time until")).to_be_visible()
    page.get_by_label("First day").fill("2026-12-24")
    page.get_by_role("button", name="Keep these days free").click()

    expect(page.get_by_role("button", name="Take back Thu 24 Dec")).to_be_visible()
    assert faults(page) == [] if script else True


def test_a_poll_is_answered_in_one_click_and_decided(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    adopted(own_example)
    leader, other = people_of_first(own_example)
    page = visit(own_example, other, script=script).open("/sessions/shared/1")
    page.get_by_role("button", name="Ask everybody which time suits").click()
    page.locator("#poll").get_by_role("button", name="If need be").first.click()
    expect(page.locator("#poll")).to_contain_text("suits best; if need be for")
    page.get_by_role("button", name="I may come").click()
    expect(page.locator("section", has=page.locator("#who"))).to_contain_text("May come")

    page = visit(own_example, leader, script=script).open("/sessions/shared/1")
    page.get_by_role("button", name="Take this time").nth(1).click()

    expect(page.locator("#poll")).to_contain_text("Decided:")


def test_one_date_is_left_out_and_put_back(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    adopted(own_example)
    leader, _other = people_of_first(own_example)
    page = visit(own_example, leader, script=script).open("/sessions/shared/1")

    page.locator("summary", has_text="Change").last.click()
    page.get_by_role("button", name="Leave it out").last.click()
    expect(page.locator("section", has=page.locator("#dates"))).to_contain_text("Left out")
    page.locator("summary", has_text="Change").last.click()
    page.get_by_role("button", name="As planned").click()

    expect(page.get_by_text("Left out", exact=True)).to_have_count(0)


def test_its_pages_are_without_fault(own_example: Site, visit: Callable[..., Visit]) -> None:
    adopted(own_example)
    leader, _other = people_of_first(own_example)
    page = visit(own_example, leader).open("/sessions/shared/1")
    page.get_by_role("button", name="Ask everybody which time suits").click()
    page.locator("#poll").get_by_role("button", name="Yes").first.click()
    expect(page.locator("#poll")).to_contain_text("suits best")
    page.locator("summary", has_text="Change").last.click()
    assert faults(page) == []

    page.set_viewport_size({"width": 320, "height": 700})
    assert faults(page) == []


def test_where_no_time_is_left_one_is_asked_for_and_taken(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    with own_example.app.app_context():
        row = db.session.scalars(select(PersonRow).where(PersonRow.key == "ravi-iyer")).one()
        with recorded(db.session(), OPERATOR, "person:changed", "Moved"):
            row.zone = "Pacific/Auckland"
        db.session.remove()
    page = visit(own_example, "dana-fischer", script=script).open("/sessions/suggestion")

    page.get_by_role("button", name="Ask them for a time for Settlement file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settlement file")
    assert faults(page) == [] if script else True
    page.get_by_role("button", name="Take this time").first.click()
    expect(page.get_by_text("As planned")).to_be_visible()
    page.get_by_role("button", name="Mail the invitations").click()

    expect(page.get_by_text("Mailed invitations to 1 session")).to_be_visible()
    assert faults(page) == [] if script else True
