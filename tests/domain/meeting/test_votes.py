"""Votes: what each way takes, what comes out, and when nobody can vote any more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput, NotNow
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId, Vote, called, cast, is_complete

DOTS = Poll(PollId(1), ItemId(1), Method.DOTS, ("Stub", "All of it", "Drop it"), dots=3, cap=2)
FIST = Poll(PollId(2), ItemId(1), Method.FIST)
CONSENT = Poll(PollId(3), ItemId(1), Method.CONSENT)


@pytest.mark.parametrize(
    ("poll", "numbers", "reason", "refusal"),
    [
        (DOTS, (3, 0, 0), "", "more than 2 on one choice"),
        (DOTS, (2, 2, 0), "", "are 4; give 1 to 3 altogether"),
        (DOTS, (0, 0, 0), "", "are 0; give 1 to 3 altogether"),
        (DOTS, (1, 1), "", "do not fit these choices"),
        (DOTS, (2, -1, 1), "", "do not fit these choices"),
        (FIST, (6,), "", "must be 0 to 5"),
        (FIST, (), "", "must be 0 to 5"),
        (CONSENT, (2,), "", "say fine, or object"),
        (CONSENT, (0,), "", "say what speaks against it"),
    ],
)
def test_a_vote_that_does_not_fit_is_refused(
    poll: Poll, numbers: tuple[int, ...], reason: str, refusal: str
) -> None:
    with pytest.raises(InvalidInput, match=refusal):
        cast(poll, Vote("ravi", numbers, reason))


def test_dots_add_up_for_each_choice() -> None:
    poll = cast(cast(DOTS, Vote("ravi", (2, 1, 0))), Vote("clara", (2, 0, 1)))

    assert poll.tally == (4, 1, 1)


def test_fists_are_counted_from_nought_to_five() -> None:
    poll = cast(cast(cast(FIST, Vote("a", (5,))), Vote("b", (3,))), Vote("c", (5,)))

    assert poll.tally == (0, 0, 0, 1, 0, 2)


def test_objections_come_with_reasons_and_without_names() -> None:
    poll = cast(cast(CONSENT, Vote("ravi", (0,), "too soon")), Vote("clara", (1,)))

    assert (poll.tally, poll.reasons) == ((1, 1), ("too soon",))


def test_who_votes_anew_has_one_vote() -> None:
    poll = cast(cast(FIST, Vote("ravi", (1,))), Vote("ravi", (4,)))

    assert (poll.votes, poll.vote_of("ravi"), poll.vote_of("otto")) == (
        (Vote("ravi", (4,)),),
        Vote("ravi", (4,)),
        None,
    )


def test_once_all_are_shown_no_vote_counts() -> None:
    with pytest.raises(NotNow, match="yours was not counted"):
        cast(replace(FIST, is_revealed=True), Vote("ravi", (1,)))


def test_a_vote_is_complete_with_everybody_who_is_there() -> None:
    poll = cast(FIST, Vote("ravi", (1,)))

    assert (is_complete(poll, {"ravi"}), is_complete(poll, {"ravi", "clara"}), is_complete(poll, ())) == (
        True,
        False,
        False,
    )


def test_two_votes_are_not_open_at_once() -> None:
    with pytest.raises(NotNow, match="open already"):
        called(DOTS, [FIST])


def test_after_two_rounds_people_talk() -> None:
    shown = replace(FIST, is_revealed=True)

    assert called(FIST, [shown]) == FIST
    assert called(DOTS, [shown, shown]) == DOTS
    with pytest.raises(NotNow, match="two rounds"):
        called(FIST, [shown, shown])


@pytest.mark.parametrize(
    "wrong",
    [{"choices": ("One",)}, {"choices": ("x",) * 9}, {"dots": 0}, {"dots": 21}, {"cap": 0}, {"cap": 4}],
)
def test_a_dot_vote_needs_choices_dots_and_a_cap(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        called(replace(DOTS, **wrong), [])  # type: ignore[arg-type] # as somebody could type it


@given(st.lists(st.integers(-1, 3), min_size=0, max_size=4).map(tuple))
def test_no_vote_gets_more_dots_than_there_are(numbers: tuple[int, ...]) -> None:
    try:
        poll = cast(DOTS, Vote("ravi", numbers))
    except InvalidInput:
        return

    assert 0 < sum(poll.tally) <= DOTS.dots
    assert max(poll.tally) <= DOTS.cap
