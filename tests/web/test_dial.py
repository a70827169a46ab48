"""The page that says what the price of a seat does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.services.consolidation import dial as dials
from planner.services.example import load_example
from planner.services.exchange import store_draft
from tests.factories import OPERATOR, make_cast, make_dependency
from tests.support.large import large_organisation
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PATH = "/sessions/suggestion/dial"
ROWS = f".//{HTML}tbody/{HTML}tr"


@pytest.fixture
def example(session: Session) -> Session:
    load_example(session, OPERATOR)
    return session


@pytest.mark.usefixtures("example")
def test_every_point_of_the_curve_has_its_row_and_leads_to_its_suggestion(browser: Browser) -> None:
    browser.sign_in("dana-fischer")

    page = browser.open(f"{PATH}?attendance=whole")

    links = [link.get("href") for link in page.tree.findall(f"{ROWS}//{HTML}a")]
    assert links == [f"/sessions/suggestion?attendance=whole&seat_cost={cost}" for cost in (120, 45, 15)]
    assert page.text.count('class="point"') == len(links)
    assert page.all_words(f"{ROWS}/{HTML}th") == [
        "1. Fewest sessions per person, most hours",
        "2. Fewer sessions per person, more hours",
        "3. As you have it",
    ]
    shown = browser.open(links[0])
    assert shown.tree.find(f".//{HTML}input[@id='seat_cost']").get("value") == "120"


@pytest.mark.usefixtures("example")
def test_the_suggestion_leads_to_its_dial_with_the_same_question(browser: Browser) -> None:
    page = browser.open("/sessions/suggestion?people_max=6")

    links = [a.get("href") for a in page.tree.iter(f"{HTML}a") if a.text == "What the dial does"]
    assert links == [f"{PATH}?people_max=6"]


@pytest.mark.usefixtures("example")
def test_who_looks_is_told_what_it_means_for_them_and_a_visitor_is_not(browser: Browser) -> None:
    visitor = browser.open(PATH)
    browser.sign_in("amara-diallo")

    member = browser.open(PATH)

    assert "For you:" in member.words(f".//{HTML}main")
    assert "For you:" not in visitor.words(f".//{HTML}main")
    assert member.all_words(f".//{HTML}section//{HTML}li") == visitor.all_words(f".//{HTML}section//{HTML}li")


def test_one_pair_of_people_has_nothing_to_turn(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    page = browser.open(PATH)

    assert "Here it changes nothing" in page.words(f".//{HTML}main")
    assert len(page.tree.findall(ROWS)) == 1


def test_where_nobody_has_to_meet_the_page_says_so(browser: Browser, session: Session) -> None:
    make_cast(session)

    page = browser.open(PATH)

    assert "Nobody has to meet, so there is nothing to weigh." in page.words(f".//{HTML}main")
    assert page.tree.find(ROWS) is None


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    "words", ["seat_cost=x", "seat_cost=481", "horizon=Q9", "state=done", "earliest=25:00"]
)
def test_what_cannot_be_asked_is_refused_in_words(browser: Browser, words: str) -> None:
    page = browser.open(f"{PATH}?{words}", status=422)

    assert page.heading == "Something is not right yet"


@pytest.mark.usefixtures("example")
def test_a_second_look_costs_few_queries(browser: Browser) -> None:
    assert cost_of(browser, PATH) <= cost_of(browser, "/sessions/suggestion") + 1


def test_the_dial_of_very_many_is_found_by_a_button_and_then_kept(
    browser: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so that few are many, and the test is short
    monkeypatch.setattr(dials, "ITEMS_UNASKED", 30)
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    visitor = browser.open(f"{PATH}?people_max=6")
    browser.sign_in("p1")

    asked = browser.open(f"{PATH}?people_max=6")
    made = browser.submit(asked, "Find them now")

    assert "Say who you are" in visitor.words(f".//{HTML}main")
    assert (len(asked.tree.findall(ROWS)), len(made.tree.findall(ROWS)) > 1) == (0, True)
    assert browser.open(f"{PATH}?people_max=6").all_words(ROWS) == made.all_words(ROWS)
    assert browser.status("/map?view=dial")[0] == 409
