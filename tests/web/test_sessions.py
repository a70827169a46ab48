"""The pages of the sessions that teams hold today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import make_cast, make_place, make_session, make_shared
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

ROWS = f".//{HTML}tbody/{HTML}tr"
NAMES = f"{ROWS}/{HTML}th"
FACTS = f".//{HTML}dd"
LEAD = f".//{HTML}p[@class='lead']"
SESSION = "/sessions/team/payments-prioritisation"


def test_an_empty_list_offers_to_add_the_first_session(browser: Browser) -> None:
    page = browser.open("/sessions")

    assert page.all_words(f".//{HTML}section//{HTML}a") == ["Add the first session"]
    assert page.all_words(f".//{HTML}main//{HTML}a")[1] == "Suggest shared sessions"


def test_sessions_are_listed_by_weekday_and_time(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team, title="Any", cadence_days=7)
    make_session(session, cast.team, title="Late", weekday=0, start=900)
    make_session(session, cast.partner_team, title="Early", weekday=0, start=540, attendees=(cast.owner,))
    make_session(session, cast.team, title="Tue", weekday=1, cadence_days=10, minutes=45)

    page = browser.open("/sessions")

    assert page.all_words(ROWS) == [
        "Monday",
        "Early Partner API 09:00 60 min every 2 weeks Olive Owner",
        "Late Payments 15:00 60 min every 2 weeks nobody yet",
        "Tuesday",
        "Tue Payments no fixed time 45 min every 10 days nobody yet",
        "No fixed day",
        "Any Payments no fixed time 60 min every week nobody yet",
    ]


def test_agreed_shared_sessions_stand_first_with_their_next_date(browser: Browser, session: Session) -> None:
    make_cast(session)
    make_shared(session)

    page = browser.open("/sessions")

    assert page.all_words(ROWS)[0] == (
        "Partner API and Payments Tue 3 Feb 09:00 UTC Olive Owner, Pat Partner"
        " Prepare Partner API and Payments · Run it: Partner API and Payments"
    )
    assert page.all_words(NAMES)[1:] == ["No fixed day", "Payments prioritisation ◇ Paused"]


def test_the_list_is_filtered_by_title_host_and_person(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team, title="One", attendees=(cast.owner,))
    make_session(session, cast.partner_team, title="Two", attendees=(cast.owner, cast.partner))

    addresses = ("?q=one", "?team=partner-api", f"?person={cast.owner}", f"?person={cast.outsider}")
    found = [browser.open(f"/sessions{address}").all_words(NAMES)[1:] for address in addresses]

    assert found == [["One"], ["Two"], ["One", "Two"], []]
    answer = browser.fragment("/sessions", "session-list")
    assert answer.text.lstrip().startswith('<section id="session-list"')


def test_a_session_page_tells_host_time_length_place_and_people(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    when = {"weekday": 2, "start": 615, "zone": "Europe/London", "minutes": 90, "local_minutes": 30}
    make_session(session, cast.team, place=make_place(session), attendees=(cast.partner,), **when)

    page = browser.open(SESSION)

    assert page.all_words(FACTS) == [
        "Payments",
        "Wednesday, 10:15 Europe/London, every 2 weeks",
        "90 min, 30 of them for the team's own work",
        "Dock Street",
    ]
    assert page.all_words(f".//{HTML}ul/{HTML}li/{HTML}a")[-1] == "PPPat Partner"


def test_a_member_of_the_host_adds_a_session(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)

    form = browser.open("/sessions/team/new")
    typed: dict[str, Any] = {
        "title": "New",
        "host": cast.team,
        "weekday": "4",
        "start": "09:30",
        "attendees": [cast.owner],
    }
    page = browser.submit(form, "Add the session", **typed)

    assert page.heading == "New"
    assert page.all_words(FACTS) == ["Payments", "Friday, 09:30 UTC, every 2 weeks", "60 min", "remote"]


def test_what_cannot_be_read_stays_as_it_was_typed(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)
    form = browser.open("/sessions/team/new")

    typed: dict[str, Any] = {
        "title": "",
        "host": "none",
        "minutes": "an hour",
        "cadence_days": " ",
        "start": "9.30",
    }
    page = browser.submit(form, "Add the session", status=422, **typed)

    assert page.field_errors() == [
        "Title is empty; write a title",
        "Team that holds it “none” is not in the list; choose one that is",
        "Minutes “an hour” is no whole number; write it like 60",
        "Days from one to the next are empty; write a number like 14",
        "Begins at “9.30” is no time of day; write it like 09:30",
    ]
    minutes = page.tree.find(f".//{HTML}input[@id='minutes']")
    assert (minutes.get("type"), minutes.get("value")) == ("text", "an hour")


def test_numbers_out_of_range_are_named_with_the_range(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    form = browser.open("/sessions/team/new")
    typed: dict[str, Any] = {"title": "New", "host": cast.team}

    ranges = {"minutes": "0", "local_minutes": "-5", "cadence_days": "367"}
    outside = browser.submit(form, "Add the session", status=422, **typed, **ranges)
    more = browser.submit(form, "Add the session", status=422, **typed, minutes="30", local_minutes="45")

    assert outside.field_errors() == [
        "Minutes are 0; expected 1 to 1440",
        "Minutes for the team's own work are -5; expected 0 to 1440",
        "Days from one to the next are 367; expected 1 to 366",
    ]
    assert more.field_errors() == [
        "Minutes for the team's own work are more than the 30 minutes of the whole session"
    ]


@pytest.mark.parametrize("address", [SESSION, f"{SESSION}/delete", "/sessions/team"])
def test_an_outsider_may_not_change_what_others_hold(
    browser: Browser, session: Session, address: str
) -> None:
    cast = make_cast(session)
    make_session(session, cast.team)
    browser.sign_in(cast.outsider)
    typed: dict[str, Any] = {"title": "X", "host": cast.team, "minutes": "60", "cadence_days": "14"}

    page = browser.send(address, typed, status=403)

    assert page.heading == "Not yours to change"
    assert browser.open("/sessions").all_words(NAMES)[1:] == ["Payments prioritisation"]


def test_a_session_cannot_be_handed_to_a_team_one_is_not_in(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team)
    browser.sign_in(cast.owner)
    form = browser.open(f"{SESSION}/edit")

    page = browser.submit(form, "Save", status=403, host=cast.partner_team)

    assert page.heading == "Not yours to change"


@pytest.mark.parametrize("address", ["/sessions/team", SESSION, f"{SESSION}/delete"])
def test_a_visitor_is_sent_to_sign_in(browser: Browser, session: Session, address: str) -> None:
    make_session(session, make_cast(session).team)

    status, location = browser.status(address, {})

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/sessions/team/none", "/sessions/team/none/edit"])
def test_an_unknown_session_is_not_found(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.open(address, status=404).heading == "Not here"


def test_a_removed_session_comes_back_with_its_seats(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    browser.sign_in(cast.owner)
    people = f".//{HTML}ul/{HTML}li/{HTML}a"
    before = browser.open(SESSION).all_words(people)

    removed = browser.submit(browser.open(SESSION), "Remove this session")
    gone = browser.open(SESSION, status=404)
    browser.submit(removed, "Undo")

    assert gone.heading == "Not here"
    assert browser.open(SESSION).all_words(people) == before == ["OOOlive Owner", "PPPat Partner"]


def test_a_change_cannot_be_undone_once_it_was_changed_again(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team)
    browser.sign_in(cast.owner)
    first = browser.submit(browser.open(f"{SESSION}/edit"), "Save", minutes="45")
    browser.submit(browser.open(f"{SESSION}/edit"), "Save", minutes="30")

    page = browser.submit(first, "Undo", status=409)

    assert page.words(LEAD) == "This was changed again since (minutes)."


def test_a_zone_that_all_sessions_share_is_said_once(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    begins = f".//{HTML}td[2]"
    make_session(session, cast.team, title="First", weekday=0, start=600, zone="Europe/London")
    alike = browser.open("/sessions").all_words(begins)
    make_session(session, cast.team, title="Second", weekday=0, start=660, zone="Europe/Paris")

    apart = browser.open("/sessions").all_words(begins)

    assert (alike, apart) == (["10:00"], ["10:00 Europe/London", "11:00 Europe/Paris"])


def test_a_session_is_offered_as_one_of_my_team(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).partner)

    page = browser.submit(browser.open("/sessions/team/new"), "Add the session", title="Triage")

    assert page.all_words(f".//{HTML}dl//{HTML}dd")[0] == "Partner API"


def test_the_slower_of_two_people_is_told(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team)
    browser.sign_in(cast.owner)
    slow = browser.open(f"{SESSION}/edit")
    browser.submit(slow, "Save", title="First")

    page = browser.submit(slow, "Save", status=409, title="Second")

    told = page.words(f".//{HTML}div[@id='errors']")
    assert told.startswith("Somebody was faster Olive Owner, Mon 2 Feb: ")
    assert browser.open(SESSION).heading == "First"


@pytest.mark.parametrize("address", ["/sessions", SESSION, f"{SESSION}/edit"])
def test_pages_cost_the_same_with_more_sessions(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    make_session(session, cast.team)
    browser.sign_in(cast.owner)
    few = cost_of(browser, address)

    for number in range(3):
        make_session(session, cast.partner_team, title=f"S {number}", attendees=(cast.owner, cast.partner))

    assert cost_of(browser, address) == few
