"""The minutes of a session on their pages: shared, objected to, answered, corrected; and as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId
from planner.services.meeting import live, outcomes
from tests.factories import MONDAY, make_actor, make_cast, make_held, make_shared
from tests.support.digest import everything
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

MINUTES = "/sessions/shared/1/minutes"
TITLE = "Partner API and Payments"


@pytest.fixture
def town(session: Session) -> Session:
    """A session of two people with two items is over; Otto has nothing to do with it."""
    cast = make_cast(session)
    make_shared(session)
    make_held(session, 1, cast.partner)
    session.rollback()
    return session


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


@pytest.fixture
def olive(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


@pytest.fixture
def pat(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "pat-partner")


def decide(town: Session, text: str) -> None:
    olive = make_actor(town, "olive-owner")
    live.open_again(town, olive, 1, key=None)
    outcomes.decide(
        town, olive, 1, ItemId(1), Decision(text=text), version=0, dependency_version=None, key=None
    )
    live.close_meeting(town, replace(olive, at=MONDAY + timedelta(hours=1)), 1, key=None)
    town.rollback()


def main(page: Page) -> str:
    return page.words(f".//{HTML}main")


def links(page: Page) -> set[str]:
    return {one.get("href") for one in page.tree.iterfind(f".//{HTML}main//{HTML}a")}


def test_the_pages_of_a_session_lead_to_each_other(olive: Browser) -> None:
    here = "/sessions/shared/1"

    assert {f"{here}/prepare", f"{here}/live", MINUTES, "/sessions/proposals/1"} <= links(olive.open(here))
    assert here in links(olive.open(MINUTES))
    assert f"{MINUTES}?round=1" in links(olive.open(f"{here}/live"))


def test_minutes_from_draft_to_corrected(olive: Browser, pat: Browser, town: Session) -> None:
    draft = olive.open(MINUTES)
    assert "? Draft Nobody has shared them yet." in main(draft)

    olive.submit(draft, "Share the minutes")
    objected = pat.submit(
        pat.open(MINUTES), "Object to this: the minutes as a whole", words="Refunds were decided"
    )
    assert "↔ An objection is open" in main(objected)

    answered = olive.submit(
        olive.open(MINUTES), "Answer the objection of Pat Partner", words="True, I correct it"
    )
    assert "Pat Partner objects: Refunds were decided Olive Owner answers: True, I correct it" in main(
        answered
    )

    decide(town, "Both build it")
    wrong = olive.submit(olive.open(MINUTES), "Share the correction", status=422)
    assert "What is corrected is empty; say what is corrected" in main(wrong)
    corrected = olive.submit(wrong, "Share the correction", why="The decision was missing")
    assert "Version 2, shared by Olive Owner on Mon 2 Feb." in main(corrected)
    assert "Decided by: Olive Owner." in main(corrected)
    first = pat.open(f"{MINUTES}?version=1")
    assert "✕ Replaced by a newer version" in main(first)
    assert "Both build it" not in main(first)


def test_what_was_promised_there_goes_to_ones_week_and_not_into_the_minutes(
    olive: Browser, pat: Browser
) -> None:
    page = olive.submit(
        olive.open(MINUTES), "Promise it", line="Write the refund rule by Fri", witnesses="pat-partner"
    )

    assert page.heading == f"Minutes: {TITLE}"
    assert "Write the refund rule" not in page.words(f".//{HTML}section[@aria-labelledby='promise']")
    assert "Write the refund rule" in olive.open("/").text
    assert "made in Partner API and Payments" in main(pat.open("/promises/1"))
    assert "refund rule" not in pat.open(MINUTES).text


def test_sharing_is_taken_back_from_the_page(olive: Browser) -> None:
    shared = olive.submit(olive.open(MINUTES), "Share the minutes")

    back = olive.submit(shared, "Undo")

    assert "? Draft" in main(back)


@pytest.mark.parametrize(
    ("person", "statuses"),
    [("olive-owner", (303, 303, 303)), ("pat-partner", (409, 303, 303)), ("otto-outsider", (403, 403, 403))],
)
def test_who_shares_objects_and_answers(
    app: Flask, olive: Browser, pat: Browser, town: Session, person: str, statuses: tuple[int, ...]
) -> None:
    if person != "olive-owner":
        olive.submit(olive.open(MINUTES), "Share the minutes")
    browser = signed_in(app, person)
    acts: tuple[tuple[str, dict[str, str]], ...] = (
        (MINUTES, {}),
        (f"{MINUTES}/objections", {"words": "No", "number": "1"}),
        (f"{MINUTES}/objections/1", {"words": "Yes"}),
    )

    found = []
    for number, (address, typed) in enumerate(acts):
        if number == 2 and person == "otto-outsider":
            pat.send(f"{MINUTES}/objections", {"words": "No", "number": "1"})
        before = everything(town)
        found.append(browser.status(address, typed)[0])
        if found[-1] != 303:
            assert everything(town) == before

    assert tuple(found) == statuses


def test_everybody_reads_them_and_outsiders_are_offered_nothing(app: Flask, olive: Browser) -> None:
    olive.submit(olive.open(MINUTES), "Share the minutes")

    page = signed_in(app, "otto-outsider").open(MINUTES)

    assert page.heading == f"Minutes: {TITLE}"
    assert [one for one in page.all_words(f".//{HTML}main//{HTML}button") if one != "Undo"] == []


@pytest.mark.parametrize(
    ("kind", "begins", "content_type"),
    [("md", b"# Minutes: Partner API", "text/markdown; charset=utf-8"), ("pdf", b"%PDF-", "application/pdf")],
)
def test_minutes_as_a_file(olive: Browser, kind: str, begins: bytes, content_type: str) -> None:
    answer = olive._get(f"{MINUTES}.{kind}")

    assert answer.data.startswith(begins)
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="minutes-1.{kind}"'


@pytest.mark.parametrize("address", ["/sessions/shared/9/minutes", f"{MINUTES}?version=7", f"{MINUTES}.exe"])
def test_what_is_not_there_is_not_found(olive: Browser, address: str) -> None:
    assert olive.open(address, status=404).heading == "Not here"


@pytest.mark.parametrize("typed", [{"item": "9" * 30}, {"item": "x", "number": "²"}, {"words": "x" * 1001}])
def test_hostile_objections_are_refused_in_words(
    olive: Browser, town: Session, typed: dict[str, str]
) -> None:
    olive.submit(olive.open(MINUTES), "Share the minutes")
    before = everything(town)

    status = olive.status(f"{MINUTES}/objections", {"words": "No", "number": "1", **typed})[0]

    assert status in {404, 422}
    assert everything(town) == before


def test_the_page_costs_the_same_with_many_objections(olive: Browser, pat: Browser) -> None:
    olive.submit(olive.open(MINUTES), "Share the minutes")
    pat.send(f"{MINUTES}/objections", {"words": "No", "number": "1"})
    one = cost_of(olive, MINUTES)

    for _more in range(3):
        pat.send(f"{MINUTES}/objections", {"words": "No", "number": "1"})

    assert cost_of(olive, MINUTES) == one
