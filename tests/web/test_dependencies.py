"""The pages of dependencies: who sees, changes, answers and removes what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.model import DependencyState
from planner.services.exchange import store_draft
from planner.services.organisation import read_organisation
from tests.factories import OPERATOR, make_cast, make_dependency, make_goal, make_horizon
from tests.support.digest import everything
from tests.support.large import large_organisation
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

TYPED = {
    "what": "Settlement file", "consumer": "payments", "provider": "partner-api", "kind": "hand-over",
    "goal": "", "horizon": "", "item": "", "needed_by": "", "criteria": "",
}  # fmt: skip


@pytest.fixture
def town(session: Session) -> Session:
    """Payments needs one thing, Partner API another, so that the two are in a loop; Web Shop a late one."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_horizon(session)
    make_dependency(session, cast.team, cast.partner_team, goal=goal, needed_by=date(2026, 3, 2))
    make_dependency(session, cast.partner_team, cast.team, what="Card token", horizon="Sprint 1")
    make_dependency(session, cast.outside_team, cast.team, what="Fare display", needed_by=date(2026, 1, 5))
    return session


FILTERS = {
    "": {"Settlement file", "Card token", "Fare display"},
    "?needs=payments": {"Settlement file"},
    "?from=payments": {"Card token", "Fare display"},
    "?team=partner-api": {"Settlement file", "Card token"},
    "?goal=one-account-every-journey": {"Settlement file"},
    "?horizon=Sprint+1": {"Card token"},
    "?state=agreed": set(),
    "?state=all&q=FARE": {"Fare display"},
    "?only=late": {"Fare display"},
    "?only=loop": {"Settlement file", "Card token"},
    "?only=open": {"Settlement file", "Card token", "Fare display"},
    "?team=nobody": set(),
    "?page=2": {"Settlement file", "Card token", "Fare display"},
}


@pytest.mark.usefixtures("town")
def test_the_list_shows_what_passes_the_filters(browser: Browser) -> None:
    names = {"Settlement file", "Card token", "Fare display"}

    found = {}
    for query in FILTERS:
        listed = browser.fragment(f"/dependencies{query}", "dependency-list").text
        found[query] = {name for name in names if name in listed}

    assert found == FILTERS


@pytest.mark.usefixtures("town")
def test_the_list_leads_to_what_is_ones_own(browser: Browser) -> None:
    nobody = browser.open("/dependencies").tree.find(f".//{HTML}p[@id='yours']")
    browser.sign_in("olive-owner")

    page = browser.open("/dependencies")

    links = page.tree.findall(f".//{HTML}p[@id='yours']/{HTML}a")
    assert nobody is None
    assert [("".join(a.itertext()), a.get("href")) for a in links] == [
        ("What Payments needs", "/dependencies?needs=payments"),
        ("What Payments gives", "/dependencies?from=payments"),
    ]


@pytest.mark.usefixtures("town")
def test_a_dependency_page_names_both_sides_and_the_loop(browser: Browser) -> None:
    words = browser.open("/dependencies/1").words(f".//{HTML}main")

    for expected in ("Settlement file", "Payments", "Partner API", "2 Mar", "Asked"):
        assert expected in words
    assert browser.open("/dependencies/99", status=404).heading


@pytest.mark.parametrize(
    ("who", "typed", "status"),
    [
        ("olive-owner", {"what": "Another file"}, 303),
        ("pat-partner", {"what": "Another file"}, 303),  # what only the other side may change is left out
        ("pat-partner", {"item": "PAY-7"}, 303),
        ("otto-outsider", {"item": "PAY-7"}, 403),
    ],
)
def test_each_side_changes_what_is_theirs(
    browser: Browser, town: Session, who: str, typed: dict[str, str], status: int
) -> None:
    browser.sign_in(who)
    before = everything(town)

    answer = browser.status("/dependencies/1", TYPED | typed | {"version": "1"})

    assert answer[0] == status
    assert (everything(town) == before) == (status == 403)


