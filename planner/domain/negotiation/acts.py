"""What somebody may do to a dependency, and what they say with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.model import Side, TeamId


class Act(StrEnum):
    """What somebody may do to a dependency. The value stands in addresses and in the history."""

    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"
    ACCEPT_COUNTER = "accept-counter"
    ASK_AGAIN = "ask-again"
    REWORD = "reword"
    MESSAGE = "message"
    REOPEN = "reopen"
    AGREE_CHANGE = "agree-change"
    REFUSE_CHANGE = "refuse-change"
    TAKE_BACK = "take-back"
    DELIVER = "deliver"
    CONFIRM = "confirm"
    RETURN = "return"
    WITHDRAW = "withdraw"
    HEARD = "heard"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Move:
    """One act, with what was said. What an act has no use for is left out.

    day: the date promised, proposed or needed. what, provider_id: another scope, another giver.
    heard: what this side understood that the other needs. met, unmet: criteria.
    held: of the conditions of the promise those that were met; None where nobody was asked.
    """

    act: Act
    day: date | None = None
    what: str = ""
    provider_id: TeamId | None = None
    text: str = ""
    heard: str = ""
    heard_right: bool | None = None
    criteria: tuple[str, ...] | None = None
    conditions: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    held: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and on which day."""

    side: Side
    today: date
