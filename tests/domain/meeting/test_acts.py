"""Every act on a meeting, by every role, in every state; and what no order of acts can break."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from planner.domain.errors import InvalidInput, NotFound, NotNow
from planner.domain.meeting import acts
from planner.domain.meeting.acts import MeetingAct, Role
from planner.domain.meeting.model import (
    AgendaItem,
    ItemId,
    ItemKind,
    Meeting,
    MeetingId,
    MeetingState,
    Outcome,
    OutcomeKind,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ITEMS = tuple(AgendaItem(ItemId(n), n, f"Item {n}", minutes=5) for n in (1, 2, 3))
PLANNED = Meeting(MeetingId(1), 1, "dana", invited=frozenset({"dana", "ravi"}), items=ITEMS)
RUNNING = acts.start(PLANNED, NINE)
CLOSED = acts.close(RUNNING, NINE)
SETTLED = AgendaItem(ItemId(4), 4, "Item 4", kind=ItemKind.CONSENT, minutes=1)
MEETINGS = {one.state: replace(one, items=(*one.items, SETTLED)) for one in (PLANNED, RUNNING, CLOSED)}

LEADS, ALL = {Role.FACILITATOR}, {Role.FACILITATOR, Role.INVITED}
PLAN, RUN, END = MeetingState.PLANNED, MeetingState.RUNNING, MeetingState.CLOSED
ALLOWED = {
    MeetingAct.START: ({PLAN}, LEADS),
    MeetingAct.TURN: ({RUN}, LEADS),
    MeetingAct.ADD_TIME: ({RUN}, LEADS),
    MeetingAct.PARK: ({RUN}, LEADS),
    MeetingAct.DEFER: ({RUN}, LEADS),
    MeetingAct.DECIDE: ({PLAN, RUN}, ALL),
    MeetingAct.AGREE: ({RUN}, LEADS),
    MeetingAct.TALK: ({PLAN, RUN}, ALL),
    MeetingAct.CALL_VOTE: ({RUN}, LEADS),
    MeetingAct.VOTE: ({RUN}, ALL),
    MeetingAct.REVEAL: ({RUN}, LEADS),
    MeetingAct.HAND_OVER: ({PLAN, RUN}, LEADS),
    MeetingAct.TAKE_OVER: ({PLAN, RUN}, {Role.INVITED}),
    MeetingAct.ARRIVE: ({PLAN, RUN}, ALL),
    MeetingAct.LEAVE: ({PLAN, RUN}, ALL),
    MeetingAct.INVITE_GUESTS: ({PLAN, RUN}, LEADS),
    MeetingAct.CLOSE: ({RUN}, LEADS),
    MeetingAct.OPEN_AGAIN: ({END}, LEADS),
}
EVERY = list(product(MeetingAct, MeetingState, Role))


@pytest.mark.parametrize(("act", "state", "role"), EVERY)
def test_an_act_is_possible_in_its_states_for_its_roles_and_nowhere_else(
    act: MeetingAct, state: MeetingState, role: Role
) -> None:
    states, roles = ALLOWED[act]

    refusal = acts.why_not(MEETINGS[state], act, {role})

    assert (refusal == "") == (state in states and role in roles)
    assert not refusal or (refusal[0].isupper() and refusal.endswith("."))


@pytest.mark.parametrize(
    ("person", "roles"),
    [
        ("dana", {Role.FACILITATOR, Role.INVITED}),
        ("ravi", {Role.INVITED}),
        ("otto", {Role.OTHER}),
        ("", {Role.OTHER}),
    ],
)
def test_who_somebody_is_to_a_meeting(person: str, roles: set[Role]) -> None:
    assert acts.roles_of(PLANNED, person) == roles


def test_nobody_leads_a_meeting_whose_leader_is_gone() -> None:
    assert acts.roles_of(replace(PLANNED, facilitator=""), "") == {Role.OTHER}


def test_the_lead_is_not_taken_from_somebody_who_is_there() -> None:
    there = acts.arrive(RUNNING, "dana", NINE)

    assert acts.why_not(there, MeetingAct.TAKE_OVER, {Role.INVITED}).startswith("Whoever leads is there")
    assert acts.why_not(acts.leave(there, "dana", NINE), MeetingAct.TAKE_OVER, {Role.INVITED}) == ""


@pytest.mark.parametrize(
    ("person", "concerned", "expected"),
    [("ravi", False, True), ("dana", False, False), ("dana", True, True), ("otto", True, False)],
)
def test_whoever_leads_has_a_vote_only_where_it_concerns_them(
    person: str, concerned: bool, expected: bool
) -> None:
    assert acts.has_vote(PLANNED, person, is_concerned=concerned) is expected


def test_no_time_is_added_where_no_item_is_on() -> None:
    nothing_on = replace(RUNNING, current=None, turned_at=None)

    assert acts.why_not(nothing_on, MeetingAct.ADD_TIME, LEADS).startswith("No item is on")
    assert acts.add_time(nothing_on, 2) == nothing_on


@pytest.mark.parametrize("minutes", [-1, 0, 3, 10_000])
def test_what_is_not_offered_is_not_added(minutes: int) -> None:
    with pytest.raises(InvalidInput, match="add 1, 2 or 5"):
        acts.add_time(RUNNING, minutes)


def test_no_item_takes_more_than_a_day() -> None:
    items = tuple(replace(one, added=acts.ADDED_MOST - 1) for one in RUNNING.items)
    long = replace(RUNNING, items=items)

    assert acts.add_time(long, 1) != long
    with pytest.raises(InvalidInput, match="more than a day"):
        acts.add_time(long, 2)


def test_what_is_settled_is_talked_about_once_somebody_wants_to() -> None:
    meeting = MEETINGS[RUN]

    talked = acts.talk_about(meeting, ItemId(4))

    assert (acts.at_once(meeting), acts.at_once(talked)) == ((SETTLED,), ())
    assert talked.item[ItemId(4)] == replace(SETTLED, kind=ItemKind.TALK, minutes=5)
    assert acts.talk_about(talked, ItemId(4)) == talked
    assert acts.why_not(talked, MeetingAct.AGREE, ALL) == "Nothing is left that could be agreed at once."


def test_what_has_ended_is_not_taken_from_the_consent_list() -> None:
    ended = replace(SETTLED, outcome=Outcome(OutcomeKind.DECIDED, "Fine"))

    with pytest.raises(NotNow, match="ended already"):
        acts.talk_about(replace(RUNNING, items=(ended,)), ItemId(4))


def test_an_item_that_is_not_there_cannot_be_gone_to() -> None:
    with pytest.raises(NotFound):
        acts.turn_to(RUNNING, ItemId(9), NINE)


def test_going_to_the_item_that_is_on_changes_nothing() -> None:
    assert acts.turn_to(RUNNING, ItemId(1), NINE + timedelta(minutes=1)) == RUNNING


def test_a_meeting_begins_with_what_is_open() -> None:
    done = replace(ITEMS[0], outcome=Outcome(OutcomeKind.DECIDED, "Yes"))

    assert acts.start(replace(PLANNED, items=(done, *ITEMS[1:])), NINE).current == ItemId(2)
    assert acts.start(replace(PLANNED, items=(done,)), NINE).current == ItemId(1)
    assert acts.start(replace(PLANNED, items=()), NINE).current is None


def test_after_the_last_item_comes_what_was_left_open() -> None:
    at_the_end = acts.turn_to(RUNNING, ItemId(3), NINE)

    assert acts.next_item(at_the_end) == at_the_end.items[0]
    assert acts.next_item(replace(RUNNING, items=ITEMS[:1])) is None


def test_only_somebody_invited_is_handed_the_lead() -> None:
    with pytest.raises(InvalidInput, match="is not invited"):
        acts.hand_over(RUNNING, "otto")


def test_who_comes_twice_is_there_once() -> None:
    twice = acts.arrive(acts.arrive(PLANNED, "ravi", NINE), "ravi", NINE)

    assert [one.person for one in twice.attendance] == ["ravi"]
    assert acts.arrive(PLANNED, "", NINE) == PLANNED


class Session(RuleBasedStateMachine):
    """Any order of possible acts, with time passing between them."""

    @initialize()
    def plan(self) -> None:
        self.meeting, self.now, self.ran = PLANNED, NINE, timedelta()
        self.outcomes: dict[ItemId, Outcome] = {}

    @rule(seconds=st.integers(0, 600))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        if self.meeting.on_now is not None:
            self.ran += timedelta(seconds=seconds)

    @precondition(lambda self: self.may(MeetingAct.START))
    @rule()
    def start(self) -> None:
        self.meeting = acts.start(self.meeting, self.now)

    @precondition(lambda self: self.may(MeetingAct.TURN))
    @rule(number=st.integers(1, 3))
    def turn(self, number: int) -> None:
        self.meeting = acts.turn_to(self.meeting, ItemId(number), self.now)

    @precondition(lambda self: self.may(MeetingAct.ADD_TIME))
    @rule(minutes=st.sampled_from(acts.ADDED_AT_ONCE))
    def more(self, minutes: int) -> None:
        before = self.meeting.ends_at()
        self.meeting = acts.add_time(self.meeting, minutes)
        after = self.meeting.ends_at()
        assert before is not None
        assert after is not None
        assert after - before == timedelta(minutes=minutes)

    @precondition(lambda self: self.may(MeetingAct.DECIDE))
    @rule(number=st.integers(1, 3), kind=st.sampled_from(OutcomeKind))
    def decide(self, number: int, kind: OutcomeKind) -> None:
        outcome = Outcome(kind, "So be it", deferred_to="next time")
        self.outcomes[ItemId(number)] = outcome
        items = tuple(
            replace(one, outcome=outcome) if one.id == number else one for one in self.meeting.items
        )
        self.meeting = replace(self.meeting, items=items)

    @rule(person=st.sampled_from(["dana", "ravi"]), comes=st.booleans())
    def come_or_go(self, person: str, comes: bool) -> None:
        if self.may(MeetingAct.ARRIVE):
            act = acts.arrive if comes else acts.leave
            self.meeting = act(self.meeting, person, self.now)

    @precondition(lambda self: self.may(MeetingAct.HAND_OVER))
    @rule(person=st.sampled_from(["dana", "ravi"]))
    def hand_over(self, person: str) -> None:
        self.meeting = acts.hand_over(self.meeting, person)

    @precondition(lambda self: self.may(MeetingAct.CLOSE))
    @rule()
    def close(self) -> None:
        self.meeting = acts.close(self.meeting, self.now)
        assert not any(one.is_there for one in self.meeting.attendance)

    @precondition(lambda self: self.may(MeetingAct.OPEN_AGAIN))
    @rule()
    def open_again(self) -> None:
        self.meeting = acts.open_again(self.meeting)

    def may(self, act: MeetingAct) -> bool:
        return not acts.why_not(self.meeting, act, {Role.FACILITATOR})

    @invariant()
    def no_outcome_is_lost(self) -> None:
        assert {one.id: one.outcome for one in self.meeting.items if one.outcome} == self.outcomes

    @invariant()
    def all_time_is_counted_once(self) -> None:
        used = sum((self.meeting.used_by(one, self.now) for one in self.meeting.items), timedelta())
        assert used == self.ran

    @invariant()
    def an_item_is_on_only_while_it_runs(self) -> None:
        on = self.meeting.on_now is not None
        assert on == (self.meeting.turned_at is not None)
        assert not on or self.meeting.state is MeetingState.RUNNING

    @invariant()
    def whoever_leads_is_invited(self) -> None:
        assert self.meeting.facilitator in self.meeting.invited


TestSession = Session.TestCase
TestSession.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
