"""Keeping a plan from the page of the suggestion, what changes against it, and forgetting it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from planner.domain.transfer import DependencyDraft
from planner.services import dependencies
from planner.services.exchange import (
    export_organisation,
    remove_everything,
    store_draft,
)
from planner.services.people import remove_person
from planner.services.work.working import work_once
from planner.storage.db import db
from tests.factories import OPERATOR, bring_in, make_cast, make_dependency
from tests.support.digest import everything
from tests.support.large import large_organisation
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.page import Page

PATH = "/sessions/suggestion"
KEEP = "Keep this as our plan"
FORGET = "Forget the kept plan"


@pytest.fixture
def town(session: Session) -> Session:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def something_new(session: Session) -> None:
    make_dependency(session, "web-shop", "payments", what="Refund rule <b>")


def kept(page: Page) -> str:
    """What the page says about the kept plan, in one line."""
    return page.words(f".//{HTML}section[@id='kept']")


def says_nothing(page: Page) -> bool:
    return page.tree.find(f".//{HTML}section[@id='kept']") is None


def buttons(page: Page) -> list[str]:
    return [word for word in page.all_words(f".//{HTML}button") if word in {KEEP, FORGET}]


def test_a_plan_is_kept_and_the_page_says_that_nothing_changes(owner: Browser) -> None:
    before = owner.open(PATH)

    page = owner.submit(before, KEEP)

    assert (says_nothing(before), buttons(before)) == (True, [KEEP])
    assert kept(page) == (
        "What changes against the plan kept on Mon 2 Feb Nothing changes: every session stays as it is. "
        "Kept by Olive Owner. Forget the kept plan"
    )
    assert buttons(page) == [FORGET]
    assert page.words(f".//{HTML}div[@class='toast']") == "Kept a plan of 1 session Undo"


def test_what_changed_since_is_told_on_both_ways_to_go_on(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(PATH), KEEP)
    something_new(town)

    best, near = owner.open(PATH), owner.open(f"{PATH}?near=1")

    told = "1 of 1 session changes, 1 invitation. Kept by Olive Owner."
    assert f"{told} ● Best now Close to the kept plan" in kept(best)
    assert f"{told} Best now ● Close to the kept plan From scratch costs the same" in kept(near)
    assert all("Refund rule <b> comes in" in kept(page) for page in (best, near))
    assert "<b> comes in" not in near.text


def test_the_ways_lead_to_each_other_with_the_same_question(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(f"{PATH}?people_max=6"), KEEP)
    something_new(town)

    links = {
        link.text: link.get("href")
        for address in (f"{PATH}?people_max=6", f"{PATH}?people_max=6&near=1")
        for link in owner.open(address).tree.findall(f".//{HTML}section[@id='kept']//{HTML}a")
    }

    assert links == {
        "Close to the kept plan": f"{PATH}?near=1&people_max=6",
        "Best now": f"{PATH}?people_max=6",
    }


def test_the_table_says_the_same_as_the_page(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(PATH), KEEP)
    something_new(town)

    links = [
        next(
            a.get("href")
            for a in owner.open(address).tree.iter(f"{HTML}a")
            if a.text == "Same as a table (CSV)"
        )
        for address in (PATH, f"{PATH}?near=1", f"{PATH}?near=yes")
    ]

    assert links == [f"{PATH}/people.csv", f"{PATH}/people.csv?near=1", f"{PATH}/people.csv"]
    assert [owner.status(link)[0] for link in links] == [200, 200, 200]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("who", ["olive-owner", "pat-partner", "otto-outsider"])
def test_everybody_in_the_organisation_may_keep_and_forget(app: Flask, who: str) -> None:
    member = signed_in(app, who)

    page = member.submit(member.open(PATH), KEEP)
    after = member.submit(page, FORGET)

    assert FORGET in buttons(page)
    assert (says_nothing(after), buttons(after)) == (True, [KEEP])


def test_a_visitor_reads_the_changes_and_is_asked_who_they_are_before_acting(
    app: Flask, owner: Browser, town: Session
) -> None:
    owner.submit(owner.open(PATH), KEEP)
    something_new(town)
    visitor = Browser(app)
    before = everything(town)

    page = visitor.open(PATH)
    answers = [visitor.status(f"{PATH}/kept{act}", {}) for act in ("", "/delete")]

    assert "Refund rule" in kept(page)
    assert [(status, place.partition("?")[0]) for status, place in answers] == [(303, "/sign-in")] * 2
    assert everything(town) == before


def test_keeping_and_forgetting_are_taken_back_in_one_click(owner: Browser) -> None:
    page = owner.submit(owner.open(PATH), KEEP)
    gone = owner.submit(page, FORGET)

    again = owner.submit(gone, "Undo")

    assert says_nothing(gone)
    assert kept(again).startswith("What changes against the plan kept on Mon 2 Feb Nothing changes")


def test_a_plan_that_changed_while_somebody_looked_is_not_kept(owner: Browser, town: Session) -> None:
    page = owner.open(PATH)
    something_new(town)
    before = everything(town)

    refused = owner.submit(page, KEEP, status=409)

    assert "Look at what is there now, then keep it." in refused.words(f".//{HTML}main")
    assert everything(town) == before


def test_a_plan_that_was_kept_anew_is_not_forgotten_unseen(owner: Browser, town: Session) -> None:
    page = owner.submit(owner.open(PATH), KEEP)
    something_new(town)
    owner.submit(owner.open(PATH), KEEP)

    owner.submit(page, FORGET, status=409)

    assert FORGET in buttons(owner.open(PATH))


def test_the_plan_close_to_the_kept_one_can_be_kept_in_its_place(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(PATH), KEEP)
    something_new(town)

    page = owner.submit(owner.open(f"{PATH}?near=1"), KEEP)

    assert "Nothing changes" in kept(page)


def test_a_removed_person_and_dependency_are_told_without_their_names(owner: Browser, town: Session) -> None:
    something_new(town)
    owner.submit(owner.open(PATH), KEEP)
    dependencies.remove_dependency(town, OPERATOR, 2)
    remove_person(town, OPERATOR, "otto-outsider")

    pages = [owner.open(PATH), owner.open(f"{PATH}?near=1")]

    for page in pages:
        assert "one removed dependency drops out, one removed person is not needed any more" in kept(page)


def test_when_everything_is_removed_the_kept_plan_goes_too(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(PATH), KEEP)
    exported = export_organisation(town)

    remove_everything(town, OPERATOR)
    bring_in(town, OPERATOR, exported)

    visitor = Browser(owner.client.application)
    page = visitor.open(f"{PATH}?near=1")
    assert (says_nothing(page), buttons(page)) == (True, [KEEP])


def test_without_any_dependency_the_kept_plan_can_still_be_forgotten(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(PATH), KEEP)
    dependencies.remove_dependency(town, OPERATOR, 1)

    page = owner.open(PATH)

    assert "1 session is gone." in kept(page)
    assert says_nothing(owner.submit(page, FORGET))


@pytest.mark.usefixtures("town")
def test_close_to_a_plan_that_is_not_kept_is_the_best_now(owner: Browser) -> None:
    assert owner.open(f"{PATH}?near=1").heading == owner.open(PATH).heading


def test_a_question_with_a_wrong_rule_shows_the_changes_of_the_usual_one(owner: Browser) -> None:
    owner.submit(owner.open(PATH), KEEP)

    page = owner.open(f"{PATH}?people_max=x&near=1", status=422)

    assert "Nothing changes" in kept(page)


def test_a_kept_plan_costs_the_page_no_question_more(owner: Browser, town: Session) -> None:
    without = cost_of(owner, PATH)
    owner.submit(owner.open(PATH), KEEP)
    something_new(town)

    costs = [cost_of(owner, PATH), cost_of(owner, f"{PATH}?near=1")]

    assert (without, costs) == (7, [7, 7])


def test_after_many_changes_the_page_waits_for_nobody_and_says_so(app: Flask, session: Session) -> None:
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    owner = signed_in(app, "p1")
    owner.submit(owner.open(PATH), KEEP)
    drafts = [DependencyDraft(f"n{n}", f"t{n % 16}", f"t{(n + 5) % 16}", f"New {n}") for n in range(30)]
    dependencies.record_dependencies(session, OPERATOR, drafts)

    waiting = owner.open(f"{PATH}?near=1")
    ready = owner.submit(waiting, "Search now")

    block = waiting.words(f".//{HTML}section[@id='search-block']")
    assert block.startswith("Nobody is searching for a plan close to the kept one")
    assert "still being worked out. Until then this is the best now." in kept(waiting)
    assert "● Close to the kept plan" in kept(ready)
    assert "still being worked out" not in kept(ready)


def test_word_of_the_work_on_it_leads_back_to_it(app: Flask, session: Session) -> None:
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    owner = signed_in(app, "p1")
    owner.submit(owner.open(PATH), KEEP)
    drafts = [DependencyDraft(f"n{n}", f"t{n % 16}", f"t{(n + 5) % 16}", f"New {n}") for n in range(30)]
    dependencies.record_dependencies(session, OPERATOR, drafts)
    act = owner.open(f"{PATH}?near=1").form("Search now").get("action")
    session.commit()
    assert work_once(lambda: Session(db.engine))  # the search for older records, which is left
    assert work_once(lambda: Session(db.engine))

    answer = owner.fragment(act.replace("/now?", "?"), "search-meter")

    assert "A plan close to the kept one is ready" in answer.text
    assert f'href="{PATH}?near=1"' in answer.text
