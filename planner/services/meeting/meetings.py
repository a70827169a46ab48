"""The meeting of a shared session: made on first use from what the session plans, and read.

Until somebody makes it, a meeting is what its session says; whoever writes anything about it calls
`meeting_row` inside a change of their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from planner.domain.meeting.learned import Sort
from planner.domain.meeting.model import (
    NOT_KEPT,
    AgendaItem,
    Attendance,
    ItemId,
    ItemKind,
    Meeting,
    MeetingId,
    MeetingState,
    Outcome,
    OutcomeKind,
    Word,
    name_of,
)
from planner.domain.meeting.rounds import SessionOrRound, session_of
from planner.services.changes import asked_before, recorded
from planner.services.meeting.agendas import item_of, written_items
from planner.services.meeting.sittings import find_round
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.shared_sessions import existing_session
from planner.storage.models import (
    AgendaItemRow,
    MeetingAttendanceRow,
    MeetingRow,
    OutcomeRow,
    PersonRow,
    SharedSessionRow,
    WordRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.meeting.agenda import Matter
    from planner.domain.model import PersonId
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange


def read_meeting(
    session: Session, which: SessionOrRound, now: datetime | None = None, *, to_read: bool = False
) -> Meeting:
    """Return the meeting of a round, kept or as planned; see `find_round` for what is meant by no round.

    Raises NotFound. At most thirteen queries.
    """
    number = find_round(session, which, now, to_read=to_read).number
    shared = existing_shared(session, which)
    row = _row_of(session, shared.id, number)
    if row is None:
        return planned_meeting(session, shared, number)
    return Meeting(
        id=MeetingId(row.id),
        session_id=shared.id,
        facilitator=row.facilitator,
        state=MeetingState(row.state),
        invited=_invited(shared),
        items=_items(session, row.id),
        attendance=_attendance(session, row.id),
        current=None if row.current_id is None else ItemId(row.current_id),
        turned_at=row.turned_at,
        started_at=row.started_at,
        closed_at=row.closed_at,
        version=row.version,
        round=row.round,
        taken_out=tuple(row.taken_out),
        words=_words(session, shared.id, number),
    )


def planned_meeting(session: Session, shared: SharedSessionRow, number: int = 0) -> Meeting:
    """Return the meeting that a round would have: its agenda as it writes itself."""
    return Meeting(
        id=MeetingId(NOT_KEPT),
        session_id=shared.id,
        facilitator=shared.facilitator,
        invited=_invited(shared),
        items=written_items(session, read_organisation(session), shared, number),
        round=number,
        words=_words(session, shared.id, number),
    )


def make_meeting(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Make the meeting of a round, so that its agenda can be written; nothing where it is made already.

    Raises NotFound, NotAllowed to who is not invited, StaleVersion when somebody made it at this moment.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared = existing_shared(session, which)
    require(actor, Right.TAKE_PART, people_of(session, shared))
    number = find_round(session, which, actor.at).number
    with recorded(session, actor, "meeting:made", f"Opened the agenda of {shared.title}", key=key) as change:
        meeting_row(session, shared, number)
    return change


def meeting_row(session: Session, shared: SharedSessionRow, number: int = 0) -> MeetingRow:
    """Return the row of a round's meeting; makes it with its items, inside the change of the caller."""
    found = _row_of(session, shared.id, number)
    if found is not None:
        return found
    planned = planned_meeting(session, shared, number)
    row = MeetingRow(
        session_id=shared.id, round=number, state=planned.state.value, facilitator=planned.facilitator
    )
    session.add(row)
    session.flush()
    for item in planned.items:
        session.add(item_row(row.id, item))
    session.flush()
    return row


def item_row(meeting_id: int, item: AgendaItem) -> AgendaItemRow:
    """Return a new row with what an item plans; whoever calls adds it to the session."""
    return AgendaItemRow(
        meeting_id=meeting_id,
        position=item.position,
        dependency=item.dependency,
        title=item.title,
        kind=item.kind.value,
        minutes=item.minutes,
        added=0,
        used=0,
        sort=None if item.sort is None else item.sort.value,
        usual=item.usual,
        lead=item.lead,
    )


