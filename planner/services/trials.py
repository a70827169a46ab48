"""How a trial goes: hours planned and really attended, what was decided, what it was worth; one's own load.

Totals are for everybody. What one person attended is for that person alone: others are answered 404.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.consolidation.keeping import ROUND
from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow, Problem
from planner.domain.meeting.model import (
    NOT_KEPT,
    Attendance,
    Meeting,
    MeetingId,
    MeetingState,
    OutcomeKind,
)
from planner.domain.worth import SAYS, Medians, attended_minutes, medians
from planner.services.changes import one_transaction
from planner.services.live import person_key
from planner.services.meetings import existing_shared, read_meeting
from planner.services.shared_sessions import rows_of
from planner.storage.models import (
    AgendaItemRow,
    MeetingAttendanceRow,
    MeetingRow,
    OutcomeRow,
    SharedSessionRow,
    WorthRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation, Person
    from planner.services.actor import Actor

DECISIONS = tuple(kind.value for kind in OutcomeKind if kind.is_decision)
TOTAL_FROM = 3
"""People from which on a total of what they attended is shown."""
NOT_THERE = "Only those who were there say what a session was worth to them."
NOT_OVER = "The session is not over yet. Say afterwards what it was worth to you."


@dataclass(frozen=True, slots=True)
class TriedSession:
    """A session of a trial. worth: the median, None while it is hidden. mine: what the reader says."""

    id: int
    title: str
    is_over: bool
    worth: float | None
    mine: int | None
    may_say: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial has shown so far. Minutes are those of all people together, of sessions that are over.

    attended: None while fewer than three came, because then a total tells one of them about another.
    """

    sessions: tuple[TriedSession, ...]
    planned: int
    attended: int | None
    decided: int
    items: int
    worth: float | None

    @property
    def over(self) -> int:
        return sum(one.is_over for one in self.sessions)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """What one person sat in, in minutes."""

    id: int
    title: str
    planned: int
    attended: int


@dataclass(frozen=True, slots=True)
class OwnLoad:
    """One person's own sessions that are over, and what the paused ones would have taken in two weeks."""

    sessions: tuple[OwnSession, ...]
    before: int

    @property
    def planned(self) -> int:
        return sum(one.planned for one in self.sessions)

    @property
    def attended(self) -> int:
        return sum(one.attended for one in self.sessions)


def read_trial(session: Session, organisation: Organisation, proposal_id: int, actor: Actor | None) -> Trial:
    """Return how the trial of a proposal goes. The number of queries does not grow with its sessions."""
    rows = [row for row in rows_of(session, proposal_id) if not row.is_cancelled]
    meetings = _meetings(session, rows)
    said = _said(session, [row.id for row in rows])
    over = [row for row in rows if meetings[row.id].state is MeetingState.CLOSED]
    shown = medians({row.id: list(said[row.id].values()) for row in over})
    me = _key_of(organisation, actor)
    wanted = {key for row in rows for key in row.agenda}
    return Trial(
        sessions=tuple(_tried(row, meetings[row.id], said[row.id], shown, actor, me) for row in rows),
        planned=sum(seat["end"] - seat["start"] for row in over for seat in row.seats),
        attended=_attended([meetings[row.id] for row in over]),
        decided=len(wanted & _decided(session, [row.id for row in rows])),
        items=len(wanted),
        worth=shown.whole,
    )


def read_own_load(session: Session, organisation: Organisation, actor: Actor, key: str) -> OwnLoad:
    """Return what the actor attended. Raises NotFound for anybody else's key, whether they exist or not."""
    me = _key_of(organisation, actor)
    if not me or key != me:
        raise NotFound(f"There is nothing to see of “{key}” here.")
    query = select(SharedSessionRow).where(SharedSessionRow.is_cancelled.is_(False))
    rows = session.scalars(query.order_by(SharedSessionRow.starts_at, SharedSessionRow.id)).all()
    meetings = _meetings(session, rows)
    over = [row for row in rows if meetings[row.id].state is MeetingState.CLOSED]
    own = [_own(row, meetings[row.id], me) for row in over]
    return OwnLoad(
        sessions=tuple(one for one in own if one.planned or one.attended),
        before=sum(
            one.minutes * ROUND.days // one.cadence_days
            for one in organisation.sessions
            if one.paused_by_id is not None and actor.person_id in one.attendee_ids
        ),
    )


def read_worth(session: Session, actor: Actor | None, session_id: int) -> int | None:
    """Return what the actor says a session was worth to them, None where they have not said it."""
    if actor is None or actor.person_id is None:
        return None
    return _said(session, [session_id])[session_id].get(actor.person_id)


