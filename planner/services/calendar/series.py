"""The dates of a session that comes round again: one moved, left out, or back where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.services.changes import asked_before, expect_version, recorded
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.shared_sessions import exception_values, existing_session, leaders_of, planned_rounds

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.series import Round
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow


def move_round(
    session: Session,
    actor: Actor,
    session_id: int,
    number: int,
    *,
    starts_at: datetime | None,
    version: int | None,
    key: str | None,
) -> OpenChange:
    """Hold one round at another time; people are told when the invitations are mailed.

    Raises NotFound, NotAllowed, NotNow for a round that has begun, StaleVersion, and InvalidInput for a
    time that is past.
    """
    if starts_at is None or starts_at <= actor.at:
        raise InvalidInput(Problem("starts_at", "has to be a time that is ahead, such as 2026-03-17T14:00"))
    return _change(session, actor, session_id, number, starts_at, "Moved", version=version, key=key)


def leave_out_round(
    session: Session, actor: Actor, session_id: int, number: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Hold one round not at all. Raises as `move_round` does."""
    return _change(session, actor, session_id, number, None, "Left out", version=version, key=key)


def restore_round(
    session: Session, actor: Actor, session_id: int, number: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Hold one round when its rule or its turn has it. Raises as `move_round` does."""
    row = existing_session(session, session_id)
    usual = _round(row, number).usual
    return _change(session, actor, session_id, number, usual, "Put back", version=version, key=key)


def _change(
    session: Session,
    actor: Actor,
    session_id: int,
    number: int,
    moment: datetime | None,
    verb: str,
    *,
    version: int | None,
    key: str | None,
) -> OpenChange:
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    row = existing_session(session, session_id)
    require(actor, Right.LEAD_SESSION, leaders_of(read_organisation(session), row))
    expect_version(row, version)
    found = _round(row, number)
    if row.is_cancelled or found.usual <= actor.at:
        raise NotNow("This date is over, or the session is cancelled; its time stays as it was.")
    day = found.usual.astimezone(ZoneInfo(row.zone))
    with recorded(
        session, actor, "session:round", f"{verb}: {row.title} on {day.day} {day:%B}", key=key
    ) as change:
        others = {one.number: one.starts_at for one in planned_rounds(row) if one.starts_at != one.planned}
        others.pop(number, None)
        if moment != found.planned:
            others[number] = moment
        row.exceptions = exception_values(others)
        row.sequence, row.changed_at = row.sequence + 1, actor.at
    return change


def _round(row: SharedSessionRow, number: int) -> Round:
    found = next((one for one in planned_rounds(row) if one.number == number), None)
    if found is None:
        raise NotFound(f"This session has no round {number + 1}.")
    return found
