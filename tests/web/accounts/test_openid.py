"""Signing in through the organisation's own provider: a real one, and one that answers wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from planner.config import OpenId
from planner.storage.models import AccountRow, IdentityRow
from tests.factories import MONDAY, make_person
from tests.support.accounts import House, person_id
from tests.support.page import HTML, Browser
from tests.support.providers import CLIENT, SECRET, Crafted, crafted_provider, real_provider
from tests.web.accounts.test_doors import invited

if TYPE_CHECKING:
    from collections.abc import Iterator

OLIVE = {"sub": "o-1", "email": "olive-owner@example.org", "email_verified": True, "name": "Olive Owner"}
FAY = {"sub": "f-1", "email": "fay@example.org", "email_verified": True, "name": "Fay Far"}
BASIL = {"sub": "b-1", "email": "basil@example.org", "email_verified": True, "name": "Basil Bound"}
LIAR = {"sub": "l-1", "email": "pat-partner@example.org", "email_verified": False}
REFUSED = "What your organisation’s sign-in answered cannot be believed, so nobody was signed in."


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own that knows four people."""
    with real_provider(OLIVE, FAY, BASIL, LIAR) as address:
        yield address


def proven(house: House, email: object) -> None:
    house.session.execute(update(AccountRow).where(AccountRow.email == email).values(proven_at=MONDAY))
    house.session.commit()


def through(house: House, issuer: str) -> House:
    """Return the house with this provider."""
    return house.with_settings(openid=OpenId(issuer, CLIENT, SECRET))


