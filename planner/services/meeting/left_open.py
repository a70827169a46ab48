"""A round that nobody ends: it ends by itself, as of when something was done in it last.

Nothing is decided by that. What is open goes on in the next round, as after any other end, and whoever leads
is told and may open the round again; then it stays open for as long once more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from planner.domain.errors import StaleVersion
from planner.domain.meeting import acts
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import RoundOf
from planner.domain.notices import Notice, NoticeKind
from planner.services.actor import Actor
from planner.services.changes import recorded
from planner.services.meeting.carrying import carry_on
from planner.services.meeting.earlier import start_of
from planner.services.meeting.live import keep_meeting
from planner.services.meeting.meetings import people_leading, read_meeting
from planner.services.notices import write
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import existing_session
from planner.storage.db import only_reading
from planner.storage.models import (
    AgendaItemRow,
    ChangeRow,
    EventRow,
    MeetingAttendanceRow,
    MeetingRow,
    OutcomeRow,
    SharedSessionRow,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.storage.audit import OpenChange

LEFT_OPEN_FOR = timedelta(hours=12)
BY_ITSELF = "The planner"
"""Who stands in the history for what nobody has done."""


def end_left_open(session: Session, *, now: datetime) -> int:
    """End every round that was left open for twelve hours; return how many. Two workers end each once."""
    with only_reading():
        query = select(MeetingRow.id).where(MeetingRow.state == MeetingState.RUNNING.value)
        running = session.scalars(query.order_by(MeetingRow.id)).all()
        session.commit()
    return sum(_end(session, number, now) for number in running)


def _end(session: Session, number: int, now: datetime) -> bool:
    row = session.get(MeetingRow, number, populate_existing=True)
    shared = None if row is None else existing_session(session, row.session_id)
    if row is None or shared is None or row.state != MeetingState.RUNNING.value:
        session.rollback()
        return False
    last = max(_planned_end(shared, row), _last_act(session, row))
    if now < last + LEFT_OPEN_FOR:
        session.rollback()
        return False
    try:
        _close(session, shared, row, last, now)
    except StaleVersion:
        return False  # somebody does something in it, or another worker was faster
    return True


def _close(
    session: Session, shared: SharedSessionRow, row: MeetingRow, last: datetime, now: datetime
) -> None:
    actor = Actor(at=now, name=BY_ITSELF)
    with recorded(session, actor, "meeting:ended", f"Ended by itself: {shared.title}") as change:
        meeting = read_meeting(session, RoundOf(shared.id, row.round))
        keep_meeting(session, row, meeting, acts.close(meeting, last))
        session.flush()
        carry_on(session, row, now)
        _tell(session, shared, row, change)


def _planned_end(shared: SharedSessionRow, row: MeetingRow) -> datetime:
    begin = start_of(shared, row.round) or row.started_at or shared.changed_at
    return begin + timedelta(minutes=shared.minutes)


def _last_act(session: Session, row: MeetingRow) -> datetime:
    """When something was done last in a meeting; opening it again counts."""
    items = select(AgendaItemRow.id).where(AgendaItemRow.meeting_id == row.id)
    ended = select(OutcomeRow.id).where(OutcomeRow.item_id.in_(items))
    came = select(MeetingAttendanceRow.id).where(MeetingAttendanceRow.meeting_id == row.id)
    of_it = or_(
        and_(EventRow.subject == "meeting", EventRow.subject_id == row.id),
        and_(EventRow.subject == "agenda_item", EventRow.subject_id.in_(items)),
        and_(EventRow.subject == "outcome", EventRow.subject_id.in_(ended)),
        and_(EventRow.subject == "meeting_attendance", EventRow.subject_id.in_(came)),
    )
    found = session.scalar(
        select(func.max(ChangeRow.at)).join(EventRow, EventRow.change_id == ChangeRow.id).where(of_it)
    )
    return max(filter(None, (found, row.started_at)))


def _tell(session: Session, shared: SharedSessionRow, row: MeetingRow, change: OpenChange) -> None:
    text = (
        f"“{shared.title}” was left open and has ended by itself, with what was decided; "
        "what is open goes on in the next round. Open it again if it goes on."
    )
    organisation = read_organisation(session)
    leaders = people_leading(session, row)
    notices = [
        Notice(one, NoticeKind.SESSION, None, text, session_id=shared.id)
        for one in sorted(leaders)
        if one in organisation.person
    ]
    write(session, organisation, notices, at=change.at, change_id=change.id)
