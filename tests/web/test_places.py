"""The pages of places and the minutes between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from planner.services.organisation import read_organisation
from tests.factories import make_cast, make_place, make_team
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

ROWS = f".//{HTML}tbody/{HTML}tr"
NAMES = f"{ROWS}/{HTML}th"
MESSAGE = f".//{HTML}div[@class='toast']/{HTML}span"


def test_an_empty_list_offers_to_add_the_first_place(browser: Browser) -> None:
    page = browser.open("/places")

    assert page.all_words(f".//{HTML}section//{HTML}a") == ["Add the first place"]


def test_the_list_is_filtered_by_name(browser: Browser, session: Session) -> None:
    make_place(session, name="Dock Street")
    make_place(session, name="Zürich")

    found = {q: browser.open(f"/places?q={q}").all_words(NAMES) for q in ("", "ZÜR", "x")}

    assert found == {"": ["Dock Street", "Zürich"], "ZÜR": ["Zürich"], "x": []}
    assert browser.fragment("/places", "place-list").text.lstrip().startswith('<section id="place-list"')


def test_minutes_are_asked_for_every_other_place(browser: Browser, session: Session) -> None:
    make_place(session, name="Dock Street")
    make_place(session, name="Leeds")
    browser.sign_in(make_cast(session).owner)

    form = browser.open("/places/new")
    typed: dict[str, Any] = {
        "name": "London / Paris",
        "zone": "Europe/Paris",
        "minutes_to_1": "12",
        "minutes_to_2": "",
    }
    browser.submit(form, "Add the place", **typed)

    assert browser.open("/places/London%20/%20Paris").all_words(ROWS) == [
        "Dock Street12 min",
        "Leedsnot known",
    ]
    assert browser.open("/places/Dock%20Street").all_words(ROWS)[1] == "London / Paris12 min"


def test_minutes_can_be_forgotten_again(browser: Browser, session: Session) -> None:
    make_place(session, name="Dock Street")
    make_place(session, name="Leeds", minutes_to={"Dock Street": 90})
    browser.sign_in(make_cast(session).owner)

    form = browser.open("/places/leeds/edit")
    browser.submit(form, "Save", minutes_to_1="")

    assert browser.open("/places/leeds").all_words(ROWS) == ["Dock Streetnot known"]


def test_problems_stand_at_their_field_with_what_was_typed(browser: Browser, session: Session) -> None:
    make_place(session, name="Dock Street")
    make_place(session, name="Leeds")
    browser.sign_in(make_cast(session).owner)
    form = browser.open("/places/new")

    unread = browser.submit(form, "Add the place", status=422, name="York", minutes_to_1="ten")
    too_far = browser.submit(
        form, "Add the place", status=422, name="York", minutes_to_1="-1", minutes_to_2="1441"
    )
    twice = browser.submit(form, "Add the place", status=422, name="LEEDS")

    assert unread.field_errors() == ["Minutes to Dock Street “ten” is no whole number; write it like 60"]
    assert unread.tree.find(f".//{HTML}input[@id='minutes_to_1']").attrib["value"] == "ten"
    assert too_far.field_errors() == [
        "Minutes to Dock Street are -1; expected 0 to 1440",
        "Minutes to Leeds are 1441; expected 0 to 1440",
    ]
    assert twice.field_errors() == ["Name there is a place “Leeds” already"]


def test_a_removed_place_comes_back_with_its_ways_and_teams(browser: Browser, session: Session) -> None:
    make_place(session, name="Dock Street")
    make_place(session, name="Leeds", minutes_to={"Dock Street": 90})
    make_team(session, name="Loyalty", place="Leeds")
    browser.sign_in(make_cast(session).owner)
    before = browser.open("/places/Leeds")

    removed = browser.submit(before, "Remove this place")
    alone = browser.open("/places/Dock%20Street").all_words(ROWS)
    browser.submit(removed, "Undo")
    after = browser.open("/places/Leeds")

    bullets = f".//{HTML}section//{HTML}li"
    assert removed.words(MESSAGE) == "Removed the place Leeds"
    assert alone == []
    assert (after.all_words(ROWS), after.all_words(bullets)) == (
        before.all_words(ROWS),
        before.all_words(bullets),
    )


def test_adding_a_place_cannot_be_undone_once_a_team_is_there(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)
    added = browser.submit(browser.open("/places/new"), "Add the place", name="Leeds")
    make_team(session, place="Leeds")

    page = browser.submit(added, "Undo", status=409)

    assert page.heading == "Cannot take this back"


def test_the_slower_of_two_people_is_told(browser: Browser, session: Session) -> None:
    make_place(session, name="Leeds")
    browser.sign_in(make_cast(session).owner)
    slow = browser.open("/places/Leeds/edit")
    browser.submit(slow, "Save", zone="Europe/Paris")

    page = browser.submit(slow, "Save", status=409, zone="Europe/Rome")

    told = page.words(f".//{HTML}div[@id='errors']")
    assert told.startswith("Somebody was faster Olive Owner, Mon 2 Feb: ")


def test_a_place_that_is_renamed_while_its_form_is_open_keeps_what_was_typed(
    browser: Browser, session: Session
) -> None:
    make_place(session, name="Leeds", zone="UTC")
    browser.sign_in(make_cast(session).owner)
    slow = browser.open("/places/Leeds/edit")
    browser.submit(slow, "Save", name="Quay")
    make_place(session, name="Leeds", zone="UTC")  # another one, under the name of before

    page = browser.submit(slow, "Save", status=409, zone="Europe/Rome")
    browser.submit(page, "Save", name="Quay")

    assert page.heading == "Change Quay"
    zones = {place.name: place.zone for place in read_organisation(session).places}
    assert zones == {"Quay": "Europe/Rome", "Leeds": "UTC"}


@pytest.mark.parametrize("record", ["99", "", "x"])
def test_a_form_of_a_place_that_is_gone_finds_nothing(
    browser: Browser, session: Session, record: str
) -> None:
    make_place(session, name="Leeds")
    browser.sign_in(make_cast(session).owner)

    statuses = {name: browser.status(f"/places/{name}", {"record": record})[0] for name in ("Leeds", "York")}

    assert statuses == {"Leeds": 404 if record == "99" else 422, "York": 404}


@pytest.mark.parametrize("address", ["/places", "/places/Leeds", "/places/Leeds/delete"])
def test_a_visitor_is_sent_to_sign_in(browser: Browser, session: Session, address: str) -> None:
    make_cast(session)
    make_place(session, name="Leeds")

    status, location = browser.status(address, {})

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/places/Nowhere", "/places/Nowhere/edit"])
def test_an_unknown_place_is_not_found(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.open(address, status=404).heading == "Not here"


@pytest.mark.parametrize("address", ["/places", "/places/A", "/places/A/edit"])
def test_pages_cost_the_same_with_more_places(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)
    make_place(session, name="A")
    few = cost_of(browser, address)

    for name in ("B", "C", "D"):
        make_place(session, name=name, minutes_to={"A": 10})

    assert cost_of(browser, address) == few


def test_a_place_that_is_renamed_is_not_removed_under_its_old_name(
    browser: Browser, session: Session
) -> None:
    make_place(session, name="Leeds")
    browser.sign_in(make_cast(session).owner)
    slow, form = browser.open("/places/Leeds"), browser.open("/places/Leeds/edit")
    browser.submit(form, "Save", name="Quay")

    refused = browser.submit(slow, "Remove this place", status=409)
    by_hand = browser.send("/places/Leeds/delete", {}, status=409)
    make_place(session, name="Leeds")  # another one, under the name of before
    again = browser.submit(slow, "Remove this place", status=409)
    browser.submit(browser.open("/places/Quay"), "Remove this place")

    words = "The place “Leeds” is called “Quay” now. Nothing was done."
    assert all(words in page.words() for page in (refused, by_hand, again))
    assert [one.name for one in read_organisation(session).places] == ["Leeds"]


def test_a_place_that_was_never_there_is_not_found(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.status("/places/York/delete", {})[0] == 404