def go(browser: Browser, subject: str, address: str = "/sign-in/openid") -> str:
    """Go to the provider, be this person there, and return the path that it sends the browser back to."""
    status, location = browser.status(address)
    assert status == 303, status
    answer = requests.post(location, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://localhost")


def bound(house: House) -> list[tuple[str, int]]:
    house.session.rollback()
    rows = house.session.execute(select(IdentityRow.subject, IdentityRow.person_id).order_by(IdentityRow.id))
    found = [tuple(row) for row in rows]
    house.session.rollback()
    return found


def test_a_proven_address_is_bound_once_and_known_by_its_subject_from_then_on(
    house: House, issuer: str
) -> None:
    proven(house, OLIVE["email"])
    first, again = (through(house, issuer).browser() for _ in range(2))

    arrived = first.status(go(first, "o-1", "/sign-in/openid?next=/teams"))
    house.session.execute(update(AccountRow).values(email=AccountRow.email + ".uk"))
    house.session.commit()
    back = again.status(go(again, "o-1"))

    assert (arrived, back) == ((303, "/teams"), (303, "/"))
    assert "You are Olive Owner." in again.open("/help").words()
    assert bound(house) == [("o-1", person_id(house.session, "olive-owner"))]


def test_an_address_that_nobody_proved_is_not_enough(house: House, issuer: str) -> None:
    browser = through(house, issuer).browser()

    page = browser.open(go(browser, "o-1"), status=403)

    assert "nobody proved that it is yours" in page.words()
    assert bound(house) == []
    assert browser.status("/teams")[0] == 303


def test_an_address_that_the_provider_does_not_vouch_for_is_not_enough(house: House, issuer: str) -> None:
    proven(house, LIAR["email"])
    browser = through(house, issuer).browser()

    page = browser.open(go(browser, "l-1"), status=403)

    assert "Your organisation knows you, planner does not yet." in page.words()
    assert bound(house) == []


def test_somebody_recorded_with_that_address_comes_in_without_an_invitation(
    house: House, issuer: str
) -> None:
    make_person(house.session, name="Basil Bound", email="basil@example.org")
    browser = through(house, issuer).browser()

    arrived = browser.status(go(browser, "b-1"))

    assert arrived == (303, "/")
    assert "You are Basil Bound." in browser.open("/help").words()


def test_a_stranger_is_told_to_ask_for_an_invitation(house: House, issuer: str) -> None:
    browser = through(house, issuer).browser()

    page = browser.open(go(browser, "f-1"), status=403)

    assert "Ask a colleague who uses it to invite you." in page.words()


def test_an_invitation_is_accepted_through_the_provider(house: House, issuer: str) -> None:
    link = invited(house.browser("olive-owner"))
    browser = through(house, issuer).browser()
    way = next(
        a.get("href") for a in browser.open(link).tree.iter(f"{HTML}a") if "openid" in a.get("href", "")
    )

    arrived = browser.status(go(browser, "f-1", way))

    assert arrived == (303, "/")
    assert "You are Fay Far." in browser.open("/help").words()
    assert bound(house) == [("f-1", person_id(house.session, "fay-far"))]
    assert house.browser().status(link)[0] == 404


def test_an_account_is_connected_by_whoever_is_in_it_and_by_nobody_else(house: House, issuer: str) -> None:
    there = through(house, issuer)
    pat, otto = there.browser("pat-partner"), there.browser("otto-outsider")

    connected = pat.status(go(pat, "f-1", "/sign-in/openid?connect=1"))
    refused = otto.open(go(otto, "f-1", "/sign-in/openid?connect=1"), status=422)
    shown = pat.open("/account").words()
    later = there.browser()
    arrived = later.status(go(later, "f-1"))
    ended = pat.status("/account/identity/end", {})

    assert (connected, arrived, ended) == ((303, "/account"), (303, "/"), (303, "/account"))
    assert "This sign-in of your organisation opens another account here already." in refused.words()
    assert "✓ Connected: it opens this account." in shown
    assert bound(house) == []


def test_a_disabled_account_is_not_entered_through_the_provider_either(house: House, issuer: str) -> None:
    there = through(house, issuer)
    pat = there.browser("pat-partner")
    pat.send(go(pat, "f-1", "/sign-in/openid?connect=1"), {}, status=405)
    pat.open(go(pat, "f-1", "/sign-in/openid?connect=1"))

    there.browser("olive-owner").send("/accounts/pat-partner/disable", {})
    later = there.browser()

    assert "This account is disabled." in later.open(go(later, "f-1"), status=403).words()


@pytest.fixture
def crafted(house: House) -> Iterator[tuple[House, Crafted]]:
    """The house with a provider of ours, and an account that it may open."""
    proven(house, OLIVE["email"])
    with crafted_provider() as provider:
        yield through(house, provider.address), provider


def answered(browser: Browser, provider: Crafted, **changed: str) -> tuple[int, str]:
    """Go there and come back with what the provider gives, or with something else."""
    _status, location = browser.status("/sign-in/openid")
    code, state = provider.code_for(location)
    query = {"code": code, "state": state, **changed}
    answer = browser._get("/sign-in/openid/back", query_string={k: v for k, v in query.items() if v})
    return answer.status_code, answer.text


def test_an_honest_answer_signs_in(crafted: tuple[House, Crafted]) -> None:
    house, provider = crafted

    status, _text = answered(house.browser(), provider)

    assert status == 303
    assert bound(house) == [("a-7", person_id(house.session, "olive-owner"))]


LIES: dict[str, dict[str, Any]] = {
    "a nonce of another request": {"claims": {"nonce": "another"}},
    "no nonce": {"left_out": ("nonce",)},
    "a claim that nonces are not supported": {"left_out": ("nonce",), "claims": {"nonce_supported": False}},
    "for somebody else": {"claims": {"aud": "another client"}},
    "for somebody else, in our name": {"claims": {"aud": "another client", "azp": CLIENT}},
    "for us and others, in their name": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "no audience": {"left_out": ("aud",)},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "no issuer": {"left_out": ("iss",)},
    "ended an hour ago": {"claims": {"iat": 1, "exp": 3600}},
    "no end": {"left_out": ("exp",)},
    "not begun": {"claims": {"nbf": 4_000_000_000}},
    "nobody": {"left_out": ("sub",)},
    "no signature": {"signed": "none"},
    "signed with the shared secret": {"signed": "HS256"},
    "signed with another key": {"signed": "another"},
    "no token of who it is": {"left_out": ("id_token",)},
    "no JSON": {"answer": Response("<html>")},
    "an error": {"answer": Response('{"error": "invalid_grant"}', 400, mimetype="application/json")},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_an_answer_that_is_wrong_signs_nobody_in(crafted: tuple[House, Crafted], lie: dict[str, Any]) -> None:
    house, provider = crafted
    browser = house.browser()
    for name, value in lie.items():
        setattr(provider, name, value)

    status, text = answered(browser, provider)

    assert (status, REFUSED in text) == (403, True)
    assert bound(house) == []
    assert browser.status("/teams")[0] == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "another"},
        {"state": ""},
        {"code": ""},
        {"code": "of.another"},
        {"error": "access_denied"},
    ],
)
def test_a_way_back_that_nobody_began_signs_nobody_in(
    crafted: tuple[House, Crafted], changed: dict[str, str]
) -> None:
    house, provider = crafted

    status, text = answered(house.browser(), provider, **changed)

    assert (status, REFUSED in text) == (403, True)
    assert bound(house) == []


def test_a_way_back_leads_in_once(crafted: tuple[House, Crafted]) -> None:
    house, provider = crafted
    browser = house.browser()
    _status, location = browser.status("/sign-in/openid")
    code, state = provider.code_for(location)
    back = f"/sign-in/openid/back?code={code}&state={state}"

    statuses = [browser.status(back)[0], browser.status(back)[0]]
    thief = house.browser().status(back)[0]

    assert (statuses, thief) == ([303, 403], 403)


def test_a_provider_that_says_it_is_another_is_not_asked(crafted: tuple[House, Crafted]) -> None:
    house, provider = crafted
    provider.metadata = {"issuer": "https://evil.example"}

    assert REFUSED in house.browser().open("/sign-in/openid", status=403).words()


@pytest.mark.parametrize("answer", [Response(status=302, headers={"Location": "/jwks"}), Response("no", 503)])
def test_a_provider_that_sends_us_elsewhere_or_fails_is_silent(
    crafted: tuple[House, Crafted], answer: Response
) -> None:
    house, provider = crafted
    provider.answer = answer

    status, text = answered(house.browser(), provider)

    assert status == 502
    assert "Your organisation’s sign-in does not answer." in text
    assert bound(house) == []


def test_a_provider_that_is_not_there_is_said_in_words(house: House) -> None:
    page = through(house, "http://127.0.0.1:9").browser()._get("/sign-in/openid")

    assert page.status_code == 502
    assert "Your organisation’s sign-in does not answer." in page.text
