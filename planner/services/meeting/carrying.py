"""What a round leaves open comes first on the next agenda, also where that is written already.

One that is not written yet takes it up by itself. Whoever prepared can take out again what came
(`preparing.take_away`), and then it does not come a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.meeting.agenda import in_order
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import RoundOf
from planner.domain.text import fold
from planner.services.meeting.agendas import read_facts
from planner.services.meeting.earlier import EARLIER, meeting_before
from planner.services.meeting.meetings import keep_agenda, read_meeting
from planner.services.meeting.orders import as_kept, keep_invitation
from planner.services.meeting.sittings import read_sittings
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import existing_session
from planner.storage.models import MeetingRow, SharedSessionRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def carry_on(session: Session, row: MeetingRow, now: datetime) -> None:
    """Bring the next written agenda up to date with a round that was closed, in the caller's change.

    What is open comes first, behind what is agreed at once, then what is to be looked at again; what was
    decided meanwhile goes. All else keeps its order, its minutes and its outcome. Where that makes another
    invitation, people have a new one coming, as after any other change of the agenda.
    """
    following = _next_written(session, row, now)
    if following is None:
        return
    shared = existing_session(session, following.session_id)
    meeting = read_meeting(session, RoundOf(shared.id, following.round))
    organisation = read_organisation(session)
    facts = read_facts(session, organisation, shared, following.round, without=meeting.taken_out)
    done = _decided(session, row)
    kept = [one for one in as_kept(meeting, facts) if (one.dependency or fold(one.title)) not in done]
    there = {one.name for one in kept}
    fresh = [one for one in facts.matters if (one.is_unfinished or one.again) and one.name not in there]
    names = [one.name for one in (*kept, *fresh)]
    written = in_order([*kept, *fresh], wanted=names)
    if [one.name for one in written] == [item.name for item in meeting.items]:
        return
    keep_agenda(session, following, written)
    keep_invitation(shared, written, facts, now)


def _next_written(session: Session, row: MeetingRow, now: datetime) -> MeetingRow | None:
    """The meeting that goes on with this one, where its agenda is written and it has not begun.

    The next round of the session, or the next session of the same people where it has no more.
    """
    shared = existing_session(session, row.session_id)
    ahead = [
        one.number
        for one in read_sittings(session, shared)
        if one.number > row.round and not one.is_left_out and not one.is_over(shared.zone, now)
    ]
    if not ahead:
        return _of_next_session(session, shared, row)
    planned = select(MeetingRow).where(MeetingRow.state == MeetingState.PLANNED.value)
    return session.scalar(planned.where(MeetingRow.session_id == shared.id, MeetingRow.round == ahead[0]))


def _of_next_session(session: Session, shared: SharedSessionRow, row: MeetingRow) -> MeetingRow | None:
    if shared.starts_at is None:
        return None
    later = (
        select(MeetingRow, SharedSessionRow)
        .join(SharedSessionRow, SharedSessionRow.id == MeetingRow.session_id)
        .where(MeetingRow.state == MeetingState.PLANNED.value, SharedSessionRow.id != shared.id)
        .where(SharedSessionRow.is_cancelled.is_(False), SharedSessionRow.starts_at > shared.starts_at)
        .order_by(SharedSessionRow.starts_at, SharedSessionRow.id, MeetingRow.round)
        .limit(EARLIER)
    )
    for meeting, other in session.execute(later).tuples():
        before = meeting_before(session, other, meeting.round)
        if before is not None and before.id == row.id:
            return meeting
    return None


def _decided(session: Session, row: MeetingRow) -> set[str]:
    """What a meeting has decided: dependencies by key, topics by their title."""
    items = read_meeting(session, RoundOf(row.session_id, row.round)).decided
    return {one.dependency or fold(one.title) for one in items}
