"""The pages of horizons."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.services.organisation import read_organisation
from tests.factories import make_cast, make_dependency, make_horizon
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

NAMES = f".//{HTML}tbody/{HTML}tr/{HTML}th"
LEAD = f".//{HTML}p[@class='lead']"


def test_an_empty_list_offers_to_add_the_first_horizon(browser: Browser) -> None:
    page = browser.open("/horizons")

    assert page.all_words(f".//{HTML}section//{HTML}a") == ["Add the first horizon"]


def test_the_list_is_filtered_by_name(browser: Browser, session: Session) -> None:
    make_horizon(session, name="Sprint 1")
    make_horizon(session, name="2026/Q1")

    found = {q: browser.open(f"/horizons?q={q}").all_words(NAMES) for q in ("", "SPR", "x")}

    assert found == {"": ["2026/Q1", "Sprint 1"], "SPR": ["Sprint 1"], "x": []}
    answer = browser.fragment("/horizons", "horizon-list")
    assert answer.text.lstrip().startswith('<section id="horizon-list"')


def test_a_horizon_page_tells_days_and_dependencies(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    name = make_horizon(session, name="2026/Q1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    make_dependency(session, cast.team, cast.partner_team, horizon=name)

    page = browser.open("/horizons/2026/Q1")

    assert page.heading == "2026/Q1"
    assert page.words(LEAD) == "From Thu 1 Jan to Tue 31 Mar"
    assert page.all_words(NAMES) == ["Settlement file"]


def test_anybody_adds_and_changes_a_horizon(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).outsider)

    browser.submit(browser.open("/horizons/new"), "Add the horizon", name="Sprint 1")
    browser.submit(browser.open("/horizons/Sprint%201/edit"), "Save", starts_on="2026-02-02")

    assert browser.open("/horizons/sprint%201").words(LEAD) == "From Mon 2 Feb to no date"


def test_problems_stand_at_their_field_with_what_was_typed(browser: Browser, session: Session) -> None:
    make_horizon(session, name="Sprint 1")
    browser.sign_in(make_cast(session).owner)
    form = browser.open("/horizons/new")

    unread = browser.submit(form, "Add the horizon", status=422, starts_on="soon")
    backwards = browser.submit(
        form, "Add the horizon", status=422, name="S", starts_on="2026-02-02", ends_on="2026-02-01"
    )
    twice = browser.submit(form, "Add the horizon", status=422, name="SPRINT  1")

    assert unread.field_errors() == [
        "Name is empty; write a name",
        "First day “soon” is no date; write it like 2026-03-02",
    ]
    assert unread.tree.find(f".//{HTML}input[@id='starts_on']").attrib["value"] == "soon"
    assert backwards.field_errors() == ["Last day lies before the first day; swap the two dates"]
    assert twice.field_errors() == ["Name there is a horizon “Sprint 1” already"]


def test_a_removed_horizon_comes_back_to_its_dependencies(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, horizon=make_horizon(session))
    browser.sign_in(cast.outsider)
    before = browser.open("/horizons/Sprint%201")

    removed = browser.submit(before, "Remove this horizon")
    gone = browser.open("/horizons/Sprint%201", status=404)
    browser.submit(removed, "Undo")

    assert gone.heading == "Not here"
    assert browser.open("/horizons/Sprint%201").all_words(NAMES) == ["Settlement file"]


def test_adding_a_horizon_cannot_be_undone_once_it_is_used(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)
    added = browser.submit(browser.open("/horizons/new"), "Add the horizon", name="Sprint 1")
    make_dependency(session, cast.team, cast.partner_team, horizon="Sprint 1")

    page = browser.submit(added, "Undo", status=409)

    assert page.heading == "Cannot take this back"


def test_the_slower_of_two_people_is_told(browser: Browser, session: Session) -> None:
    make_horizon(session)
    browser.sign_in(make_cast(session).owner)
    slow = browser.open("/horizons/Sprint%201/edit")
    browser.submit(slow, "Save", ends_on="2026-02-13")

    page = browser.submit(slow, "Save", status=409, ends_on="2026-02-20")

    told = page.words(f".//{HTML}div[@id='errors']")
    assert told.startswith("Somebody was faster Olive Owner, Mon 2 Feb: ")
    assert browser.open("/horizons/Sprint%201").words(LEAD) == "From no date to Fri 13 Feb"


def test_a_horizon_that_is_renamed_while_its_form_is_open_keeps_what_was_typed(
    browser: Browser, session: Session
) -> None:
    make_horizon(session)
    browser.sign_in(make_cast(session).owner)
    slow = browser.open("/horizons/Sprint%201/edit")
    browser.submit(slow, "Save", name="March")

    page = browser.submit(slow, "Save", status=409, ends_on="2026-02-20")
    browser.submit(page, "Save", name="March")

    assert page.heading == "Change March"
    assert browser.open("/horizons/March").words(LEAD) == "From no date to Fri 20 Feb"


@pytest.mark.parametrize("address", ["/horizons", "/horizons/Sprint%201", "/horizons/Sprint%201/delete"])
def test_a_visitor_is_sent_to_sign_in(browser: Browser, session: Session, address: str) -> None:
    make_cast(session)
    make_horizon(session)

    status, location = browser.status(address, {})

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/horizons/none", "/horizons/none/edit"])
def test_an_unknown_horizon_is_not_found(browser: Browser, session: Session, address: str) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.open(address, status=404).heading == "Not here"


@pytest.mark.parametrize("address", ["/horizons", "/horizons/Sprint%201", "/horizons/Sprint%201/edit"])
def test_pages_cost_the_same_with_more_rows(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    name = make_horizon(session)
    browser.sign_in(cast.owner)
    few = cost_of(browser, address)

    for number in range(3):
        make_horizon(session, name=f"Sprint 1{number}")
        make_dependency(session, cast.team, cast.partner_team, horizon=name, what=f"Thing {number}")

    assert cost_of(browser, address) == few


def test_a_horizon_that_is_renamed_is_not_removed_under_its_old_name(
    browser: Browser, session: Session
) -> None:
    make_horizon(session, name="Spring")
    browser.sign_in(make_cast(session).owner)
    slow, form = browser.open("/horizons/Spring"), browser.open("/horizons/Spring/edit")
    browser.submit(form, "Save", name="Quarter 2")

    refused = browser.submit(slow, "Remove this horizon", status=409)
    by_hand = browser.send("/horizons/Spring/delete", {}, status=409)
    make_horizon(session, name="Spring")  # another one, under the name of before
    again = browser.submit(slow, "Remove this horizon", status=409)
    browser.submit(browser.open("/horizons/Quarter 2"), "Remove this horizon")

    words = "The horizon “Spring” is called “Quarter 2” now. Nothing was done."
    assert all(words in page.words() for page in (refused, by_hand, again))
    assert [one.name for one in read_organisation(session).horizons] == ["Spring"]


def test_a_horizon_that_was_never_there_is_not_found(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)

    assert browser.status("/horizons/Autumn/delete", {})[0] == 404
