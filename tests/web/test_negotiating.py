"""Answering on the pages: in my week, on the page of a dependency, too late, twice, by htmx."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.model import DependencyState
from planner.domain.negotiation.acts import Act, Move
from planner.domain.transfer import DependencyDraft, Draft, TeamDraft
from planner.services.exchange import store_draft
from planner.services.negotiations import negotiate
from planner.services.organisation import read_organisation
from tests.factories import OPERATOR, make_actor, make_cast, make_dependency, make_goal
from tests.support.digest import everything
from tests.support.page import HTML, parse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency
    from tests.support.page import Browser, Page

pytestmark = pytest.mark.postgres

OWNER, PARTNER, OUTSIDER = "olive-owner", "pat-partner", "otto-outsider"
NEEDED = date(2026, 2, 16)


@pytest.fixture
def town(session: Session) -> Session:
    """Payments needs a file from Partner API; Web Shop waits for what Payments makes of it."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team, cast.outside_team))
    make_dependency(session, cast.team, cast.partner_team, needed_by=NEEDED, goal=goal)
    make_dependency(
        session, cast.outside_team, cast.team, what="Fare display", needed_by=date(2026, 3, 2), goal=goal
    )
    return session


def dependency(session: Session) -> Dependency:
    found = read_organisation(session).dependencies[0]
    session.rollback()  # whoever only looks keeps nobody from writing
    return found


def buttons(page: Page) -> list[str]:
    """The acts that a page offers, without the name of the dependency that is read out."""
    shown = []
    for row in page.tree.findall(f".//{HTML}div[@class='row acts']"):
        for one in (*row.iter(f"{HTML}button"), *row.iter(f"{HTML}a")):
            hidden = one.find(f"{HTML}span")
            words = "".join(one.itertext()).removesuffix(hidden.text if hidden is not None else "")
            shown.append(" ".join(words.split()))
    return shown


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (PARTNER, {"Yes, by Mon 16 Feb", "Yes, if…", "Another date…", "No, because…", "Ask or answer…"}),
        (OWNER, {"Ask or answer…", "Withdraw…"}),
        (OUTSIDER, set()),
        ("", set()),
    ],
)
@pytest.mark.usefixtures("town")
def test_the_page_offers_exactly_what_this_person_may_do_now(
    browser: Browser, who: str, expected: set[str]
) -> None:
    if who:
        browser.sign_in(who)

    assert set(buttons(browser.open("/dependencies/1"))) == expected


def test_yes_is_one_click_in_my_week_and_undo_is_one_more(browser: Browser, town: Session) -> None:
    browser.sign_in(PARTNER)
    before = dependency(town)

    answered = browser.submit(browser.open("/"), "Yes, by Mon 16 Feb: Settlement file")
    agreed = dependency(town)
    browser.submit(answered, "Undo")

    assert (agreed.state, agreed.promised_for) == (DependencyState.AGREED, NEEDED)
    assert answered.heading == "Good day, Pat"
    assert "Agreed to “Settlement file” for Mon 16 Feb 2026" in answered.text
    assert dependency(town) == before


def test_another_date_shows_who_waits_and_comes_back_to_the_other_side(
    browser: Browser, town: Session
) -> None:
    browser.sign_in(PARTNER)
    form = browser.open("/dependencies/1/counter")
    assert "1 more dependency waits behind this: Fare display for Web Shop" in form.words(f".//{HTML}main")

    browser.submit(form, "Offer it", day="2026-03-02", text="after the release", heard="A nightly file")
    browser.sign_in(OWNER)
    page = browser.open("/dependencies/1")

    said = page.words(f".//{HTML}main")
    assert "Partner API offers Mon 2 Mar, 10 working days after it is needed; Payments has not" in said
    assert "What Partner API heard: “A nightly file”" in said
    assert set(buttons(page)) == {
        "Take Mon 2 Mar", "Ask again…", "Withdraw…", "Yes, that is it", "Not quite",
    }  # fmt: skip
    browser.submit(page, "Not quite: Settlement file")
    assert "Not quite." in browser.open("/dependencies/1").text
    browser.submit(browser.open("/dependencies/1"), "Take Mon 2 Mar: Settlement file")
    assert (dependency(town).state, dependency(town).promised_for) == (
        DependencyState.AGREED, date(2026, 3, 2),
    )  # fmt: skip


