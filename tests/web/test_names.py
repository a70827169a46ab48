"""Where there are too many teams and people for a list, their names are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.services.exchange import store_draft
from tests.factories import OPERATOR, make_person
from tests.support.large import large_organisation
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ROWS = f".//{HTML}tbody/{HTML}tr/{HTML}th[@scope='row']"
TICKED = f".//{HTML}span[@class='option']"


@pytest.fixture
def many(browser: Browser, session: Session) -> Browser:
    """Person 7 of sixty, in front of their pages."""
    store_draft(session, OPERATOR, large_organisation(60, 60), tag="test:loaded", summary="Loaded")
    browser.sign_in("p7")
    return browser


def test_the_names_that_fit_are_offered_the_shortest_first(many: Browser) -> None:
    found = many.fragment("/names/teams?field=host&list=names-host&host=+7", "names-host").text

    assert found == (
        '<datalist id="names-host"><option value="Team 7"></option><option value="Team 17"></option>'
        '<option value="Team 27"></option><option value="Team 37"></option><option value="Team 47"></option>'
        '<option value="Team 57"></option></datalist>'
    )


def test_who_asks_for_names_as_a_page_comes_to_the_list(many: Browser) -> None:
    assert many.status("/names/people?field=q&q=son+7") == (303, "/people?q=son+7")


def test_two_people_of_one_name_are_told_apart(many: Browser, session: Session) -> None:
    twin = make_person(session, name="Person 7", email="seven@example.org")

    found = many.fragment("/names/people?field=x&list=names-x&x=person+7", "names-x").text
    form = many.open("/sessions/team/new")
    page = many.submit(form, "Add the session", title="Pair", host="Team 7", attendees=[f"Person 7 ({twin})"])

    assert found.count(f"Person 7 ({twin})") == found.count("Person 7 (p7)") == 1
    assert [a.get("href") for a in page.tree.iter(f"{HTML}a") if a.get("class") == "p"] == [f"/people/{twin}"]


def test_a_form_takes_names_and_shows_who_is_in_it_already(many: Browser) -> None:
    page = many.open("/teams/t7/edit")

    saved = many.submit(page, "Save", members=["person 12", "", "Person 59"])

    assert page.all_words(TICKED) == ["Person 7"]
    assert saved.all_words(f".//{HTML}ul[@aria-label='People']/{HTML}li") == [
        "P7Person 7decides",
        "P1Person 12member",
        "P5Person 59member",
    ]


def test_a_name_that_nobody_has_stays_as_typed_and_names_that_fit_are_said(many: Browser) -> None:
    form = many.open("/sessions/team/new")

    typed = {"title": "New", "host": "Team 59x", "attendees": ["Person 5", "son 58"]}
    page = many.submit(form, "Add the session", status=422, **typed)

    assert page.field_errors() == [
        "Team that holds it “Team 59x” is nobody’s name; write a whole name",
        "Who sits in it “son 58” is nobody’s name; did you mean Person 58?",
    ]
    assert page.all_words(TICKED) == ["Person 5"]
    assert [e.get("value") for e in page.tree.iter(f"{HTML}input") if e.get("list")] == [
        "Team 59x",
        "son 58",
        "",
        "",
        "",
    ]


def test_a_field_that_needs_a_name_says_so(many: Browser) -> None:
    page = many.submit(many.open("/sessions/team/new"), "Add the session", status=422, title="New", host="")

    assert page.field_errors() == ["Team that holds it is empty; write a name"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/dependencies?needs=team+7", ["Part 7"]),
        ("/dependencies?needs=t7", ["Part 7"]),
        ("/dependencies?from=eam+58", ["Part 57"]),
        ("/dependencies?from=nobody", []),
        ("/sessions?team=team+7", ["Session 7"]),
        ("/sessions?person=person+7", ["Session 6", "Session 7"]),
        ("/people?team=TEAM+7", ["Person 7"]),
    ],
)
def test_a_list_is_narrowed_by_a_name_or_a_part_of_it(many: Browser, address: str, found: list[str]) -> None:
    assert many.open(address).all_words(ROWS) == found


def test_a_picture_stands_around_the_team_that_is_named(many: Browser) -> None:
    named, by_key = many.open("/map?view=around&focus=team+7"), many.open("/map?view=around&focus=t7")

    assert named.words(f".//{HTML}section[@id='map']") == by_key.words(f".//{HTML}section[@id='map']")
    assert many.status("/map?view=around&focus=team")[0] == 404


def test_a_paste_among_many_teams_is_corrected_by_name(many: Browser) -> None:
    lines = "Team 7 needs a file from Team 8\nTeam 7 needs tea from Ops"

    page = many.send("/dependencies/check", {"lines": lines})

    assert [e.get("value") for e in page.tree.iter(f"{HTML}input") if e.get("list")] == [
        "Team 7", "Team 8", "Team 7", "New team “Ops”",
    ]  # fmt: skip
    wrong = many.submit(page, "Add 2 needs", status=422, provider=["Team 8", "Team 9z"])
    added = many.submit(wrong, "Add 2 needs", provider=["Team 9", "New team “Ops”"])
    assert added.heading
    assert many.open("/dependencies?needs=t7&q=tea").all_words(ROWS) == ["tea"]
    assert many.open("/teams?q=ops").all_words(ROWS) == ["Ops"]


def test_who_one_is_is_found_by_a_part_of_the_name(browser: Browser, session: Session) -> None:
    store_draft(session, OPERATOR, large_organisation(60, 1), tag="test:loaded", summary="Loaded")

    everybody, found = browser.open("/sign-in?next=/teams"), browser.open("/sign-in?q=son+5&next=/teams")

    assert len(everybody.all_words(f".//{HTML}button[@name='person']")) == 50
    assert "And 10 more" in everybody.words(f".//{HTML}form[@id='who']")
    assert found.all_words(f".//{HTML}button[@name='person']")[0] == "P5Person 5Team 5"
    assert found.words(f".//{HTML}p[@role='status']") == "11 people fit of 60."
    fragment = browser.fragment("/sign-in?q=son+58", "who").text
    assert fragment.lstrip().startswith('<form method="post" action="/sign-in" id="who">')
