"""The rounds of a shared session, how far the meeting of each is, and which of them is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from planner.domain.errors import NotFound
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import (
    RoundOf,
    SessionOrRound,
    Sitting,
    round_now,
    round_to_read,
    session_of,
)
from planner.services.shared_sessions import existing_session, planned_rounds
from planner.storage.models import MeetingRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from planner.domain.series import Round
    from planner.storage.models import SharedSessionRow


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round as a page tells of it, among the others. earlier: those whose minutes can be read.

    following: the round after it that is not over yet; None where there is none.
    """

    place: RoundOf
    sitting: Sitting
    count: int
    zone: str
    earlier: tuple[Sitting, ...]
    following: Sitting | None

    @property
    def day(self) -> date | None:
        return self.day_of(self.sitting)

    def day_of(self, one: Sitting) -> date | None:
        """Return the day of a round where the session is held; None while it has no time."""
        return None if one.starts_at is None else one.starts_at.astimezone(ZoneInfo(self.zone)).date()


def read_sittings(session: Session, shared: SharedSessionRow) -> tuple[Sitting, ...]:
    """Return every round of a session in order of its rule, and those kept that the rule has no more.

    One query.
    """
    query = select(MeetingRow.round, MeetingRow.state).where(MeetingRow.session_id == shared.id)
    states = {number: MeetingState(state) for number, state in session.execute(query)}
    return sittings_of(planned_rounds(shared), states)


def sittings_of(planned: Iterable[Round], states: Mapping[int, MeetingState]) -> tuple[Sitting, ...]:
    """Return the rounds of a session, given how far the meetings are that are kept."""
    found = {
        one.number: Sitting(
            one.number,
            one.starts_at,
            states.get(one.number, MeetingState.PLANNED),
            is_left_out=one.starts_at is None and one.number not in states,
        )
        for one in planned
    }
    kept = {number: Sitting(number, None, state) for number, state in states.items() if number not in found}
    found |= kept or ({} if found else {0: Sitting(0, None)})
    return tuple(found[number] for number in sorted(found))


def find_round(
    session: Session, which: SessionOrRound, now: datetime | None = None, *, to_read: bool = False
) -> RoundOf:
    """Return the round that is meant; without a number the one that matters now, or whose minutes do.

    Raises NotFound for a session or a round that there is not, and for one that is left out.
    """
    shared = existing_session(session, session_of(which))
    sittings = read_sittings(session, shared)
    return RoundOf(shared.id, _meant(shared, sittings, which, now, to_read=to_read))


def read_round(
    session: Session, which: SessionOrRound, now: datetime, *, to_read: bool = False
) -> RoundShown:
    """Return what a page tells of the round that is meant. Raises as `find_round` does. Two queries."""
    shared = existing_session(session, session_of(which))
    sittings = read_sittings(session, shared)
    number = _meant(shared, sittings, which, now, to_read=to_read)
    held = [one for one in sittings if not one.is_left_out or one.number == number]
    begun = [one for one in held if one.state is not MeetingState.PLANNED]
    return RoundShown(
        place=RoundOf(shared.id, number),
        sitting=_expect(sittings, number),
        count=len(held),
        zone=shared.zone,
        earlier=tuple(one for one in begun if one.number < number),
        following=next(
            (one for one in held if one.number > number and not one.is_over(shared.zone, now)), None
        ),
    )


def _meant(
    shared: SharedSessionRow,
    sittings: tuple[Sitting, ...],
    which: SessionOrRound,
    now: datetime | None,
    *,
    to_read: bool,
) -> int:
    if isinstance(which, RoundOf):
        return _expect(sittings, which.number).number
    choose = round_to_read if to_read else round_now
    return choose(sittings, shared.zone, now)


def _expect(sittings: tuple[Sitting, ...], number: int) -> Sitting:
    found = next((one for one in sittings if one.number == number), None)
    if found is None:
        raise NotFound(f"This session has no round {number + 1}.")
    if found.is_left_out:
        raise NotFound(f"Round {number + 1} of this session is left out.")
    return found
