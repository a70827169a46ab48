"""The page of a suggestion that takes long: a plan at once, word of better ones, and a way to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from planner.services.consolidation import plans
from planner.services.exchange import store_draft
from planner.services.work.working import work_once
from planner.storage import jobs
from planner.storage.db import db
from planner.storage.jobs import JobState
from tests.factories import MONDAY, OPERATOR
from tests.support.large import large_organisation
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of, counted_queries

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.page import Page

PATH = "/sessions/suggestion"
POLL = f"{PATH}/searches/1?shown_sessions=9&shown_cost=9999&people_max=8"


@pytest.fixture
def town(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """An organisation for which a search is too long for a page; each search is made short."""
    monkeypatch.setattr(plans, "STAGES", (0.0, 0.002, 0.01))
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    browser = Browser(app)
    browser.sign_in("p1")
    return browser


def arrive(session: Session) -> None:
    """A worker comes to work, and is at the first job."""
    jobs.beat(session, "w1", MONDAY)
    jobs.claim(session, "w1", MONDAY)
    session.commit()


def go_on_to(session: Session, done: int, report: str = "{}") -> None:
    jobs.tell(session, 1, "w1", done=done, total=1000, report=report)
    session.commit()


def work(session: Session) -> None:
    session.commit()
    assert work_once(lambda: Session(db.engine), clock=lambda: MONDAY)


def block(page: Page) -> str:
    return page.words(f".//{HTML}section[@id='search-block']")


def state(session: Session) -> JobState | None:
    job = jobs.read(session, 1, MONDAY)
    session.commit()
    return job.state if job else None


def test_the_first_plan_is_shown_with_word_of_the_search(owner: Browser, town: Session) -> None:
    owner.open(PATH)
    arrive(town)
    go_on_to(town, 430)

    page = owner.open(PATH)

    assert "Searching for better: 43 %" in block(page)
    assert page.tree.find(f".//{HTML}progress").get("value") == "43"
    assert page.all_words(f".//{HTML}article")
    assert page.form("Stop here and keep this") is not None


def test_word_of_the_search_is_cheap(owner: Browser, town: Session) -> None:
    owner.open(PATH)
    arrive(town)

    with counted_queries() as statements:
        answer = owner.fragment(POLL, "search-meter")

    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert len(answer.data) < 1000
    assert 'id="search-meter"' in answer.text
    assert "HX-Retarget" not in answer.headers


def test_word_of_the_search_ends_with_what_was_found(owner: Browser, town: Session) -> None:
    owner.open(PATH)
    work(town)

    answer = owner.fragment(POLL, "search-meter")

    assert answer.headers["HX-Retarget"] == "#search-block"
    assert "hx-trigger" not in answer.text
    assert "A better plan is ready" in answer.text
    assert "person-minutes less" in answer.text
    assert f'href="{PATH}?people_max=8"' in answer.text


def test_when_the_search_is_done_the_page_shows_its_plan_and_no_word_of_it(
    owner: Browser, town: Session
) -> None:
    owner.open(PATH)
    work(town)

    page = owner.open(PATH)

    assert page.tree.find(f".//{HTML}div[@id='search']") is None


def test_a_search_is_stopped_and_taken_up_again(owner: Browser, town: Session) -> None:
    page = owner.open(PATH)
    arrive(town)
    page = owner.open(PATH)

    stopping = owner.submit(page, "Stop here and keep this")
    go_on_to(town, 500)
    jobs.tell(town, 1, "w1", state=JobState.STOPPED)
    town.commit()
    stopped = owner.open(PATH)
    again = owner.submit(stopped, "Search on")

    assert "Stopping …" in block(stopping)
    assert block(stopped).startswith("The search was stopped This is the best plan that was found in 50 % of")
    assert "Waiting for its turn" in block(again)


def test_where_nobody_works_the_page_says_so_and_one_can_wait_for_the_search(
    owner: Browser, town: Session
) -> None:
    page = owner.open(PATH)
    assert block(page).startswith("Nobody is searching for a better plan No worker is running.")

    done = owner.submit(page, "Search now")

    assert state(town) is JobState.DONE
    assert done.tree.find(f".//{HTML}div[@id='search']") is None


def test_a_worker_that_goes_away_is_told_to_who_waits(owner: Browser, town: Session) -> None:
    owner.open(PATH)
    arrive(town)
    jobs.leave(town, "w1")
    town.commit()

    answer = owner.fragment(POLL, "search-meter")

    assert answer.headers["HX-Retarget"] == "#search-block"
    assert "Nobody is searching" in answer.text


def test_a_search_that_did_not_work_can_be_made_again(owner: Browser, town: Session) -> None:
    owner.open(PATH)
    arrive(town)
    jobs.tell(town, 1, "w1", state=JobState.FAILED)
    town.commit()

    page = owner.open(PATH)

    assert "The search did not work" in block(page)
    owner.submit(page, "Search again")
    assert state(town) is JobState.WAITING


def test_each_question_has_its_own_search_and_links_that_ask_the_same(owner: Browser, town: Session) -> None:
    owner.open(PATH)

    page = owner.open(f"{PATH}?people_max=8&endpoint=x&_external=1")

    links = [link.get("href") for link in page.tree.iter(f"{HTML}a") if link.text == "Same as a table (CSV)"]
    assert links == [f"{PATH}/people.csv?people_max=8"]
    assert page.form("Search now").get("action") == f"{PATH}/searches/2/now?people_max=8"
    assert jobs.read(town, 2, MONDAY) is not None


def test_word_of_a_search_is_a_page_of_its_own_without_script(owner: Browser, town: Session) -> None:
    owner.open(PATH)
    arrive(town)

    page = owner.open(POLL)

    assert page.heading == "The search for a better plan"
    assert "Searching for better: 0 %" in block(page)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("number", ["7", "0", "99999999999999999999", "-1", "x"])
@pytest.mark.parametrize("act", ["", "/stop", "/on", "/now"])
def test_a_search_that_is_not_there_is_not_found(owner: Browser, number: str, act: str) -> None:
    data: dict[str, str] | None = {} if act else None

    assert owner.status(f"{PATH}/searches/{number}{act}", data) == (404, "")


def test_a_search_costs_the_page_two_questions_more(owner: Browser, town: Session) -> None:
    searching = cost_of(owner, PATH)
    work(town)

    assert (searching, cost_of(owner, PATH)) == (9, 7)
