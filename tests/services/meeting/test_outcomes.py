"""What becomes of an item: the outcome and its dependency change together, and back together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, NotNow, StaleVersion
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId, ItemState, Outcome, OutcomeKind
from planner.domain.meeting.rounds import RoundOf
from planner.domain.model import DependencyState
from planner.domain.negotiation.acts import Act, Move
from planner.services.changes import undo
from planner.services.meeting import live, outcomes
from planner.services.meeting.meetings import make_meeting, read_meeting
from planner.services.negotiations import negotiate
from planner.services.organisation import read_organisation
from planner.storage.models import ChangeRow, DependencyRow
from tests.factories import MONDAY, make_actor, make_agreed, make_cast, make_dependency, make_session
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

ITEM = ItemId(1)
DAY = date(2026, 3, 2)


@pytest.fixture
def town(session: Session) -> Session:
    """Olive, who needs a file, leads a session with Pat, who gives it; it runs."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team, needed_by=DAY)
    make_agreed(session, make_actor(session, cast.owner))
    live.start_meeting(session, olive(session), 1, key=None)
    return session


def olive(session: Session) -> Actor:
    return make_actor(session, "olive-owner")


def pat(session: Session) -> Actor:
    return make_actor(session, "pat-partner")


def decide(session: Session, actor: Actor, decision: Decision, **more: Any) -> OpenChange:
    version = session.scalar(select(DependencyRow.version).where(DependencyRow.id == 1))
    asked = {"version": 0, "dependency_version": version, "key": None, **more}
    return outcomes.decide(session, actor, RoundOf(1, 0), ITEM, decision, **asked)


def outcome(session: Session) -> Outcome | None:
    return read_meeting(session, 1).items[0].outcome


def dependency(session: Session) -> Dependency:
    return read_organisation(session).dependencies[0]


def test_a_yes_in_a_session_is_a_promise(town: Session) -> None:
    change = decide(town, pat(town), Decision(move=Move(Act.ACCEPT)))

    assert (dependency(town).state, dependency(town).promised_for) == (DependencyState.AGREED, DAY)
    said = "Agreed to “Settlement file” for Mon 2 Mar 2026"
    assert outcome(town) == Outcome(OutcomeKind.AGREED, said, decider="pat-partner", agreed_for=DAY)
    assert change.summary == said


@pytest.mark.parametrize(
    ("move", "kind", "state"),
    [
        (Move(Act.COUNTER, day=date(2026, 3, 9), text="holidays"), OutcomeKind.COUNTERED, "countered"),
        (Move(Act.DECLINE, text="not our part"), OutcomeKind.DECLINED, "declined"),
    ],
)
def test_what_else_can_be_answered(town: Session, move: Move, kind: OutcomeKind, state: str) -> None:
    decide(town, pat(town), Decision(move=move))

    found = outcome(town)
    assert found is not None
    assert (found.kind, dependency(town).state.value) == (kind, state)


def test_the_history_says_what_words_of_a_decision_are_about(town: Session) -> None:
    change = decide(town, pat(town), Decision(text="Go on with the stub"))

    assert change.summary == "Decided on “Settlement file”: Go on with the stub"


def test_undo_takes_back_the_outcome_and_the_promise(town: Session) -> None:
    before = dependency(town)
    change = decide(town, pat(town), Decision(move=Move(Act.ACCEPT)))
    assert change.id is not None

    undo(town, pat(town), change.id)

    assert (outcome(town), dependency(town)) == (None, before)


def test_a_promise_that_somebody_went_on_from_is_not_undone(town: Session) -> None:
    change = decide(town, pat(town), Decision(move=Move(Act.ACCEPT)))
    assert change.id is not None
    again = Move(Act.REOPEN, day=date(2026, 3, 5), text="sooner")
    negotiate(town, olive(town), 1, again, version=None, key=None)

    with pytest.raises(CannotUndo, match="changed again since, by Olive Owner"):
        undo(town, pat(town), change.id)

    assert outcome(town) is not None


def test_whoever_leads_makes_no_promise_for_others(town: Session) -> None:
    before = everything(town)

    with pytest.raises(NotAllowed, match="product owner of the team that provides"):
        decide(town, olive(town), Decision(move=Move(Act.ACCEPT)))

    assert everything(town) == before


def test_an_outsider_decides_nothing(town: Session) -> None:
    before = everything(town)

    with pytest.raises(NotAllowed, match="invited to this session"):
        decide(town, make_actor(town, "otto-outsider"), Decision("Ours now"))

    assert everything(town) == before


def test_what_the_negotiation_refuses_leaves_no_outcome(town: Session) -> None:
    before = everything(town)

    with pytest.raises(InvalidInput, match="is after the date it is needed"):
        decide(town, pat(town), Decision(move=Move(Act.ACCEPT, day=date(2026, 4, 1))))

    assert everything(town) == before


