"""How a trial goes: hours planned and really attended, what was decided, what it was worth; one's own load.

Totals are for everybody. What one person attended is for that person alone: others are answered 404.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

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
from planner.domain.meeting.rounds import RoundOf
from planner.domain.worth import SAYS, attended_minutes, medians
from planner.services.actor import key_of
from planner.services.changes import one_transaction
from planner.services.meeting.live import person_key
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.sittings import find_round, sittings_of
from planner.services.shared_sessions import planned_rounds, rows_of
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
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.meeting.rounds import SessionOrRound, Sitting
    from planner.domain.model import Organisation
    from planner.services.actor import Actor

DECISIONS = tuple(kind.value for kind in OutcomeKind if kind.is_decision)
TOTAL_FROM = 3
"""People from which on a total of what they attended is shown."""
NOT_THERE = "Only those who were there say what a session was worth to them."
NOT_OVER = "The session is not over yet. Say afterwards what it was worth to you."


@dataclass(frozen=True, slots=True)
class TriedRound:
    """A round of a session of a trial: its number, from 0, and when it is held.

    worth: the median, None while it is hidden. mine: what the reader says.
    """

    id: int
    round: int
    day: date | None
    title: str
    is_over: bool
    worth: float | None
    mine: int | None
    may_say: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial has shown so far. Minutes are those of all people together, of rounds that are over.

    cadences: how many two weeks these rounds stand for together, to compare with two weeks of before.
    attended: None while fewer than three came, because then a total tells one of them about another.
    """

    sessions: tuple[TriedRound, ...]
    cadences: Fraction
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
    """What one person sat in, in minutes; `round` is its number, from 0."""

    id: int
    title: str
    planned: int
    attended: int
    round: int = 0


@dataclass(frozen=True, slots=True)
class OwnLoad:
    """One person's own sessions that are over, and what the paused ones would have taken in as many days."""

    sessions: tuple[OwnSession, ...]
    before: int
    days: int = ROUND.days

    @property
    def planned(self) -> int:
        return sum(one.planned for one in self.sessions)

    @property
    def attended(self) -> int:
        return sum(one.attended for one in self.sessions)


def read_trial(session: Session, organisation: Organisation, proposal_id: int, actor: Actor | None) -> Trial:
    """Return how the trial of a proposal goes. The number of queries does not grow with its sessions."""
    rows = [row for row in rows_of(session, proposal_id) if not row.is_cancelled]
    held = _held(session, rows)
    said = _said(session, [row.id for row in rows])
    over = [one for one in held if one.is_over]
    shown = medians({place: list(said[one.place].values()) for place, one in enumerate(held) if one.is_over})
    me = key_of(organisation, actor)
    wanted = {key for row in rows for key in row.agenda}
    return Trial(
        sessions=tuple(
            _tried(one, said[one.place], shown.of_session.get(place), actor, me)
            for place, one in enumerate(held)
        ),
        cadences=Fraction(sum(one.shared.every_days for one in over), ROUND.days * max(len(rows), 1)),
        planned=sum(seat["end"] - seat["start"] for one in over for seat in one.shared.seats),
        attended=_attended([one.meeting for one in over]),
        decided=len(wanted & _decided(session, [row.id for row in rows])),
        items=len(wanted),
        worth=shown.whole,
    )


def read_own_load(session: Session, organisation: Organisation, actor: Actor, key: str) -> OwnLoad:
    """Return what the actor attended. Raises NotFound for anybody else's key, whether they exist or not."""
    me = key_of(organisation, actor)
    if not me or key != me:
        raise NotFound(f"There is nothing to see of “{key}” here.")
    query = select(SharedSessionRow).where(SharedSessionRow.is_cancelled.is_(False))
    rows = session.scalars(query.order_by(SharedSessionRow.starts_at, SharedSessionRow.id)).all()
    over = [one for one in _held(session, rows) if one.is_over]
    mine = [(one, own) for one in over for own in (_own(one, me),) if own.planned or own.attended]
    days = _days([one for one, _own in mine]) or ROUND.days
    return OwnLoad(
        sessions=tuple(own for _one, own in mine),
        before=sum(
            one.minutes * days // one.cadence_days
            for one in organisation.sessions
            if one.paused_by_id is not None and actor.person_id in one.attendee_ids
        ),
        days=days,
    )


def read_worth(session: Session, actor: Actor | None, which: SessionOrRound) -> int | None:
    """Return what the actor says a round was worth to them, None where they have not said it.

    Without a round it is the last that was held.
    """
    if actor is None or actor.person_id is None:
        return None
    place = find_round(session, which, to_read=True)
    return _said(session, [place.session_id])[place].get(actor.person_id)


