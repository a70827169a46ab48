"""The pages of a large organisation: what is one's own first, the rest by pages, and none of them long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from planner.services.exchange import store_draft
from tests.conftest import Filled, filled_once
from tests.factories import OPERATOR, make_actor, make_proposal
from tests.support.large import large_organisation
from tests.support.page import HTML, Browser, Page
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

TEAMS = 300
NAMES = f".//{HTML}tbody/{HTML}tr/{HTML}th[@scope='row']"
GROUPS = f".//{HTML}tr[@class='group']"
CAPTION = f".//{HTML}caption"
CARDS = f".//{HTML}article/{HTML}header/{HTML}h3"
PROPOSAL = "/sessions/proposals/1"
VOICES = f".//{HTML}section[@aria-labelledby='voices']//{HTML}tbody/{HTML}tr/{HTML}th"
SUGGESTION = "/sessions/suggestion"
PAGER = f".//{HTML}nav[@aria-label='Pages of the list']"


@pytest.fixture(scope="module")
def filled(server: str, request: pytest.FixtureRequest) -> Iterator[Filled[None]]:
    with filled_once(_fill, server, request) as found:
        yield found


def _fill(_app: Flask, session: Session) -> None:
    store_draft(session, OPERATOR, large_organisation(TEAMS, TEAMS), tag="test:loaded", summary="Loaded")
    make_proposal(session, make_actor(session, "p0"))


@pytest.fixture
def database_url(filled: Filled[None], tmp_path: Path) -> Iterator[str]:
    with filled.copied(tmp_path) as address:
        yield address


@pytest.fixture
def large(browser: Browser) -> Browser:
    """Whoever decides for team 250 of three hundred, in front of their pages."""
    browser.sign_in("p250")
    return browser


@pytest.mark.parametrize(("address", "own"), [("/teams", "Team 250 yours"), ("/people", "Person 250 you")])
def test_a_long_list_has_pages_and_begins_with_ones_own(large: Browser, address: str, own: str) -> None:
    first, last = large.open(address), large.open(f"{address}?page=99")

    assert (len(first.all_words(NAMES)), len(last.all_words(NAMES))) == (50, 50)
    assert first.all_words(NAMES)[0] == own
    assert first.words(CAPTION).startswith("300 ")
    assert (first.words(PAGER), last.words(PAGER)) == ("Page 1 of 6 Next", "Earlier Page 6 of 6")


def test_no_row_of_a_long_list_is_lost_between_its_pages(large: Browser) -> None:
    found = [name for page in range(1, 7) for name in large.open(f"/teams?page={page}").all_words(NAMES)]

    assert sorted(found) == sorted({f"Team {n}" for n in range(TEAMS)} - {"Team 250"} | {"Team 250 yours"})


def test_a_long_list_that_is_narrowed_down_keeps_its_words_from_page_to_page(large: Browser) -> None:
    page = large.open("/teams?q=team+1")

    assert page.words(CAPTION) == "111 teams"
    assert [link.get("href") for link in page.tree.findall(f"{PAGER}/{HTML}a")] == [
        "/teams?q=team+1&page=2#team-list"
    ]


def test_the_sessions_that_one_sits_in_stand_before_the_days(large: Browser) -> None:
    page = large.open("/sessions")

    assert page.all_words(GROUPS) == ["Yours", "No fixed day"]
    assert page.all_words(NAMES)[:3] == ["Session 249", "Session 250", "Session 0"]


def test_a_long_suggestion_begins_with_ones_own_sessions_and_has_pages(large: Browser) -> None:
    first, second = large.open(SUGGESTION), large.open(f"{SUGGESTION}?page=2")

    own = first.all_words(f".//{HTML}section[@aria-labelledby='mine']//{HTML}li")
    assert first.all_words(CARDS)[: len(own)] == own
    assert (len(first.all_words(CARDS)), len(second.all_words(CARDS))) == (10, 10)
    assert "Everything on one page, to print" in first.words(f".//{HTML}p[@class='legend']")


def test_the_sessions_of_a_team_are_found_in_a_long_suggestion(large: Browser) -> None:
    found = large.fragment(f"{SUGGESTION}?q=team+17", "suggested-sessions").text

    assert found.lstrip().startswith('<section class="stack" id="suggested-sessions"')
    assert all("Team 17" in card for card in found.split("<article")[1:])
    assert "<svg" not in found


def test_a_link_leads_to_the_page_on_which_a_session_stands(large: Browser) -> None:
    number = _cards(large.open(f"{SUGGESTION}?page=4"))[0].removeprefix("session-")

    page = large.open(f"{SUGGESTION}?session={number}")

    assert f"session-{number}" in _cards(page)


def _cards(page: Page) -> list[str]:
    return [card.get("id") for card in page.tree.iter(f"{HTML}article")]


def test_a_suggestion_to_print_has_every_session_and_every_list(large: Browser) -> None:
    usual, whole = large.open(SUGGESTION), large.open(f"{SUGGESTION}?whole=1")

    assert whole.heading.startswith(f"{len(whole.all_words(CARDS))} shared sessions")
    assert usual.tree.find(f".//{HTML}ul[@class='load']") is None
    assert len(whole.all_words(f".//{HTML}ul[@class='load']/{HTML}li")) == TEAMS


def test_a_list_beside_a_long_suggestion_is_fetched_by_pages_and_searched(large: Browser) -> None:
    page, found = large.open(f"{SUGGESTION}/load"), large.open(f"{SUGGESTION}/load?q=person+25")

    lines = f".//{HTML}ul[@class='load']/{HTML}li/{HTML}b"
    assert (len(page.all_words(lines)), page.all_words(lines)[0]) == (50, "Person 250")
    assert sorted(found.all_words(lines)) == sorted(["Person 25", *(f"Person 25{n}" for n in range(10))])
    fragment = large.fragment(f"{SUGGESTION}/load", "part-load").text
    assert fragment.lstrip().startswith('<section id="part-load"')


def test_a_draft_opens_at_the_page_of_the_session_that_is_adjusted(large: Browser) -> None:
    last = large.open(f"{SUGGESTION}/adjust?page=99")
    link = last.tree.find(f".//{HTML}article//{HTML}a").get("href")

    opened = large.open(link)

    assert opened.tree.find(f".//{HTML}article//{HTML}*[@id='menu']") is not None
    assert _cards(opened) == _cards(last)


def test_a_proposal_to_hundreds_shows_ones_own_sessions_and_leads_to_every_answer(large: Browser) -> None:
    page, whole = large.open(PROPOSAL), large.open(f"{PROPOSAL}?whole=1")
    answers, replaced = large.open(f"{PROPOSAL}/voices"), large.open(f"{PROPOSAL}/replaced?q=team+250")

    assert (len(_cards(page)), len(page.all_words(VOICES))) == (10, 30)
    assert page.words(f".//{HTML}article//{HTML}div[@class='plan sm']/{HTML}ul").count("Person 250,") == 1
    assert page.words(f".//{HTML}section[@aria-labelledby='missing']//{HTML}li").count(",") < 15
    assert whole.heading == f"A plan of {len(_cards(whole))} shared sessions"
    assert (len(whole.all_words(VOICES)), whole.all_words(VOICES).count("Person 250")) == (TEAMS, 1)
    assert (len(answers.all_words(NAMES)), answers.all_words(NAMES)[0]) == (50, "Person 250")
    assert replaced.all_words(f".//{HTML}section[@id='part-replaced']//{HTML}li") == [
        "Session 250 of Team 250"
    ]


def test_the_proposed_sessions_of_a_person_are_found(large: Browser) -> None:
    found = large.fragment(f"{PROPOSAL}?q=person+17", "proposed-sessions").text

    cards = found.split("<article")[1:]
    assert cards
    assert all("Person 17" in card for card in cards)


@dataclass(frozen=True)
class Most:
    """What a page may cost: bytes of its text, and questions to the database."""

    bytes: int
    questions: int


MOST = {
    "/sign-in": Most(20_000, 3),
    "/dependencies": Most(50_000, 3),
    "/sessions/team/new": Most(50_000, 3),
    "/teams/new": Most(15_000, 3),
    "/people/new": Most(50_000, 3),
    "/goals/new": Most(15_000, 3),
    "/teams": Most(30_000, 3),
    "/people": Most(40_000, 3),
    "/sessions": Most(60_000, 4),
    "/sessions/suggestion": Most(150_000, 9),
    "/sessions/suggestion/load": Most(20_000, 7),
    "/sessions/suggestion/adjust": Most(60_000, 7),
    "/sessions/proposals/1": Most(60_000, 14),
    "/sessions/proposals/1/voices": Most(30_000, 5),
}


@pytest.mark.parametrize("address", MOST)
def test_no_page_of_a_large_organisation_is_long(large: Browser, address: str) -> None:
    questions = cost_of(large, address)

    text = large.open(address).text

    assert (len(text.encode()) <= MOST[address].bytes, questions) == (True, MOST[address].questions)
