"""What somebody leads in a session to which they are not invited: they come for it alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.meeting.agenda import Matter, spans
from planner.domain.meeting.model import MeetingState
from planner.services.actor import person_of
from planner.services.settings import read_rules
from planner.services.shared_sessions import AgreedSession, agreed
from planner.storage.models import AgendaItemRow, MeetingRow, SharedSessionRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Rules
    from planner.domain.model import Organisation
    from planner.services.actor import Actor


@dataclass(frozen=True, slots=True)
class GuestItem:
    """One item that somebody leads as a guest; `start` in minutes after the session begins."""

    session: AgreedSession
    title: str
    start: int
    minutes: int


def read_guest_items(session: Session, organisation: Organisation, actor: Actor) -> tuple[GuestItem, ...]:
    """Return what the actor leads as a guest in sessions ahead, by their start. Two queries at most."""
    me = person_of(organisation, actor)
    if me is None:
        return ()
    led = select(AgendaItemRow.meeting_id).where(AgendaItemRow.lead == me.key)
    query = (
        select(AgendaItemRow, SharedSessionRow, MeetingRow.round)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(SharedSessionRow, SharedSessionRow.id == MeetingRow.session_id)
        .where(MeetingRow.id.in_(led), MeetingRow.state == MeetingState.PLANNED.value)
        .where(SharedSessionRow.is_cancelled.is_(False), SharedSessionRow.starts_at.is_not(None))
        .order_by(
            SharedSessionRow.starts_at,
            SharedSessionRow.id,
            MeetingRow.round,
            AgendaItemRow.position,
            AgendaItemRow.id,
        )
    )
    rows = session.execute(query).all()
    rules = read_rules(session) if rows else None
    found: list[GuestItem] = []
    for (shared, number), lines in groupby(rows, key=lambda row: (row[1], row[2])):
        ahead = agreed(organisation, shared).at_round(number)
        is_seated = me.key in {seat["person"] for seat in shared.seats}
        if rules is not None and not is_seated and ahead.starts_at and ahead.starts_at >= actor.at:
            found += _of_one(ahead, [row for row, _session, _number in lines], rules, me.key)
    return tuple(found)


def _of_one(
    session: AgreedSession, items: Sequence[AgendaItemRow], rules: Rules, me: str
) -> Iterator[GuestItem]:
    times = spans([Matter(row.title, row.minutes, row.dependency) for row in items], rules)
    for row, span in zip(items, times, strict=True):
        if row.lead == me:
            yield GuestItem(session, row.title, span.start, row.minutes)