def test_the_form_shows_what_is_recorded_and_saves_what_was_typed(browser: Browser, town: Session) -> None:
    browser.sign_in("olive-owner")

    page = browser.open("/dependencies/1/edit")
    saved = browser.submit(page, "Save", needed_by="2026-03-09", criteria="A header\nA footer", item="PAY-7")

    changed = read_organisation(town).dependencies[0]
    assert (changed.needed_by, changed.negotiation.criteria, changed.item) == (
        date(2026, 3, 9), ("A header", "A footer"), "PAY-7",
    )  # fmt: skip
    assert (changed.state, changed.negotiation.round, changed.goal_id) == (DependencyState.ASKED, 2, 1)
    assert "Changed “Settlement file”" in saved.text


def test_what_was_answered_is_changed_by_both_sides_only(browser: Browser, town: Session) -> None:
    browser.sign_in("pat-partner")
    browser.submit(browser.open("/dependencies/1"), "Yes, by Mon 2 Mar: Settlement file")
    browser.sign_in("olive-owner")

    page = browser.open("/dependencies/1/edit")
    browser.submit(page, "Save", what="Another file", item="PAY-7")

    kept = read_organisation(town).dependencies[0]
    assert (kept.what, kept.item, kept.state) == ("Settlement file", "PAY-7", DependencyState.AGREED)


def test_who_rewords_what_was_answered_meanwhile_is_told_and_keeps_the_rest(
    browser: Browser, town: Session
) -> None:
    browser.sign_in("olive-owner")
    slow = browser.open("/dependencies/1/edit")
    browser.sign_in("pat-partner")
    browser.submit(browser.open("/dependencies/1"), "Yes, by Mon 2 Mar: Settlement file")
    browser.sign_in("olive-owner")

    late = browser.submit(slow, "Save", status=409, what="Another file", item="PAY-7")
    browser.submit(late, "Save")

    assert "Somebody was faster" in late.words(f".//{HTML}div[@id='errors']")
    kept = read_organisation(town).dependencies[0]
    assert (kept.what, kept.item, kept.state) == ("Settlement file", "PAY-7", DependencyState.AGREED)


def test_what_is_removed_is_gone_and_undo_brings_it_back(browser: Browser, town: Session) -> None:
    browser.sign_in("olive-owner")

    page = browser.send("/dependencies/1/delete", {})
    assert browser.open("/dependencies/1", status=404).heading
    browser.submit(page, "Undo")

    assert read_organisation(town).dependencies[0].what == "Settlement file"
    assert browser.open("/dependencies/1").heading


ADDRESSES = (
    "/",
    "/dependencies",
    "/dependencies/1",
    "/sessions/suggestion",
    "/map",
    "/search?q=part",
    "/history",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_costs_as_many_questions_for_sixty_as_for_thirty(
    browser: Browser, session: Session, address: str
) -> None:
    store_draft(session, OPERATOR, large_organisation(30, 30), tag="test:loaded", summary="Loaded")
    browser.sign_in("p0")
    for_thirty = cost_of(browser, address)

    store_draft(session, OPERATOR, large_organisation(30, 60), tag="test:loaded", summary="Loaded")

    assert cost_of(browser, address) == for_thirty


SEARCHING = {"/": 1, "/sessions/suggestion": 2}
"""Questions about the search for a better plan, which a few dependencies do not need."""


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_costs_as_many_questions_for_sixty_as_for_one(
    browser: Browser, session: Session, address: str
) -> None:
    store_draft(session, OPERATOR, large_organisation(2, 1), tag="test:loaded", summary="Loaded")
    browser.sign_in("p0")
    for_one = cost_of(browser, address)

    store_draft(session, OPERATOR, large_organisation(30, 60), tag="test:loaded", summary="Loaded")

    assert cost_of(browser, address) == for_one + SEARCHING.get(address, 0)
    assert for_one <= 10
