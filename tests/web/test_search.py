"""Finding by words: the page of results, the list of the palette, and the switch for single keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import html5lib
import pytest

from planner.domain.negotiation.acts import Act, Move
from planner.services.negotiations import negotiate
from tests.factories import (
    OPERATOR,
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_person,
    make_place,
    make_session,
    make_team,
)
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser, Page

pytestmark = pytest.mark.postgres

HEADINGS = f".//{HTML}main//{HTML}h2"
LINKS = f".//{HTML}main//{HTML}li/{HTML}a"
ROWS = f".//{HTML}tbody/{HTML}tr/{HTML}th"
ASK = f".//{HTML}main//{HTML}a[@class='btn pri']"
TOAST = f".//{HTML}div[@class='toast']/{HTML}span"
LEAD = f".//{HTML}p[@class='lead']"
SENTENCE = "Refund file from Partner API by 2 Mar"
PAGES = [
    "My week", "Dependencies", "Ask for something", "Goals", "Map", "Sessions", "Suggested shared sessions",
    "Adjust the suggestion", "Proposed plans", "Join a session", "Teams", "People", "Places", "Horizons",
    "Import and export", "Notices", "History and undo", "Help", "Programming interface",
]  # fmt: skip
OWN_PAGES = ["Promises", "Your calendar", "What comes by mail", "Access tokens", "Web hooks and mail"]


def options(browser: Browser, text: str) -> list[tuple[str, str]]:
    """What the palette offers, each with where it leads."""
    answer = browser.fragment(f"/search/palette?q={text}", "palette-list")
    assert answer.status_code == 200
    tree = html5lib.HTMLParser(strict=True).parseFragment(answer.text)
    (root,) = list(tree)
    assert (root.get("id"), root.get("role")) == ("palette-list", "listbox")
    return [("".join(option.itertext()).strip(), option.get("href")) for option in root]


def make_taps(session: Session) -> None:
    """Save one record of each kind that has to do with tapping."""
    cast = make_cast(session)
    make_place(session, name="Tap House")
    make_team(session, name="Tap", decides=[make_person(session, name="Tap Taylor")])
    make_goal(session, (cast.team, cast.partner_team), outcome="Tap anywhere")
    make_horizon(session, name="Tap sprint")
    make_session(session, cast.team, title="Tap weekly")
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")


def shown(page: Page) -> tuple[list[str], list[str], list[str]]:
    return page.all_words(HEADINGS), page.all_words(LINKS), page.all_words(ROWS)


@pytest.mark.parametrize("who", ["olive-owner", "pat-partner", "otto-outsider", ""])
def test_everybody_finds_every_kind_of_thing(browser: Browser, session: Session, who: str) -> None:
    make_taps(session)
    if who:
        browser.sign_in(who)

    page = browser.open("/search?q=tap")

    kinds = ["Teams", "People", "Goals", "Sessions", "Places", "Horizons"]
    names = ["Tap", "Tap Taylor", "Tap anywhere", "Tap weekly", "Tap House", "Tap sprint"]
    assert shown(page) == (kinds, names, ["Tap file"])


def test_a_dependency_is_found_by_what_was_asked_about_it(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Refunds")
    make_dependency(session, cast.partner_team, cast.team, what="Receipts")
    negotiate(session, OPERATOR, 1, Move(Act.MESSAGE, text="Which currency?"), version=None, key=None)

    assert shown(browser.open("/search?q=currency+partner")) == ([], [], ["Refunds"])


def test_a_number_leads_to_its_dependency(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    assert shown(browser.open("/search?q=%231")) == ([], [], ["Settlement file"])
    assert shown(browser.open("/search?q=%2399")) == ([], [], [])


def test_what_was_removed_is_not_found_and_comes_back_with_undo(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    browser.sign_in(cast.owner)

    removed = browser.send("/dependencies/1/delete", {})
    gone = shown(browser.open("/search?q=settlement"))
    browser.submit(removed, "Undo")

    assert gone == ([], [], [])
    assert shown(browser.open("/search?q=settlement")) == ([], [], ["Settlement file"])


def test_a_sentence_is_offered_first_and_recorded_through_its_form(
    browser: Browser, session: Session
) -> None:
    browser.sign_in(make_cast(session).owner)

    page = browser.open(f"/search?q={SENTENCE}")
    address = page.tree.find(ASK).get("href")
    asked = browser.submit(browser.open(address.partition("#")[0]), "Ask", live="yes")

    assert page.words(ASK) == f"Ask: {SENTENCE}"
    assert asked.words(TOAST) == "Added “Refund file”"


def test_no_words_and_no_result_say_what_to_do(browser: Browser, session: Session) -> None:
    make_cast(session)

    leads = [browser.open(f"/search{query}").words(LEAD) for query in ("", "?q=zzz", "?q=!")]

    hint = "Type a word of a team, a person, a goal or a dependency above; #12 goes to a number."
    nothing = "Nothing holds all of these words. Look through all dependencies"
    assert leads == [hint, nothing, nothing]


def test_the_palette_offers_the_pages_before_anything_is_typed(browser: Browser) -> None:
    assert [label for label, _address in options(browser, "")] == [f"{page} page" for page in PAGES]


def test_the_palette_offers_more_to_whoever_is_signed_in(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)

    offered = [label for label, _address in options(browser, "")]

    assert offered == [f"{page} page" for page in PAGES + OWN_PAGES]


def test_the_palette_finds_a_picture_by_its_name_and_its_question(browser: Browser) -> None:
    matrix = ("Matrix: Who needs whom picture", "/map?view=matrix")

    assert [options(browser, words)[0] for words in ("matrix", "who+needs+w")] == [matrix, matrix]


def test_the_palette_finds_and_goes(browser: Browser, session: Session) -> None:
    make_taps(session)

    assert options(browser, "tap") == [
        ("Tap team", "/teams/tap"),
        ("Tap Taylor person", "/people/tap-taylor"),
        ("Tap anywhere goal", "/goals/tap-anywhere"),
        ("Tap file Payments needs it from Partner API", "/dependencies/1"),
        ("Tap weekly session", "/sessions/team/tap-weekly"),
        ("Tap House place", "/places/Tap%20House"),
        ("Tap sprint horizon", "/horizons/Tap%20sprint"),
        ("Search for “tap” all", "/search?q=tap"),
    ]
    assert options(browser, "my+w")[0] == ("My week page", "/")


def test_the_palette_asks_for_a_sentence(browser: Browser, session: Session) -> None:
    browser.sign_in(make_cast(session).owner)

    first = options(browser, SENTENCE)[0]

    assert first == (
        f"Ask: {SENTENCE} Partner API", "/dependencies/new?s=Refund+file+from+Partner+API+by+2+Mar#s",
    )  # fmt: skip


def test_the_list_of_the_palette_is_a_page_for_others(browser: Browser, session: Session) -> None:
    make_cast(session)

    assert browser.status("/search/palette?q=pay") == (303, "/search?q=pay")
    assert browser.status("/search/palette") == (303, "/search")


@pytest.mark.parametrize("address", ["/search?q=payments", "/search/palette?q=payments"])
def test_a_search_costs_the_same_with_more_rows(browser: Browser, session: Session, address: str) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    few = cost_of(browser, address)

    for number in range(3):
        make_dependency(session, cast.team, make_team(session, name=f"Payments {number}"))

    assert cost_of(browser, address) == few


@pytest.mark.parametrize("who", ["olive-owner", ""])
def test_single_keys_are_switched_off_and_on_again(browser: Browser, session: Session, who: str) -> None:
    make_cast(session)
    if who:
        browser.sign_in(who)

    before = browser.open("/help")
    off = browser.submit(before, "Switch single keys off")
    elsewhere = browser.open("/teams")
    on = browser.submit(off, "Switch single keys on")

    assert [page.tree.get("data-keys") for page in (before, off, elsewhere, on)] == [None, "off", "off", None]


def test_the_switch_outlives_signing_in_and_out(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    browser.send("/help/keys", {"keys": "off"})

    browser.sign_in(cast.owner)
    signed_in = browser.open("/help").text
    browser.send("/sign-out", {})
    signed_out = browser.open("/help").text

    assert ['data-keys="off"' in text for text in (signed_in, signed_out)] == [True, True]