def test_no_needs_a_reason_and_takes_a_chip(browser: Browser, town: Session) -> None:
    browser.sign_in(PARTNER)
    form = browser.open("/dependencies/1/decline")

    refused = browser.submit(form, "Decline", status=422)
    browser.submit(refused, "Decline", reasons="no capacity", text="try Identity")

    assert refused.field_errors() == ["In your own words is empty; give the reason in a few words"]
    assert [one.get("id") for one in refused.tree.iter() if one.get("autofocus") is not None] == ["text-1"]
    assert (dependency(town).state, dependency(town).negotiation.reason) == (
        DependencyState.DECLINED, "no capacity, try Identity",
    )  # fmt: skip


def test_the_whole_way_to_confirmed(browser: Browser, town: Session) -> None:
    def press(who: str, button: str, address: str = "/dependencies/1", **typed: Any) -> None:
        browser.sign_in(who)
        browser.submit(browser.open(address), button, **typed)

    press(OWNER, "Save", "/dependencies/1/edit", criteria="A header\nA footer")
    press(OWNER, "Send", "/dependencies/1/message", text="Can it be nightly?")
    press(PARTNER, "Send", "/dependencies/1/message", text="Yes, at two.")
    press(PARTNER, "Agree", "/dependencies/1/accept", day="2026-02-13", conditions="the contract is signed")
    press(PARTNER, "Propose it", "/dependencies/1/reopen", day="2026-02-20", text="one is ill")
    press(OWNER, "Keep what was agreed: Settlement file")
    press(PARTNER, "Mark as handed over: Settlement file")
    press(OWNER, "Return it", "/dependencies/1/return", unmet="A footer")
    press(PARTNER, "Mark as handed over: Settlement file")
    press(OWNER, "Confirm", "/dependencies/1/confirm", met=["A header", "A footer"])

    page = browser.open("/dependencies/1")
    assert dependency(town).state is DependencyState.CONFIRMED
    assert "Payments confirmed that it is done." in page.text
    assert page.all_words(f".//{HTML}ol[@class='thread']/{HTML}li/{HTML}p[2]") == [
        "Can it be nightly?", "Yes, at two.",
    ]  # fmt: skip
    assert buttons(page) == []


def test_who_was_too_late_sees_what_changed_and_keeps_their_words(browser: Browser, town: Session) -> None:
    browser.sign_in(PARTNER)
    form = browser.open("/dependencies/1/counter")
    browser.sign_in(OWNER)
    browser.submit(browser.open("/dependencies/1/withdraw"), "Withdraw", text="not needed any more")
    browser.sign_in(PARTNER)
    before = everything(town)

    late = browser.submit(form, "Offer it", status=409, day="2026-03-02", text="my careful words")

    told = late.words(f".//{HTML}main")
    assert "“Settlement file” is withdrawn now. Olive Owner, Mon 2 Feb: Withdrew" in told
    assert "my careful words" in told
    assert everything(town) == before


def test_who_was_too_late_can_send_again_what_still_fits(browser: Browser, town: Session) -> None:
    browser.sign_in(PARTNER)
    form = browser.open("/dependencies/1/counter")
    browser.sign_in(OWNER)
    browser.submit(browser.open("/dependencies/1/edit"), "Save", what="A smaller file")
    browser.sign_in(PARTNER)

    late = browser.submit(form, "Offer it", status=409, day="2026-03-02", text="my careful words")
    browser.submit(late, "Offer it")

    assert (dependency(town).state, dependency(town).negotiation.reason) == (
        DependencyState.COUNTERED, "my careful words",
    )  # fmt: skip


def test_a_double_click_acts_once(browser: Browser, town: Session) -> None:
    browser.sign_in(PARTNER)
    page = browser.open("/")
    browser.submit(page, "Yes, by Mon 16 Feb: Settlement file")
    before = everything(town)

    again = browser.submit(page, "Yes, by Mon 16 Feb: Settlement file")

    assert (again.heading, everything(town)) == ("Good day, Pat", before)


@pytest.mark.parametrize(
    "address", ["/dependencies/1/accept", "/dependencies/1/deliver", "/dependencies/1/take-back"]
)
def test_a_form_for_what_is_not_possible_is_refused_with_a_sentence(
    browser: Browser, town: Session, address: str
) -> None:
    browser.sign_in(PARTNER)
    browser.submit(browser.open("/dependencies/1/decline"), "Decline", text="no capacity")

    refused = browser.open(address, status=409)

    assert "This is declined now, so that is not possible." in refused.text
    assert dependency(town).state is DependencyState.DECLINED


