"""The whole table of agreeing: every state, act and role; and what is missing until a plan is tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from planner.domain.agreement import (
    NOT_YET,
    ProposalAct,
    ProposalState,
    Role,
    Stance,
    Standing,
    missing,
    possible_acts,
    roles_of,
    state_after,
    state_on,
    trial_end,
    waits_for,
    why_not,
)
from planner.domain.model import PersonId

MONDAY = date(2026, 2, 2)
HOST, OTHER_HOST, ATTENDEE, SHARER, OUTSIDER = map(PersonId, range(1, 6))
NAMES = {HOST: "Hanna", OTHER_HOST: "Hugo", ATTENDEE: "Ada", SHARER: "Sam"}
A, R, S = ProposalAct, Role, ProposalState

# who may do what in which state, and where it leads; from the design of the lifecycle
LEADS_TO = {
    (S.SHARED, A.ANSWER, R.HOST): S.SHARED,
    (S.SHARED, A.ANSWER, R.ATTENDEE): S.SHARED,
    (S.SHARED, A.ADOPT, R.SHARER): S.TRIAL,
    (S.SHARED, A.ADOPT, R.HOST): S.TRIAL,
    (S.SHARED, A.ADOPT, R.ATTENDEE): S.TRIAL,
    (S.SHARED, A.WITHDRAW, R.SHARER): S.WITHDRAWN,
    (S.TRIAL, A.ANSWER, R.HOST): S.TRIAL,
    (S.TRIAL, A.ANSWER, R.ATTENDEE): S.TRIAL,
    (S.TRIAL, A.KEEP, R.HOST): S.KEPT,
    (S.TRIAL, A.KEEP, R.ATTENDEE): S.KEPT,
    (S.TRIAL, A.REVERT, R.HOST): S.REVERTED,
    (S.TRIAL, A.REVERT, R.ATTENDEE): S.REVERTED,
    (S.KEPT, A.REVERT, R.HOST): S.REVERTED,
    (S.KEPT, A.REVERT, R.ATTENDEE): S.REVERTED,
    **{(state, A.REPLACE, role): S.REVISED for state in (S.SHARED, S.TRIAL, S.KEPT) for role in Role},
}
CELLS = list(product(ProposalState, ProposalAct, Role))


def standing(state: ProposalState = S.SHARED, **changed: object) -> Standing:
    """A proposal that stands so that every act of its state is possible."""
    kept = S.SHARED if state is S.EXPIRED else state
    ready = Standing(
        kept,
        MONDAY - timedelta(days=15 if state is S.EXPIRED else 1),
        hosts=frozenset({HOST}),
        attendees=frozenset({ATTENDEE}),
        sharer=SHARER,
        stances={HOST: Stance.FINE},
        trial_until=MONDAY,
    )
    return replace(ready, **changed)  # type: ignore[arg-type] # typed by each test


@pytest.mark.parametrize(("state", "act", "role"), CELLS)
def test_every_cell_of_the_table(state: ProposalState, act: ProposalAct, role: Role) -> None:
    refusal = why_not(standing(state), act, {role}, MONDAY)

    if (state, act, role) in LEADS_TO:
        assert (refusal, state_after(act, state)) == ("", LEADS_TO[state, act, role])
    else:
        assert refusal.endswith(".")


def test_what_is_possible_is_what_the_table_says() -> None:
    found = {
        (state, act, role)
        for state in ProposalState
        for role in Role
        for act in possible_acts(standing(state), {role}, MONDAY)
    }

    assert found == set(LEADS_TO)


@pytest.mark.parametrize(
    ("stances", "sentences"),
    [
        ({}, ["No answer yet from Hanna and Hugo, who decide for a session it replaces."]),
        ({HOST: Stance.FINE, OTHER_HOST: Stance.FINE}, []),
        ({HOST: Stance.FINE, OTHER_HOST: Stance.FINE, ATTENDEE: Stance.FINE_IF}, []),
        ({HOST: Stance.FINE, OTHER_HOST: Stance.FINE_IF}, ["The condition of Hugo is open."]),
        (
            {HOST: Stance.FINE, OTHER_HOST: Stance.FINE, ATTENDEE: Stance.OBJECT},
            ["There is an objection of Ada."],
        ),
        (
            {HOST: Stance.OBJECT, OTHER_HOST: Stance.FINE, OUTSIDER: Stance.OBJECT},
            ["There is an objection of Hanna."],
        ),
    ],
)
def test_what_is_missing_is_said_in_words(stances: dict[PersonId, Stance], sentences: list[str]) -> None:
    asked = standing(hosts=frozenset({HOST, OTHER_HOST}), stances=stances)

    assert missing(asked, NAMES) == tuple(sentences)
    assert (why_not(asked, A.ADOPT, {R.HOST}, MONDAY) == "") == (not sentences)


def test_what_keeps_a_session_from_being_held_is_missing_too() -> None:
    moved = standing(broken=("Ada can meet at other hours now.",))

    assert missing(moved, NAMES) == ("Ada can meet at other hours now.",)
    assert why_not(moved, A.ADOPT, {R.HOST}, MONDAY) == NOT_YET


@pytest.mark.parametrize(
    ("later", "state"), [(0, S.SHARED), (14, S.SHARED), (15, S.EXPIRED), (400, S.EXPIRED)]
)
def test_a_shared_plan_expires_after_fourteen_days(later: int, state: ProposalState) -> None:
    shared = standing(shared_on=MONDAY)
    today = MONDAY + timedelta(days=later)

    assert state_on(shared, today) is state


@pytest.mark.parametrize("state", [S.TRIAL, S.KEPT, S.REVERTED])
def test_what_was_adopted_does_not_expire(state: ProposalState) -> None:
    assert state_on(standing(state, shared_on=MONDAY - timedelta(days=400)), MONDAY) is state


@pytest.mark.parametrize(
    ("cadence", "last"), [(7, date(2026, 2, 16)), (14, date(2026, 3, 2)), (28, date(2026, 3, 30))]
)
def test_a_trial_lasts_two_cadences(cadence: int, last: date) -> None:
    assert trial_end(MONDAY, cadence) == last


def test_a_trial_is_kept_by_consent_when_it_is_over() -> None:
    early = standing(S.TRIAL, trial_until=MONDAY + timedelta(days=1))
    contested = standing(S.TRIAL, stances={HOST: Stance.FINE, ATTENDEE: Stance.OBJECT})

    assert why_not(early, A.KEEP, {R.HOST}, MONDAY).startswith("The trial is not over yet.")
    assert why_not(contested, A.KEEP, {R.HOST}, MONDAY).startswith("Somebody objects.")
    assert [why_not(one, A.REVERT, {R.ATTENDEE}, MONDAY) for one in (early, contested)] == ["", ""]


def test_one_person_can_be_several_things() -> None:
    every = standing(sharer=HOST, attendees=frozenset({HOST, ATTENDEE}))

    assert {person: roles_of(every, person) for person in (HOST, ATTENDEE, OUTSIDER, None)} == {
        HOST: {R.SHARER, R.HOST, R.ATTENDEE},
        ATTENDEE: {R.ATTENDEE},
        OUTSIDER: {R.OTHER},
        None: {R.OTHER},
    }


def test_without_hosts_nobody_is_waited_for() -> None:
    assert missing(standing(hosts=frozenset(), stances={}), NAMES) == ()


@pytest.mark.parametrize(
    ("now", "person", "act"),
    [
        (standing(stances={}), HOST, A.ANSWER),
        (standing(stances={HOST: Stance.FINE}), ATTENDEE, A.ANSWER),
        (standing(stances={HOST: Stance.FINE}), HOST, A.ADOPT),
        (standing(stances={HOST: Stance.FINE}), SHARER, A.ADOPT),
        (standing(stances={HOST: Stance.OBJECT}), HOST, None),
        (standing(stances={HOST: Stance.FINE}), OUTSIDER, None),
        (standing(S.EXPIRED, stances={}), HOST, None),
        (standing(S.TRIAL, trial_until=MONDAY + timedelta(days=1)), ATTENDEE, None),
        (standing(S.TRIAL, trial_until=MONDAY), ATTENDEE, A.KEEP),
        (standing(S.TRIAL, trial_until=MONDAY), SHARER, None),
        (standing(S.KEPT), HOST, None),
    ],
)
def test_a_plan_says_what_it_waits_for_from_somebody(
    now: Standing, person: PersonId, act: ProposalAct | None
) -> None:
    assert waits_for(now, person, MONDAY) == act
