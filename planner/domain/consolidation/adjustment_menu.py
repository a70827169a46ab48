"""What can be chosen about one session or one item of a draft, each with its price or with what forbids it.

A price is that of the choice as it would be made, so a menu costs one edit a row and no search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from planner.domain.consolidation.adjusting import Workbench
from planner.domain.consolidation.adjustment_price import price_of
from planner.domain.consolidation.adjustments import (
    Adjustment,
    Apart,
    ApartQueues,
    CannotAdjust,
    Draft,
    Drop,
    LeaveOut,
    Merge,
    Move,
    OnlyFor,
    OtherTime,
    Pin,
    Price,
    Split,
    Write,
)
from planner.domain.consolidation.agenda import GRID
from planner.domain.consolidation.hours import QUARTERS_PER_DAY
from planner.domain.consolidation.model import PlannedSession, Slot
from planner.domain.consolidation.remaking import Remaking

MOST = 8  # other sessions that are offered, those with most people in common first


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice with its price; a refusal in its place where a rule forbids it."""

    choice: Adjustment
    price: Price | None = None
    refusal: CannotAdjust | None = None


def offers(bench: Workbench, draft: Draft, choices: Iterable[Adjustment]) -> tuple[Offer, ...]:
    """Each choice with what it would cost."""
    return tuple(_offer(bench, draft, choice) for choice in choices)


def _offer(bench: Workbench, draft: Draft, choice: Adjustment) -> Offer:
    try:
        return Offer(choice, price_of(draft, bench.adjusted(draft, choice)))
    except CannotAdjust as error:
        return Offer(choice, refusal=error)


def about_session(bench: Workbench, draft: Draft, item: str) -> tuple[Adjustment, ...]:
    """What can be chosen about the session of this item; nothing where it is in none."""
    session = session_of(draft, item)
    if session is None:
        return ()
    first = session.items[0]
    return (
        Pin(first),
        Split(first),
        *(Merge(first, other) for other in _others(bench, draft, session)),
        *(OtherTime(first, slot) for slot in _times(bench, draft, session)),
        *(LeaveOut(first, person) for person in sorted(session.attendees)),
        Drop(first),
    )


def about_item(bench: Workbench, draft: Draft, item: str) -> tuple[Adjustment, ...]:
    """What can be chosen about one item; that it is settled in writing alone, where it is in no session."""
    known = {one.id: one for one in draft.task.items}
    session = session_of(draft, item)
    if session is None:
        return (Write(item),) if item in known else ()
    others = [id_ for id_ in session.items if id_ != item]
    provider = known[item].provider
    queues = sorted({known[id_].provider for id_ in others} - {provider})
    return (
        Write(item),
        Move(item),
        *(Move(item, other) for other in _others(bench, draft, session)),
        *(OnlyFor(item, person) for person in sorted(known[item].people)),
        *(Apart(item, other) for other in others),
        *(ApartQueues(provider, other) for other in queues),
    )


def session_of(draft: Draft, item: str) -> PlannedSession | None:
    """The session in which this item is talked about."""
    return next((one for one in draft.plan.sessions if item in one.items), None)


def _others(bench: Workbench, draft: Draft, session: PlannedSession) -> list[str]:
    """The first items of the other sessions that have people in common with this one."""
    remaking = Remaking(draft, bench.calendar, bench.waits)
    number = remaking.home[session.items[0]]
    near = remaking.near(session.items, number)[:MOST]
    return [remaking.sessions[one].items[0] for one in near]


def _times(bench: Workbench, draft: Draft, session: PlannedSession) -> Iterator[Slot]:
    """One start for each day: the hour of now where it is possible or none is, else the earliest."""
    if session.slot is None:
        return
    remaking = Remaking(draft, bench.calendar, bench.waits)
    others = [one for one in draft.plan.sessions if one is not session]
    starts = remaking.starts(tuple(remaking.items[id_] for id_ in session.items), others)
    for day in sorted(draft.task.days):
        same = Slot(day, session.slot.minute)
        first = bench.calendar.quarter(Slot(day, 0))
        today = starts >> first & ((1 << QUARTERS_PER_DAY) - 1)
        is_free = today >> (session.slot.minute // GRID) & 1
        if same == session.slot:
            continue
        if is_free or not today:
            yield same
        else:
            yield Slot(day, ((today & -today).bit_length() - 1) * GRID)
