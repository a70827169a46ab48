"""What each act does, told as the stories of two teams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.model import Dependency, DependencyId, DependencyState, Negotiation, Side, TeamId
from planner.domain.negotiation.acts import Act, Move, Turn
from planner.domain.negotiation.rules import perform
from planner.domain.negotiation.waiting import days_late, working_days_between

MONDAY, NEEDED, LATER = date(2026, 2, 2), date(2026, 2, 16), date(2026, 3, 2)
PAYMENTS, PARTNER_API, IDENTITY = TeamId(1), TeamId(2), TeamId(3)
C, P = Turn(Side.CONSUMER, MONDAY), Turn(Side.PROVIDER, MONDAY)
ASKED = Dependency(
    DependencyId(1), "file", PAYMENTS, PARTNER_API, "Settlement file", NEEDED,
    negotiation=Negotiation(asked_on=date(2026, 1, 29)),
)  # fmt: skip


def after(*moves: tuple[Move, Turn], start: Dependency = ASKED) -> Dependency:
    for move, turn in moves:
        start = perform(start, move, turn)
    return start


ACCEPT = (Move(Act.ACCEPT), P)


def test_yes_promises_the_day_it_is_needed() -> None:
    assert after(ACCEPT) == replace(ASKED, state=DependencyState.AGREED, promised_for=NEEDED)


def test_yes_may_be_sooner_and_on_a_condition() -> None:
    agreed = after((Move(Act.ACCEPT, day=date(2026, 2, 9), conditions=("the contract is signed",)), P))

    assert (agreed.promised_for, agreed.negotiation.conditions) == (
        date(2026, 2, 9), ("the contract is signed",),
    )  # fmt: skip


def test_yes_to_something_without_a_date_is_a_promise_without_a_date() -> None:
    undated = replace(ASKED, needed_by=None)

    assert after(ACCEPT, start=undated) == replace(undated, state=DependencyState.AGREED)


def test_a_later_day_is_an_offer_and_no_promise() -> None:
    offered = after((Move(Act.COUNTER, day=LATER, text="after the release", heard="A file each night"), P))

    assert offered == replace(
        ASKED,
        state=DependencyState.COUNTERED,
        promised_for=LATER,
        negotiation=Negotiation(
            asked_on=date(2026, 1, 29), proposed_by=Side.PROVIDER, proposed_on=MONDAY,
            reason="after the release", heard="A file each night",
        ),
    )  # fmt: skip
    assert (offered.is_promised_late, days_late(offered)) == (False, 10)


def test_an_offer_that_is_taken_is_promised_and_late_by_so_many_days() -> None:
    agreed = after((Move(Act.COUNTER, day=LATER, what="A smaller file"), P), (Move(Act.ACCEPT_COUNTER), C))

    assert (agreed.state, agreed.promised_for, agreed.what) == (
        DependencyState.AGREED, LATER, "A smaller file",
    )  # fmt: skip
    assert (agreed.is_promised_late, days_late(agreed)) == (True, 10)
    assert agreed.negotiation == Negotiation(asked_on=date(2026, 1, 29))


def test_another_team_that_is_suggested_is_asked_anew() -> None:
    asked = after((Move(Act.COUNTER, provider_id=IDENTITY), P), (Move(Act.ACCEPT_COUNTER), C))

    assert asked == replace(
        ASKED, provider_id=IDENTITY, negotiation=Negotiation(round=2, asked_on=MONDAY)
    )  # fmt: skip


def test_declined_and_asked_again_with_less() -> None:
    declined = after((Move(Act.DECLINE, text="no capacity"), P))
    again = after((Move(Act.ASK_AGAIN, what="A sample file", day=LATER), C), start=declined)

    assert (declined.state, declined.negotiation.reason) == (DependencyState.DECLINED, "no capacity")
    assert again == replace(
        ASKED, what="A sample file", needed_by=LATER, negotiation=Negotiation(round=2, asked_on=MONDAY)
    )


def test_the_old_promise_stays_while_a_new_date_is_proposed() -> None:
    slips = after(ACCEPT, (Move(Act.REOPEN, day=LATER, text="a key person is ill"), P))

    assert (slips.state, slips.promised_for, slips.negotiation.proposed_for) == (
        DependencyState.REOPENED, NEEDED, LATER,
    )  # fmt: skip
    assert after((Move(Act.REFUSE_CHANGE), C), start=slips) == after(ACCEPT)
    assert after((Move(Act.TAKE_BACK), P), start=slips) == after(ACCEPT)
    assert after((Move(Act.AGREE_CHANGE), C), start=slips) == replace(
        ASKED, state=DependencyState.AGREED, promised_for=LATER
    )


def test_a_date_that_the_consumer_moves_moves_the_need_as_well() -> None:
    agreed = after(
        ACCEPT,
        (Move(Act.REOPEN, day=LATER, text="our launch is later"), C),
        (Move(Act.AGREE_CHANGE), P),
    )

    assert agreed == replace(ASKED, state=DependencyState.AGREED, needed_by=LATER, promised_for=LATER)


def test_handed_over_returned_and_confirmed_against_the_criteria() -> None:
    start = replace(ASKED, negotiation=replace(ASKED.negotiation, criteria=("a header", "a footer")))
    delivered = after(ACCEPT, (Move(Act.DELIVER), P), start=start)

    returned = after((Move(Act.RETURN, unmet=("a footer",)), C), start=delivered)
    done = after((Move(Act.DELIVER), P), (Move(Act.CONFIRM, met=("a header", "a footer")), C), start=returned)

    assert (returned.state, returned.negotiation.unmet) == (DependencyState.AGREED, ("a footer",))
    assert (done.state, done.negotiation.unmet) == (DependencyState.CONFIRMED, ())


def test_the_other_side_says_whether_it_was_heard() -> None:
    declined = after((Move(Act.DECLINE, text="not our part", heard="A portal"), P))

    answered = after((Move(Act.HEARD, heard_right=False), C), start=declined)

    assert answered.negotiation.heard_right is False


AGREED = after(ACCEPT)
DELIVERED = after(
    ACCEPT,
    (Move(Act.DELIVER), P),
    start=replace(ASKED, negotiation=Negotiation(criteria=("a header",))),
)


@pytest.mark.parametrize(
    ("start", "move", "turn", "field"),
    [
        (ASKED, Move(Act.ACCEPT, day=LATER), P, "day"),
        (ASKED, Move(Act.ACCEPT, day=date(2026, 2, 1)), P, "day"),
        (ASKED, Move(Act.COUNTER), P, "day"),
        (ASKED, Move(Act.COUNTER, day=NEEDED, what="Settlement file", provider_id=PARTNER_API), P, "day"),
        (ASKED, Move(Act.COUNTER, day=date(2026, 2, 1)), P, "day"),
        (ASKED, Move(Act.COUNTER, provider_id=PAYMENTS), P, "provider"),
        (ASKED, Move(Act.DECLINE), P, "text"),
        (ASKED, Move(Act.MESSAGE), C, "text"),
        (ASKED, Move(Act.WITHDRAW), C, "text"),
        (after((Move(Act.DECLINE, text="no"), P)), Move(Act.ASK_AGAIN, day=NEEDED), C, "day"),
        (after((Move(Act.DECLINE, text="no", heard="?"), P)), Move(Act.HEARD), C, "heard_right"),
        (AGREED, Move(Act.REOPEN, text="why not"), P, "day"),
        (AGREED, Move(Act.REOPEN, day=NEEDED, text="why not"), P, "day"),
        (AGREED, Move(Act.REOPEN, day=LATER), P, "text"),
        (DELIVERED, Move(Act.CONFIRM), C, "met"),
        (DELIVERED, Move(Act.CONFIRM, met=("a header", "a footer"), held=("a chair",)), C, "held"),
        (DELIVERED, Move(Act.RETURN), C, "unmet"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(
    start: Dependency, move: Move, turn: Turn, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        perform(start, move, turn)

    assert [problem.where for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 3, 6), date(2026, 3, 13), 5),
        (date(2026, 3, 13), date(2026, 3, 17), 2),
        (date(2026, 2, 6), date(2026, 2, 8), 0),  # a weekend
        (date(2026, 2, 7), date(2026, 2, 9), 1),
        (date(2026, 2, 9), date(2026, 2, 2), 0),
    ],
)
def test_working_days_are_monday_to_friday(first: date, last: date, days: int) -> None:
    assert working_days_between(first, last) == days
