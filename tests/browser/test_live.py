"""A session with whoever leads, two who take part and the wall side by side: with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from planner.domain.meeting.model import Meeting
from planner.domain.meeting.rounds import RoundOf
from planner.domain.meeting.votes import Method, Poll, PollId
from planner.services.meeting import guests, live
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.votes import call_vote
from planner.storage.db import db
from planner.storage.models import SharedSessionRow
from tests.browser.checks import faults
from tests.factories import make_actor, make_agreed

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Request

    from tests.browser.visit import Site, Visit

LEADS, FIRST, SECOND = "dana-fischer", "ravi-iyer", "clara-meyer"


@pytest.fixture
def number(own_example: Site) -> int:
    """The number of an agreed session that Dana leads, with Ravi and Clara in it."""
    with own_example.app.app_context():
        make_agreed(db.session(), make_actor(db.session(), LEADS))
        row = db.session.scalars(
            select(SharedSessionRow).where(SharedSessionRow.facilitator == LEADS)
        ).first()
        assert row is not None
        assert {FIRST, SECOND} <= {seat["person"] for seat in row.seats}
        found = row.id
        db.session.remove()
    return found


def meeting(site: Site, number: int) -> Meeting:
    with site.app.app_context():
        found = read_meeting(db.session(), number)
        db.session.remove()
    return found


def look(page: Page, script: bool) -> Page:
    """Without script, somebody looks again by themselves."""
    if not script:
        page.reload()
    return page


def test_everybody_follows_whoever_leads(
    own_example: Site, number: int, visit: Callable[..., Visit], script: bool
) -> None:
    lead, one, other, wall = (
        visit(own_example, person, script=script) for person in (LEADS, FIRST, SECOND, LEADS)
    )
    room, screen = f"/sessions/shared/{number}/live", f"/sessions/shared/{number}/screen"
    pages = [one.open(room), other.open(room), wall.open(screen)]
    leads = lead.open(room)

    leads.get_by_role("button", name="Start the session").click()
    expect(leads.get_by_role("button", name="+2 min")).to_be_visible()
    titles = [item.title for item in meeting(own_example, number).items]
    for page in pages:
        expect(look(page, script).locator("h1")).to_have_text(titles[0])

    leads.get_by_role("button", name="Next item").click()
    expect(leads.locator("h1")).to_have_text(titles[1])
    for page in pages:
        expect(look(page, script).locator("h1")).to_have_text(titles[1])


def test_a_vote_and_a_decision_reach_the_wall_and_are_undone(
    own_example: Site, number: int, visit: Callable[..., Visit], script: bool
) -> None:
    lead, one, other, wall = (
        visit(own_example, person, script=script) for person in (LEADS, FIRST, SECOND, "")
    )
    room, screen = f"/sessions/shared/{number}/live", f"/sessions/shared/{number}/screen"
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    leads, first, second, on_the_wall = lead.open(room), one.open(room), other.open(room), wall.open(screen)

    leads.get_by_text("Vote…").click()
    leads.get_by_label("Choices, a line each").fill("Stub first\nAll of it")
    leads.get_by_role("button", name="Call a dot vote").click()
    for page in (first, second):
        look(page, script).get_by_label("Stub first").fill("2")
        page.get_by_role("button", name="Vote", exact=True).click()
        expect(page.get_by_role("button", name="Vote anew")).to_be_visible()
    expect(look(on_the_wall, script).get_by_text("voted")).to_be_visible()
    expect(on_the_wall.get_by_text("Stub first")).to_have_count(0)

    look(leads, script).get_by_role("button", name="Show the votes").click()
    expect(look(on_the_wall, script).locator(".tally")).to_contain_text("Stub first 4")
    leads.get_by_role("button", name="Decide: Stub first").click()
    expect(look(on_the_wall, script).locator(".decided-words")).to_contain_text("Stub first")
    expect(leads.locator(".decided-words")).to_contain_text("Stub first")

    leads.get_by_role("button", name="Undo").click()
    expect(look(on_the_wall, script).locator(".decided-words")).to_have_count(0)


def test_a_phone_that_was_scrolled_down_sees_what_comes_next(
    own_example: Site, number: int, visit: Callable[..., Visit]
) -> None:
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    room = f"/sessions/shared/{number}/live"
    leads, phone = visit(own_example, LEADS).open(room), visit(own_example, FIRST).open(room)
    phone.set_viewport_size({"width": 320, "height": 640})
    titles = [item.title for item in meeting(own_example, number).items]
    phone.evaluate("window.scrollTo(0, document.body.scrollHeight)")

    leads.get_by_role("button", name="Next item").click()
    expect(phone.locator("h1")).to_have_text(titles[1])
    expect(phone.locator("h1")).to_be_in_viewport()
    phone.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(leads.locator("h1")).to_have_text(titles[1])
    leads.get_by_text("Vote…").click()
    leads.get_by_role("button", name="Fist of five").click()

    expect(phone.get_by_role("button", name="4", exact=True)).to_be_in_viewport()
    expect(phone.get_by_role("button", name="Undo")).to_be_in_viewport()


# a browser without windows shows all its tabs at once, so a test says that one is hidden
HIDE = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
SHOW = "delete document.hidden;"
TOLD = "document.dispatchEvent(new Event('visibilitychange'))"
TWICE_ON_THE_POINT_OF_ASKING = """() => new Promise(done => {
  let times = 0;
  document.addEventListener("htmx:beforeRequest", () => { if (++times === 2) done(); });
})"""


def asks(request: Request) -> bool:
    return "seen=" in request.url


def test_a_tab_that_nobody_looks_at_asks_nothing_and_is_right_when_it_is_shown(
    own_example: Site, number: int, visit: Callable[..., Visit]
) -> None:
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    room = f"/sessions/shared/{number}/live"
    leads, tab = visit(own_example, LEADS).open(room), visit(own_example, FIRST)
    titles = [item.title for item in meeting(own_example, number).items]
    tab.page.goto(room, wait_until="commit")
    with tab.page.expect_request(asks):
        pass
    asked: list[str] = []

    with tab.page.expect_event("requestfailed", asks):
        tab.page.evaluate(HIDE + TOLD)
    tab.page.on("request", lambda request: asked.append(request.url) if asks(request) else None)
    leads.get_by_role("button", name="Next item").click()
    expect(leads.locator("h1")).to_have_text(titles[1])
    tab.page.evaluate(TWICE_ON_THE_POINT_OF_ASKING)
    expect(tab.page.locator("h1")).to_have_text(titles[0])
    assert asked == []

    tab.page.evaluate(SHOW + TOLD)
    expect(tab.page.locator("h1")).to_have_text(titles[1])


def test_a_wall_in_the_background_is_right_before_anybody_looks_at_it(
    own_example: Site, number: int, visit: Callable[..., Visit]
) -> None:
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    leads = visit(own_example, LEADS).open(f"/sessions/shared/{number}/live")
    wall = visit(own_example, LEADS).open(f"/sessions/shared/{number}/screen")
    titles = [item.title for item in meeting(own_example, number).items]

    wall.evaluate(HIDE + TOLD)
    leads.get_by_role("button", name="Next item").click()

    expect(wall.locator("h1")).to_have_text(titles[1])


def test_enter_in_a_reason_is_no_vote(own_example: Site, number: int, visit: Callable[..., Visit]) -> None:
    with own_example.app.app_context():
        lead = make_actor(db.session(), LEADS)
        live.start_meeting(db.session(), lead, number, key=None)
        first = read_meeting(db.session(), number).items[0].id
        call_vote(db.session(), lead, number, Poll(PollId(0), first, Method.CONSENT), key=None)
        db.session.remove()
    someone = visit(own_example, FIRST, script=False)
    page = someone.open(f"/sessions/shared/{number}/live")

    page.get_by_label("What speaks against it").fill("Too soon")
    page.get_by_label("What speaks against it").press("Enter")
    page.get_by_role("button", name="Object because…").click()

    expect(page.get_by_text("You did; until all are shown")).to_be_visible()
    assert len(someone.forms_sent) == 1


def test_words_half_typed_stay_while_the_room_moves_on_and_back(
    own_example: Site, number: int, visit: Callable[..., Visit]
) -> None:
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    items = meeting(own_example, number).items
    page = visit(own_example, FIRST).open(f"/sessions/shared/{number}/live")
    if not page.get_by_label("What was decided").is_visible():
        page.get_by_text("Write the decision").click()
    page.get_by_label("What was decided").fill("Only the totals")

    for item in (items[1], items[0]):
        with own_example.app.app_context():
            live.turn_to(db.session(), make_actor(db.session(), LEADS), number, item.id, key=None)
            db.session.remove()
        expect(page.locator("h1")).to_have_text(item.title)

    expect(page.get_by_label("What was decided")).to_have_value("Only the totals")
    expect(page.get_by_label("What was decided")).to_be_visible()


def test_a_screen_whose_line_drops_catches_up_by_itself(
    own_example: Site, number: int, visit: Callable[..., Visit]
) -> None:
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        db.session.remove()
    items = meeting(own_example, number).items
    window = visit(own_example, FIRST)
    page = window.open(f"/sessions/shared/{number}/live")

    window.context.set_offline(True)
    expect(page.locator("#spoken")).to_contain_text("The line is down")
    with own_example.app.app_context():
        live.turn_to(db.session(), make_actor(db.session(), LEADS), number, items[2].id, key=None)
        db.session.remove()
    window.context.set_offline(False)

    expect(page.locator("h1")).to_have_text(items[2].title)
    expect(page.locator("#spoken")).to_contain_text("The line is back")
    window.complaints.clear()  # the browser and htmx note that the line was down


def test_a_session_is_without_fault(own_example: Site, number: int, visit: Callable[..., Visit]) -> None:
    room, screen = f"/sessions/shared/{number}/live", f"/sessions/shared/{number}/screen"
    page = visit(own_example, LEADS).open(room)
    assert faults(page) == []
    with own_example.app.app_context():
        leads = make_actor(db.session(), LEADS)
        live.start_meeting(db.session(), leads, number, key=None)
        guests.open_door(db.session(), leads, number)
        code = guests.read_code(db.session(), RoundOf(number, 0), leads.at)
        db.session.remove()

    for address in (room, screen):
        page.goto(address)
        assert faults(page) == []
    guest = visit(own_example).open(f"/live/{code}")
    assert faults(guest) == []
    guest.get_by_label("Your name").fill("Gus")
    guest.get_by_role("button", name="Join").click()
    assert faults(guest) == []


def test_a_promise_in_the_room_is_seen_by_who_is_there_and_nobody_else(
    own_example: Site, number: int, visit: Callable[..., Visit], script: bool
) -> None:
    with own_example.app.app_context():
        live.start_meeting(db.session(), make_actor(db.session(), LEADS), number, key=None)
        live.arrive(db.session(), make_actor(db.session(), FIRST), number, key=None)
        db.session.remove()
    room, screen = f"/sessions/shared/{number}/live", f"/sessions/shared/{number}/screen"
    lead, one, other, wall = (
        visit(own_example, person, script=script) for person in (LEADS, FIRST, SECOND, LEADS)
    )
    leads, first, second, on_the_wall = lead.open(room), one.open(room), other.open(room), wall.open(screen)

    first.get_by_label("I promise").fill("Draft of the fare table by Fri")
    first.get_by_role("button", name="Promise it").click()

    words = "Ravi Iyer: Draft of the fare table, by Fri 6 Feb"
    for page in (first, look(leads, script)):
        expect(page.locator(".promises-live")).to_contain_text(words)
    look(second, script)
    assert "Draft of the fare table" not in second.locator("main").inner_text()
    assert "Draft of the fare table" not in on_the_wall.locator("main").inner_text()
    assert faults(first) == [] if script else True

    first.get_by_role("button", name="Take it back").click()
    for page in (first, look(leads, script)):
        expect(page.get_by_text(words)).to_have_count(0)
