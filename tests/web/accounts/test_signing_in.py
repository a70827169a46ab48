"""Coming in with a password, staying, and going; as somebody with an account, and as somebody who tries."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.storage.models import SignInRow
from planner.web.context import TOKEN
from tests.support.accounts import PASSWORD, House, carry, person_id
from tests.support.page import Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.web.accounts.conftest import Clock

OLIVE = "olive-owner@example.org"
WRONG = "These do not belong together. Check both, or ask for a link by mail."


def typed(email: str = OLIVE, password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"email": email, "password": password, **more}


def test_the_right_password_leads_to_where_one_wanted_to_go(house: House) -> None:
    browser = house.browser()

    asked = browser.status("/dependencies/new?bulk=1")
    arrived = browser.status("/sign-in", typed(next="/dependencies/new?bulk=1"))

    assert asked == (303, "/sign-in?next=/dependencies/new?bulk%3D1")
    assert arrived == (303, "/dependencies/new?bulk=1")
    assert browser.open("/people/olive-owner").heading == "Olive Owner"


def test_an_address_is_taken_in_any_spelling(house: House) -> None:
    assert house.browser().status("/sign-in", typed(" Olive-Owner@Example.ORG ")) == (303, "/")


@pytest.mark.parametrize(
    ("email", "password"),
    [(OLIVE, "another quiet word"), ("nobody@example.org", PASSWORD), (OLIVE, "x" * 5000)],
)
def test_what_is_wrong_is_said_alike(house: House, email: str, password: str) -> None:
    browser = house.browser()

    page = browser.send("/sign-in", typed(email, password), status=422)

    assert WRONG in page.words()
    assert browser.status("/teams") == (303, "/sign-in?next=/teams")


def test_an_address_that_nobody_has_takes_as_long(house: House) -> None:
    def seconds(email: str) -> float:
        began = process_time()  # what other processes do at the time is no answer to anybody
        house.browser().status("/sign-in", typed(email, "wrong, wrong, wrong"))
        return process_time() - began

    known = median(seconds(OLIVE) for _ in range(5))
    unknown = median(seconds("nobody@example.org") for _ in range(5))

    assert 0.5 < unknown / known < 2


def test_a_cookie_is_another_one_after_signing_in_and_the_one_before_is_worthless(
    house: House, session: Session
) -> None:
    browser = house.browser("olive-owner")
    before = session.scalars(select(SignInRow.token_hash)).all()
    session.rollback()

    browser.send("/sign-in", typed())

    session.rollback()
    after = session.scalars(select(SignInRow.token_hash)).all()
    assert len(before) == len(after) == 1
    assert before != after


def test_a_copied_cookie_is_worthless_after_signing_out(app: Flask, house: House) -> None:
    browser = house.browser()
    browser.send("/sign-in", typed())
    with browser.client.session_transaction() as cookie:
        stolen = cookie[TOKEN]

    browser.send("/sign-out", {})

    thief = Browser(app)
    carry(thief, stolen)
    assert thief.status("/teams") == (303, "/sign-in?next=/teams")


def test_signing_out_clears_what_the_browser_keeps(house: House) -> None:
    answer = house.browser("olive-owner")._post("/sign-out", {})

    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')


@pytest.mark.parametrize(
    ("days_between", "expected"),
    [([13], 200), ([14], 303), ([10, 10, 10], 200), ([13] * 6 + [11], 200), ([13] * 6 + [12], 303)],
)
def test_a_sign_in_ends_unused_after_14_days_and_anyway_after_90(
    house: House, clock: Clock, days_between: list[int], expected: int
) -> None:
    browser = house.browser("olive-owner")

    for days in days_between:
        clock.time += timedelta(days=days)
        status, _location = browser.status("/teams")

    assert status == expected


def test_only_the_hash_of_a_token_is_kept(house: House, session: Session) -> None:
    browser = house.browser("olive-owner")
    with browser.client.session_transaction() as cookie:
        token = cookie[TOKEN]

    kept = session.scalars(select(SignInRow.token_hash)).all()

    assert (len(token), [len(one) for one in kept]) == (43, [64])
    assert token not in kept


def test_somebody_who_was_removed_is_nobody_until_that_is_taken_back(house: House) -> None:
    olive, pat = house.browser("olive-owner"), house.browser("pat-partner")

    pat.send("/people/pat-partner/delete", {}, status=200)
    gone = pat.status("/teams")

    assert gone == (303, "/sign-in?next=/teams")
    assert house.browser().status("/sign-in", typed("pat-partner@example.org"))[0] == 422
    assert olive.open("/people").status == 200


def test_htmx_is_told_where_to_sign_in(house: House) -> None:
    answer = house.browser().fragment("/teams?q=x", "team-list")

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/teams?q%3Dx")
    assert answer.text == ""


def test_a_page_for_nobody_says_nothing_of_the_organisation(house: House) -> None:
    browser = house.browser()

    pages = [browser.open("/sign-in"), browser.open("/sign-in/mail"), browser.open("/reset/x", status=404)]

    for page in pages:
        for word in ("Olive", "Payments", "Teams", "History"):
            assert word not in page.words(), page.text


def test_your_own_sign_ins_are_listed_and_ended(house: House, session: Session) -> None:
    here, there = house.browser("olive-owner"), house.browser("olive-owner")
    house.browser("pat-partner")
    (mine, other, foreign) = session.scalars(select(SignInRow.id).order_by(SignInRow.id)).all()
    session.rollback()

    shown = here.open("/account").text.count('/end"')
    refused = here.status(f"/account/sign-ins/{foreign}/end", {})
    ended = here.status(f"/account/sign-ins/{other}/end", {})

    assert shown == 3  # one for each of two, and one for all others
    assert (refused[0], ended) == (404, (303, "/account"))
    assert there.status("/teams")[0] == 303
    assert here.status(f"/account/sign-ins/{mine}/end", {}) == (303, "/sign-in")
    assert here.status("/teams")[0] == 303


def test_all_others_can_be_ended_at_once(house: House) -> None:
    here, there = house.browser("olive-owner"), house.browser("olive-owner")
    pat = house.browser("pat-partner")

    here.send("/account/sign-ins/end", {})

    assert [browser.status("/teams")[0] for browser in (here, there, pat)] == [200, 303, 200]


def test_a_new_password_needs_the_old_one_and_ends_every_other_sign_in(house: House) -> None:
    here, there = house.browser("olive-owner"), house.browser("olive-owner")
    new = "five other words by morning"

    refused = here.send("/account/password", {"current": "wrong", "password": new}, status=422)
    here.send("/account/password", {"current": PASSWORD, "password": new})

    assert refused.field_errors() == ["Password now is not the password of this account"]
    assert [browser.status("/teams")[0] for browser in (here, there)] == [200, 303]
    assert house.browser().status("/sign-in", typed())[0] == 422
    assert house.browser().status("/sign-in", typed(password=new)) == (303, "/")


def test_a_device_is_named_in_words(house: House, session: Session) -> None:
    browser = house.browser()
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    browser._post("/sign-in", typed(), headers={"User-Agent": agent})

    assert session.scalars(select(SignInRow.device)).all() == ["Firefox on Linux"]
    assert "Firefox on Linux" in browser.open("/account").words()
    assert person_id(session, "olive-owner")
