"""The sentence: every line of the corpus, what is never guessed, and that quotes decide."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.dates import Due
from planner.domain.errors import Problem
from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyKind,
    DependencyState,
    SharedGoal,
    Team,
    TeamId,
)
from planner.domain.names import Match
from planner.domain.sentence import Role, Status, Token, Vocabulary, read_sentence, similar_to
from planner.domain.words import on_one_line
from tests.domain.corpus.reader import sentences
from tests.domain.larkfield import GOALS, HORIZONS, IDENTITY, LARKFIELD, PARTNER_API, PAYMENTS, TEAMS, TODAY

SMALL_WORDS = 'from by for to on in needs need owes depends -> : , " ( ) #shared goal team the'
NAMES_AND_DAYS = "Identity Payments Loyalty Legal Faster refunds 2 Mar Friday S3 31 Feb token 'x'"
WORDS = st.sampled_from([*SMALL_WORDS.split(" "), *NAMES_AND_DAYS.split(" ")])
WHATS = st.one_of(
    st.text(min_size=1, max_size=60), st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
).map(on_one_line)


def test_nothing_in_the_corpus_is_guessed() -> None:
    guessed = [line.text for line in sentences() if line.is_guessed(read_sentence(line.text, LARKFIELD))]

    assert guessed == []


def test_the_corpus_is_read_right() -> None:
    lines = list(sentences())

    right = [line for line in lines if line.is_met(read_sentence(line.text, LARKFIELD))]

    assert len(lines) >= 200
    assert len(right) / len(lines) >= 0.95


def test_a_reading_tells_its_pieces_in_the_order_of_the_sentence() -> None:
    reading = read_sentence("settlement file by S3 from partner api for faster refunds #shared", LARKFIELD)

    assert reading.tokens == (
        Token(Role.CONSUMER, "Payments"),
        Token(Role.WHAT, "settlement file"),
        Token(Role.PROVIDER, "Partner API"),
        Token(Role.DATE, "Sprint 3, Fri 13 Mar 2026"),
        Token(Role.GOAL, "Faster refunds"),
        Token(Role.KIND, "shared"),
    )
    assert (reading.needed_by, reading.horizon_id) == (date(2026, 3, 13), HORIZONS[2].id)


def test_a_near_miss_is_asked_about_with_what_was_read() -> None:
    reading = read_sentence("Token from Idntity", LARKFIELD)

    assert reading.provider == Match("Idntity", None, (IDENTITY,))
    assert reading.problems == (
        Problem(
            "provider",
            "read “Idntity”, which is not exactly the name of one team; is it Identity, or a new team?",
        ),
    )


def test_an_impossible_day_says_what_was_read_and_what_is_expected() -> None:
    reading = read_sentence("Token from Identity by 31 Feb", LARKFIELD)

    assert reading.status is Status.UNREADABLE
    assert reading.problems == (
        Problem(
            "needed_by",
            "“31 Feb” is no day: February has 28 days; expected a day such as 2 Mar, next Fri or 2026-03-02,"
            " or the name of a sprint",
        ),
    )


def test_without_a_team_of_my_own_it_is_asked_who_needs_it() -> None:
    stranger = Vocabulary(TEAMS, GOALS, HORIZONS, TODAY)

    reading = read_sentence("Token from Identity", stranger)

    assert reading.problems == (
        Problem("consumer", "which team needs it? Expected the name of a team, such as Payments"),
    )


def test_the_first_other_team_is_called_new_without_an_example() -> None:
    alone = Vocabulary(TEAMS[:1], (), (), TODAY, TEAMS[0].id)

    reading = read_sentence("Legal -> Loyalty: the terms", alone)

    assert reading.problems == (
        Problem("consumer", "no other team is recorded yet; say that “Loyalty” is new"),
        Problem("provider", "no other team is recorded yet; say that “Legal” is new"),
    )


def test_days_of_a_question_can_be_chosen() -> None:
    reading = read_sentence("Token from Identity by 2/3/2026", LARKFIELD)

    assert reading.due is not None
    assert reading.due.candidates == (Due(date(2026, 2, 3)), Due(date(2026, 3, 2)))


def test_two_teams_that_differ_by_case_alone_are_told_apart_by_it_or_asked_about() -> None:
    teams = (Team(TeamId(1), "a", "Web Shop"), Team(TeamId(2), "b", "Webshop"))
    vocabulary = Vocabulary(teams, (), (), TODAY)

    found = [vocabulary.find_team(name) for name in ("web shop", "WEBSHOP", "web-shop")]

    assert found == [
        Match("web shop", TeamId(1)),
        Match("WEBSHOP", TeamId(2)),
        Match("web-shop", None, (TeamId(1), TeamId(2))),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem("", "there is nothing to read; expected: <what> from <team> by <day>")),
        ("hello", Problem("", "cannot read “hello”; expected: <what> from <team> by <day>")),
        ("x" * 2001, Problem("", "the line has 2001 characters; expected at most 2000")),
    ],
)
def test_what_is_no_sentence_says_so(text: str, problem: Problem) -> None:
    assert read_sentence(text, LARKFIELD).problems == (problem,)


def test_what_is_needed_has_two_hundred_characters_at_most() -> None:
    reading = read_sentence(f"{'x' * 201} from Identity", LARKFIELD)

    assert reading.problems == (Problem("what", "201 characters are too long; expected at most 200"),)


@pytest.mark.parametrize(
    "text", ["from by for " * 160, "a" * 100_000, '"' * 1999, "-> " * 660, "by 2 Mar " * 220]
)
def test_hostile_lines_are_answered_at_once(text: str) -> None:
    started = time.process_time()

    status = read_sentence(text, LARKFIELD).status

    assert status is not Status.READY
    assert time.process_time() - started < 1


@given(st.text(max_size=300) | st.lists(WORDS, max_size=30).map(" ".join))
def test_no_text_raises(text: str) -> None:
    reading = read_sentence(text, LARKFIELD)

    assert (reading.status is Status.READY) == (reading.problems == ())


@given(st.sampled_from(TEAMS[1:]), WHATS.filter(bool), st.sampled_from(GOALS))
def test_what_stands_in_quotes_is_never_misread(provider: Team, what: str, goal: SharedGoal) -> None:
    quoted = what.replace('"', '""')

    reading = read_sentence(
        f'"Payments" needs "{quoted}" from "{provider.name}" by 2026-03-02 for goal "{goal.outcome}" #shared',
        LARKFIELD,
    )

    assert (
        reading.status, reading.consumer.id, reading.provider.id, reading.what, reading.needed_by,
        reading.goal and reading.goal.id, reading.kind,
    ) == (
        Status.READY, PAYMENTS, provider.id, what, date(2026, 3, 2), goal.id, DependencyKind.SHARED,
    )  # fmt: skip


def test_nearly_the_same_need_between_the_same_teams_is_found() -> None:
    reading = read_sentence("the settlement files from Identity", LARKFIELD)
    others = (
        need("Signed token", id=DependencyId(11)),
        need("Settlement file", id=DependencyId(12)),
        need("Settlement file", id=DependencyId(13), provider_id=PARTNER_API),
        need("Settlement files", id=DependencyId(14), state=DependencyState.WITHDRAWN),
    )

    assert similar_to(reading, others) == DependencyId(12)
    assert similar_to(reading, others[2:]) is None


def need(what: str, **changed: Any) -> Dependency:
    facts: dict[str, Any] = {
        "id": DependencyId(1),
        "key": "1",
        "consumer_id": PAYMENTS,
        "provider_id": IDENTITY,
        "what": what,
    }
    return Dependency(**(facts | changed))
