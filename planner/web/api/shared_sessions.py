"""Sessions that were agreed: their dates, who comes, and polls for a time that suits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from planner.services import shared_sessions
from planner.web import context
from planner.web.api.operations import Listed, One, Page, operation, page_of
from planner.web.api.proposals import SeatIn, seat_in
from planner.web.api.records import one
from planner.web.api.telling import told
from planner.web.api.types import Number


@dataclass(frozen=True, kw_only=True)
class SharedSession:
    """A session that was agreed; `agenda` names dependencies by number."""

    number: int
    proposal: int | None
    title: str
    starts_at: datetime | None
    zone: str
    minutes: int
    place: str
    facilitator: str | None
    is_cancelled: bool
    agenda: tuple[int, ...]
    seats: tuple[SeatIn, ...]


@operation("GET", "/shared-sessions")
def list_shared_sessions(query: Page) -> Listed[SharedSession]:
    """List agreed sessions that are ahead or of late, cancelled ones too, by their start."""
    found = shared_sessions.read_sessions(context.database(), context.organisation(), context.now())
    return page_of(found, query, _shared)


@operation("GET", "/shared-sessions/<int:number>")
def read_shared_session(number: Number) -> One[SharedSession]:
    """Read one agreed session."""
    return one(*_current(number))


def _current(number: int) -> tuple[SharedSession, int]:
    found = shared_sessions.read_session(context.database(), context.organisation(), number)
    return _shared(found), found.version


def _shared(found: shared_sessions.AgreedSession) -> SharedSession:
    return told(
        SharedSession,
        found,
        proposal=found.proposal_id,
        facilitator=found.leader.key if found.leader else None,
        agenda=tuple(one.id for one in found.agenda),
        seats=tuple(seat_in(seat) for seat in found.seats),
    )
