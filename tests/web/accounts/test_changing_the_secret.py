"""The secret changes and sends nobody out; once the one of before is taken away, it opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import SECRET
from tests.support.accounts import PASSWORD, House, link_in, mails

if TYPE_CHECKING:
    from tests.support.page import Browser

NEW = "another secret, made of different letters and 7 digits"
OLIVE = {"email": "olive-owner@example.org", "password": PASSWORD}
COOKIE = "planner-session"


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def with_cookie(house: House, value: str) -> Browser:
    browser = house.browser()
    browser.client.set_cookie(COOKIE, value)
    return browser


@pytest.fixture
def turned(house: House) -> House:
    """The same house after its secret was changed, the one of before beside the new one."""
    return house.with_settings(secret_key=NEW, earlier_secrets=(SECRET,))


def test_who_is_signed_in_stays_so_and_gets_a_cookie_of_the_new_secret(house: House, turned: House) -> None:
    before = house.browser("olive-owner")
    browser = with_cookie(turned, cookie_of(before))

    browser.open("/account")
    after = with_cookie(house.with_settings(secret_key=NEW), cookie_of(browser))

    assert after.status("/account")[0] == 200


def test_once_the_old_secret_is_taken_away_its_cookies_open_nothing(house: House) -> None:
    last = house.with_settings(secret_key=NEW)

    browser = with_cookie(last, cookie_of(house.browser("olive-owner")))

    assert browser.status("/account") == (303, "/sign-in?next=/account")


def test_a_form_that_was_open_meanwhile_is_taken(house: House, turned: House) -> None:
    for one in (house, turned):
        one.app.config["WTF_CSRF_ENABLED"] = True
    before = house.browser()
    token = before.open("/sign-in").form("Sign in").find(".//*[@name='csrf_token']").get("value")
    assert token

    status = with_cookie(turned, cookie_of(before)).status("/sign-in", {**OLIVE, "csrf_token": token})

    assert status == (303, "/")


def test_a_form_signed_with_a_secret_that_is_none_of_ours_is_refused(house: House, turned: House) -> None:
    foreign = house.with_settings(secret_key="a third secret, which this house has never had: 12345")
    for one in (foreign, turned):
        one.app.config["WTF_CSRF_ENABLED"] = True
    before = foreign.browser()
    token = before.open("/sign-in").form("Sign in").find(".//*[@name='csrf_token']").get("value")
    assert token

    status = with_cookie(turned, cookie_of(before)).status("/sign-in", {**OLIVE, "csrf_token": token})

    assert status[0] == 400


def test_links_by_mail_ask_no_secret(house: House, turned: House) -> None:
    assert house.browser().status("/sign-in/mail", {"email": OLIVE["email"]})[0] == 303
    ((_to, _subject, text),) = mails(house.session)

    assert turned.browser().status(link_in(text))[0] == 200


def test_what_is_signed_anew_is_signed_with_the_new_secret_alone(turned: House, house: House) -> None:
    browser = turned.browser()
    assert browser.status("/sign-in", OLIVE) == (303, "/")

    old = with_cookie(house, cookie_of(browser))

    assert old.status("/account")[0] == 303
