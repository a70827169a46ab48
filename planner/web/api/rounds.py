"""Which round of a shared session is meant: the same words as in the addresses of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.meeting.rounds import RoundOf
from planner.services.meeting.sittings import find_round
from planner.web import context
from planner.web.api.types import Number

if TYPE_CHECKING:
    from planner.domain.meeting.rounds import SessionOrRound


@dataclass(frozen=True, kw_only=True)
class WhichRound:
    """`round`: which date of the session, from 1 on; without it the one that runs, else the next."""

    round: Number | None = None

    def of(self, number: int) -> RoundOf:
        """Return the round of this session. Raises NotFound."""
        return find_round(context.database(), self.named(number), context.now())

    def named(self, number: int) -> SessionOrRound:
        """Return the round, or the session alone where none is named."""
        return number if self.round is None else RoundOf(number, self.round - 1)


@dataclass(frozen=True, kw_only=True)
class WhichMinutes(WhichRound):
    """`round`: which date of the session, from 1 on; without it the one that runs, else the last held."""

    def of(self, number: int) -> RoundOf:
        """Return the round of this session. Raises NotFound."""
        return find_round(context.database(), self.named(number), context.now(), to_read=True)
