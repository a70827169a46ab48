"""Taking another address to sign in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.accounts import PASSWORD, House, link_in, mails

if TYPE_CHECKING:
    from tests.support.page import Browser

NEW = "olive@new.example.org"


def asked(browser: Browser, email: str = NEW, password: str = PASSWORD) -> tuple[int, str]:
    return browser.status("/account/address", {"email": email, "current": password})


def signs_in(house: House, email: str) -> int:
    return house.browser().status("/sign-in", {"email": email, "password": PASSWORD})[0]


def test_a_new_address_counts_when_its_link_came_back(house: House) -> None:
    olive = house.browser("olive-owner")

    done = asked(olive, " Olive@New.example.org ")
    ((to, _subject, text),) = mails(house.session)
    before = signs_in(house, NEW), signs_in(house, "olive-owner@example.org")
    page = olive.open(link_in(text))
    olive.submit(page, "Take this address")
    after = signs_in(house, NEW), signs_in(house, "olive-owner@example.org")

    assert (done, to) == ((303, "/account"), NEW)
    assert (before, after) == ((422, 303), (303, 422))
    assert olive.status(link_in(text))[0] == 404
    (_first, (told, _subject, words)) = mails(house.session)
    assert told == "olive-owner@example.org"
    assert NEW in words


def test_it_needs_the_password(house: House) -> None:
    olive = house.browser("olive-owner")

    page = olive.send("/account/address", {"email": NEW, "current": "wrong"}, status=422)

    assert page.field_errors() == ["Password is not the password of this account"]
    assert mails(house.session) == []


def test_nobody_learns_who_has_an_address_already(house: House) -> None:
    olive = house.browser("olive-owner")

    assert asked(olive, "pat-partner@example.org") == asked(olive, NEW) == (303, "/account")
    assert [to for to, *_rest in mails(house.session)] == [NEW]


def test_the_link_is_nothing_to_anybody_else(house: House) -> None:
    asked(house.browser("olive-owner"))
    ((_to, _subject, text),) = mails(house.session)

    assert house.browser("pat-partner").status(link_in(text), {})[0] == 404
    assert house.browser().status(link_in(text), {})[0] == 303
    assert signs_in(house, NEW) == 422


def test_links_that_went_to_the_old_address_end(house: House) -> None:
    olive = house.browser("olive-owner")
    asked(olive)
    olive.send("/sign-in/mail", {"email": "olive-owner@example.org", "want": "reset"})
    new, reset = (link_in(text) for _to, _subject, text in mails(house.session))

    olive.send(new, {})

    assert house.browser().status(reset)[0] == 404
