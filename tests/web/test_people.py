"""The pages of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.model import WorkingHours
from planner.services.organisation import read_organisation
from tests.factories import make_cast, make_person, make_place, make_session, make_team
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

ROWS = f".//{HTML}tbody/{HTML}tr/{HTML}th"
FACTS = f".//{HTML}dd"
BULLETS = f".//{HTML}main//{HTML}section//{HTML}li"


def test_an_empty_list_offers_to_add_the_first_person(browser: Browser) -> None:
    page = browser.open("/people")

    assert page.heading == "People"
    assert page.all_words(f".//{HTML}section//{HTML}a") == ["Add the first person"]


def test_the_list_is_filtered_by_name_team_and_place(browser: Browser, session: Session) -> None:
    make_place(session, name="Dock Street")
    amara = make_person(session, name="Amara Diallo", place="Dock Street")
    make_person(session, name="Ben Diallo")
    make_team(session, name="Loyalty", members=[amara])

    addresses = ("", "?q=DIALLO", "?q=ben", "?team=loyalty", "?place=Dock+Street", "?q=nobody")
    found = {address: browser.open(f"/people{address}").all_words(ROWS) for address in addresses}

    assert found == {
        "": ["Amara Diallo", "Ben Diallo"],
        "?q=DIALLO": ["Amara Diallo", "Ben Diallo"],
        "?q=ben": ["Ben Diallo"],
        "?team=loyalty": ["Amara Diallo"],
        "?place=Dock+Street": ["Amara Diallo"],
        "?q=nobody": [],
    }


def test_htmx_gets_the_list_alone(browser: Browser, session: Session) -> None:
    make_person(session)

    answer = browser.fragment("/people?q=amara", "person-list")

    assert answer.text.lstrip().startswith('<section id="person-list"')


def test_a_person_page_tells_teams_hours_place_and_todays_sessions(
    browser: Browser, session: Session
) -> None:
    place = make_place(session)
    hours = WorkingHours("Europe/London", 8 * 60, 24 * 60, frozenset({0, 1, 2, 4}))
    key = make_person(session, email="amara@example.org", place=place, hours=hours)
    host = make_team(session, decides=[key])
    make_team(session, name="Web Shop", members=[key])
    make_session(session, host, title="Sorting", attendees=(key,), weekday=1, start=600, zone="UTC")

    page = browser.open(f"/people/{key}")

    assert page.all_words(FACTS) == [
        "Loyalty",
        "Web Shop",
        "Mon to Wed, Fri, 08:00 to midnight, Europe/London",
        "Dock Street",
        "amara@example.org",
    ]
    assert page.all_words(BULLETS) == ["Sorting, Tuesday, 10:00, every 2 weeks"]


def test_a_member_adds_a_person_to_their_team(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)

    form = browser.open("/people/new")
    page = browser.submit(form, "Add the person", name="Ana Lopes", end="00:00", teams=[cast.team])

    assert page.heading == "Ana Lopes"
    assert page.all_words(FACTS) == [
        "no team",
        "Payments",
        "Mon to Fri, 09:00 to midnight, UTC",
        "remote",
    ]


def test_a_form_comes_back_with_every_problem_and_all_that_was_typed(
    browser: Browser, session: Session
) -> None:
    browser.sign_in(make_cast(session).owner)
    form = browser.open("/people/new")

    page = browser.submit(
        form, "Add the person", status=422, name="", start="25:00", end="", zone="Mars", teams=["none"]
    )

    assert page.field_errors() == [
        "Name is empty; write the person's name",
        "From “25:00” is no time of day; write it like 09:30",
        "To is empty; write a time like 17:00",
        "Time zone “Mars” is not in the list; choose one that is",
        "Teams “none” is not in the list; choose one that is",
    ]
    assert page.tree.find(f".//{HTML}input[@id='start']").attrib["value"] == "25:00"
    assert page.words(f".//{HTML}title") == "Error: Add a person · planner"


def test_problems_of_the_whole_stand_beside_their_fields(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)
    make_person(session, email="amara@example.org")
    form = browser.open("/people/new")

    typed = {"name": "Amara Diallo", "email": "nobody", "start": "17:00", "end": "09:00", "days": []}
    page = browser.submit(form, "Add the person", status=422, **typed)

    assert page.field_errors() == [
        "E-mail “nobody” is no e-mail address; expected name@example.org",
        "Working days are empty; choose at least one",
        "To is not after the start; choose a later time, 00:00 is midnight",
    ]


def test_somebody_of_the_same_team_changes_a_person(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    colleague = make_person(session, name="Ana Lopes")
    make_team(session, name="Loyalty", decides=[cast.owner], members=[colleague])
    browser.sign_in(cast.owner)

    form = browser.open(f"/people/{colleague}/edit")
    page = browser.submit(form, "Save", name="Ana Maria Lopes")

    assert page.heading == "Ana Maria Lopes"
    assert page.all_words(FACTS)[1] == "Loyalty"


@pytest.mark.parametrize("address", ["/people/olive-owner", "/people/olive-owner/delete"])
def test_an_outsider_may_neither_change_nor_remove(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.outsider)
    typed = {"name": "X", "start": "09:00", "end": "17:00", "zone": "UTC", "days": ["0"], "place": ""}

    page = browser.send(address, typed, status=403)

    assert page.heading == "Not yours to change"
    assert browser.open("/people/olive-owner").heading == "Olive Owner"


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/people/new"),
        ("get", "/people/olive-owner/edit"),
        ("post", "/people"),
        ("post", "/people/olive-owner"),
        ("post", "/people/olive-owner/delete"),
    ],
)
def test_a_visitor_is_sent_to_sign_in(browser: Browser, session: Session, method: str, address: str) -> None:
    make_cast(session)

    status, location = browser.status(address, {} if method == "post" else None)

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/people/nobody", "/people/nobody/edit"])
def test_an_unknown_person_is_not_found(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)

    page = browser.open(address, status=404)

    assert page.heading == "Not here"


def test_a_removed_person_comes_back_with_teams_and_seats(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    key = make_person(session)
    host = make_team(session, decides=[cast.owner, key])
    make_session(session, host, attendees=(key,))
    browser.sign_in(cast.owner)
    before = browser.open(f"/people/{key}")

    removed = browser.submit(before, "Remove this person")
    gone = browser.open(f"/people/{key}", status=404)
    browser.submit(removed, "Undo")
    after = browser.open(f"/people/{key}")

    assert gone.heading == "Not here"
    assert (after.all_words(FACTS), after.all_words(BULLETS)[:1]) == (
        before.all_words(FACTS),
        before.all_words(BULLETS)[:1],
    )


def test_adding_somebody_cannot_be_undone_once_they_sit_somewhere(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    added = browser.submit(browser.open("/people/new"), "Add the person", name="Ana Lopes")
    make_session(session, cast.team, attendees=("ana-lopes",))

    page = browser.submit(added, "Undo", status=409)

    assert page.heading == "Cannot take this back"
    assert "Something else was built on this since." in page.text
    assert browser.open("/people/ana-lopes").heading == "Ana Lopes"


def test_a_colleague_and_a_place_are_offered_in_my_own_zone(browser: Browser, session: Session) -> None:
    owner = make_cast(session).owner
    browser.sign_in(owner)
    browser.submit(browser.open(f"/people/{owner}/edit"), "Save", zone="Europe/Paris")

    browser.submit(browser.open("/people/new"), "Add the person", name="Ana Lopes")
    browser.submit(browser.open("/places/new"), "Add the place", name="Lyon")

    organisation = read_organisation(session)
    ana = next(person for person in organisation.people if person.name == "Ana Lopes")
    assert (ana.hours.zone, organisation.places[0].zone) == ("Europe/Paris", "Europe/Paris")


def test_my_own_page_leads_to_what_is_mine_alone(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    links = f".//{HTML}p[@id='own']/{HTML}a"

    mine, theirs = browser.open(f"/people/{cast.owner}"), browser.open(f"/people/{cast.partner}")

    own = ["Your calendar and days off", "What comes by mail", "Promises", "My load"]
    assert (mine.all_words(links), theirs.all_words(links)) == (own, [])


def test_the_slower_of_two_people_is_told(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    slow = browser.open(f"/people/{cast.owner}/edit")
    browser.submit(slow, "Save", name="Olive First")

    page = browser.submit(slow, "Save", status=409, name="Olive Second")

    told = page.words(f".//{HTML}div[@id='errors']")
    assert told.startswith("Somebody was faster Olive Owner, Mon 2 Feb: ")
    assert browser.open(f"/people/{cast.owner}").heading == "Olive First"


@pytest.mark.parametrize("address", ["/people", "/people/person-0", "/people/person-0/edit"])
def test_pages_cost_the_same_with_more_people(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)
    make_team(session, members=[make_person(session, name="Person 0")])
    few = cost_of(browser, address)

    make_team(session, name="B", members=[make_person(session, name=f"Person {n}") for n in (1, 2, 3)])

    assert cost_of(browser, address) == few
