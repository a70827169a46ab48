"""Whether anything has changed in a session since somebody looked: one query, a few characters."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, and_, bindparam, cast, func, or_, select

from planner.domain.errors import NotFound
from planner.domain.meeting.rounds import RoundOf, SessionOrRound, session_of
from planner.services.accounts.tickets import Purpose
from planner.storage.models import (
    AgendaItemRow,
    DependencyRow,
    MeetingAttendanceRow,
    MeetingRow,
    OutcomeRow,
    PollRow,
    PollVoteRow,
    PromiseRow,
    SharedSessionRow,
    TicketRow,
    WordRow,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlalchemy.orm import Session


def read_pulse(session: Session, which: SessionOrRound) -> str:
    """Return what differs whenever any screen of the round would. One query. Raises NotFound.

    Without a round it is that of all rounds that have a meeting.

    It is made of how many rows there are of each kind, the highest number among them, and the sum of
    their versions: every act adds a row, changes one, or takes one away, and numbers are never used again.
    A code for guests is a row that is left alone until it is revoked.
    """
    number = which.number if isinstance(which, RoundOf) else None
    values = {"number": session_of(which), "round": number}
    found = session.connection().execute(_QUERY, values).all()  # plain rows: no object is made of them
    if not found:
        raise NotFound(f"There is no shared session {session_of(which)}.")
    return blake2b(repr([tuple(one) for one in found]).encode(), digest_size=9).hexdigest()


def _counted(table: Any, condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    figures = (func.count(table.id), func.max(table.id), func.sum(table.version))
    first, second, third = (cast(func.coalesce(one, 0), String) for one in figures)
    return select(first + "-" + second + "-" + third).where(condition).scalar_subquery()


def _query() -> Any:
    meeting, asked = MeetingRow.id, bindparam("round", type_=Integer)
    is_meant = or_(asked.is_(None), MeetingRow.round == asked)
    items = select(AgendaItemRow.id).where(AgendaItemRow.meeting_id == meeting).correlate(MeetingRow)
    keys = select(AgendaItemRow.dependency).where(AgendaItemRow.meeting_id == meeting).correlate(MeetingRow)
    left_here = and_(WordRow.session_id == SharedSessionRow.id, or_(asked.is_(None), WordRow.round == asked))
    made_here = PromiseRow.session_id == SharedSessionRow.id
    polls = select(PollRow.id).where(PollRow.item_id.in_(items))
    opened_here = TicketRow.target.startswith(cast(SharedSessionRow.id, String) + ":")
    code = select(func.max(TicketRow.id)).where(
        TicketRow.purpose == Purpose.CODE.value, TicketRow.revoked_at.is_(None), opened_here
    )
    return (
        select(
            SharedSessionRow.version,
            MeetingRow.id,
            MeetingRow.version,
            _counted(AgendaItemRow, AgendaItemRow.meeting_id == meeting),
            _counted(OutcomeRow, OutcomeRow.item_id.in_(items)),
            _counted(MeetingAttendanceRow, MeetingAttendanceRow.meeting_id == meeting),
            _counted(PollRow, PollRow.item_id.in_(items)),
            _counted(PollVoteRow, PollVoteRow.poll_id.in_(polls)),
            _counted(DependencyRow, DependencyRow.key.in_(keys)),
            _counted(PromiseRow, and_(made_here, PromiseRow.session_round == MeetingRow.round)),
            _counted(WordRow, left_here),
            code.scalar_subquery(),
        )
        .select_from(SharedSessionRow)
        .outerjoin(MeetingRow, and_(MeetingRow.session_id == SharedSessionRow.id, is_meant))
        .where(SharedSessionRow.id == bindparam("number"))
        .order_by(MeetingRow.round)
    )


_QUERY = _query()
