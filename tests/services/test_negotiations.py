"""Acts of the negotiation as they are kept: rights, history, undo, two at once, the same form twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow, StaleVersion
from planner.domain.model import DependencyState, Side
from planner.domain.negotiation.acts import Act, Move
from planner.services.changes import undo
from planner.services.dependencies import existing_dependency, remove_dependency
from planner.services.history import read_history_of
from planner.services.negotiations import acts_of, negotiate, read_messages, sides_of
from planner.services.notices import read_notices
from planner.services.organisation import read_organisation
from planner.storage.models import ChangeRow, DependencyRow, EventRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_dependency
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency

NEEDED, LATER = date(2026, 2, 16), date(2026, 3, 2)
OWNER, PARTNER, OUTSIDER = "olive-owner", "pat-partner", "otto-outsider"


@pytest.fixture
def town(session: Session) -> Session:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, needed_by=NEEDED)
    return session


def act(session: Session, who: str, move: Move, *, key: str | None = None, number: int = 1) -> int | None:
    version = session.get_one(DependencyRow, number).version
    return negotiate(session, make_actor(session, who), number, move, version=version, key=key).id


def dependency(session: Session, number: int = 1) -> Dependency:
    return next(d for d in read_organisation(session).dependencies if d.id == number)


def test_an_act_is_kept_with_its_words_in_the_history(town: Session) -> None:
    act(town, PARTNER, Move(Act.COUNTER, day=LATER, text="after the release", heard="A nightly file"))
    act(town, OWNER, Move(Act.ACCEPT_COUNTER))

    assert (dependency(town).state, dependency(town).promised_for) == (DependencyState.AGREED, LATER)
    entries = read_history_of(town, None, "dependency", 1).entries
    assert [(entry.who, entry.tag, entry.summary) for entry in entries[:2]] == [
        (
            "Olive Owner",
            "dependency:accept-counter",
            "Took the offer for “Settlement file” for Mon 2 Mar 2026",
        ),
        (
            "Pat Partner",
            "dependency:counter",
            "Offered Mon 2 Mar 2026 for “Settlement file”, 10 working days after it is needed: "
            "after the release. Heard: “A nightly file”",
        ),
    ]


@pytest.mark.parametrize(
    ("who", "move"), [(OWNER, Act.ACCEPT), (OUTSIDER, Act.ACCEPT), (PARTNER, Act.WITHDRAW)]
)
def test_who_is_not_on_that_side_is_refused_and_nothing_changes(town: Session, who: str, move: Act) -> None:
    before = everything(town)

    with pytest.raises(NotAllowed):
        act(town, who, Move(move, text="because"))

    assert everything(town) == before


def test_an_act_that_is_not_possible_changes_nothing(town: Session) -> None:
    act(town, PARTNER, Move(Act.DECLINE, text="no capacity"))
    before = everything(town)

    with pytest.raises(NotNow, match="This is declined now"):
        act(town, PARTNER, Move(Act.ACCEPT))

    assert everything(town) == before


def test_every_act_can_be_taken_back(town: Session) -> None:
    before = dependency(town)
    change = act(town, PARTNER, Move(Act.ACCEPT))
    assert change is not None

    undo(town, make_actor(town, PARTNER), change)

    assert dependency(town) == before


def test_what_was_built_upon_is_not_taken_back(town: Session) -> None:
    change = act(town, PARTNER, Move(Act.ACCEPT))
    act(town, OWNER, Move(Act.REOPEN, day=LATER, text="we are late"))
    assert change is not None

    with pytest.raises(Exception, match="changed again since"):
        undo(town, make_actor(town, PARTNER), change)


def test_the_same_form_sent_twice_acts_once(town: Session) -> None:
    first = act(town, PARTNER, Move(Act.ACCEPT), key="a form")
    before = everything(town)

    again = act(town, PARTNER, Move(Act.ACCEPT), key="a form")

    assert (again, everything(town)) == (first, before)


def test_somebody_elses_key_is_no_answer(town: Session) -> None:
    act(town, PARTNER, Move(Act.ACCEPT), key="a form")

    with pytest.raises(InvalidInput):
        act(town, OWNER, Move(Act.REOPEN, day=LATER, text="late"), key="a form")


def test_the_second_of_two_at_once_loses(town: Session) -> None:
    seen = town.get_one(DependencyRow, 1).version
    act(town, PARTNER, Move(Act.MESSAGE, text="By file or by call?"))
    act(town, PARTNER, Move(Act.ACCEPT))
    pat = make_actor(town, PARTNER)

    with pytest.raises(StaleVersion):
        negotiate(town, pat, 1, Move(Act.DECLINE, text="no"), version=seen, key=None)


def test_questions_and_answers_are_kept_in_order(town: Session) -> None:
    act(town, PARTNER, Move(Act.MESSAGE, text="By file or by call?"))
    act(town, OWNER, Move(Act.MESSAGE, text="By file."))

    assert [(m.side, m.who, m.at, m.text) for m in read_messages(town, 1)] == [
        (Side.PROVIDER, "Pat Partner", MONDAY, "By file or by call?"),
        (Side.CONSUMER, "Olive Owner", MONDAY, "By file."),
    ]


def test_an_act_is_told_to_the_other_side_and_to_nobody_else(town: Session) -> None:
    act(town, PARTNER, Move(Act.COUNTER, day=LATER))

    told = {
        who: [n.text for n in read_notices(town, make_actor(town, who))] for who in (OWNER, PARTNER, OUTSIDER)
    }

    assert told[OWNER] == ["Partner API answers “Settlement file” with another offer: 2 Mar 2026."]
    assert told[OUTSIDER] == []


def test_another_team_that_is_gone_is_not_found(town: Session) -> None:
    with pytest.raises(NotFound):
        act(town, PARTNER, Move(Act.COUNTER, provider_id=99))  # type: ignore[arg-type] # a number out of a form


def test_a_team_without_a_product_owner_answers_nothing(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    lone = replace(make_actor(session, PARTNER), decides_for=frozenset())

    assert sides_of(lone, dependency(session)) == frozenset()
    assert acts_of(lone, dependency(session), MONDAY.date()) == {}
    assert acts_of(None, dependency(session), MONDAY.date()) == {}
    assert sides_of(OPERATOR, dependency(session)) == frozenset(Side)


def test_a_removed_dependency_comes_back_with_what_was_written(town: Session) -> None:
    act(town, PARTNER, Move(Act.MESSAGE, text="By file or by call?"))
    act(town, PARTNER, Move(Act.ACCEPT, conditions=("the contract is signed",)))
    before, messages = dependency(town), read_messages(town, 1)

    change = remove_dependency(town, make_actor(town, OWNER), 1)
    assert change.id is not None
    undo(town, make_actor(town, OWNER), change.id)

    assert (dependency(town), read_messages(town, 1)) == (before, messages)


DAYS = st.sampled_from([None, date(2026, 1, 30), date(2026, 2, 2), NEEDED, LATER, date(2026, 4, 1)])
TEXTS = st.sampled_from(["", "no capacity", "“quoted” <b>", "x" * 900])
LINES = st.lists(st.sampled_from(["a header", "a footer"]), max_size=2, unique=True).map(tuple)
MOVES = st.builds(
    Move,
    act=st.sampled_from(list(Act)),
    day=DAYS,
    what=st.sampled_from(["", "A smaller file"]),
    text=TEXTS,
    heard_right=st.sampled_from([None, True, False]),
    conditions=LINES,
    met=LINES,
    unmet=LINES,
)
PEOPLE = st.sampled_from([OWNER, PARTNER, OUTSIDER])


class Histories(RuleBasedStateMachine):
    """Random people do random acts on one dependency; what they may not do changes nothing."""

    session: Session

    @initialize(needed=DAYS, criteria=LINES)
    def ask(self, needed: date | None, criteria: tuple[str, ...]) -> None:
        make_dependency(self.session, "payments", "partner-api", needed_by=needed, criteria=criteria)
        self.number = self.session.scalar(select(func.max(DependencyRow.id))) or 0
        self.events = 1

    def teardown(self) -> None:
        """Take the dependency of this history away: what is read at every step would grow with each."""
        remove_dependency(self.session, OPERATOR, self.number)

    @rule(who=PEOPLE, move=MOVES)
    def do(self, who: str, move: Move) -> None:
        before = dependency(self.session, self.number)
        possible = acts_of(make_actor(self.session, who), before, MONDAY.date())
        try:
            change = act(self.session, who, move, number=self.number)
        except (NotAllowed, NotNow):
            assert move.act not in possible
            assert dependency(self.session, self.number) == before
        except InvalidInput:
            assert move.act in possible
            assert dependency(self.session, self.number) == before
        else:
            assert move.act in possible
            self.events += change is not None

    @invariant()
    def nothing_is_lost_and_nothing_illegal(self) -> None:
        now = dependency(self.session, self.number)
        entries = read_history_of(self.session, None, "dependency", self.number).entries
        assert len(entries) == self.events
        assert now.consumer_id != now.provider_id
        if now.state in {DependencyState.ASKED, DependencyState.DECLINED}:
            assert now.promised_for is None
        if now.state is not DependencyState.REOPENED:
            assert now.negotiation.proposed_for is None
        assert replayed(self.session, self.number) == now.state.value


def replayed(session: Session, number: int) -> str:
    """The state that the events alone tell."""
    events = session.scalars(
        select(EventRow)
        .join(ChangeRow, ChangeRow.id == EventRow.change_id)
        .where(EventRow.subject == "dependency", EventRow.subject_id == number)
        .order_by(EventRow.id)
    )
    values: dict[str, object] = {}
    for event in events:
        values |= event.after or {}
    return str(values["state"])


@pytest.mark.slow
def test_five_hundred_random_histories(session: Session, server: str) -> None:
    make_cast(session)
    Histories.session = session

    many = settings(
        max_examples=500 if server == "sqlite" else 50,
        stateful_step_count=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=many)


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        existing_dependency(session, 7)
