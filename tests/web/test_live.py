"""The pages of a session that runs: what each person sees and can do, and what a screen that waits gets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from planner.config import SignIn
from planner.domain.meeting.model import ItemId
from planner.domain.model import DependencyState
from planner.services.changes import recorded, undo
from planner.services.meeting import guests, live
from planner.services.meeting.meetings import make_meeting, read_meeting
from planner.services.meeting.votes import read_polls
from planner.storage.models import ChangeRow, DependencyRow
from tests.conftest import settings_for
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_goal,
    make_shared,
)
from tests.support.accounts import make_house
from tests.support.application import running
from tests.support.digest import everything
from tests.support.page import HTML, Browser
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres

ROOM, SCREEN = "/sessions/shared/1/live", "/sessions/shared/1/screen"


def begin(session: Session) -> None:
    """Olive leads a session with Pat about two dependencies; it runs."""
    live.start_meeting(session, make_shared(session), 1, key=None)


@pytest.fixture
def town(session: Session) -> Session:
    make_cast(session)
    begin(session)
    return session


def browser(app: Flask, person: str = "") -> Browser:
    found = Browser(app)
    if person:
        found.sign_in(person)
    return found


def titles(page: Any) -> tuple[str, list[str]]:
    """The item that is on, and the buttons that are there."""
    buttons = page.all_words(f".//{HTML}button")
    return page.heading, [one for one in buttons if not one.startswith(("Go to", "Go on"))]


def test_whoever_leads_sees_what_steers(app: Flask, town: Session) -> None:
    heading, buttons = titles(browser(app, "olive-owner").open(ROOM))

    assert town
    assert heading == "Settlement file"
    steering = {
        "+1 min",
        "+2 min",
        "+5 min",
        "Next item",
        "Park it",
        "Defer it",
        "Fist of five",
        "Consent",
        "End the session",
    }
    assert steering <= set(buttons)
    assert any(one.startswith("Undo") for one in buttons)


def test_who_takes_part_sees_what_they_can_decide(app: Flask, town: Session) -> None:
    _heading, buttons = titles(browser(app, "pat-partner").open(ROOM))

    assert town
    assert buttons[:2] == ["Decide: yes", "Other date"]
    assert "I am here" in buttons
    assert not {"+2 min", "Next item", "Park it", "End the session"} & set(buttons)


@pytest.mark.parametrize("person", ["otto-outsider", ""])
def test_who_is_not_invited_follows_and_presses_nothing(app: Flask, town: Session, person: str) -> None:
    heading, buttons = titles(browser(app, person).open(ROOM))

    assert town
    assert heading == "Settlement file"
    assert all(one.startswith("Undo") for one in buttons)


def test_the_wall_shows_the_item_large_and_no_forms_to_fill_in(app: Flask, town: Session) -> None:
    page = browser(app, "pat-partner").open(SCREEN)

    assert town
    assert titles(page) == ("Settlement file", [])
    assert page.all_words(f".//{HTML}dl/{HTML}div") == [
        "neededno date",
        "offeredno date yet",
        "waits behind itnothing",
    ]


def test_a_decision_is_the_text_of_its_button_and_undone_in_the_room(app: Flask, town: Session) -> None:
    pat = browser(app, "pat-partner")

    decided = pat.submit(pat.open(ROOM), "Decide: yes")
    undone = pat.submit(decided, "Undo what you did last")

    assert "Agreed to “Settlement file”" in decided.text
    assert "Agreed to “Settlement file”" not in undone.text
    town.rollback()
    assert town.scalar(select(DependencyRow.state).where(DependencyRow.id == 1)) == "asked"


def test_what_is_agreed_already_stays_in_one_click(app: Flask, town: Session) -> None:
    with recorded(town, OPERATOR, "dependency:changed", "Agreed"):
        row = town.get_one(DependencyRow, 1)
        row.state, row.promised_for = DependencyState.AGREED.value, date(2026, 3, 2)
    pat = browser(app, "pat-partner")
    before = titles(pat.open(ROOM))

    decided = pat.submit(pat.open(ROOM), "Decide: stays 2 Mar")

    assert before[1][0] == "Decide: stays 2 Mar"
    assert decided.words(f".//{HTML}p[@class='decided-words']") == "Stays 2 Mar. Pat Partner decided."
    assert decided.all_words(f".//{HTML}span[@class='end']")[0] == "Stays 2 Mar"
    assert "Decide: stays 2 Mar" not in titles(decided)[1]


def test_what_waits_behind_is_told_from_what_is_called_the_same(app: Flask, town: Session) -> None:
    goal = make_goal(town, ("payments", "partner-api", "web-shop"))
    make_dependency(town, "web-shop", "payments", goal=goal, needed_by=date(2026, 3, 2))
    with recorded(town, OPERATOR, "dependency:changed", "Its goal"):
        of_goal = town.scalars(select(DependencyRow.goal_id).where(DependencyRow.goal_id.is_not(None))).one()
        row = town.get_one(DependencyRow, 1)
        row.goal_id, row.needed_by = of_goal, date(2026, 2, 16)

    page = browser(app, "pat-partner").open(SCREEN)

    assert page.all_words(f".//{HTML}dl/{HTML}div")[2] == "waits behind itSettlement file for Web Shop"


def test_a_promise_is_made_in_the_room_and_taken_back_there(app: Flask, town: Session) -> None:
    live.arrive(town, make_actor(town, "pat-partner"), 1, key=None)
    owner, partner = browser(app, "olive-owner"), browser(app, "pat-partner")
    outsider = browser(app, "otto-outsider")

    refused = owner.submit(owner.open(ROOM), "Promise it", status=422, line="Draft of the fare table")
    made = owner.submit(refused, "Promise it", line="Draft of the fare table by 6 Feb")

    assert "Line says no day" in refused.words()
    promised = "Olive Owner: Draft of the fare table, by Fri 6 Feb"
    assert promised in made.words()
    assert promised in partner.open(ROOM).words()
    assert "Draft of the fare table" not in outsider.open(ROOM).words()
    assert "Draft of the fare table" not in owner.open(SCREEN).words()
    assert "Take it back: Draft" not in partner.open(ROOM).words()
    gone = owner.submit(made, "Take it back: Draft of the fare table")
    assert promised not in gone.words()
    assert promised not in partner.open(ROOM).words()


def test_whoever_leads_chooses_how_much_more_time(app: Flask, town: Session) -> None:
    owner = browser(app, "olive-owner")
    before = read_meeting(town, 1).ends_at()
    town.rollback()

    one = owner.submit(owner.open(ROOM), "+1 min", minutes="1")
    five = owner.submit(one, "+5 min", minutes="5")
    refused = owner.send(f"{ROOM}/add-time", {"minutes": "3"}, status=422)

    town.expire_all()
    after = read_meeting(town, 1).ends_at()
    assert (after or MONDAY) - (before or MONDAY) == timedelta(minutes=6)
    assert "Added 1 minute" in one.words()
    assert "Added 5 minutes" in five.words()
    assert "Minutes cannot be 3; add 1, 2 or 5 at a time" in refused.words()


def test_anybody_invited_writes_a_decision_about_another_item(app: Flask, town: Session) -> None:
    pat = browser(app, "pat-partner")
    page = pat.open(ROOM)

    pat.submit(page, "Write it down", about="2-0", text="Refunds go by file")

    said = [one.outcome.text if one.outcome else "" for one in read_meeting(town, 1).items]
    assert said == ["", "Refunds go by file"]


def test_the_agenda_is_numbered_before_anything_is_written(app: Flask, session: Session) -> None:
    make_cast(session)
    make_shared(session)

    room = browser(app, "olive-owner").open(ROOM)

    numbers = room.all_words(f".//{HTML}nav[@aria-labelledby='agenda']//{HTML}span[@aria-hidden='true']")
    assert numbers == ["1", "2"]


def test_a_decision_is_written_before_the_session_begins(app: Flask, session: Session) -> None:
    make_cast(session)
    begin(session)
    change = session.scalar(select(ChangeRow.id).where(ChangeRow.tag == "meeting:start"))
    assert change is not None
    undo(session, make_actor(session, "olive-owner"), change)
    make_meeting(session, make_actor(session, "pat-partner"), 1, key=None)
    pat = browser(app, "pat-partner")

    pat.submit(pat.open(ROOM), "Write it down", text="By file")

    assert [one.state.value for one in read_meeting(session, 1).items] == ["decided", "open"]


def test_the_room_goes_to_the_next_item_and_back(app: Flask, town: Session) -> None:
    olive = browser(app, "olive-owner")

    there = olive.submit(olive.open(ROOM), "Next item")
    back = olive.submit(there, "Go to 1Settlement file15 min")

    assert town
    assert (there.heading, back.heading) == ("Refunds", "Settlement file")


def test_what_is_refused_is_said_in_the_room_and_changes_nothing(app: Flask, town: Session) -> None:
    pat, before = browser(app, "pat-partner"), everything(town)

    answers = [
        pat.send(f"{ROOM}/add-time", {}, status=403),
        pat.send(f"{ROOM}/items/1/decide", {"text": " ", "version": "0"}, status=422),
        pat.send(f"{ROOM}/items/1/decide", {"text": "x", "version": "7"}, status=409),
        pat.send(f"{ROOM}/items/1/decide", {"act": "explode", "version": "0"}, status=422),
        pat.send(f"{ROOM}/items/1/parked", {"version": "0"}, status=403),
        pat.send(f"{ROOM}/open-again", {}, status=403),
    ]

    assert all(one.all_words(f".//{HTML}div[@id='errors']/{HTML}ul/{HTML}li") for one in answers)
    assert everything(town) == before


def test_a_no_without_a_reason_names_the_field_that_is_empty(app: Flask, town: Session) -> None:
    pat, before = browser(app, "pat-partner"), everything(town)
    sent = {"act": "decline", "version": "0", "reason": " "}

    refused = pat.send(f"{ROOM}/items/1/decide", sent, status=422)

    error = f".//{HTML}div[@id='errors']//{HTML}a"
    field = refused.tree.find(f".//{HTML}input[@id='reason-decline-1']")
    assert refused.words(error) == "Why is empty; give the reason in a few words"
    assert refused.tree.find(error).get("href") == "#reason-decline-1"
    assert {name: field.get(name) for name in ("aria-invalid", "aria-describedby", "autofocus")} == {
        "aria-invalid": "true",
        "aria-describedby": "errors",
        "autofocus": "",
    }
    assert refused.tree.find(f".//{HTML}details[@id='fold-decline-1']").get("open") == ""
    assert everything(town) == before


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (f"{ROOM}/turn", {"item": "9" * 40}),
        (f"{ROOM}/turn", {"item": "-1"}),
        (f"{ROOM}/turn", {}),
        (f"{ROOM}/items/99/decide", {"text": "x", "version": "0"}),
        (f"{ROOM}/votes/99", {"number": "1"}),
        ("/sessions/shared/99/live/start", {}),
    ],
)
def test_what_is_not_there_is_not_found(
    app: Flask, town: Session, address: str, typed: dict[str, str]
) -> None:
    olive, before = browser(app, "olive-owner"), everything(town)

    olive.send(address, typed, status=404)

    assert everything(town) == before


def test_a_vote_is_blind_on_every_screen_until_it_is_shown(app: Flask, town: Session) -> None:
    olive, pat = browser(app, "olive-owner"), browser(app, "pat-partner")
    choices = {"method": "dots", "choices": "Stub first\nAll of it", "dots": "3", "cap": "2"}
    olive.send(f"{ROOM}/items/1/vote", choices)
    voted = pat.send(f"{ROOM}/votes/1", {"number": ["2", "1"]})
    blind = browser(app).open(SCREEN)

    shown = olive.send(f"{ROOM}/votes/1/reveal", {})

    assert "You did; until all are shown you can vote anew." in voted.text
    assert blind.words(f".//{HTML}section[@class='votes-live']").startswith(
        "Share out 3 dots, at most 2 on one"
    )
    assert "Stub first" not in blind.text
    assert shown.all_words(f".//{HTML}ul[@class='tally']/{HTML}li") == ["●●Stub first 2", "●All of it 1"]
    assert "Decide: Stub first" in titles(shown)[1]
    assert len(read_polls(town, read_meeting(town, 1))) == 1


def test_a_fist_of_five_says_whether_it_is_enough(app: Flask, town: Session) -> None:
    olive, pat = browser(app, "olive-owner"), browser(app, "pat-partner")
    live.arrive(town, make_actor(town, "pat-partner"), 1, key=None)
    olive.send(f"{ROOM}/items/1/vote", {"method": "fist"})

    pat.send(f"{ROOM}/votes/1", {"number": "2", "reason": "A test system"})
    olive.send(f"{ROOM}/votes/1", {"number": "5", "reason": "Said though all is well"})
    shown = browser(app).open(SCREEN).words(f".//{HTML}section[@class='votes-live']")

    assert "3.5 of 5 on average. Enough to commit to, and every doubt is heard." in shown
    assert shown.endswith("A test system")


@pytest.mark.parametrize("number", [["9" * 50], ["x"], ["-1"], [], ["1", "1", "1", "1"]])
def test_a_vote_that_is_none_is_refused(app: Flask, town: Session, number: list[str]) -> None:
    olive, pat = browser(app, "olive-owner"), browser(app, "pat-partner")
    olive.send(f"{ROOM}/items/1/vote", {"method": "fist"})
    before = everything(town)

    pat.send(f"{ROOM}/votes/1", {"number": number}, status=422)

    assert everything(town) == before


def seen(text: str) -> str:
    found = re.search(r"seen=(\w+)", text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("address", [ROOM, SCREEN])
def test_a_screen_that_waits_hears_nothing_until_something_is_new(
    app: Flask, town: Session, address: str
) -> None:
    watching = browser(app, "pat-partner")
    pulse = seen(watching.fragment(address, "live").text)

    waits = watching.fragment(f"{address}?seen={pulse}", "live")
    live.turn_to(town, make_actor(town, "olive-owner"), 1, ItemId(2), key=None)
    news = watching.fragment(f"{address}?seen={pulse}", "live")

    assert (waits.status_code, waits.text) == (204, "")
    assert (news.status_code, seen(news.text) == pulse) == (200, False)
    assert '<h1 id="now" tabindex="-1" data-item="2">Refunds</h1>' in news.text
    assert news.text.lstrip().startswith('<div id="live"')


def test_whoever_opens_the_address_of_a_fragment_gets_the_page(app: Flask, town: Session) -> None:
    watching = browser(app, "pat-partner")
    pulse = seen(watching.fragment(ROOM, "live").text)

    assert town
    assert watching.open(f"{ROOM}?seen={pulse}").heading == "Settlement file"


def test_a_screen_that_waits_costs_one_query(app: Flask, town: Session, server: str) -> None:
    watching = browser(app, "pat-partner")
    pulse = seen(watching.fragment(ROOM, "live").text)
    assert town

    with counted_queries() as queries:
        watching.fragment(f"{ROOM}?seen={pulse}", "live")

    begins = "BEGIN" if server == "sqlite" else "SET"
    assert [one.partition(" ")[0] for one in queries] == [begins, "SELECT"]


def test_a_piece_of_a_page_that_is_only_read_brings_no_cookie(app: Flask, town: Session) -> None:
    watching = browser(app, "pat-partner")
    page = watching.client.get(ROOM)
    assert town

    news = watching.fragment(ROOM, "live")
    nothing = watching.fragment(f"{ROOM}?seen={seen(news.text)}", "live")

    assert ["Set-Cookie" in one.headers for one in (page, news, nothing)] == [True, False, False]


def test_a_code_is_seen_on_every_screen_until_it_is_closed(app: Flask, town: Session) -> None:
    olive, wall = browser(app, "olive-owner"), browser(app)
    page, _seen_before = olive.open(ROOM), wall.open(SCREEN)
    path = f".//{HTML}p[@class='muted join']"

    opened = olive.submit(page, "Let guests join by a code")
    code = opened.words(path)
    again = olive.submit(opened, "A new code")

    assert town
    assert again.words(path) != code
    assert wall.open(SCREEN).words(path) == again.words(path)
    closed = olive.submit(again, "Close the code and show guests out")
    assert [one.all_words(path) for one in (closed, wall.open(SCREEN))] == [[], []]


def test_whoever_leads_shares_the_minutes_as_the_session_ends(app: Flask, town: Session) -> None:
    olive, pat = browser(app, "olive-owner"), browser(app, "pat-partner")
    over = olive.submit(olive.open(ROOM), "End the session")
    seen = pat.open(f"{ROOM}?round=1")

    shared = olive.submit(over, "Share the minutes")
    again = olive.open(f"{ROOM}?round=1")

    assert town
    assert shared.heading.startswith("Minutes: ")
    assert "Version 1, shared by Olive Owner" in shared.words()
    assert not [one for page in (seen, again) for one in titles(page)[1] if one.startswith("Share")]


def test_a_session_that_is_over_asks_no_more(app: Flask, town: Session) -> None:
    olive = browser(app, "olive-owner")

    over = olive.submit(olive.open(ROOM), "End the session")

    assert over.heading == "This session is over"
    assert over.words(f".//{HTML}header").endswith("1 person, 0 of 2 decided")
    assert "hx-trigger" not in over.text
    assert olive.submit(over, "Open it again").heading == "No item is on"
    assert town


class TestWithAccounts:
    """Guests by code, where everybody else signs in."""

    @pytest.fixture
    def app(self, database_url: str, tmp_path: Path) -> Iterator[Flask]:
        settings = replace(settings_for(database_url, tmp_path), sign_in=SignIn.ACCOUNTS)
        with running(settings) as app:
            yield app

    @pytest.fixture
    def code(self, app: Flask, session: Session) -> str:
        self.house = make_house(app, session)
        begin(session)
        code = guests.open_door(session, make_actor(session, "olive-owner"), 1)
        session.commit()
        return code

    def test_a_guest_gives_a_name_and_follows_that_session_alone(self, app: Flask, code: str) -> None:
        guest = Browser(app)

        asked = guest.open(f"/live?code={code.lower()}")
        room = guest.submit(asked, "Join", name="Gus")

        assert (asked.heading, room.heading) == ("Join as a guest", "Settlement file")
        assert titles(room)[1] == []
        places = (ROOM, SCREEN, "/", "/dependencies/1", "/sessions/shared/2/live")
        assert [guest.status(one)[0] for one in places] == [303, 303, 303, 303, 303]
        writes = [f"{ROOM}/arrive", f"{ROOM}/votes/1", f"{ROOM}/items/1/decide"]
        assert [guest.status(one, {"text": "x", "version": "0"})[0] for one in writes] == [303, 303, 303]

    def test_a_guest_is_shown_what_is_new(self, app: Flask, code: str, session: Session) -> None:
        guest = Browser(app)
        guest.submit(guest.open(f"/live/{code}"), "Join", name="Gus")
        pulse = seen(guest.fragment("/live/room", "live").text)
        waits = guest.fragment(f"/live/room?seen={pulse}", "live").status_code

        live.turn_to(session, make_actor(session, "olive-owner"), 1, ItemId(2), key=None)
        news = guest.fragment(f"/live/room?seen={pulse}", "live")

        assert (waits, news.status_code, "Refunds</h1>" in news.text) == (204, 200, True)

    def test_a_guest_who_was_shown_out_sees_nothing_any_more(
        self, app: Flask, code: str, session: Session
    ) -> None:
        guest = Browser(app)
        guest.submit(guest.open(f"/live/{code}"), "Join", name="Gus")

        guests.close_door(session, make_actor(session, "olive-owner"), 1)

        assert guest.status("/live/room") == (303, "/live")
        assert guest.fragment("/live/room", "live").status_code == 404

    def test_a_guest_without_a_name_is_asked_again(self, app: Flask, code: str) -> None:
        guest = Browser(app)

        again = guest.submit(guest.open(f"/live/{code}"), "Join", status=422, name=" ")

        assert "Your name is empty" in again.text

    def test_who_has_an_account_goes_to_the_session(self, app: Flask, code: str) -> None:
        assert app
        assert self.house.browser("pat-partner").status(f"/live/{code}") == (303, ROOM)

    def test_a_screen_of_nobody_is_asked_to_sign_in(self, app: Flask, code: str) -> None:
        answer = Browser(app).fragment(f"{ROOM}?seen=x", "live")

        assert code
        assert (answer.status_code, answer.headers["HX-Redirect"].startswith("/sign-in")) == (401, True)


def test_what_is_settled_is_agreed_to_in_one_click_unless_somebody_objects(
    app: Flask, session: Session
) -> None:
    make_cast(session)
    for what in ("File", "Tokens", "Totals"):
        make_dependency(session, "payments", "partner-api", what=what, needed_by=date(2026, 3, 2))
    make_agreed(session, make_actor(session, "olive-owner"))
    with recorded(session, OPERATOR, "dependency:changed", "Agreed"):
        for number in (1, 2, 3):
            row = session.get_one(DependencyRow, number)
            row.state, row.promised_for = DependencyState.AGREED.value, date(2026, 2, 27)
    live.start_meeting(session, make_actor(session, "olive-owner"), 1, key=None)
    olive, pat = browser(app, "olive-owner"), browser(app, "pat-partner")

    listed = pat.open(ROOM)
    objected = pat.submit(listed, "Talk about it: Tokens")
    lead = olive.open(ROOM)
    agreed = olive.submit(lead, "Agree to all 2")
    back = olive.submit(agreed, "Undo what you did last")

    path = f".//{HTML}ul[@class='at-once']/{HTML}li/{HTML}span"
    assert (listed.heading, listed.all_words(path)) == ("Agreed at once?", ["File", "Tokens", "Totals"])
    assert not [one for one in titles(listed)[1] if one.startswith("Agree")]
    assert objected.all_words(path) == lead.all_words(path) == ["File", "Totals"]
    assert agreed.heading == "Tokens"
    assert back.all_words(path) == ["File", "Totals"]
