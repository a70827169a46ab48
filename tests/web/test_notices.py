"""The quiet count, the list of notices, and how each wants to be told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from planner.config import Security, SmtpServer
from planner.domain.transfer import DependencyDraft, PersonDraft
from planner.services import people
from planner.services.dependencies import record_dependencies, remove_dependency
from tests.factories import OPERATOR, make_cast, make_dependency
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

ROWS = f".//{HTML}tbody/{HTML}tr"
SENTENCES = f"{ROWS}/{HTML}th"
NAV = f".//{HTML}nav[@class='nav']/{HTML}a"
REMARKS = f".//{HTML}p[@class='card pad panel sm']"
TEXT = "Payments asks Partner API for “Settlement file”."
NO_SERVER = (
    "No mail server is set, so mails reach nobody: "
    "they are written to the folder mail beside the planner's data."
)


@pytest.fixture
def asked(browser: Browser, session: Session) -> Session:
    """Payments asks Partner API for a file, and Pat, who decides there, is at the browser."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    browser.sign_in(cast.partner)
    return session


def ask_for(session: Session, number: int) -> None:
    drafts = [DependencyDraft("", "payments", "partner-api", f"File {n}") for n in range(number)]
    record_dependencies(session, OPERATOR, drafts)


def test_nothing_new_is_said_in_the_list_and_not_in_the_bar(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)

    page = browser.open("/notices")

    assert page.words(f".//{HTML}div[@class='card empty']/{HTML}p") == "Nothing new."
    assert all("Notices" not in words for words in page.all_words(NAV))


def test_the_bar_counts_what_is_new_on_every_page(browser: Browser, asked: Session) -> None:
    counted = browser.open("/teams").all_words(NAV)[-1]
    ask_for(asked, 100)

    assert (counted, browser.open("/teams").all_words(NAV)[-1]) == ("Notices 1 new", "Notices 99+ new")


@pytest.mark.usefixtures("asked")
def test_each_notice_leads_to_its_dependency(browser: Browser) -> None:
    page = browser.open("/notices")

    assert page.all_words(ROWS) == [f"● New {TEXT} ? Asked Mon 2 Feb 08:00"]
    assert page.tree.find(f"{SENTENCES}/{HTML}a").get("href") == "/dependencies/1"


def test_what_was_removed_since_leads_to_its_removal_alone(browser: Browser, asked: Session) -> None:
    change = remove_dependency(asked, OPERATOR, 1)
    assert change.id is not None

    page = browser.open("/notices")

    removed = "Removed “Settlement file”. Of what is yours: 1 dependency removed."
    assert page.all_words(SENTENCES) == [f"● New {removed}", f"● New {TEXT} It was removed since."]
    links = [link.get("href") for link in page.tree.findall(f"{SENTENCES}/{HTML}a")]
    assert links == [f"/history?before={change.id + 1}"]


def test_what_was_on_the_page_is_marked_as_read(browser: Browser, asked: Session) -> None:
    page = browser.open("/notices")
    make_dependency(asked, "payments", "partner-api", what="Second file")

    after = browser.submit(page, "Mark all as read")

    assert after.all_words(SENTENCES) == ["● New Payments asks Partner API for “Second file”.", TEXT]
    assert browser.submit(after, "Mark all as read").all_words(NAV)[-1] == "Sessions"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("typed", [{}, {"up_to": "x"}, {"up_to": "-1"}, {"up_to": "99999999999999"}])
def test_a_mark_that_makes_no_sense_marks_nothing(browser: Browser, typed: dict[str, str]) -> None:
    assert browser.send("/notices/read", typed).all_words(NAV)[-1] == "Notices 1 new"


def test_fifty_stand_on_a_page(browser: Browser, asked: Session) -> None:
    ask_for(asked, 60)

    first = browser.open("/notices")
    earlier = browser.open(first.tree.find(f".//{HTML}a[@rel='next']").get("href"))

    assert [len(page.all_words(ROWS)) for page in (first, earlier)] == [50, 11]
    assert earlier.tree.find(f".//{HTML}a[@rel='next']") is None


@pytest.mark.parametrize("who", ["olive-owner", "otto-outsider"])
@pytest.mark.usefixtures("asked")
def test_nobody_sees_what_another_was_told(browser: Browser, who: str) -> None:
    browser.sign_in(who)

    assert browser.open("/notices").all_words(ROWS) == []


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("address", ["/notices", "/notices/choices"])
def test_a_visitor_is_asked_who_they_are(browser: Browser, address: str) -> None:
    browser.send("/sign-out", {})

    status, location = browser.status(address)
    counted = browser.open("/teams").all_words(NAV)

    assert (status, location.split("?")[0], counted[-1]) == (303, "/sign-in", "Sessions")


def test_the_page_says_where_mails_go(app: Flask, browser: Browser, asked: Session) -> None:
    without = browser.open("/notices").all_words(REMARKS)
    server = SmtpServer("mail.example.org", 587, Security.STARTTLS, "planner", "secret-word")
    context = app.extensions["planner"]
    app.extensions["planner"] = replace(context, settings=replace(context.settings, smtp=server))
    with_server = browser.open("/notices")
    people.change_person(
        asked, OPERATOR, "pat-partner", PersonDraft("", "Pat Partner", "pat@example.org"), version=None
    )

    assert without == [NO_SERVER]
    no_address = "No e-mail address is recorded for you, so nothing is mailed. Add your address"
    assert with_server.all_words(REMARKS) == [no_address]
    assert browser.open("/notices").all_words(REMARKS) == []
    assert "secret-word" not in with_server.text + browser.open("/hooks").text


@pytest.mark.usefixtures("asked")
def test_everybody_chooses_for_each_kind(browser: Browser) -> None:
    form = browser.open("/notices/choices")
    usual = chosen(browser)

    browser.submit(form, "Save", asked="none", slipped="now")

    assert usual == {
        "asked": "now", "answered": "daily", "reopened": "now", "reminded": "now", "slipped": "daily",
        "all_there": "now", "due_tomorrow": "daily", "proposal": "now", "promise": "daily", "minutes": "now",
        "session": "daily", "changed": "daily",
    }  # fmt: skip
    assert chosen(browser) == {**usual, "asked": "none", "slipped": "now"}


def chosen(browser: Browser) -> dict[str, str]:
    page = browser.open("/notices/choices")
    found = {}
    for select in page.tree.iter(f"{HTML}select"):
        (option,) = [one for one in select.iter(f"{HTML}option") if one.get("selected") is not None]
        found[select.get("name")] = option.get("value")
    return found


@pytest.mark.usefixtures("asked")
def test_a_choice_that_is_not_offered_is_refused_beside_its_field(browser: Browser) -> None:
    form = browser.open("/notices/choices")

    page = browser.submit(form, "Save", status=422, asked="loudly")

    assert page.field_errors() == [
        "Something is asked of my team “loudly” is not in the list; choose one that is"
    ]


@pytest.mark.parametrize("address", ["/notices", "/teams"])
def test_pages_cost_the_same_with_more_notices(browser: Browser, asked: Session, address: str) -> None:
    few = cost_of(browser, address)

    ask_for(asked, 30)

    assert cost_of(browser, address) == few