def test_an_answer_by_htmx_replaces_the_lists_and_says_what_was_done(browser: Browser, town: Session) -> None:
    browser.sign_in(PARTNER)
    page = browser.fragment("/", "week-lists").text
    version, key = (re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("version", "key"))

    posted = browser.fragment(
        "/dependencies/1/accept", "week-lists", data={"version": version, "key": key, "next": "/"}
    )
    lists = browser.fragment(posted.headers["Location"], "week-lists").text

    assert (posted.status_code, dependency(town).state) == (303, DependencyState.AGREED)
    assert lists.lstrip().startswith('<div id="week-lists"')
    assert 'id="toasts" class="toasts" role="status" aria-live="polite" hx-swap-oob="true"' in lists
    assert "Agreed to “Settlement file”" in lists


@pytest.mark.usefixtures("town")
def test_a_form_that_came_back_by_htmx_stays_in_its_row(browser: Browser) -> None:
    browser.sign_in(PARTNER)

    asked = browser.fragment("/dependencies/1/decline?next=/", "answer-1")
    refused = browser.fragment("/dependencies/1/decline", "week-lists", data={"next": "/", "version": "1"})

    assert asked.text.lstrip().startswith('<section id="answer-1"')
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#answer-1")
    assert refused.text.lstrip().startswith('<section id="answer-1"')
    assert parse(f"<!doctype html><title>x</title>{refused.text}") is not None


def test_where_nobody_could_answer_my_week_leads_to_naming_somebody(
    browser: Browser, session: Session
) -> None:
    cast = make_cast(session)
    new = Draft(
        teams=(TeamDraft("ledger", "Ledger"),),
        dependencies=(DependencyDraft("file", cast.team, "ledger", "File"),),
    )
    store_draft(session, OPERATOR, new, tag="test:stored", summary="Stored")
    browser.sign_in(OWNER)

    page = browser.open("/")

    links = {"".join(a.itertext()): a.get("href") for a in page.tree.iter(f"{HTML}a")}
    assert links["Say who decides there: Ledger"] == "/people/new?team=ledger"


def test_after_five_working_days_a_reminder_is_offered_once(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    old = Draft(
        dependencies=(
            DependencyDraft("file", cast.team, cast.partner_team, "File", NEEDED, asked_on=date(2026, 1, 20)),
        )
    )
    store_draft(session, OPERATOR, old, tag="test:stored", summary="Stored")
    browser.sign_in(OWNER)
    page = browser.open("/")
    assert "has not answered for more than five working days." in page.text

    after = browser.submit(page, "Remind: File")

    assert "Reminded Partner API of “File”" in after.text
    assert "Remind" not in buttons(after)
    assert dependency(session).negotiation.reminded_on == date(2026, 2, 2)


def test_asking_takes_criteria_and_the_same_form_asks_once(browser: Browser, town: Session) -> None:
    browser.sign_in(OWNER)
    form = browser.open("/dependencies/new?s=Fare+table+from+Web+Shop+by+2+March")

    for _click in range(2):
        browser.submit(form, "Ask", criteria="A header\nA footer")

    asked = [d for d in read_organisation(town).dependencies if d.what == "Fare table"]
    assert [d.negotiation.criteria for d in asked] == [("A header", "A footer")]


def test_confirming_asks_whether_a_condition_was_met(browser: Browser, town: Session) -> None:
    dependency_with_condition(town)
    browser.sign_in(OWNER)
    form = browser.open("/dependencies/1/confirm")
    asked = form.words(f".//{HTML}fieldset")

    page = browser.submit(form, "Confirm", held="the key comes by Monday")

    assert "It was promised on a condition. Was it met?" in asked
    assert "condition met: the key comes by Monday; condition not met: nobody is away" in page.words()
    assert dependency(town).state is DependencyState.CONFIRMED


def dependency_with_condition(town: Session) -> None:
    """Agreed on two conditions, and handed over."""
    conditions = ("the key comes by Monday", "nobody is away")
    negotiate(
        town, make_actor(town, PARTNER), 1, Move(Act.ACCEPT, conditions=conditions), version=None, key=None
    )
    negotiate(town, make_actor(town, PARTNER), 1, Move(Act.DELIVER), version=None, key=None)
