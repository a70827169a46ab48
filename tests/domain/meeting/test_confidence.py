"""How sure people are: the average, and whether every doubt was heard."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.meeting.confidence import Confidence, confidence_of, confidence_words
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId, Vote

FIST = Poll(PollId(1), ItemId(1), Method.FIST, is_revealed=True)
MISSING = "A test system"


def shown(*fists: int, heard: bool = False) -> Poll:
    votes = (Vote(f"p{n}", (fist,), MISSING if heard and fist < 3 else "") for n, fist in enumerate(fists))
    return replace(FIST, votes=tuple(votes))


def test_one_who_doubts_unheard_keeps_it_from_holding() -> None:
    """E18 of the domain notes."""
    fists = (4, 3, 5, 2, 4, 3, 4)

    before, after = confidence_of(shown(*fists)), confidence_of(shown(*fists, heard=True))

    assert before == Confidence(Fraction(25, 7), 1, 1)
    assert after == Confidence(Fraction(25, 7), 1, 0)
    assert (before.holds, after.holds) == (False, True)


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        (shown(4, 5), "4.5 of 5 on average. Enough to commit to."),
        (shown(3), "3.0 of 5 on average. Enough to commit to."),
        (shown(5, 2, heard=True), "3.5 of 5 on average. Enough to commit to, and every doubt is heard."),
        (
            shown(5, 2),
            "3.5 of 5 on average. One person shows 2 or fewer and has not said what is missing: "
            "hear them before you commit.",
        ),
        (
            shown(0, 2),
            "1.0 of 5 on average. 2 people show 2 or fewer and have not said what is missing: "
            "hear them before you commit.",
        ),
        (
            shown(0, 2, heard=True),
            "1.0 of 5 on average. That is too little to commit to: change it, or make it smaller.",
        ),
        (FIST, ""),
        (replace(FIST, method=Method.CONSENT, votes=(Vote("a", (0,), "no"),)), ""),
    ],
)
def test_it_is_said_in_words(poll: Poll, words: str) -> None:
    assert confidence_words(confidence_of(poll)) == words


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.booleans())
def test_it_holds_exactly_where_the_rule_says(fists: list[int], heard: bool) -> None:
    found = confidence_of(shown(*fists, heard=heard))

    is_heard = heard or min(fists) > 2
    assert found is not None
    assert found.holds == (sum(fists) >= 3 * len(fists) and is_heard)
