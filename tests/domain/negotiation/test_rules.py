"""The whole table: every state, act and side; what is allowed does what it says, the rest is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from planner.domain.errors import NotNow
from planner.domain.model import Dependency, DependencyId, DependencyState, Negotiation, Side, TeamId
from planner.domain.negotiation.acts import Act, Move, Turn
from planner.domain.negotiation.rules import perform, possible_acts, side_for, why_not

MONDAY = date(2026, 2, 2)
NEEDED = date(2026, 2, 16)
LATER = date(2026, 3, 2)
C, P = Side.CONSUMER, Side.PROVIDER
S = DependencyState
CRITERION = "It runs on the test account"

# from the design of the lifecycle: who may do what in which state, and where it leads
LEADS_TO = {
    (S.ASKED, Act.ACCEPT, P): S.AGREED,
    (S.ASKED, Act.COUNTER, P): S.COUNTERED,
    (S.ASKED, Act.DECLINE, P): S.DECLINED,
    (S.ASKED, Act.REWORD, C): S.ASKED,
    (S.ASKED, Act.MESSAGE, C): S.ASKED,
    (S.ASKED, Act.MESSAGE, P): S.ASKED,
    (S.ASKED, Act.REMIND, C): S.ASKED,
    (S.ASKED, Act.WITHDRAW, C): S.WITHDRAWN,
    (S.COUNTERED, Act.ACCEPT_COUNTER, C): S.AGREED,
    (S.COUNTERED, Act.ASK_AGAIN, C): S.ASKED,
    (S.COUNTERED, Act.HEARD, C): S.COUNTERED,
    (S.COUNTERED, Act.WITHDRAW, C): S.WITHDRAWN,
    (S.DECLINED, Act.ASK_AGAIN, C): S.ASKED,
    (S.DECLINED, Act.HEARD, C): S.DECLINED,
    (S.DECLINED, Act.WITHDRAW, C): S.WITHDRAWN,
    (S.AGREED, Act.REOPEN, C): S.REOPENED,
    (S.AGREED, Act.REOPEN, P): S.REOPENED,
    (S.AGREED, Act.DELIVER, P): S.DELIVERED,
    (S.AGREED, Act.WITHDRAW, C): S.WITHDRAWN,
    # the provider has proposed the change
    (S.REOPENED, Act.AGREE_CHANGE, C): S.AGREED,
    (S.REOPENED, Act.REFUSE_CHANGE, C): S.AGREED,
    (S.REOPENED, Act.TAKE_BACK, P): S.AGREED,
    (S.REOPENED, Act.WITHDRAW, C): S.WITHDRAWN,
    (S.DELIVERED, Act.CONFIRM, C): S.CONFIRMED,
    (S.DELIVERED, Act.RETURN, C): S.AGREED,
}
CELLS = list(product(DependencyState, Act, Side))


def standing(state: DependencyState) -> Dependency:
    """A dependency that stands so that every act of its state is possible."""
    return Dependency(
        DependencyId(1), "file", TeamId(1), TeamId(2), "Settlement file", NEEDED,
        promised_for=NEEDED if state in {S.AGREED, S.REOPENED, S.DELIVERED, S.COUNTERED} else None,
        state=state,
        negotiation=Negotiation(
            asked_on=MONDAY - timedelta(days=14),
            criteria=(CRITERION,),
            proposed_for=LATER if state is S.REOPENED else None,
            proposed_by=P if state in {S.REOPENED, S.COUNTERED} else None,
            heard="You need the file" if state in {S.COUNTERED, S.DECLINED} else "",
        ),
    )  # fmt: skip


def said(act: Act) -> Move:
    """A move with everything that this act may ask for."""
    return Move(
        act, text="Because", heard_right=True, met=(CRITERION,), unmet=(CRITERION,),
        day=NEEDED if act is Act.ACCEPT else LATER,
    )  # fmt: skip


@pytest.mark.parametrize(("state", "act", "side"), CELLS)
def test_every_cell_of_the_table(state: DependencyState, act: Act, side: Side) -> None:
    before = standing(state)

    if (state, act, side) in LEADS_TO:
        assert perform(before, said(act), Turn(side, MONDAY)).state is LEADS_TO[state, act, side]
    else:
        with pytest.raises(NotNow) as refused:
            perform(before, said(act), Turn(side, MONDAY))
        assert str(refused.value).endswith(".")


def test_what_is_possible_is_what_the_table_says() -> None:
    found = {
        (state, act, side)
        for state in DependencyState
        for side in Side
        for act in possible_acts(standing(state), {side}, MONDAY)
    }

    assert found == set(LEADS_TO)


def test_nothing_leads_out_of_what_is_over() -> None:
    for state in (S.CONFIRMED, S.WITHDRAWN):
        assert possible_acts(standing(state), set(Side), MONDAY) == {}


@pytest.mark.parametrize(
    ("changed", "act", "side", "refusal"),
    [
        (
            {"state": S.ASKED, "needed_by": date(2026, 1, 30)},
            Act.ACCEPT,
            P,
            "Offer another date",
        ),
        ({"state": S.COUNTERED, "promised_for": date(2026, 1, 30)}, Act.ACCEPT_COUNTER, C, "Ask again"),
        ({"state": S.REOPENED}, Act.TAKE_BACK, C, "Only the side that proposed"),
        ({"state": S.REOPENED}, Act.AGREE_CHANGE, P, "waits for the other side's answer"),
        ({"state": S.REOPENED}, Act.REFUSE_CHANGE, P, "can take it back"),
        ({"state": S.AGREED}, Act.ACCEPT, P, "This is agreed now"),
        ({"state": S.ASKED}, Act.ACCEPT, C, "Only the team that gives it"),
        ({"state": S.DELIVERED}, Act.CONFIRM, P, "Only the team that needs it"),
    ],
)
def test_a_refusal_says_why(changed: dict[str, object], act: Act, side: Side, refusal: str) -> None:
    state = changed["state"]
    assert isinstance(state, DependencyState)
    dependency = replace(standing(state), **changed)  # type: ignore[arg-type] # typed by the table

    assert refusal in why_not(dependency, act, Turn(side, MONDAY))


def test_a_passed_proposal_cannot_be_agreed_to_any_more() -> None:
    before = standing(S.REOPENED)
    passed = replace(before, negotiation=replace(before.negotiation, proposed_for=date(2026, 1, 30)))

    assert "has passed" in why_not(passed, Act.AGREE_CHANGE, Turn(C, MONDAY))


@pytest.mark.parametrize(
    ("asked", "reminded", "possible"),
    [
        (date(2026, 1, 26), None, False),  # five working days ago
        (date(2026, 1, 23), None, True),
        (date(2026, 1, 23), date(2026, 1, 30), False),  # one working day ago
        (date(2026, 1, 23), date(2026, 1, 29), True),
        (None, None, False),
    ],
)
def test_a_reminder_comes_after_five_working_days_and_every_second_one(
    asked: date | None, reminded: date | None, possible: bool
) -> None:
    before = standing(S.ASKED)
    waiting = replace(before, negotiation=replace(before.negotiation, asked_on=asked, reminded_on=reminded))

    assert (Act.REMIND in possible_acts(waiting, {C}, MONDAY)) == possible


def test_who_speaks_for_both_sides_acts_for_the_one_whose_turn_it_is() -> None:
    both = frozenset(Side)

    assert side_for(standing(S.ASKED), Act.ACCEPT, both, MONDAY) is P
    assert side_for(standing(S.REOPENED), Act.AGREE_CHANGE, both, MONDAY) is C
    assert side_for(standing(S.REOPENED), Act.TAKE_BACK, both, MONDAY) is P
    assert side_for(standing(S.ASKED), Act.ACCEPT, {C}, MONDAY) is P  # not theirs: a right that they lack
