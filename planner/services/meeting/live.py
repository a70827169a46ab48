"""Running a shared session: started, turned from item to item, timed, handed over, closed.

Every act is one change in the history, and the same form sent again does nothing again. What is common
to all acts of a session, also those about outcomes and votes, is `allowed` and `person_key`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.domain.meeting import acts
from planner.domain.meeting.acts import MeetingAct, Role
from planner.domain.meeting.rounds import RoundOf, SessionOrRound
from planner.domain.text import counted
from planner.services.changes import asked_before, in_turn, recorded
from planner.services.meeting.carrying import carry_on
from planner.services.meeting.meetings import existing_shared, meeting_row, people_of, read_meeting
from planner.services.permissions import Right, require
from planner.storage.models import AgendaItemRow, MeetingAttendanceRow, MeetingRow, PersonRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import ItemId, Meeting
    from planner.domain.model import PersonId
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

STEERING = frozenset(act for act, rule in acts.RULES.items() if rule.roles == {Role.FACILITATOR})
GONE = "That person is not recorded any more. Choose somebody else."


@dataclass(frozen=True, slots=True)
class Allowed:
    """An act that may be done: the session it is done in, the meeting as it stands, and the key of who."""

    shared: SharedSessionRow
    meeting: Meeting
    person: str


@dataclass(frozen=True, slots=True)
class _Step:
    """An act on a running session: what it makes of the meeting for the person of a key, and its words.

    then: what is done to the rows afterwards, in the same change.
    """

    act: MeetingAct
    effect: Callable[[Meeting, str], Meeting]
    summary: str
    then: Callable[[Session, MeetingRow, datetime], None] | None = None


def start_meeting(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Begin: the first open item is on, and whoever leads is there.

    Raises NotFound, NotAllowed to who does not lead, NotNow when it runs or is over, StaleVersion.
    """

    def begun(meeting: Meeting, who: str) -> Meeting:
        return acts.arrive(acts.start(meeting, actor.at), who, actor.at)

    return _do(session, actor, which, _Step(MeetingAct.START, begun, "Began the session"), key=key)


def turn_to(
    session: Session, actor: Actor, which: SessionOrRound, item_id: ItemId, *, key: str | None
) -> OpenChange:
    """Go to an item, forward or back. Raises as `start_meeting` does."""
    told = f"Went to “{_title_of(session, actor, which, item_id)}”"
    step = _Step(MeetingAct.TURN, lambda now, _who: acts.turn_to(now, item_id, actor.at), told)
    return _do(session, actor, which, step, key=key)


def add_time(
    session: Session, actor: Actor, which: SessionOrRound, *, minutes: int = 2, key: str | None
) -> OpenChange:
    """Give the item that is on some minutes more, see `acts.ADDED_AT_ONCE`.

    Raises as `start_meeting` does, NotNow where none is on, InvalidInput.
    """
    told = f"Added {counted(minutes, 'minute')}"
    step = _Step(MeetingAct.ADD_TIME, lambda now, _who: acts.add_time(now, minutes), told)
    return _do(session, actor, which, step, key=key)


def talk_about(
    session: Session, actor: Actor, which: SessionOrRound, item_id: ItemId, *, key: str | None
) -> OpenChange:
    """Object to agreeing to an item at once, so that it is talked about.

    Raises NotFound, NotAllowed to who is not invited, NotNow where it has ended, StaleVersion.
    """
    told = f"Wants to talk about “{_title_of(session, actor, which, item_id)}”"
    step = _Step(MeetingAct.TALK, lambda now, _who: acts.talk_about(now, item_id), told)
    return _do(session, actor, which, step, key=key)


def _title_of(session: Session, actor: Actor, which: SessionOrRound, item_id: ItemId) -> str:
    """What an item is called; "" where it is on no agenda of the meeting, which the act then refuses."""
    items = read_meeting(session, which, actor.at).item
    return items[item_id].title if item_id in items else ""


def hand_over(
    session: Session, actor: Actor, which: SessionOrRound, to: str, *, key: str | None
) -> OpenChange:
    """Let the person of this key lead from now on. Raises as `start_meeting` does, InvalidInput."""
    name = session.scalar(select(PersonRow.name).where(PersonRow.key == to))
    if name is None:
        raise InvalidInput(Problem("person", GONE))
    step = _Step(MeetingAct.HAND_OVER, lambda now, _who: acts.hand_over(now, to), f"Let {name} lead")
    return _do(session, actor, which, step, key=key)


