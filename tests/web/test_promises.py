"""Promises as their owner, their witness and everybody else meet them on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.promises import PromiseAct
from planner.services import promises
from tests.factories import make_actor, make_cast, make_promise, make_session
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

DRAFT = "Draft of the fare table"


@pytest.fixture
def town(session: Session) -> Session:
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


@pytest.fixture
def partner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "pat-partner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def section(page: Page, heading: str) -> str:
    return page.words(f".//{HTML}section[@aria-labelledby='{heading}']")


def test_a_promise_is_made_in_my_week_kept_there_and_taken_back(owner: Browser) -> None:
    page = owner.submit(owner.open("/"), "Promise", line=f"{DRAFT} by Fri", witnesses="pat-partner")
    assert section(page, "promises").startswith(
        f"Promises of yoursAll of them {DRAFT} for Fri 6 Feb◆ Open Pat Partner may ask about it."
    )

    kept = owner.submit(page, f"Kept: {DRAFT}")
    assert section(kept, "promises").startswith(
        "Promises of yoursAll of them You have promised nothing that is open."
    )

    back = owner.submit(kept, "Undo")
    assert f"{DRAFT} for Fri 6 Feb◆ Open" in section(back, "promises")


def test_a_witness_named_in_the_line_is_enough(owner: Browser) -> None:
    page = owner.submit(owner.open("/"), "Promise", line=f"{DRAFT} by Fri, witness Pat", witnesses="")

    assert section(page, "promises").startswith(
        f"Promises of yoursAll of them {DRAFT} for Fri 6 Feb◆ Open Pat Partner may ask about it."
    )


def test_a_promise_that_nobody_witnesses_is_asked_for_a_witness(owner: Browser) -> None:
    page = owner.submit(owner.open("/"), "Promise", status=422, line=f"{DRAFT} by Fri", witnesses="")

    assert page.field_errors() == [
        "Who may ask about it has nobody; choose at least one peer who may ask about it"
    ]


def test_who_has_nobody_to_witness_is_told_so_instead_of_asked(app: Flask, session: Session) -> None:
    make_cast(session)

    page = signed_in(app, "otto-outsider").open("/promises")

    alone = "A promise has a witness: somebody who shares a team or a session with you. Nobody does yet."
    assert page.words(f".//{HTML}div[@class='card empty']/{HTML}p") == alone


def test_the_witness_asks_from_their_week_and_sees_it_kept(
    owner: Browser, partner: Browser, town: Session
) -> None:
    make_promise(town, make_actor(town, "olive-owner"), "pat-partner")

    asked = partner.submit(partner.open("/"), f"Ask how it goes: {DRAFT}")
    assert f"{DRAFT} promised by Olive Owner for Fri 6 Feb◆ Open" in section(asked, "witnessed")
    assert "Pat Partner asks how it goes." in section(owner.open("/"), "promises")

    owner.submit(owner.open("/promises/1"), "Tell the witnesses", words="Half of it is there")
    assert "“Half of it is there”" in section(partner.open("/"), "witnessed")

    owner.submit(owner.open("/promises/1"), f"Kept: {DRAFT}")
    seen = partner.submit(partner.open("/"), f"Seen: {DRAFT}")
    assert seen.all_words(f".//{HTML}section[@aria-labelledby='witnessed']") == []
    assert "Seen by Pat Partner" in owner.open("/promises/1").words(f".//{HTML}main")


def test_a_line_without_a_day_comes_back_with_what_was_typed(owner: Browser) -> None:
    page = owner.submit(owner.open("/promises"), "Promise it", line=DRAFT, status=422)

    assert page.field_errors() == ["I promise says no day; end it with one, such as “by Fri” or “by 6 Mar”"]
    assert page.tree.find(f".//{HTML}input[@id='line']").get("value") == DRAFT


def test_moving_needs_a_day_and_leads_to_the_new_promise(owner: Browser, town: Session) -> None:
    make_promise(town, make_actor(town, "olive-owner"), "pat-partner")

    wrong = owner.submit(owner.open("/promises/1"), "Move it", words="The data is late", status=422)
    moved = owner.submit(wrong, "Move it", day="2026-02-10")

    assert "New day is empty; say by when it will be done" in wrong.words(f".//{HTML}div[@id='errors']")
    assert "You promised it for Tue 10 Feb" in moved.words(f".//{HTML}main")
    assert "It was moved from an earlier day." in moved.words(f".//{HTML}main")
    assert "The data is late" in owner.open("/promises/1").words(f".//{HTML}section[@aria-labelledby='said']")


def test_everybody_else_is_told_that_nothing_is_there(app: Flask, town: Session) -> None:
    secret = "Something that Otto must not read"
    make_promise(town, make_actor(town, "olive-owner"), "pat-partner", line=f"{secret} by Fri")
    otto = signed_in(app, "otto-outsider")

    gone = otto.open("/promises/1", status=404)
    never = otto.open("/promises/99", status=404)

    assert gone.words(f".//{HTML}main").replace("1", "99") == never.words(f".//{HTML}main")
    for address in ("/", "/promises", "/history", "/people/olive-owner", "/search?q=Something"):
        assert secret not in otto.open(address).text, address


def test_a_stale_form_is_refused_in_words(owner: Browser, town: Session) -> None:
    make_promise(town, make_actor(town, "olive-owner"), "pat-partner")
    page = owner.open("/promises/1")
    olive = make_actor(town, "olive-owner")
    promises.act_on_promise(town, olive, 1, PromiseAct.KEEP, words="", day=None, version=None, key=None)

    refused = owner.submit(page, f"Kept: {DRAFT}", status=409)

    assert "This promise was kept, so that is not possible." in refused.words(f".//{HTML}main")


def test_my_week_costs_the_same_with_many_promises(town: Session, owner: Browser) -> None:
    olive, pat = (make_actor(town, key) for key in ("olive-owner", "pat-partner"))
    make_promise(town, olive, "pat-partner")
    make_promise(town, pat, "olive-owner")
    town.rollback()
    one = cost_of(owner, "/")

    for _more in range(3):
        make_promise(town, olive, "pat-partner")
        make_promise(town, pat, "olive-owner")
    town.rollback()

    assert cost_of(owner, "/") == one


def test_the_lists_of_my_week_are_one_piece(owner: Browser, town: Session) -> None:
    make_promise(town, make_actor(town, "olive-owner"), "pat-partner")

    answer = owner.fragment("/", "week-lists")

    assert answer.text.count('id="promise-1"') == 1
    assert "<html" not in answer.text
