"""What is decided about an item, and how a decision changes the dependency it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, NotNow, Problem
from planner.domain.meeting.model import ItemState, Outcome, OutcomeKind
from planner.domain.negotiation.acts import Act, Move

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.meeting.model import AgendaItem
    from planner.domain.model import Dependency, Side

KINDS: Mapping[Act, OutcomeKind] = {
    Act.ACCEPT: OutcomeKind.AGREED,
    Act.ACCEPT_COUNTER: OutcomeKind.AGREED,
    Act.AGREE_CHANGE: OutcomeKind.AGREED,
    Act.REFUSE_CHANGE: OutcomeKind.AGREED,
    Act.TAKE_BACK: OutcomeKind.AGREED,
    Act.COUNTER: OutcomeKind.COUNTERED,
    Act.REOPEN: OutcomeKind.COUNTERED,
    Act.ASK_AGAIN: OutcomeKind.COUNTERED,
    Act.DECLINE: OutcomeKind.DECLINED,
    Act.WITHDRAW: OutcomeKind.DECLINED,
}
"""The acts of a negotiation that settle an item in a session, and how the item then ended."""
NARROWING = (Act.REWORD, Act.COUNTER, Act.ASK_AGAIN, Act.REOPEN)
"""What makes a dependency smaller, whichever of these its state and the side allow."""
SPLIT_IN_A_SESSION = "Split in a session: the rest is asked for by itself."


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody writes down. move: the act it is for the dependency, None for words alone.

    rest: what is asked for by itself where the item is split, and until when it is needed; `first` is
    what stays.
    """

    text: str = ""
    decider: str = ""
    consulted: tuple[str, ...] = ()
    idea_from: str = ""
    review_on: date | None = None
    move: Move | None = None
    first: str = ""
    rest: str = ""
    rest_by: date | None = None


def kind_of(decision: Decision) -> OutcomeKind:
    """Return how an item ends by a decision. Raises InvalidInput for an act that settles nothing."""
    if decision.rest:
        return OutcomeKind.SPLIT
    if decision.move is None:
        return OutcomeKind.DECIDED
    kind = KINDS.get(decision.move.act)
    if kind is None:
        raise InvalidInput(Problem("act", "settles nothing; do it on the page of the dependency"))
    return kind


def splitting(decision: Decision, possible: Mapping[Act, Side]) -> Move:
    """Return the act that keeps the first part. Raises InvalidInput, NotNow where none is possible."""
    if not decision.first:
        raise InvalidInput(
            Problem("first", "is empty; say what comes first, the rest is asked for by itself")
        )
    act = next((one for one in NARROWING if one in possible), None)
    if act is None:
        raise NotNow("Only a product owner of one of the two teams can split this, and not as it stands now.")
    return Move(act, what=decision.first, text=SPLIT_IN_A_SESSION)


def outcome_of(decision: Decision, after: Dependency | None, said: str) -> Outcome:
    """Return the outcome of a decision: its own words, or what was said by the act. Raises InvalidInput."""
    text = decision.text or said
    if not text:
        raise InvalidInput(Problem("text", "is empty; write what was decided"))
    return Outcome(
        kind=kind_of(decision),
        text=text,
        decider=decision.decider,
        consulted=decision.consulted,
        idea_from=decision.idea_from,
        review_on=decision.review_on,
        agreed_for=None if after is None else _date_of(after, kind_of(decision)),
    )


def set_aside(item: AgendaItem, kind: OutcomeKind, *, text: str, deferred_to: str) -> Outcome:
    """Return the outcome of an item that is parked or deferred. Raises NotNow, InvalidInput."""
    if item.state is ItemState.DECIDED:
        raise NotNow("This is decided. Undo the decision first, or go on to another item.")
    if kind is OutcomeKind.DEFERRED and not deferred_to:
        raise InvalidInput(Problem("deferred_to", "is empty; say where it is taken up, a session or a date"))
    outcome = Outcome(kind, text=text)
    return replace(outcome, deferred_to=deferred_to) if kind is OutcomeKind.DEFERRED else outcome


def _date_of(after: Dependency, kind: OutcomeKind) -> date | None:
    if kind is OutcomeKind.AGREED:
        return after.promised_for
    if kind in {OutcomeKind.COUNTERED, OutcomeKind.SPLIT}:
        return after.negotiation.proposed_for or after.promised_for or after.needed_by
    return None