def test_a_split_keeps_the_first_part_and_asks_for_the_rest(town: Session) -> None:
    split = Decision("First the totals", first="Totals", rest="Every line", rest_by=date(2026, 4, 1))

    change = decide(town, olive(town), split)

    asked = [(d.what, d.state.value, d.needed_by) for d in read_organisation(town).dependencies]
    assert asked == [("Totals", "asked", DAY), ("Every line", "asked", date(2026, 4, 1))]
    found = outcome(town)
    assert found is not None
    assert (found.kind, found.text) == (OutcomeKind.SPLIT, "First the totals")
    assert change.id is not None
    undo(town, olive(town), change.id)
    assert [d.what for d in read_organisation(town).dependencies] == ["Settlement file"]


def test_words_alone_change_no_dependency_and_keep_what_was_said_beside(town: Session) -> None:
    before = dependency(town)
    decision = Decision(
        "By file", consulted=("olive-owner",), idea_from="olive-owner", review_on=date(2026, 5, 1)
    )

    decide(town, pat(town), decision)

    assert dependency(town) == before
    assert outcome(town) == Outcome(
        OutcomeKind.DECIDED, "By file", "pat-partner", ("olive-owner",), "olive-owner", date(2026, 5, 1)
    )


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (Decision(), "write what was decided"),
        (Decision("x" * 1001), "1001 characters long"),
        (Decision("x", decider="nobody"), "is not recorded any more"),
        (Decision("x", consulted=("nobody",)), "names somebody"),
        (Decision(rest="The rest"), "say what comes first"),
        (Decision("x", move=Move(Act.REMIND)), "settles nothing"),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused_in_words(
    town: Session, decision: Decision, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        decide(town, olive(town), decision)


def test_the_same_form_writes_one_decision(town: Session) -> None:
    first = decide(town, pat(town), Decision("By file"), key="form")
    again = decide(town, pat(town), Decision("By file"), key="form")

    assert again.id == first.id
    assert town.scalar(select(func.count()).where(ChangeRow.tag == "meeting:decide")) == 1


def test_of_two_who_write_at_once_the_second_is_told(town: Session) -> None:
    decide(town, pat(town), Decision("By file"))

    with pytest.raises(StaleVersion):
        decide(town, olive(town), Decision("By call"))

    decide(town, olive(town), Decision("By call"), version=1)
    found = outcome(town)
    assert found is not None
    assert found.text == "By call"


def test_an_item_is_parked_deferred_and_decided_after_all(town: Session) -> None:
    def aside(kind: OutcomeKind, version: int, to: str = "") -> ItemState:
        outcomes.set_aside(
            town, olive(town), 1, ITEM, kind, text="", deferred_to=to, version=version, key=None
        )
        return read_meeting(town, 1).items[0].state

    states = [aside(OutcomeKind.PARKED, 0), aside(OutcomeKind.DEFERRED, 1, "the next session")]
    decide(town, pat(town), Decision("By file"), version=2)

    assert states == [ItemState.PARKED, ItemState.DEFERRED]
    with pytest.raises(NotNow, match="This is decided"):
        aside(OutcomeKind.PARKED, 3)


def test_what_is_deferred_says_to_where(town: Session) -> None:
    with pytest.raises(InvalidInput, match="say where it is taken up"):
        outcomes.set_aside(
            town, olive(town), 1, ITEM, OutcomeKind.DEFERRED, text="", deferred_to=" ", version=0, key=None
        )


def test_a_decision_is_written_before_the_session_begins_and_not_after_it_is_over(session: Session) -> None:
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, olive(session))
    make_meeting(session, olive(session), 1, key=None)
    decide(session, pat(session), Decision("By file"))
    live.start_meeting(session, olive(session), 1, key=None)
    live.close_meeting(session, olive(session), 1, key=None)

    with pytest.raises(NotNow, match="This session is over"):
        decide(session, pat(session), Decision("By call"), version=1)


def test_an_item_about_something_that_is_gone_is_decided_in_words(town: Session) -> None:
    town.execute(DependencyRow.__table__.delete())  # type: ignore[attr-defined] # a table has it
    town.commit()

    with pytest.raises(NotFound, match="Write the decision in words"):
        decide(town, pat(town), Decision(move=Move(Act.ACCEPT)))

    decide(town, pat(town), Decision("Not needed any more"))


def test_whoever_decides_is_there(town: Session) -> None:
    decide(town, replace(pat(town), at=MONDAY), Decision("By file"))

    assert [one.person for one in read_meeting(town, 1).attendance] == ["olive-owner", "pat-partner"]
