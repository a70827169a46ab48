"""The history of everything and of each thing, in words, with undo for who made the change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.negotiation.acts import Act, Move
from planner.services.example import load_example
from planner.services.negotiations import negotiate
from tests.factories import (
    OPERATOR,
    make_actor,
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_place,
    make_session,
    make_shared,
)
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser, Page

pytestmark = pytest.mark.postgres

ROWS = f".//{HTML}tbody/{HTML}tr"
WHO = f"{ROWS}/{HTML}td[2]"
WHAT = f"{ROWS}/{HTML}th"
OWN = f".//{HTML}details[@id='history']/{HTML}ul/{HTML}li"
LEAD = f".//{HTML}p[@class='lead']"
THINGS = [
    "/teams/payments", "/people/olive-owner", "/goals/one-account-every-journey", "/horizons/Sprint 1",
    "/places/Hull", "/sessions/team/payments-prioritisation", "/dependencies/1",
]  # fmt: skip


@pytest.fixture
def town(session: Session) -> Session:
    """One record of each kind, and an answer to the dependency."""
    cast = make_cast(session)
    make_place(session, name="Hull")
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_horizon(session)
    make_session(session, cast.team, attendees=(cast.owner,))
    make_dependency(session, cast.team, cast.partner_team, goal=goal, needed_by=date(2026, 2, 16))
    move = Move(Act.COUNTER, day=date(2026, 3, 2), text="busy")
    negotiate(session, make_actor(session, cast.partner), 1, move, version=None, key=None)
    return session


def undo_buttons(page: Page) -> list[str]:
    buttons = page.all_words(f".//{HTML}main//{HTML}button")
    return [words for words in buttons if words.startswith("Undo")]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("address", THINGS)
def test_every_page_of_a_thing_has_its_history(browser: Browser, address: str) -> None:
    first = browser.open(address).all_words(OWN)[-1]

    assert first.startswith("Mon 2 Feb 08:00 UTC Operator: Added ")
    assert "+ Added " in first


@pytest.mark.usefixtures("town")
def test_times_are_told_by_the_clock_of_whoever_reads(browser: Browser) -> None:
    browser.sign_in("olive-owner")
    browser.submit(browser.open("/people/olive-owner/edit"), "Save", zone="Asia/Tokyo")

    newest = browser.open("/people/olive-owner").all_words(OWN)[0]

    assert newest.startswith("Mon 2 Feb 17:00 Olive Owner: Changed ")


@pytest.mark.usefixtures("town")
def test_a_change_tells_its_fields_in_words(browser: Browser) -> None:
    newest = browser.open("/dependencies/1").all_words(OWN)[0]

    summary = "Offered Mon 2 Mar 2026 for “Settlement file”, 10 working days after it is needed: busy"
    assert newest == (
        f"Mon 2 Feb 08:00 UTC Pat Partner: {summary} ↔ Changed dependency “Settlement file”: "
        "promised for nothing →becomes Mon 2 Mar; state Asked →becomes Countered; "
        "reason nothing →becomes busy"
    )


def test_a_pause_names_the_plan_that_takes_the_place(browser: Browser, session: Session) -> None:
    make_cast(session)
    make_shared(session)

    changed = browser.open("/history").all_words(f".//{HTML}ul[@class='changed sm']/{HTML}li")

    assert [line for line in changed if "paused" in line] == [
        "↔ Changed session “Payments prioritisation”: paused by nothing →becomes plan 1"
    ]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("who", "may"), [("pat-partner", 1), ("olive-owner", 0), ("otto-outsider", 0), ("", 0)]
)
def test_who_made_a_change_takes_it_back_from_the_page_of_the_thing(
    browser: Browser, who: str, may: int
) -> None:
    if who:
        browser.sign_in(who)

    page = browser.open("/dependencies/1")

    assert len(undo_buttons(page)) == may
    if may:
        after = browser.submit(page, undo_buttons(page)[0])
        assert after.heading == page.heading
        assert after.all_words(OWN)[0].startswith("Mon 2 Feb 08:00 Pat Partner: Took back: Offered")
        assert "taken back" in after.all_words(OWN)[1]


@pytest.mark.usefixtures("town")
def test_undo_says_why_not_where_somebody_went_on(browser: Browser, session: Session) -> None:
    browser.sign_in("pat-partner")
    page = browser.open("/history?who=Pat+Partner")
    owner = make_actor(session, "olive-owner")
    negotiate(session, owner, 1, Move(Act.ACCEPT_COUNTER), version=None, key=None)

    refused = browser.submit(page, undo_buttons(page)[0], status=409)

    assert refused.words(LEAD) == (
        "This was changed again since, by Olive Owner: Took the offer for “Settlement file” for "
        "Mon 2 Mar 2026. It cannot be taken back alone."
    )


@pytest.mark.usefixtures("town")
def test_the_history_is_filtered_in_its_address(browser: Browser) -> None:
    found = {
        query: (browser.open(f"/history?{query}").all_words(WHO))
        for query in ("who=Pat+Partner", "what=place", "since=2026-02-03", "of=dependency-1", "who=Nobody")
    }

    assert found == {
        "who=Pat+Partner": ["Pat Partner"],
        "what=place": ["Operator"],
        "since=2026-02-03": [],
        "of=dependency-1": ["Pat Partner", "Operator"],
        "who=Nobody": [],
    }
    fragment = browser.fragment("/history?what=place", "history-list").text
    assert fragment.lstrip().startswith('<section id="history-list"')


@pytest.mark.usefixtures("town")
def test_a_filter_stays_when_something_is_taken_back(browser: Browser) -> None:
    browser.sign_in("pat-partner")
    page = browser.open("/history?who=Pat+Partner&what=dependency")

    after = browser.submit(page, undo_buttons(page)[0])

    assert [words.partition(" ")[0] for words in after.all_words(WHAT)] == ["Took", "Offered"]


def test_a_long_history_goes_on_with_its_filter(browser: Browser, session: Session) -> None:
    for number in range(51):
        make_place(session, name=f"Place {number}")

    page = browser.open("/history?what=place")
    link = page.tree.find(f".//{HTML}a[@rel='next']").get("href")
    rest = browser.open(link)

    assert len(page.all_words(WHAT)) == 50
    assert rest.all_words(WHAT) == ["Added the place Place 0 + Added place “Place 0”"]
    assert rest.tree.find(f".//{HTML}a[@rel='next']") is None


def test_an_import_is_one_entry_with_its_first_rows(browser: Browser, session: Session) -> None:
    load_example(session, OPERATOR)

    (entry,) = browser.open("/history").all_words(WHAT)

    assert entry.count("Added ") == 12
    assert entry.endswith("more rows")


def test_what_is_gone_is_named_as_gone(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_dependency(session, cast.team, cast.partner_team, goal=goal)
    browser.sign_in(cast.owner)

    browser.submit(browser.open(f"/goals/{goal}"), "Remove this goal")

    newest = browser.open("/dependencies/1").all_words(OWN)[0]
    assert newest.endswith(
        "↔ Changed dependency “Settlement file”: for the goal a goal that is gone →becomes nothing"
    )


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("address", ["/history", "/dependencies/1", "/teams/payments"])
def test_a_history_costs_the_same_with_more_changes(browser: Browser, session: Session, address: str) -> None:
    few = cost_of(browser, address)

    for number in range(3):
        make_dependency(session, "payments", "partner-api", what=f"Part {number}")
    negotiate(session, OPERATOR, 1, Move(Act.ACCEPT_COUNTER), version=None, key=None)

    assert cost_of(browser, address) == few
