"""What earlier rounds of a session, or the session before it, leave to a later one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from planner.domain.meeting.agenda import is_for_us
from planner.domain.meeting.learned import Sort
from planner.domain.meeting.model import AgendaItem, ItemId, MeetingState, OutcomeKind, name_of
from planner.domain.series import after
from planner.domain.text import fold
from planner.services.shared_sessions import series_of
from planner.storage.models import AgendaItemRow, MeetingRow, OutcomeRow, ProposalRow, SharedSessionRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

EARLIER = 12
"""How many sessions back the one before is looked for."""
DECISIONS = tuple(kind.value for kind in OutcomeKind if kind.is_decision)


@dataclass(frozen=True, slots=True)
class Again:
    """What was decided about something, by the key of its dependency or as a topic; lead: a key or ""."""

    title: str
    dependency: str | None
    lead: str
    words: str


def day_of(shared: SharedSessionRow, number: int = 0) -> date:
    """Return the day of a round; where it has no time yet, the day on which its session was written."""
    return (start_of(shared, number) or shared.changed_at).date()


def start_of(shared: SharedSessionRow, number: int) -> datetime | None:
    """Return when a round begins, or by its rule would where it is left out; None without a time."""
    if shared.starts_at is None or number == 0:
        return shared.starts_at
    series = series_of(shared, shared.starts_at)
    return series.exceptions.get(number) or after(series.starts_at, series.zone, number * series.every_days)


def left_open(
    session: Session, shared: SharedSessionRow, before: MeetingRow | None
) -> tuple[str, tuple[AgendaItem, ...]]:
    """The title of the session of the meeting before, and the items that it has not finished."""
    if before is None:
        return "", ()
    title = session.get_one(SharedSessionRow, before.session_id).title
    return title, unfinished(session, before.id, shared.title)


def left_before(session: Session, shared: SharedSessionRow, number: int) -> frozenset[str]:
    """Return the names of what comes to a round from before: left open, or to be looked at again."""
    before = meeting_before(session, shared, number)
    _title, left = left_open(session, shared, before)
    names = {item.name for item in left}
    return frozenset(names) | read_again(session, shared, number, before).keys()


def read_again(
    session: Session,
    shared: SharedSessionRow,
    number: int,
    before: MeetingRow | None,
    *,
    besides: Collection[str] = (),
) -> dict[str, Again]:
    """Return, by name, what was decided and is to be looked at again by the day of a round.

    `before` is the meeting that it goes on from. It comes once, on the first round on or after the day that
    was said, and not where it is `besides`, on the agenda anyway. One query.
    """
    if before is None:
        return {}
    last = day_of(session.get_one(SharedSessionRow, before.session_id), before.round)
    query = (
        select(AgendaItemRow, OutcomeRow.text)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(OutcomeRow, OutcomeRow.item_id == AgendaItemRow.id)
        .where(MeetingRow.session_id == before.session_id, MeetingRow.round <= before.round)
        .where(OutcomeRow.kind.in_(DECISIONS), OutcomeRow.review_on <= day_of(shared, number))
        .where(or_(OutcomeRow.review_on > last, MeetingRow.id == before.id))
        .order_by(MeetingRow.round, AgendaItemRow.position, AgendaItemRow.id)
    )
    found = {
        name_of(row.dependency, row.title): Again(row.title, row.dependency, row.lead, text)
        for row, text in session.execute(query).tuples()
    }
    return {name: one for name, one in found.items() if name not in besides}


def meeting_before(session: Session, shared: SharedSessionRow, number: int) -> MeetingRow | None:
    """Return the meeting that a round goes on from; None where there is none. Three queries at most.

    The round before of the same session is the one before, whoever else has met since.
    """
    own = select(MeetingRow).where(MeetingRow.session_id == shared.id, MeetingRow.round < number)
    round_before = session.scalar(own.order_by(MeetingRow.round.desc()).limit(1)) if number else None
    if round_before is not None:
        return round_before
    starts_at = start_of(shared, number)
    if starts_at is None:
        return None
    proposal = None if shared.proposal_id is None else session.get(ProposalRow, shared.proposal_id)
    cadence = timedelta(days=proposal.cadence_days if proposal else 14)
    earlier = (
        select(MeetingRow, SharedSessionRow)
        .join(SharedSessionRow, SharedSessionRow.id == MeetingRow.session_id)
        .where(MeetingRow.state == MeetingState.CLOSED.value, SharedSessionRow.id != shared.id)
        .where(SharedSessionRow.starts_at <= starts_at - cadence / 2)
        .order_by(SharedSessionRow.starts_at.desc(), SharedSessionRow.id.desc(), MeetingRow.round.desc())
        .limit(EARLIER)
    )
    mine = {seat["person"] for seat in shared.seats}
    for meeting, before in session.execute(earlier).tuples():
        if 2 * len(mine & {seat["person"] for seat in before.seats}) >= len(mine):
            return meeting
    return None


def decided_before(session: Session, session_id: int, number: int) -> frozenset[str | None]:
    """The keys of what earlier rounds of the session have decided."""
    if number == 0:
        return frozenset()
    query = (
        select(AgendaItemRow.dependency)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(OutcomeRow, OutcomeRow.item_id == AgendaItemRow.id)
        .where(MeetingRow.session_id == session_id, MeetingRow.round < number)
        .where(OutcomeRow.kind.in_(DECISIONS))
    )
    return frozenset(session.scalars(query))


def unfinished(session: Session, meeting_id: int, title: str) -> tuple[AgendaItem, ...]:
    """Return what a meeting leaves open for the next one of the session with this title. One query."""
    query = (
        select(AgendaItemRow, OutcomeRow)
        .outerjoin(OutcomeRow, OutcomeRow.item_id == AgendaItemRow.id)
        .where(AgendaItemRow.meeting_id == meeting_id)
        .order_by(AgendaItemRow.position, AgendaItemRow.id)
    )
    found = []
    for row, outcome in session.execute(query):
        item = AgendaItem(
            ItemId(row.id),
            row.position,
            row.title,
            row.dependency,
            minutes=row.minutes,
            lead=row.lead,
            sort=None if row.sort is None else Sort(row.sort),
            usual=row.usual,
        )
        if outcome is None or is_for_us(outcome.kind, fold(outcome.deferred_to), fold(title)):
            found.append(item)
    return tuple(found)