def say_worth(session: Session, actor: Actor, session_id: int, value: int | None) -> None:
    """Keep what a session was worth to the actor, in place of what they said before; None takes it back.

    The history has nothing of it. Raises NotFound, NotAllowed, NotNow, InvalidInput for no such answer.
    """
    existing_shared(session, session_id)
    meeting = read_meeting(session, session_id)
    if actor.person_id is None or not _was_there(session, meeting, actor):
        raise NotAllowed(NOT_THERE)
    if meeting.state is not MeetingState.CLOSED:
        raise NotNow(NOT_OVER)
    if value is not None and value not in SAYS:
        raise InvalidInput(Problem("value", f"is {value}; choose 0 to {max(SAYS)}"))
    with one_transaction(session):
        query = select(WorthRow).where(
            WorthRow.session_id == session_id, WorthRow.person_id == actor.person_id
        )
        row = session.scalar(query)
        if value is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(WorthRow(session_id=session_id, person_id=actor.person_id, value=value))
        else:
            row.value = value


def _tried(
    row: SharedSessionRow,
    meeting: Meeting,
    said: Mapping[int, int],
    shown: Medians,
    actor: Actor | None,
    me: str,
) -> TriedSession:
    is_over = meeting.state is MeetingState.CLOSED
    was_there = bool(me) and any(one.person == me for one in meeting.attendance)
    return TriedSession(
        id=row.id,
        title=row.title,
        is_over=is_over,
        worth=shown.of_session.get(row.id),
        mine=None if actor is None or actor.person_id is None else said.get(actor.person_id),
        may_say=is_over and was_there,
    )


def _own(row: SharedSessionRow, meeting: Meeting, me: str) -> OwnSession:
    planned = sum(seat["end"] - seat["start"] for seat in row.seats if seat["person"] == me)
    return OwnSession(row.id, row.title, planned, attended_minutes(meeting, me))


def _attended(meetings: Sequence[Meeting]) -> int | None:
    """The minutes of everybody recorded; guests were not counted in the plan either."""
    if len({person for one in meetings for person in _people(one)}) < TOTAL_FROM:
        return None
    return sum(attended_minutes(one, person) for one in meetings for person in _people(one))


def _people(meeting: Meeting) -> set[str]:
    return {one.person for one in meeting.attendance if one.person}


def _meetings(session: Session, rows: Sequence[SharedSessionRow]) -> dict[int, Meeting]:
    """How far these sessions are and who came to each, without their items. Two queries."""
    of_sessions = MeetingRow.session_id.in_([row.id for row in rows])
    kept = {row.session_id: row for row in session.scalars(select(MeetingRow).where(of_sessions))}
    came = select(MeetingAttendanceRow).join(MeetingRow).where(of_sessions).order_by(MeetingAttendanceRow.id)
    there: dict[int, list[Attendance]] = defaultdict(list)
    for one in session.scalars(came):
        there[one.meeting_id].append(
            Attendance(one.id, one.person or "", one.guest, one.arrived_at, one.left_at)
        )
    return {row.id: _meeting(row, kept.get(row.id), there) for row in rows}


def _meeting(
    shared: SharedSessionRow, row: MeetingRow | None, there: Mapping[int, Sequence[Attendance]]
) -> Meeting:
    if row is None:
        return Meeting(MeetingId(NOT_KEPT), shared.id, shared.facilitator)
    return Meeting(
        MeetingId(row.id),
        shared.id,
        row.facilitator,
        MeetingState(row.state),
        attendance=tuple(there.get(row.id, ())),
        started_at=row.started_at,
        closed_at=row.closed_at,
    )


def _decided(session: Session, session_ids: Sequence[int]) -> set[str]:
    """The dependencies about which something was decided in these sessions, by key."""
    query = (
        select(AgendaItemRow.dependency)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(OutcomeRow, OutcomeRow.item_id == AgendaItemRow.id)
        .where(MeetingRow.session_id.in_(session_ids), OutcomeRow.kind.in_(DECISIONS))
    )
    return {key for key in session.scalars(query) if key is not None}


def _said(session: Session, session_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """What people say, by session and by the number of the person."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for one in session.scalars(select(WorthRow).where(WorthRow.session_id.in_(session_ids))):
        found[one.session_id][one.person_id] = one.value
    return found


def _key_of(organisation: Organisation, actor: Actor | None) -> str:
    person: Person | None = None
    if actor is not None and actor.person_id is not None:
        person = organisation.person.get(actor.person_id)
    return "" if person is None else person.key


def _was_there(session: Session, meeting: Meeting, actor: Actor) -> bool:
    who = person_key(session, actor)
    return any(one.person == who for one in meeting.attendance)
