"""What is settled is agreed to in one act, unless somebody wants to talk about a part of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import NotAllowed, NotNow
from planner.domain.meeting.model import ItemKind, OutcomeKind
from planner.domain.meeting.rounds import RoundOf
from planner.domain.model import DependencyState
from planner.services.changes import recorded, undo
from planner.services.meeting import live, outcomes, preparing
from planner.services.meeting.meetings import make_meeting, read_meeting
from planner.services.meeting.minutes import read_minutes
from planner.services.meeting.orders import Order
from planner.services.organisation import read_organisation
from planner.storage.models import DependencyRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_agreed, make_cast, make_dependency

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import AgendaItem
    from planner.services.actor import Actor

FIRST = RoundOf(1, 0)
FILE, REFUNDS, TOKENS = "Settlement file", "Refunds", "Card tokens"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive leads a session with Pat about three dependencies; two were settled before anybody opened it."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, needed_by=date(2026, 3, 2))
    make_dependency(session, cast.team, cast.partner_team, what=REFUNDS, needed_by=date(2026, 3, 2))
    make_dependency(session, cast.team, cast.partner_team, what=TOKENS, needed_by=date(2026, 3, 30))
    make_agreed(session, make_actor(session, cast.owner))
    with recorded(session, OPERATOR, "dependency:changed", "Agreed"):
        for number in (1, 2):
            row = session.get_one(DependencyRow, number)
            row.state, row.promised_for = DependencyState.AGREED.value, date(2026, 2, 27)
    make_meeting(session, olive(session), FIRST, key=None)
    return session


def olive(session: Session) -> Actor:
    return make_actor(session, "olive-owner")


def pat(session: Session) -> Actor:
    return make_actor(session, "pat-partner")


def item(session: Session, title: str) -> AgendaItem:
    return next(one for one in read_meeting(session, FIRST).items if one.title == title)


def kinds(session: Session) -> dict[str, str]:
    return {one.title: one.kind.value for one in read_meeting(session, FIRST).items}


def ended(session: Session) -> dict[str, OutcomeKind | None]:
    return {
        one.title: one.outcome.kind if one.outcome else None for one in read_meeting(session, FIRST).items
    }


def talk(session: Session, title: str, who: str = "pat-partner") -> None:
    live.talk_about(session, make_actor(session, who), FIRST, item(session, title).id, key=None)


def test_all_that_is_settled_is_agreed_to_in_one_act_and_comes_back_in_one(town: Session) -> None:
    live.start_meeting(town, olive(town), FIRST, key=None)

    change = outcomes.agree_at_once(town, olive(town), FIRST, key="form")
    again = outcomes.agree_at_once(town, olive(town), FIRST, key="form")

    meeting = read_meeting(town, FIRST)
    decided = OutcomeKind.DECIDED
    assert kinds(town) == {FILE: "consent", REFUNDS: "consent", TOKENS: "talk"}
    assert ended(town) == {FILE: decided, REFUNDS: decided, TOKENS: None}
    assert meeting.on_now is not None
    assert meeting.on_now.title == TOKENS
    assert (again.id, change.summary) == (change.id, "Agreed at once: “Settlement file”, “Refunds”")
    assert change.id is not None
    undo(town, olive(town), change.id)
    assert ended(town) == {FILE: None, REFUNDS: None, TOKENS: None}


def test_what_somebody_objects_to_is_talked_about_and_not_agreed(town: Session) -> None:
    live.start_meeting(town, olive(town), FIRST, key=None)

    talk(town, REFUNDS)
    outcomes.agree_at_once(town, olive(town), FIRST, key=None)

    meeting = read_meeting(town, FIRST)
    assert ended(town) == {FILE: OutcomeKind.DECIDED, REFUNDS: None, TOKENS: None}
    assert (item(town, REFUNDS).kind, item(town, REFUNDS).minutes) == (ItemKind.TALK, 5)
    assert meeting.on_now is not None
    assert meeting.on_now.title == REFUNDS


def test_an_objection_from_before_the_session_stays_when_the_agenda_is_written_anew(town: Session) -> None:
    talk(town, REFUNDS)
    organisation = read_organisation(town)
    preparing.write_agenda(
        town, olive(town), organisation, FIRST, order=Order.SUGGESTED, version=None, key=None
    )

    assert kinds(town) == {FILE: "consent", REFUNDS: "talk", TOKENS: "talk"}
    assert item(town, REFUNDS).minutes == 5


def test_the_minutes_say_that_nobody_objected(town: Session) -> None:
    live.start_meeting(town, olive(town), FIRST, key=None)
    outcomes.agree_at_once(town, olive(town), FIRST, key=None)

    minutes = read_minutes(town, read_organisation(town), FIRST, olive(town), MONDAY.date()).minutes

    assert [(one.title, one.text, one.decider) for one in minutes.decisions] == [
        (FILE, "Agreed at once: nobody objected.", ""),
        (REFUNDS, "Agreed at once: nobody objected.", ""),
    ]


def test_only_whoever_leads_agrees_for_all_and_only_who_is_invited_objects(town: Session) -> None:
    live.start_meeting(town, olive(town), FIRST, key=None)

    with pytest.raises(NotAllowed):
        outcomes.agree_at_once(town, pat(town), FIRST, key=None)
    with pytest.raises(NotAllowed):
        talk(town, FILE, "otto-outsider")
    outcomes.agree_at_once(town, olive(town), FIRST, key=None)
    with pytest.raises(NotNow, match="Nothing is left"):
        outcomes.agree_at_once(town, olive(town), FIRST, key=None)
    with pytest.raises(NotNow, match="ended already"):
        talk(town, FILE)

    assert kinds(town) == {FILE: "consent", REFUNDS: "consent", TOKENS: "talk"}