def keep_agenda(session: Session, meeting: MeetingRow, matters: Sequence[Matter]) -> None:
    """Give the items of a meeting their places; what is new comes, what nobody waits for goes undecided."""
    of_meeting = AgendaItemRow.meeting_id == meeting.id
    rows = {
        name_of(row.dependency, row.title): row
        for row in session.scalars(select(AgendaItemRow).where(of_meeting))
    }
    decided = set(session.scalars(select(OutcomeRow.item_id).join(AgendaItemRow).where(of_meeting)))
    for place, matter in enumerate(matters, 1):
        row = rows.pop(matter.name, None)
        if row is None:
            session.add(item_row(meeting.id, item_of(matter, place)))
            continue
        row.position = place
        if matter.is_settled and _is_objected_to(row):
            continue
        row.kind, row.minutes = matter.kind.value, matter.minutes
        if matter.sort is not None:
            row.sort, row.usual = matter.sort.value, matter.usual
    for place, row in enumerate(rows.values(), len(matters) + 1):
        if row.id in decided:
            row.position = place
        else:
            session.delete(row)
    if session.new or session.deleted or any(session.is_modified(one) for one in session.dirty):
        flag_modified(meeting, "state")  # who looked at the order before must not overwrite this one


def _is_objected_to(row: AgendaItemRow) -> bool:
    """Whether somebody wants to talk about what could be agreed at once."""
    return row.kind == ItemKind.TALK.value and row.sort == Sort.SETTLED.value


def existing_shared(session: Session, which: SessionOrRound) -> SharedSessionRow:
    """Return the row of a shared session. Raises NotFound."""
    return existing_session(session, session_of(which))


def people_of(session: Session, shared: SharedSessionRow) -> Collection[PersonId]:
    """Return those who are invited to a session or lead a round of it, as they are recorded now."""
    leading = select(MeetingRow.facilitator).where(MeetingRow.session_id == shared.id)
    keys = {*_invited(shared), shared.facilitator, *session.scalars(leading)}
    return set(session.scalars(select(PersonRow.id).where(PersonRow.key.in_(keys))))


def people_leading(session: Session, row: MeetingRow) -> Collection[PersonId]:
    """Return who leads a meeting, as they are recorded now; nobody where they are gone."""
    return set(session.scalars(select(PersonRow.id).where(PersonRow.key == row.facilitator)))


def _row_of(session: Session, session_id: int, number: int) -> MeetingRow | None:
    of_session = MeetingRow.session_id == session_id
    return session.scalar(select(MeetingRow).where(of_session, MeetingRow.round == number))


def _invited(shared: SharedSessionRow) -> frozenset[str]:
    return frozenset(seat["person"] for seat in shared.seats)


def _items(session: Session, meeting_id: int) -> tuple[AgendaItem, ...]:
    of_meeting = AgendaItemRow.meeting_id == meeting_id
    rows = session.scalars(
        select(AgendaItemRow).where(of_meeting).order_by(AgendaItemRow.position, AgendaItemRow.id)
    )
    ended = select(OutcomeRow).join(AgendaItemRow, AgendaItemRow.id == OutcomeRow.item_id).where(of_meeting)
    outcomes = {row.item_id: outcome_of(row) for row in session.scalars(ended)}
    return tuple(_item(row, outcomes.get(row.id)) for row in rows)


def _item(row: AgendaItemRow, outcome: Outcome | None) -> AgendaItem:
    return AgendaItem(
        id=ItemId(row.id),
        position=row.position,
        title=row.title,
        dependency=row.dependency,
        kind=ItemKind(row.kind),
        minutes=row.minutes,
        added=row.added,
        used=timedelta(seconds=row.used),
        lead=row.lead,
        outcome=outcome,
        version=row.version,
        sort=None if row.sort is None else Sort(row.sort),
        usual=row.usual,
    )


def outcome_of(row: OutcomeRow) -> Outcome:
    """Return the outcome of a row."""
    return Outcome(
        kind=OutcomeKind(row.kind),
        text=row.text,
        decider=row.decider,
        consulted=tuple(row.consulted),
        idea_from=row.idea_from,
        review_on=row.review_on,
        agreed_for=row.agreed_for,
        deferred_to=row.deferred_to,
    )


def _words(session: Session, session_id: int, number: int) -> tuple[Word, ...]:
    of_round = (WordRow.session_id == session_id, WordRow.round == number)
    rows = session.scalars(select(WordRow).where(*of_round).order_by(WordRow.id))
    return tuple(Word(row.person, row.matter, row.title, row.text) for row in rows)


def _attendance(session: Session, meeting_id: int) -> tuple[Attendance, ...]:
    query = select(MeetingAttendanceRow).where(MeetingAttendanceRow.meeting_id == meeting_id)
    return tuple(
        Attendance(row.id, row.person or "", row.guest, row.arrived_at, row.left_at)
        for row in session.scalars(query.order_by(MeetingAttendanceRow.id))
    )
