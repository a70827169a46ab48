"""In which orders an agenda can be written, and what an order does to the invitation."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.ballots import Ranks, Result, most_divided_first, ranking_of, results
from planner.domain.meeting.agenda import Matter, in_order, windows
from planner.domain.meeting.model import AgendaItem, ItemKind, Meeting
from planner.services.scheduling import retime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from fractions import Fraction

    from planner.domain.proposed_plan import KeptSeat
    from planner.domain.ranking import Ranking
    from planner.services.meeting.agendas import Facts
    from planner.services.meeting.ballots import Polling
    from planner.storage.models import SharedSessionRow


class Order(StrEnum):
    """The orders in which an agenda can be written."""

    CURRENT = "current"
    SUGGESTED = "suggested"
    DIVIDED = "divided"
    RANKED = "ranked"


BY_VOTES = (Order.DIVIDED, Order.RANKED)
"""Orders that opened votes give."""


def votes_on(meeting: Meeting, polling: Polling) -> tuple[Result, ...]:
    """Return what opened votes say of each item, in the order of the agenda; nothing while they are blind."""
    return results(polling.ballot, [item.name for item in meeting.items])


def gaps_of(found: Sequence[Result]) -> dict[str, Fraction]:
    """Return the perspective gap of each matter that has one."""
    return {one.matter: one.gap for one in found if one.gap is not None}


def as_kept(meeting: Meeting, facts: Facts) -> tuple[Matter, ...]:
    """Return the agenda as matters, in the places and with the minutes that are kept."""
    known = {matter.name: matter for matter in facts.matters}
    return tuple(_kept(item, known.get(item.name)) for item in meeting.items)


def _kept(item: AgendaItem, now: Matter | None) -> Matter:
    people = frozenset({item.lead} - {""}) if now is None or item.dependency is None else now.people
    return Matter(
        title=item.title,
        minutes=item.minutes,
        dependency=item.dependency,
        people=people,
        needs=frozenset() if now is None else now.needs,
        is_settled=item.kind is ItemKind.CONSENT,
        is_unfinished=now is not None and now.is_unfinished,
        again="" if now is None else now.again,
        lead=item.lead,
        sort=item.sort,
        usual=item.usual,
    )


def ordered(order: Order, meeting: Meeting, facts: Facts, found: Sequence[Result]) -> tuple[Matter, ...]:
    """Return the agenda as it would be written now in this order.

    Once an agenda is kept, its topics are what people left on it; until then, what the session before left.
    """
    matters = list(facts.matters)
    if meeting.is_kept:
        topics = [matter for matter in as_kept(meeting, facts) if matter.dependency is None]
        matters = [matter for matter in matters if matter.dependency is not None] + topics
    if order is Order.CURRENT:
        return in_order(matters, wanted=[item.name for item in meeting.items])
    if order is Order.DIVIDED:
        return in_order(matters, wanted=most_divided_first(found))
    if order is Order.RANKED:
        ranking = ranking_by_votes(found, facts)
        return in_order(matters, wanted=[found[number - 1].matter for number in ranking.ids])
    return in_order(matters)


def ranking_by_votes(found: Sequence[Result], facts: Facts) -> Ranking:
    """Return the order that votes, needs and days give, see `ranking_of`."""
    needs = {matter.name: matter.needs for matter in facts.matters}
    due = facts.needed_by
    return ranking_of(
        found, {one.matter: Ranks(needs.get(one.matter, frozenset()), due.get(one.matter)) for one in found}
    )


def seats_for(shared: SharedSessionRow, matters: Sequence[Matter], facts: Facts) -> list[KeptSeat]:
    """Return the seats of a session with everybody's window for this agenda."""
    needed = windows(matters, facts.rules)
    return [
        {**seat, "start": needed[key].start, "end": needed[key].end} if key in needed else seat
        for seat in shared.seats
        for key in (seat["person"],)
    ]


def keep_invitation(shared: SharedSessionRow, matters: Sequence[Matter], facts: Facts, now: datetime) -> None:
    """Let the invitation tell of this agenda, in a change of the caller; it is new only where it differs."""
    keys = [matter.dependency for matter in matters if matter.dependency is not None]
    gone = [key for key in shared.agenda if key not in keys]
    retime(shared, agenda=[*keys, *gone], seats=seats_for(shared, matters, facts), now=now)