def say_worth(session: Session, actor: Actor, which: SessionOrRound, value: int | None) -> None:
    """Keep what a round was worth to the actor, in place of what they said before; None takes it back.

    The history has nothing of it. Raises NotFound, NotAllowed, NotNow, InvalidInput for no such answer.
    """
    meeting = read_meeting(session, which, to_read=True)
    if actor.person_id is None or not _was_there(session, meeting, actor):
        raise NotAllowed(NOT_THERE)
    if meeting.state is not MeetingState.CLOSED:
        raise NotNow(NOT_OVER)
    if value is not None and value not in SAYS:
        raise InvalidInput(Problem("value", f"is {value}; choose 0 to {max(SAYS)}"))
    with one_transaction(session):
        place = {"session_id": meeting.session_id, "session_round": meeting.round}
        row = session.scalar(select(WorthRow).filter_by(**place, person_id=actor.person_id))
        if value is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(WorthRow(**place, person_id=actor.person_id, value=value))
        else:
            row.value = value


@dataclass(frozen=True, slots=True)
class _Held:
    """One round of a session, with its meeting as far as it is known here."""

    shared: SharedSessionRow
    sitting: Sitting
    meeting: Meeting

    @property
    def place(self) -> RoundOf:
        return RoundOf(self.shared.id, self.sitting.number)

    @property
    def is_over(self) -> bool:
        return self.meeting.state is MeetingState.CLOSED


def _tried(
    one: _Held, said: Mapping[int, int], worth: float | None, actor: Actor | None, me: str
) -> TriedRound:
    was_there = bool(me) and any(came.person == me for came in one.meeting.attendance)
    begins, zone = one.sitting.starts_at, ZoneInfo(one.shared.zone)
    return TriedRound(
        id=one.shared.id,
        round=one.sitting.number,
        day=None if begins is None else begins.astimezone(zone).date(),
        title=one.shared.title,
        is_over=one.is_over,
        worth=worth,
        mine=None if actor is None or actor.person_id is None else said.get(actor.person_id),
        may_say=one.is_over and was_there,
    )


def _own(one: _Held, me: str) -> OwnSession:
    shared = one.shared
    planned = sum(seat["end"] - seat["start"] for seat in shared.seats if seat["person"] == me)
    attended = attended_minutes(one.meeting, me)
    return OwnSession(shared.id, shared.title, planned, attended, one.sitting.number)


def _days(over: Sequence[_Held]) -> int:
    """How many days these rounds stand for: those of the session that was held most often."""
    held = Counter(one.shared.id for one in over)
    return max((one.shared.every_days * held[one.shared.id] for one in over), default=0)


def _attended(meetings: Sequence[Meeting]) -> int | None:
    """The minutes of everybody recorded; guests were not counted in the plan either."""
    if len({person for one in meetings for person in _people(one)}) < TOTAL_FROM:
        return None
    return sum(attended_minutes(one, person) for one in meetings for person in _people(one))


def _people(meeting: Meeting) -> set[str]:
    return {one.person for one in meeting.attendance if one.person}


def _held(session: Session, rows: Sequence[SharedSessionRow]) -> tuple[_Held, ...]:
    """Every round of these sessions and who came to it, without items. Two queries."""
    of_sessions = MeetingRow.session_id.in_([row.id for row in rows])
    kept = {
        (row.session_id, row.round): row for row in session.scalars(select(MeetingRow).where(of_sessions))
    }
    came = select(MeetingAttendanceRow).join(MeetingRow).where(of_sessions).order_by(MeetingAttendanceRow.id)
    there: dict[int, list[Attendance]] = defaultdict(list)
    for one in session.scalars(came):
        there[one.meeting_id].append(
            Attendance(one.id, one.person or "", one.guest, one.arrived_at, one.left_at)
        )
    return tuple(
        _Held(row, sitting, _meeting(row, kept.get((row.id, sitting.number)), there))
        for row in rows
        for sitting in sittings_of(
            planned_rounds(row),
            {number: MeetingState(one.state) for (of, number), one in kept.items() if of == row.id},
        )
        if not sitting.is_left_out
    )


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


def _said(session: Session, session_ids: Sequence[int]) -> dict[RoundOf, dict[int, int]]:
    """What people say, by round and by the number of the person."""
    found: dict[RoundOf, dict[int, int]] = defaultdict(dict)
    for one in session.scalars(select(WorthRow).where(WorthRow.session_id.in_(session_ids))):
        found[RoundOf(one.session_id, one.session_round)][one.person_id] = one.value
    return found


def _was_there(session: Session, meeting: Meeting, actor: Actor) -> bool:
    who = person_key(session, actor)
    return any(one.person == who for one in meeting.attendance)
