"""What the sessions of this organisation have measured of how long things take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.meeting.learned import Learned, Measured, Sort, learn
from planner.domain.meeting.model import MeetingState
from planner.storage.models import AgendaItemRow, MeetingRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATEST = 500
"""So many items are looked at, the newest: how a house talks changes over the years."""


def read_learned(session: Session) -> Learned:
    """Return what is learned from the items of sessions that are over. One query."""
    query = (
        select(AgendaItemRow.sort, AgendaItemRow.usual, AgendaItemRow.used)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .where(MeetingRow.state == MeetingState.CLOSED.value, AgendaItemRow.used > 0)
        .where(AgendaItemRow.sort.is_not(None), AgendaItemRow.usual > 0)
        .order_by(AgendaItemRow.id.desc())
        .limit(LATEST)
    )
    return learn(
        Measured(Sort(sort), usual or 0, used) for sort, usual, used in session.execute(query) if sort
    )
