"""Promises of persons: every state, act and role, the one line, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput
from planner.domain.model import Membership, Organisation, Person, PersonId, Team, TeamId
from planner.domain.promises import (
    PromiseAct,
    PromiseLine,
    PromiseRole,
    PromiseStanding,
    PromiseState,
    expect_day,
    how_it_went,
    named,
    peers_of,
    perform,
    possible_acts,
    read_line,
    role_of,
    why_not,
)

TODAY = date(2026, 2, 2)  # a Monday
OLIVE, PAT, OTTO = PersonId(1), PersonId(2), PersonId(3)
PEOPLE = {PromiseRole.OWNER: OLIVE, PromiseRole.WITNESS: PAT, PromiseRole.OTHER: OTTO}
OPEN = PromiseStanding(PromiseState.OPEN, TODAY, OLIVE, frozenset({PAT}))
A, R, S = PromiseAct, PromiseRole, PromiseState

POSSIBLE = {
    *((S.OPEN, act, R.OWNER) for act in (A.KEEP, A.MOVE, A.WITHDRAW, A.TELL)),
    (S.OPEN, A.ASK, R.WITNESS),
    (S.KEPT, A.SEE, R.WITNESS),
}
"""On or before the day. Afterwards missing it takes the place of its falling away."""


@pytest.mark.parametrize("late", [False, True])
def test_every_act_in_every_state_by_every_role(late: bool) -> None:
    today = TODAY + timedelta(days=late)
    wanted = POSSIBLE
    if late:
        wanted = (POSSIBLE - {(S.OPEN, A.WITHDRAW, R.OWNER)}) | {(S.OPEN, A.MISS, R.OWNER)}

    found = {
        (state, act, role)
        for state, act, role in product(PromiseState, PromiseAct, PromiseRole)
        if not why_not(replace(OPEN, state=state), act, PEOPLE[role], today)
    }

    assert found == wanted


@pytest.mark.parametrize(
    ("standing", "act", "person", "today", "sentence"),
    [
        (OPEN, A.KEEP, PAT, TODAY, "Only whoever made this promise can say how it goes."),
        (OPEN, A.KEEP, None, TODAY, "Only whoever made this promise can say how it goes."),
        (OPEN, A.ASK, OLIVE, TODAY, "Only a witness of this promise can do this."),
        (
            OPEN,
            A.MISS,
            OLIVE,
            TODAY,
            "Its day has not passed. Move it to another day, or say that it falls away.",
        ),
        (
            OPEN,
            A.WITHDRAW,
            OLIVE,
            TODAY + timedelta(days=1),
            "Its day has passed. Say that it is kept, moved to another day, or missed.",
        ),
        (
            replace(OPEN, state=S.MISSED),
            A.KEEP,
            OLIVE,
            TODAY,
            "This promise was missed, so that is not possible.",
        ),
        (replace(OPEN, asked_on=TODAY), A.ASK, PAT, TODAY, "A witness has asked today already."),
        (
            replace(OPEN, state=S.KEPT, seen_by=frozenset({PAT})),
            A.SEE,
            PAT,
            TODAY,
            "You have said so already.",
        ),
    ],
)
def test_a_refusal_says_why(
    standing: PromiseStanding, act: PromiseAct, person: PersonId | None, today: date, sentence: str
) -> None:
    assert why_not(standing, act, person, today) == sentence


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (A.KEEP, replace(OPEN, state=S.KEPT, closed_on=TODAY)),
        (A.MOVE, replace(OPEN, state=S.MOVED, closed_on=TODAY)),
        (A.MISS, replace(OPEN, state=S.MISSED, closed_on=TODAY)),
        (A.WITHDRAW, replace(OPEN, state=S.WITHDRAWN, closed_on=TODAY)),
        (A.TELL, OPEN),
        (A.ASK, replace(OPEN, asked_on=TODAY)),
        (A.SEE, replace(OPEN, seen_by=frozenset({PAT}))),
    ],
)
def test_what_comes_of_an_act(act: PromiseAct, after: PromiseStanding) -> None:
    person = PAT if act in {A.ASK, A.SEE} else OLIVE

    assert perform(OPEN, act, person, TODAY) == after


@given(st.lists(st.tuples(st.sampled_from(PromiseAct), st.sampled_from([OLIVE, PAT, OTTO]), st.booleans())))
def test_whatever_is_done_nobody_but_the_owner_says_how_it_went(
    acts: list[tuple[PromiseAct, PersonId, bool]],
) -> None:
    standing, today = OPEN, TODAY
    for act, person, is_next_day in acts:
        today += timedelta(days=is_next_day)
        if why_not(standing, act, person, today):
            continue
        after = perform(standing, act, person, today)
        assert after.state is standing.state or person == OLIVE
        assert person != OTTO
        assert (after.owner, after.witnesses, after.due_on) == (OLIVE, frozenset({PAT}), TODAY)
        standing = after

    assert (standing.closed_on is None) == (standing.state is S.OPEN)


@pytest.mark.parametrize(
    ("state", "closed", "today", "words"),
    [
        (S.OPEN, None, 0, "Open"),
        (S.OPEN, None, 1, "What now?"),
        (S.KEPT, 0, 3, "Kept"),
        (S.KEPT, 1, 3, "Kept, after its day"),
        (S.MOVED, 0, 3, "Moved, in time"),
        (S.MOVED, 1, 3, "Moved, after its day"),
        (S.MISSED, 1, 3, "Missed"),
        (S.WITHDRAWN, 0, 3, "Withdrawn"),
    ],
)
def test_where_a_promise_stands_in_words(
    state: PromiseState, closed: int | None, today: int, words: str
) -> None:
    closed_on = None if closed is None else TODAY + timedelta(days=closed)

    assert (
        how_it_went(replace(OPEN, state=state, closed_on=closed_on), TODAY + timedelta(days=today)) == words
    )


def test_what_one_can_do_is_offered_in_order() -> None:
    assert possible_acts(OPEN, OLIVE, TODAY) == (A.KEEP, A.MOVE, A.WITHDRAW, A.TELL)
    assert possible_acts(OPEN, OTTO, TODAY) == ()
    assert role_of(OPEN, None) is R.OTHER


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Draft of the fare table by Fri", PromiseLine("Draft of the fare table", date(2026, 2, 6))),
        ("Stand by the desk by 6 March.", PromiseLine("Stand by the desk", date(2026, 3, 6))),
        ("Review it BY tomorrow", PromiseLine("Review it", date(2026, 2, 3))),
        (
            "Draft by 2026-02-06, witness Pat Partner and Otto",
            PromiseLine("Draft", date(2026, 2, 6), ("Pat Partner", "Otto")),
        ),
        ("Draft by Fri witnesses: Pat, Otto", PromiseLine("Draft", date(2026, 2, 6), ("Pat", "Otto"))),
    ],
)
def test_one_line_is_read(line: str, read: PromiseLine) -> None:
    assert read_line(line, TODAY, Organisation()) == read


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Draft of the fare table", "says no day; end it with one, such as “by Fri” or “by 6 Mar”"),
        ("by Fri", "says no day; end it with one, such as “by Fri” or “by 6 Mar”"),
        ("Draft by 2026-01-30", "ends with a day that has passed; promise one ahead"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_is_missing(line: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_line(line, TODAY, Organisation())

    assert [(one.where, one.message) for one in refused.value.problems] == [("line", why)]


def test_words_that_are_no_day_are_named() -> None:
    with pytest.raises(InvalidInput, match="ends with “the sea”, which is no certain day"):
        read_line("A house by the sea", TODAY, Organisation())


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (None, "is empty; say by when it will be done"),
        (TODAY - timedelta(days=1), "has passed already; choose today or a later day"),
        (TODAY, "is the day that was promised; choose another one"),
    ],
)
def test_a_promise_moves_to_another_day_ahead(day: date | None, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        expect_day(OPEN, day, TODAY)

    assert [(one.where, one.message) for one in refused.value.problems] == [("day", why)]
    assert expect_day(OPEN, TODAY + timedelta(days=1), TODAY) == TODAY + timedelta(days=1)


def test_peers_share_a_team_or_a_session() -> None:
    people = tuple(Person(PersonId(n), f"p{n}", f"Person {n}") for n in range(1, 6))
    team = Team(TeamId(1), "a", "A")
    memberships = tuple(Membership(PersonId(n), team.id) for n in (1, 2))
    town = Organisation(people=people, teams=(team,), memberships=memberships)

    found = peers_of(
        town, OLIVE, [{PersonId(1), PersonId(3)}, {PersonId(4), PersonId(5)}, {PersonId(1), PersonId(9)}]
    )

    assert found == {PersonId(2), PersonId(3)}


def test_witnesses_are_known_by_their_whole_or_their_first_name() -> None:
    people = {PAT: "Pat Partner", OTTO: "Otto Outsider", PersonId(4): "Otto Other"}

    assert named(["pat", "OTTO OTHER"], people) == {PAT, PersonId(4)}
    with pytest.raises(InvalidInput) as refused:
        named(["Otto", "Zoe"], people)
    assert [one.message for one in refused.value.problems] == [
        "names “Otto”, who is more than one of your peers; choose from the list instead",
        "names “Zoe”, who is nobody who shares a team or session with you; choose from the list instead",
    ]
