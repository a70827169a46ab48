"""Saying who you are, and coming back to where you were and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_cast
from tests.support.page import HTML

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil",
    "",
    "///evil.example",
    "http://localhost//evil.example",
    "http://localhost.evil.example/",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere(browser: Browser, session: Session, target: str) -> None:
    cast = make_cast(session)

    signed_in = browser.status("/sign-in", {"person": cast.owner, "next": target})
    undone = browser.status("/sign-out", {"next": target})

    assert signed_in == (303, "/")
    assert undone == (303, "/")


def test_who_one_can_be_stands_there_with_their_team(browser: Browser, session: Session) -> None:
    make_cast(session)

    page = browser.open("/sign-in")

    assert page.all_words(f".//{HTML}form[@id='who']//{HTML}button") == [
        "OOOlive OwnerPayments",
        "OOOtto OutsiderWeb Shop",
        "PPPat PartnerPartner API",
    ]


def test_a_visitor_comes_back_to_the_page_they_wanted(browser: Browser, session: Session) -> None:
    cast = make_cast(session)

    asked = browser.status("/dependencies/new?bulk=1")
    arrived = browser.status("/sign-in", {"person": cast.owner, "next": "/dependencies/new?bulk=1"})

    assert asked == (303, "/sign-in?next=/dependencies/new?bulk%3D1")
    assert arrived == (303, "/dependencies/new?bulk=1")


def test_htmx_is_told_where_to_go_because_it_cannot_follow(browser: Browser, session: Session) -> None:
    make_cast(session)

    answer = browser.fragment("/dependencies/new", "main")

    assert (answer.status_code, answer.headers["HX-Redirect"][:8]) == (401, "/sign-in")


def test_nobody_is_somebody_who_is_not_here(browser: Browser, session: Session) -> None:
    make_cast(session)

    assert browser.send("/sign-in", {"person": "nobody"}, status=404).heading == "Not here"
    assert browser.status("/dependencies/new")[0] == 303


def test_somebody_who_was_removed_is_a_visitor_again(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.sign_in(cast.owner)

    browser.send(f"/people/{cast.owner}/delete", {})

    assert browser.status("/dependencies/new")[0] == 303
