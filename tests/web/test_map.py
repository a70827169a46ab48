"""The pages of pictures: the drawing, the table twin, the files, and what an address asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.services.dependencies import remove_dependency
from planner.services.pictures.pictures import FILES, KINDS
from tests.factories import OPERATOR, make_cast, make_dependency, make_goal
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

SVG = "{http://www.w3.org/2000/svg}"
TABS = f".//{HTML}nav[@aria-label='Pictures']/{HTML}a"
ROWS = f".//{HTML}details[@id='table']//{HTML}tbody/{HTML}tr"


@pytest.fixture(autouse=True)
def town(session: Session) -> None:
    """A loop of two for one goal, and a need outside of it."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file", goal=goal)
    make_dependency(session, cast.partner_team, cast.team, what="Refund rules", goal=goal)
    make_dependency(session, cast.outside_team, cast.team, what="Points")


def test_where_nothing_is_recorded_no_filter_is_blamed(browser: Browser, session: Session) -> None:
    for number in (1, 2, 3):
        remove_dependency(session, OPERATOR, number)

    page = browser.open("/map?view=time")

    assert page.words(f".//{HTML}section[@id='map']").endswith(
        "Nothing is recorded yet, so there is nothing to draw. Paste what teams need"
    )


@pytest.mark.parametrize("view", [view for view in KINDS if view != "chain"])
def test_every_question_has_its_picture_and_its_table(view: str, browser: Browser) -> None:
    page = browser.open(f"/map?view={view}")

    assert page.heading == KINDS[view].title
    assert len(page.tree.findall(f".//{HTML}figure//{SVG}svg")) == 1
    assert len(page.tree.findall(ROWS)) >= (1 if view == "dial" else 2)  # here every price gives one plan
    assert page.all_words(TABS) == [kind.label for kind in KINDS.values()]


def test_a_picture_of_nothing_says_why(browser: Browser) -> None:
    page = browser.open("/map?view=chain")

    assert KINDS["chain"].is_empty_because in page.words()
    assert page.tree.findall(f".//{HTML}figure") == []


def test_filters_stay_when_the_picture_changes(browser: Browser) -> None:
    page = browser.open("/map?view=board&only=open&goal=one-account-every-journey")

    there = {a.text: a.get("href") for a in page.tree.findall(TABS)}
    assert there["Matrix"] == "/map?goal=one-account-every-journey&only=open&view=matrix"
    assert "Points" not in page.words()


def test_the_number_of_links_of_each_team_is_in_words_in_the_address_and_in_the_file(
    browser: Browser,
) -> None:
    page = browser.open("/map?level=backbone&links=3")

    words = "the 3 strongest links of each team"
    assert words in page.words()
    files = [a.get("href", "") for a in page.tree.iter(f"{HTML}a") if "/map." in a.get("href", "")]
    assert all("links=3" in address and "level=backbone" in address for address in files)
    assert words in browser.client.get(files[0]).text


def test_a_picture_of_whole_plans_takes_no_filter_that_it_does_not_heed(browser: Browser) -> None:
    page = browser.open("/map?view=dial&goal=one-account-every-journey")

    assert [one.get("name") for one in page.tree.iter(f"{HTML}select")] == ["horizon"]
    assert "for One account" not in page.words()
    there = {a.text: a.get("href") for a in page.tree.findall(TABS)}
    assert there["Matrix"] == "/map?goal=one-account-every-journey&view=matrix"


def test_parts_of_a_picture_lead_to_their_pages(browser: Browser) -> None:
    def links(view: str) -> set[str]:
        return {a.get("href") for a in browser.open(f"/map?view={view}").tree.iter(f"{SVG}a")}

    assert {"/dependencies/1", "/teams/payments"} <= links("board")
    assert "/goals/one-account-every-journey" in links("goals")
    assert "/dependencies?needs=payments&from=partner-api" in links("matrix")


def test_around_a_team_begins_with_the_busiest_and_takes_any(browser: Browser) -> None:
    titles = [
        browser.open(f"/map?view=around{more}").tree.findtext(f".//{HTML}figure//{SVG}title")
        for more in ("", "&focus=web-shop", "&focus=web-shop&depth=2")
    ]

    assert titles == ["Around Payments", "Around Web Shop", "Around Web Shop"]
    nowhere = browser.open("/map?view=around&focus=nobody", status=404)
    assert "There is no team “nobody”." in nowhere.words()


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_of_the_kind_that_was_asked_for(kind: str, browser: Browser) -> None:
    answer = browser.client.get(f"/map.{kind}?view=matrix&size=a4&theme=dark")

    assert (answer.status_code, answer.content_type) == (200, FILES[kind])
    ending = "mmd" if kind == "mermaid" else kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="matrix.{ending}"'


def test_a_kind_of_file_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.status("/map.exe")[0] == 404


def test_an_unknown_picture_is_the_map(browser: Browser) -> None:
    assert browser.open("/map?view=no-such-view").heading == KINDS["teams"].title


@pytest.mark.parametrize("view", KINDS)
def test_a_picture_costs_no_more_queries_with_more_in_it(
    view: str, browser: Browser, session: Session
) -> None:
    browser.open(f"/map?view={view}")
    few = cost_of(browser, f"/map?view={view}")
    for number in range(5):
        make_dependency(session, "payments", "web-shop", what=f"Part {number}")

    browser.open(f"/map?view={view}")
    assert cost_of(browser, f"/map?view={view}") == few
