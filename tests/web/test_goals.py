"""The pages of shared goals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import make_cast, make_dependency, make_goal
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

NAMES = f".//{HTML}tbody/{HTML}tr/{HTML}th"
LEAD = f".//{HTML}p[@class='lead']"
HISTORY = f".//{HTML}details[@id='history']"
GOAL = "/goals/one-account-every-journey"


def test_an_empty_list_offers_to_add_the_first_goal(browser: Browser) -> None:
    page = browser.open("/goals")

    assert page.all_words(f".//{HTML}section//{HTML}a") == ["Add the first goal"]


def test_the_list_is_filtered_by_outcome_and_team(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team), outcome="Tap anywhere")
    make_goal(session, (cast.team, cast.outside_team), outcome="Refund within a day")

    addresses = ("", "?q=refund", f"?team={cast.partner_team}", "?q=refund&team=partner-api")
    found = {address: browser.open(f"/goals{address}").all_words(NAMES) for address in addresses}

    assert found == {
        "": ["Refund within a day", "Tap anywhere"],
        "?q=refund": ["Refund within a day"],
        "?team=partner-api": ["Tap anywhere"],
        "?q=refund&team=partner-api": [],
    }
    assert browser.fragment("/goals", "goal-list").text.lstrip().startswith('<section id="goal-list"')


def test_a_goal_page_tells_date_teams_and_dependencies(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    key = make_goal(session, (cast.team, cast.partner_team), due_on=date(2026, 4, 10))
    make_dependency(session, cast.team, cast.partner_team, goal=key)
    make_dependency(session, cast.team, cast.partner_team, what="Something else")

    page = browser.open(GOAL)

    assert page.heading == "One account, every journey"
    assert page.words(LEAD) == "By Fri 10 Apr, carried by Partner API, Payments. Nobody leads it yet."
    assert page.all_words(NAMES) == ["Settlement file"]


def test_anybody_adds_a_goal_of_two_teams(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.outsider)

    form = browser.open("/goals/new")
    typed: dict[str, Any] = {
        "outcome": "Tap anywhere",
        "due_on": "2026-03-02",
        "teams": [cast.team, cast.partner_team],
    }
    page = browser.submit(form, "Add the goal", **typed)

    assert page.heading == "Tap anywhere"
    assert page.words(LEAD) == "By Mon 2 Mar, carried by Partner API, Payments. Nobody leads it yet."


def test_problems_stand_at_their_field_with_what_was_typed(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    form = browser.open("/goals/new")

    month_13 = browser.submit(form, "Add the goal", status=422, outcome="", due_on="2026-13-01")
    alone = browser.submit(form, "Add the goal", status=422, outcome="Alone", teams=[cast.team])

    assert month_13.field_errors() == [
        "Outcome is empty; say what will be true then",
        "Date “2026-13-01” is no date; write it like 2026-03-02",
    ]
    assert month_13.tree.find(f".//{HTML}input[@id='due_on']").attrib["value"] == "2026-13-01"
    assert alone.field_errors() == ["Teams a goal is shared when two teams or more carry it; choose another"]


def test_somebody_of_one_of_the_teams_changes_a_goal(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team), due_on=date(2026, 4, 10))
    browser.sign_in(cast.partner)

    page = browser.submit(browser.open(f"{GOAL}/edit"), "Save", due_on="")

    assert page.words(LEAD) == "No date yet. Carried by Partner API, Payments. Nobody leads it yet."


def test_a_goal_gets_a_lead_which_its_history_tells(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team))
    browser.sign_in(cast.owner)

    page = browser.submit(browser.open(f"{GOAL}/edit"), "Save", lead=cast.partner)

    assert page.words(LEAD) == "No date yet. Carried by Partner API, Payments. ★ Led by Pat Partner."
    assert "led by nothing" in page.words(HISTORY)
    assert "Pat Partner" in browser.open("/goals").words()


@pytest.mark.parametrize("address", [GOAL, f"{GOAL}/delete"])
def test_an_outsider_may_neither_change_nor_remove(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team))
    browser.sign_in(cast.outsider)

    page = browser.send(address, {"outcome": "X", "teams": [cast.team, cast.outside_team]}, status=403)

    assert page.heading == "Not yours to change"
    assert browser.open(GOAL).heading == "One account, every journey"


@pytest.mark.parametrize("address", ["/goals", GOAL, f"{GOAL}/delete"])
def test_a_visitor_is_sent_to_sign_in(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team))

    status, location = browser.status(address, {})

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/goals/none", "/goals/none/edit"])
def test_an_unknown_goal_is_not_found(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.open(address, status=404).heading == "Not here"


def test_a_removed_goal_comes_back_with_teams_and_dependencies(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    key = make_goal(session, (cast.team, cast.partner_team))
    make_dependency(session, cast.team, cast.partner_team, goal=key)
    browser.sign_in(cast.owner)
    before = browser.open(GOAL)

    removed = browser.submit(before, "Remove this goal")
    browser.submit(removed, "Undo")
    after = browser.open(GOAL)

    assert (after.words(LEAD), after.all_words(NAMES)) == (before.words(LEAD), before.all_words(NAMES))
    assert after.all_words(NAMES) == ["Settlement file"]


def test_adding_a_goal_cannot_be_undone_once_it_is_served(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    teams = [cast.team, cast.partner_team]
    added = browser.submit(browser.open("/goals/new"), "Add the goal", outcome="Tap", teams=teams)
    make_dependency(session, cast.team, cast.partner_team, goal="tap")

    page = browser.submit(added, "Undo", status=409)

    assert page.heading == "Cannot take this back"


def test_the_slower_of_two_people_is_told_and_keeps_what_they_typed(
    browser: Browser, session: Session
) -> None:
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team))
    browser.sign_in(cast.owner)
    slow = browser.open(f"{GOAL}/edit")
    browser.submit(slow, "Save", outcome="First")

    late = browser.submit(slow, "Save", status=409, outcome="Second")

    assert late.words(f".//{HTML}div[@id='errors']") == (
        "Somebody was faster Olive Owner, Mon 2 Feb: Changed the goal First. Look at what is there now. "
        "What you typed is below, and nothing of it is saved; save it again if it is still meant."
    )
    assert browser.open(GOAL).heading == "First"
    assert browser.submit(late, "Save").heading == "Second"


@pytest.mark.parametrize("address", ["/goals", GOAL, f"{GOAL}/edit"])
def test_pages_cost_the_same_with_more_rows(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    teams = (cast.team, cast.partner_team)
    key = make_goal(session, teams)
    browser.sign_in(cast.owner)
    few = cost_of(browser, address)

    for number in range(3):
        make_goal(session, teams, outcome=f"Goal {number}")
        make_dependency(session, *teams, goal=key, what=f"Thing {number}")

    assert cost_of(browser, address) == few