def take_over(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Lead in place of somebody who is not there. Raises as `start_meeting` does."""
    step = _Step(MeetingAct.TAKE_OVER, acts.hand_over, "Leads the session now")
    return _do(session, actor, which, step, key=key)


def arrive(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Say that one is there. Raises NotFound, NotAllowed to who is not invited, NotNow when it is over."""
    step = _Step(MeetingAct.ARRIVE, lambda now, who: acts.arrive(now, who, actor.at), "Came to the session")
    return _do(session, actor, which, step, key=key)


def leave(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Say that one has left. Raises as `arrive` does."""
    step = _Step(MeetingAct.LEAVE, lambda now, who: acts.leave(now, who, actor.at), "Left the session")
    return _do(session, actor, which, step, key=key)


def close_meeting(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """End the session; it can be opened again. What is open goes on in the next one, see `carrying`.

    Raises as `start_meeting` does.
    """
    step = _Step(
        MeetingAct.CLOSE, lambda now, _who: acts.close(now, actor.at), "Ended the session", then=carry_on
    )
    return _do(session, actor, which, step, key=key)


def open_again(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Go on with a session that was ended; whoever leads is there. Raises as `start_meeting` does."""

    def opened(meeting: Meeting, who: str) -> Meeting:
        return acts.arrive(acts.open_again(meeting), who, actor.at)

    return _do(
        session, actor, which, _Step(MeetingAct.OPEN_AGAIN, opened, "Opened the session again"), key=key
    )


def read_allowed(session: Session, actor: Actor, which: SessionOrRound, act: MeetingAct) -> Allowed:
    """Return the meeting, once this person may do this in it now. Raises NotFound, NotAllowed, NotNow."""
    shared = existing_shared(session, which)
    meeting = read_meeting(session, which, actor.at, to_read=act is MeetingAct.OPEN_AGAIN)
    right = Right.RUN_MEETING if act in STEERING else Right.TAKE_PART
    require(actor, right, _who_may(session, shared, meeting, act))
    who = person_key(session, actor)
    roles = frozenset(Role) if actor.is_operator else acts.roles_of(meeting, who)
    refusal = acts.why_not(meeting, act, roles)
    if shared.is_cancelled:
        refusal = "This session was cancelled with its plan."
    if refusal:
        raise NotNow(refusal)
    return Allowed(shared, meeting, who)


def person_key(session: Session, actor: Actor) -> str:
    """Return the key by which a meeting knows the actor, "" for the operator."""
    if actor.person_id is None:
        return ""
    key = session.scalar(select(PersonRow.key).where(PersonRow.id == actor.person_id))
    if key is None:
        raise NotFound("You are not recorded any more.")
    return key


def keep_meeting(session: Session, row: MeetingRow, before: Meeting, after: Meeting) -> None:
    """Write what an act has changed of a meeting, its items and who is there, and nothing else."""
    row.state, row.facilitator = after.state.value, after.facilitator
    row.current_id, row.turned_at = after.current, after.turned_at
    row.started_at, row.closed_at = after.started_at, after.closed_at
    known = {item.id: item for item in before.items}
    for item in after.items:
        if item != known[item.id]:
            kept = session.get_one(AgendaItemRow, item.id)
            kept.added, kept.used = item.added, int(item.used.total_seconds())
            kept.kind, kept.minutes = item.kind.value, item.minutes
    for one in after.attendance:
        if not one.id:
            session.add(
                MeetingAttendanceRow(meeting_id=row.id, person=one.person, guest="", arrived_at=one.arrived)
            )
        elif one not in before.attendance:
            session.get_one(MeetingAttendanceRow, one.id).left_at = one.left


def note_presence(session: Session, actor: Actor, row: MeetingRow, who: str) -> None:
    """Note inside a change of the caller that whoever acts is there."""
    meeting = read_meeting(session, RoundOf(row.session_id, row.round))
    keep_meeting(session, row, meeting, acts.arrive(meeting, who, actor.at))


@in_turn
def _do(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    step: _Step,
    *,
    key: str | None,
) -> OpenChange:
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    allowed = read_allowed(session, actor, which, step.act)
    summary = f"{step.summary}: {allowed.shared.title}"
    with recorded(session, actor, f"meeting:{step.act}", summary, key=key) as change:
        row = meeting_row(session, allowed.shared, allowed.meeting.round)
        meeting = read_meeting(session, RoundOf(row.session_id, row.round))
        keep_meeting(session, row, meeting, step.effect(meeting, allowed.person))
        if step.then is not None:
            session.flush()
            step.then(session, row, actor.at)
    return change


def _who_may(
    session: Session, shared: SharedSessionRow, meeting: Meeting, act: MeetingAct
) -> Collection[PersonId]:
    if act not in STEERING:
        return people_of(session, shared)
    return set(session.scalars(select(PersonRow.id).where(PersonRow.key == meeting.facilitator)))
