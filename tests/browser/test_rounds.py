"""Two rounds of one session: held, read, prepared and held again two weeks later; with script and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from planner.storage.db import db
from planner.storage.models import SharedSessionRow
from tests.browser.checks import faults
from tests.factories import make_actor, make_agreed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.browser.visit import Site, Visit

LEADS = "dana-fischer"


@pytest.fixture
def agreed(own_example: Site) -> tuple[int, datetime]:
    """The number of a session that Dana leads, and when it begins."""
    with own_example.app.app_context():
        make_agreed(db.session(), make_actor(db.session(), LEADS))
        row = db.session.scalars(
            select(SharedSessionRow).where(SharedSessionRow.facilitator == LEADS)
        ).first()
        assert row is not None
        assert row.starts_at is not None
        assert row.rounds > 1
        found = row.id, row.starts_at
        db.session.remove()
    return found


def at(site: Site, moment: datetime) -> None:
    """Stop the clock of the installation at a moment."""
    planner = site.app.extensions["planner"]
    site.app.extensions["planner"] = replace(
        planner, settings=replace(planner.settings, clock=lambda: moment)
    )


def test_a_session_is_held_twice(
    own_example: Site, agreed: tuple[int, datetime], visit: Callable[..., Visit], script: bool
) -> None:
    number, first_day = agreed
    at(own_example, first_day)
    here = f"/sessions/shared/{number}"
    room = visit(own_example, LEADS, script=script).open(f"{here}/live")
    line = room.locator("#round")

    expect(line).to_contain_text("Round 1 of")
    room.get_by_role("button", name="Start the session").click()
    expect(room.get_by_role("button", name="+2 min")).to_be_visible()
    title = room.locator("h1").inner_text()
    room.get_by_role("button", name="Park it").click()
    expect(room.locator("main")).to_contain_text("Parked")
    room.get_by_role("button", name="End the session").click()
    expect(room.locator("h1")).to_have_text("This session is over")

    line.get_by_role("link", name="Prepare").click()
    expect(room.locator("#round")).to_contain_text("Round 2 of")
    expect(room.locator("main")).to_contain_text("was the session before")
    assert not script or faults(room) == []

    at(own_example, first_day + timedelta(days=14))
    room.goto(f"{here}/live")
    expect(room.locator("#round")).to_contain_text("Round 2 of")
    room.get_by_role("button", name="Start the session").click()
    expect(room.get_by_role("button", name="+2 min")).to_be_visible()
    expect(room.locator("h1")).to_have_text(title)
    room.get_by_role("button", name="End the session").click()
    expect(room.locator("h1")).to_have_text("This session is over")

    room.locator("#round").get_by_role("link", name="Minutes of").first.click()
    expect(room.locator("#round")).to_contain_text("Round 1 of")
    expect(room.locator("main")).to_contain_text("Parked and deferred")
    assert not script or faults(room) == []
