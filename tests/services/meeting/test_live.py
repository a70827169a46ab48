"""Running a session: who may do what, what it makes of the meeting, and the way back from each act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.model import ItemId, Meeting, MeetingState
from planner.domain.meeting.rounds import RoundOf
from planner.services.changes import undo
from planner.services.meeting import live
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.pulse import read_pulse
from planner.storage.models import ChangeRow, MeetingRow
from tests.factories import MONDAY, make_actor, make_cast, make_shared

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

ONE = RoundOf(1, 0)
FIRST, SECOND = ItemId(1), ItemId(2)


@pytest.fixture
def town(session: Session) -> Session:
    """A session that is agreed between Olive, who leads, and Pat, about two dependencies."""
    make_cast(session)
    make_shared(session)
    return session


def who(session: Session, key: str, *, minutes: int = 0) -> Actor:
    return replace(make_actor(session, key), at=MONDAY + timedelta(minutes=minutes))


def olive(session: Session, *, minutes: int = 0) -> Actor:
    return who(session, "olive-owner", minutes=minutes)


def pat(session: Session) -> Actor:
    return who(session, "pat-partner")


def begun(session: Session) -> Meeting:
    live.start_meeting(session, olive(session), ONE, key=None)
    return read_meeting(session, ONE)


def undone(session: Session, change: OpenChange, actor: Actor) -> None:
    assert change.id is not None
    undo(session, actor, change.id)


def test_a_session_begins_with_its_first_item(town: Session) -> None:
    meeting = begun(town)

    assert (meeting.state, meeting.current, meeting.turned_at) == (MeetingState.RUNNING, FIRST, MONDAY)
    assert [one.person for one in meeting.attendance] == ["olive-owner"]


def test_time_is_counted_for_the_item_that_was_left(town: Session) -> None:
    begun(town)

    live.add_time(town, olive(town, minutes=1), ONE, key=None)
    live.turn_to(town, olive(town, minutes=4), ONE, SECOND, key=None)
    live.turn_to(town, olive(town, minutes=5), ONE, FIRST, key=None)

    meeting = read_meeting(town, ONE)
    assert [(one.used, one.added) for one in meeting.items] == [
        (timedelta(minutes=4), 2),
        (timedelta(minutes=1), 0),
    ]
    assert (meeting.current, meeting.turned_at) == (FIRST, MONDAY + timedelta(minutes=5))


def test_undo_of_a_turn_gives_the_time_back_to_the_item(town: Session) -> None:
    before = begun(town)
    change = live.turn_to(town, olive(town, minutes=4), ONE, SECOND, key=None)

    undone(town, change, olive(town))

    after = read_meeting(town, ONE)
    assert (after.current, after.turned_at, after.items[0].used) == (FIRST, before.turned_at, timedelta())


STEERING: dict[str, Callable[[Session, Actor], Any]] = {
    "start": lambda s, a: live.start_meeting(s, a, ONE, key=None),
    "turn": lambda s, a: live.turn_to(s, a, ONE, SECOND, key=None),
    "more": lambda s, a: live.add_time(s, a, ONE, key=None),
    "hand over": lambda s, a: live.hand_over(s, a, ONE, "pat-partner", key=None),
    "close": lambda s, a: live.close_meeting(s, a, ONE, key=None),
    "open again": lambda s, a: live.open_again(s, a, ONE, key=None),
}


@pytest.mark.parametrize("act", STEERING)
@pytest.mark.parametrize("person", ["pat-partner", "otto-outsider"])
def test_steering_is_the_right_of_whoever_leads(town: Session, act: str, person: str) -> None:
    begun(town)
    before = read_meeting(town, ONE)

    with pytest.raises(NotAllowed, match="Only whoever leads this session can do this"):
        STEERING[act](town, who(town, person))

    assert read_meeting(town, ONE) == before


@pytest.mark.parametrize("act", [live.arrive, live.leave, live.take_over])
def test_who_is_not_invited_takes_no_part(town: Session, act: Callable[..., object]) -> None:
    with pytest.raises(NotAllowed, match="invited to this session"):
        act(town, who(town, "otto-outsider"), ONE, key=None)


def test_the_same_form_does_its_act_once(town: Session) -> None:
    begun(town)

    first = live.add_time(town, olive(town), ONE, key="form")
    again = live.add_time(town, olive(town), ONE, key="form")

    assert (again.id, read_meeting(town, ONE).items[0].added) == (first.id, 2)


def test_whoever_leads_lets_somebody_else_lead(town: Session) -> None:
    begun(town)

    live.hand_over(town, olive(town), ONE, "pat-partner", key=None)
    live.turn_to(town, pat(town), ONE, SECOND, key=None)

    assert (read_meeting(town, ONE).facilitator, read_meeting(town, ONE).current) == ("pat-partner", SECOND)
    with pytest.raises(NotAllowed):
        live.turn_to(town, olive(town), ONE, FIRST, key=None)


@pytest.mark.parametrize(
    ("to", "reason"), [("otto-outsider", "is not invited"), ("nobody", "not recorded any more")]
)
def test_nobody_leads_who_is_not_invited(town: Session, to: str, reason: str) -> None:
    begun(town)

    with pytest.raises(InvalidInput, match=reason):
        live.hand_over(town, olive(town), ONE, to, key=None)


def test_somebody_invited_leads_where_nobody_does(town: Session) -> None:
    live.take_over(town, pat(town), ONE, key=None)

    assert read_meeting(town, ONE).facilitator == "pat-partner"


def test_nobody_takes_the_lead_from_somebody_who_is_there(town: Session) -> None:
    begun(town)

    with pytest.raises(NotNow, match="Whoever leads is there"):
        live.take_over(town, pat(town), ONE, key=None)


def test_people_come_go_and_come_back(town: Session) -> None:
    for act in (live.arrive, live.leave, live.arrive, live.arrive):
        act(town, pat(town), ONE, key=None)

    assert [(one.person, one.is_there) for one in read_meeting(town, ONE).attendance] == [
        ("pat-partner", True)
    ]


def test_a_session_that_is_over_is_opened_again_and_has_lost_nothing(town: Session) -> None:
    begun(town)
    live.close_meeting(town, olive(town, minutes=3), ONE, key=None)
    closed = read_meeting(town, ONE)

    live.open_again(town, olive(town, minutes=9), ONE, key=None)

    assert (closed.state, closed.items[0].used, closed.current) == (
        MeetingState.CLOSED,
        timedelta(minutes=3),
        None,
    )
    assert read_meeting(town, ONE).items == closed.items


def test_whoever_opens_a_session_again_is_there(town: Session) -> None:
    begun(town)
    live.close_meeting(town, olive(town, minutes=3), ONE, key=None)
    after = [one.person for one in read_meeting(town, ONE).attendance if one.is_there]

    live.open_again(town, olive(town, minutes=9), ONE, key=None)

    there = [one.person for one in read_meeting(town, ONE).attendance if one.is_there]
    assert (after, there) == ([], ["olive-owner"])


@pytest.mark.parametrize("act", ["turn", "more", "close", "hand over"])
def test_nothing_is_steered_when_it_is_over(town: Session, act: str) -> None:
    begun(town)
    live.close_meeting(town, olive(town), ONE, key=None)
    changes = town.scalar(select(func.max(ChangeRow.id)))

    with pytest.raises(NotNow, match="This session is over"):
        STEERING[act](town, olive(town))

    assert town.scalar(select(func.max(ChangeRow.id))) == changes


def test_an_item_of_another_session_is_not_on_this_agenda(town: Session) -> None:
    begun(town)

    with pytest.raises(NotFound, match="not on the agenda"):
        live.turn_to(town, olive(town), ONE, ItemId(99), key=None)


def test_every_act_and_every_undo_is_felt_in_the_pulse(town: Session) -> None:
    pulses = [read_pulse(town, ONE)]
    for name in ("start", "more", "turn", "close", "open again"):
        change = STEERING[name](town, olive(town))
        pulses.append(read_pulse(town, ONE))
    undone(town, change, olive(town))
    pulses.append(read_pulse(town, ONE))

    assert len(set(pulses)) == len(pulses)


def test_what_is_refused_makes_no_meeting(town: Session) -> None:
    with pytest.raises(NotNow, match="has not begun"):
        live.turn_to(town, olive(town), ONE, FIRST, key=None)

    assert town.scalar(select(func.count()).select_from(MeetingRow)) == 0
