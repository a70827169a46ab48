"""A word of somebody who cannot come, from their own page to the wall: with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from planner.services.meeting import live
from planner.storage.db import db
from planner.storage.models import SharedSessionRow
from tests.browser.checks import faults
from tests.factories import make_actor, make_agreed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

LEADS, AWAY = "dana-fischer", "ravi-iyer"


@pytest.fixture
def number(own_example: Site) -> int:
    """The number of an agreed session that Dana leads, with Ravi in it."""
    with own_example.app.app_context():
        make_agreed(db.session(), make_actor(db.session(), LEADS))
        query = select(SharedSessionRow.id).where(SharedSessionRow.facilitator == LEADS)
        found = db.session.scalars(query).first()
        db.session.remove()
    assert found is not None
    return found


def test_a_word_that_was_left_is_heard_when_its_item_comes(
    own_example: Site, number: int, visit: Callable[..., Visit], script: bool
) -> None:
    away, wall = (visit(own_example, person, script=script) for person in (AWAY, LEADS))
    page = away.open(f"/sessions/shared/{number}")

    page.get_by_text("I cannot, and leave a word").click()
    page.get_by_label("On", exact=True).select_option(index=1)
    page.get_by_label("What should be heard").fill("Two weeks later would be fine with us.")
    page.get_by_role("button", name="Leave it").click()
    said = "Ravi Iyer, beforehand: Two weeks later would be fine with us."
    expect(page.locator("#agenda + ol .left-word")).to_contain_text(said)
    assert not script or faults(page) == []

    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    on_the_wall = wall.open(f"/sessions/shared/{number}/screen")
    expect(on_the_wall.locator("section .left-word")).to_contain_text(said)
    assert not script or faults(on_the_wall) == []
