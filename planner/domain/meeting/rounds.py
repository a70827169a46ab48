"""Which round of a shared session is meant where none is named: a session is held again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from planner.domain.meeting.model import MeetingState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoundOf:
    """One round of a shared session, by its number in the series; the first has 0."""

    session_id: int
    number: int


SessionOrRound: TypeAlias = "int | RoundOf"
"""A round of a session, or a session by its number alone: the round of it that matters now."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A round and how far its meeting is. starts_at: None while it has no time, or is left out."""

    number: int
    starts_at: datetime | None
    state: MeetingState = MeetingState.PLANNED
    is_left_out: bool = False

    def is_over(self, zone: str, now: datetime | None) -> bool:
        """Return whether it was closed, or nobody began it and its day has passed where it is held.

        Without a moment no day has passed.
        """
        if self.state is not MeetingState.PLANNED:
            return self.state is MeetingState.CLOSED
        if self.starts_at is None or now is None:
            return False
        there = ZoneInfo(zone)
        return self.starts_at.astimezone(there).date() < now.astimezone(there).date()


def session_of(which: SessionOrRound) -> int:
    """Return the number of the session."""
    return which.session_id if isinstance(which, RoundOf) else which


def round_now(sittings: Sequence[Sitting], zone: str, now: datetime | None) -> int:
    """Return the number of the round that matters: the one that runs, else the next, else the last.

    The next is by time, because rounds move; what is left out is none of them while any other is held.
    """
    held = [one for one in sittings if not one.is_left_out] or list(sittings)
    running = [one.number for one in held if one.state is MeetingState.RUNNING]
    if running:
        return running[-1]
    ahead = [one for one in held if not one.is_over(zone, now)]
    return _in_time(ahead)[0].number if ahead else _in_time(held)[-1].number


def round_to_read(sittings: Sequence[Sitting], zone: str, now: datetime | None) -> int:
    """Return the number of the round whose minutes are asked for: the one that runs, else the last closed.

    Where none was held yet it is the round that matters.
    """
    closed = [one.number for one in sittings if one.state is MeetingState.CLOSED]
    if closed and not any(one.state is MeetingState.RUNNING for one in sittings):
        return closed[-1]
    return round_now(sittings, zone, now)


def _in_time(sittings: Sequence[Sitting]) -> list[Sitting]:
    timed = [one for one in sittings if one.starts_at is not None]
    untimed = [one for one in sittings if one.starts_at is None]
    return untimed + sorted(timed, key=lambda one: (one.starts_at, one.number))
