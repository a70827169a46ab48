"""The pages of teams."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.text import NAME_LONGEST
from tests.factories import make_cast, make_dependency, make_goal, make_person, make_session, make_team
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

NAMES = f".//{HTML}tbody/{HTML}tr/{HTML}th"
PEOPLE = f".//{HTML}ul[@aria-label='People']/{HTML}li"
SECTIONS = f".//{HTML}section"
LEAD = f".//{HTML}p[@class='lead']"


def test_an_empty_list_offers_to_add_the_first_team(browser: Browser) -> None:
    page = browser.open("/teams")

    assert page.all_words(f".//{HTML}section//{HTML}a") == ["Add the first team"]


def test_the_list_is_filtered_by_name_and_area(browser: Browser, session: Session) -> None:
    make_team(session, name="Payments", area="Money")
    make_team(session, name="Web Shop", area="Shops")

    found = {q: browser.open(f"/teams{q}").all_words(NAMES) for q in ("", "?q=PAY", "?area=Shops", "?q=x")}

    assert found == {
        "": ["Payments", "Web Shop"],
        "?q=PAY": ["Payments"],
        "?area=Shops": ["Web Shop"],
        "?q=x": [],
    }
    assert browser.fragment("/teams", "team-list").text.lstrip().startswith('<section id="team-list"')


def test_a_visitor_adds_nothing_and_a_person_adds_a_team(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    status, location = browser.status("/teams", {"name": "Loyalty"})
    browser.sign_in(cast.outsider)

    form = browser.open("/teams/new")
    page = browser.submit(form, "Add the team", name="Loyalty", decides=[cast.outsider], members=[cast.owner])

    assert (status, location.split("?")[0]) == (303, "/sign-in")
    assert page.heading == "Loyalty"
    assert page.all_words(PEOPLE) == ["OOOlive Ownermember", "OOOtto Outsiderdecides"]


def test_a_team_called_new_has_a_page_of_its_own(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)

    page = browser.submit(browser.open("/teams/new"), "Add the team", name="New")

    assert page.heading == "New"


def test_problems_stand_at_their_field(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)
    form = browser.open("/teams/new")

    empty = browser.submit(
        form, "Add the team", status=422, name="", place="none", area="a" * (NAME_LONGEST + 1)
    )
    twice = browser.submit(form, "Add the team", status=422, name="PAYMENTS")

    assert empty.field_errors() == [
        "Name is empty; write the team's name",
        f"Area is too long; at most {NAME_LONGEST} characters can be kept",
        "Place “none” is not in the list; choose one that is",
    ]
    assert twice.field_errors() == ["Name there is a team “Payments” already"]


def test_a_member_changes_a_team_and_roles_stay(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)

    page = browser.submit(browser.open("/teams/payments/edit"), "Save", name="Paying")

    assert (page.heading, page.all_words(PEOPLE)) == ("Paying", ["OOOlive Ownerdecides"])


@pytest.mark.parametrize("address", ["/teams/payments", "/teams/payments/delete"])
def test_an_outsider_may_neither_change_nor_remove(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).outsider)

    page = browser.send(address, {"name": "X", "place": ""}, status=403)

    assert page.heading == "Not yours to change"
    assert browser.open("/teams/payments").heading == "Payments"


@pytest.mark.parametrize("address", ["/teams/payments", "/teams/payments/delete"])
def test_a_visitor_is_sent_to_sign_in(browser: Browser, session: Session, address: str) -> None:
    make_cast(session)

    status, location = browser.status(address, {})

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/teams/none", "/teams/none/edit"])
def test_an_unknown_team_is_not_found(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.open(address, status=404).heading == "Not here"


def test_a_removed_team_comes_back_with_all_that_went_with_it(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_dependency(session, cast.team, cast.partner_team, goal=goal)
    make_dependency(session, cast.partner_team, cast.team, what="Something back")
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    browser.sign_in(cast.owner)
    team, goal_page = browser.open("/teams/payments"), browser.open(f"/goals/{goal}")

    removed = browser.submit(team, "Remove this team")
    gone = browser.open("/teams/payments", status=404)
    browser.submit(removed, "Undo")
    after = browser.open("/teams/payments")

    assert gone.heading == "Not here"
    assert after.all_words(SECTIONS) == team.all_words(SECTIONS)
    assert after.all_words(PEOPLE) == team.all_words(PEOPLE)
    assert browser.open(f"/goals/{goal}").words(LEAD) == goal_page.words(LEAD)


def test_adding_a_team_cannot_be_undone_once_somebody_needs_it(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    added = browser.submit(browser.open("/teams/new"), "Add the team", name="Loyalty")
    make_dependency(session, cast.team, "loyalty")

    page = browser.submit(added, "Undo", status=409)

    assert page.words(LEAD) == "Something else was built on this since. Remove that first."


def test_what_is_waited_for_stands_first_by_its_day(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Some day")
    make_dependency(session, cast.team, cast.partner_team, what="Later", needed_by=date(2026, 3, 9))
    make_dependency(session, cast.team, cast.partner_team, what="Soon", needed_by=date(2026, 3, 2))
    make_dependency(session, cast.team, cast.partner_team, what="Gone", needed_by=date(2026, 2, 9))
    browser.sign_in(cast.owner)
    browser.submit(browser.open("/dependencies/4/withdraw"), "Withdraw", text="not needed any more")

    page = browser.open("/teams/payments")

    assert page.all_words(NAMES) == ["Soon", "Later", "Some day", "Gone"]


def test_the_slower_of_two_people_is_told(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)
    slow = browser.open("/teams/payments/edit")
    browser.submit(slow, "Save", name="First")

    page = browser.submit(slow, "Save", status=409, name="Second")

    told = page.words(f".//{HTML}div[@id='errors']")
    assert told.startswith("Somebody was faster Olive Owner, Mon 2 Feb: ")
    assert browser.open("/teams/payments").heading == "First"


@pytest.mark.parametrize("address", ["/teams", "/teams/payments", "/teams/payments/edit"])
def test_pages_cost_the_same_with_more_rows(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    few = cost_of(browser, address)

    for number in range(3):
        provider = make_team(session, name=f"T {number}", decides=[make_person(session, name=f"P {number}")])
        make_dependency(session, cast.team, provider)
        make_session(session, cast.team, title=f"S {number}")

    assert cost_of(browser, address) == few
