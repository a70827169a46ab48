"""Preparing a shared session: what people put on its agenda, and the order in which it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.domain.meeting.agenda import Matter
from planner.domain.meeting.learned import Sort
from planner.domain.meeting.model import MeetingState, name_of
from planner.domain.text import clean, fold
from planner.services.changes import asked_before, expect_version, recorded
from planner.services.meeting.agendas import item_of, read_facts
from planner.services.meeting.ballots import read_polling
from planner.services.meeting.earlier import left_before
from planner.services.meeting.learned_minutes import read_learned
from planner.services.meeting.meetings import (
    existing_shared,
    item_row,
    keep_agenda,
    meeting_row,
    people_of,
    read_meeting,
)
from planner.services.meeting.orders import BY_VOTES, Order, gaps_of, keep_invitation, ordered, votes_on
from planner.services.permissions import Right, may, require
from planner.storage.models import AgendaItemRow, MeetingRow, PersonRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import Meeting
    from planner.domain.meeting.rounds import SessionOrRound
    from planner.domain.model import Organisation
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

TITLE_LONGEST = 200
TOPIC_MINUTES = 5
TOPICS_MOST = 30
"""More than that is no agenda; it keeps a page from growing without end."""
BEGUN = "The session has begun, so its agenda is changed in the session itself."
IS_OVER = "This session is over or cancelled. Put it on the agenda of the next one."
OF_THE_PLAN = (
    "This comes from the plan. It leaves the agenda when it is settled; only topics and what was left from "
    "last time are taken away."
)
ENDED = "Something is decided about this already, so it stays."
STILL_BLIND = "No votes are opened yet, so there is no such order. Open them first."


def add_topic(
    session: Session, actor: Actor, which: SessionOrRound, *, title: str, key: str | None
) -> OpenChange:
    """Put something on the agenda that its author leads; everybody may.

    Raises NotFound, NotNow when the session is over, InvalidInput for an empty or long title, one that is
    there already, or too many of them.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    require(actor, Right.RECORD)
    shared, meeting = existing_shared(session, which), read_meeting(session, which, actor.at)
    title = clean(title, where="title", longest=TITLE_LONGEST)
    if meeting.state is MeetingState.CLOSED or shared.is_cancelled:
        raise NotNow(IS_OVER)
    topics = [item for item in meeting.items if item.dependency is None]
    if fold(title) in {fold(item.title) for item in meeting.items}:
        raise InvalidInput(Problem("title", "is on this agenda already"))
    if len(topics) >= TOPICS_MOST:
        raise InvalidInput(Problem("title", f"is one too many; an agenda holds {TOPICS_MOST} topics"))
    lead = session.scalar(select(PersonRow.key).where(PersonRow.id == actor.person_id)) or ""
    last = max((item.position for item in meeting.items), default=0)
    summary = f"Put “{title}” on the agenda of {shared.title}"
    with recorded(session, actor, "meeting:added", summary, key=key) as change:
        row = meeting_row(session, shared, meeting.round)
        minutes = read_learned(session).minutes(Sort.TOPIC, TOPIC_MINUTES)
        matter = Matter(title, minutes, lead=lead, sort=Sort.TOPIC, usual=TOPIC_MINUTES)
        topic = item_of(matter, last + 1)
        session.add(item_row(row.id, topic))
        row.taken_out = [name for name in row.taken_out if name != matter.name]
        flag_modified(row, "state")
    return change


def take_away(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    *,
    item_id: int,
    version: int | None,
    key: str | None,
) -> OpenChange:
    """Take a topic that one leads from the agenda, or what was left open last time, which does not come back.

    The latter is for everybody who is invited. Raises NotFound, NotAllowed, NotNow, StaleVersion.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared, meeting, row = _item_of(session, actor, which, item_id)
    name = name_of(row.dependency, row.title)
    is_left = name in left_before(session, shared, meeting.round)
    if is_left and (row.dependency is not None or not may(actor, Right.LEAD_ITEM, _leads(session, row))):
        require(actor, Right.TAKE_PART, people_of(session, shared))
    else:
        _expect_own_topic(session, actor, row)
    _expect_open(meeting, row, version)
    summary = f"Took “{row.title}” from the agenda of {shared.title}"
    with recorded(session, actor, "meeting:taken", summary, key=key) as change:
        session.delete(row)
        if is_left:
            kept = session.get_one(MeetingRow, row.meeting_id)
            kept.taken_out = sorted({*kept.taken_out, name})
    return change


def ask_to_lead(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    *,
    item_id: int,
    person: str,
    version: int | None,
    key: str | None,
) -> OpenChange:
    """Let somebody else lead a topic; who is not invited comes as a guest for it alone.

    Raises NotFound, NotAllowed, NotNow, StaleVersion, InvalidInput for nobody that is recorded.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared, meeting, row = _item_of(session, actor, which, item_id)
    _expect_own_topic(session, actor, row)
    _expect_open(meeting, row, version)
    name = session.scalar(select(PersonRow.name).where(PersonRow.key == person))
    if name is None:
        raise InvalidInput(Problem("person", "is nobody who is recorded; choose one from the list"))
    summary = f"Asked {name} to lead “{row.title}” in {shared.title}"
    with recorded(session, actor, "meeting:asked", summary, key=key) as change:
        row.lead = person
    return change


def write_agenda(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    which: SessionOrRound,
    *,
    order: Order,
    version: int | None,
    key: str | None,
) -> OpenChange:
    """Write the agenda anew in one of the orders: places, minutes, the consent list and everybody's window.

    What nobody waits for any more goes, what came in since comes. Raises NotFound, NotAllowed to who is
    not invited, NotNow once the session has begun or without opened votes, StaleVersion.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared = existing_shared(session, which)
    require(actor, Right.TAKE_PART, people_of(session, shared))
    meeting = read_meeting(session, which, actor.at)
    if shared.is_cancelled:
        raise NotNow(IS_OVER)
    if meeting.state is not MeetingState.PLANNED:
        raise NotNow(BEGUN)
    found = votes_on(meeting, read_polling(session, organisation, meeting, actor))
    if order in BY_VOTES and not any(one.count for one in found):
        raise NotNow(STILL_BLIND)
    out = meeting.taken_out
    facts = read_facts(session, organisation, shared, meeting.round, gaps=gaps_of(found), without=out)
    matters = ordered(order, meeting, facts, found)
    with recorded(session, actor, "meeting:written", f"{SAID[order]} {shared.title}", key=key) as change:
        row = meeting_row(session, shared, meeting.round)
        expect_version(row, version)
        keep_agenda(session, row, matters)
        keep_invitation(shared, matters, facts, actor.at)
    return change


def _item_of(
    session: Session, actor: Actor, which: SessionOrRound, item_id: int
) -> tuple[SharedSessionRow, Meeting, AgendaItemRow]:
    """An item of this round. Raises NotFound."""
    shared, meeting = existing_shared(session, which), read_meeting(session, which, actor.at)
    row = session.get(AgendaItemRow, item_id)
    if row is None or row.meeting_id != meeting.id:
        raise NotFound(f"There is no item {item_id} on this agenda.")
    return shared, meeting, row


def _leads(session: Session, row: AgendaItemRow) -> set[int]:
    """Who leads an item, where they are still recorded."""
    return set(session.scalars(select(PersonRow.id).where(PersonRow.key == row.lead)))


def _expect_own_topic(session: Session, actor: Actor, row: AgendaItemRow) -> None:
    """Raise NotNow for a dependency, NotAllowed for the topic of somebody else."""
    if row.dependency is not None:
        raise NotNow(OF_THE_PLAN)
    require(actor, Right.LEAD_ITEM, _leads(session, row))


def _expect_open(meeting: Meeting, row: AgendaItemRow, version: int | None) -> None:
    """Raise NotNow once the session has begun or the item has ended, StaleVersion when it was changed."""
    if meeting.state is not MeetingState.PLANNED:
        raise NotNow(BEGUN)
    if any(item.id == row.id and item.outcome is not None for item in meeting.items):
        raise NotNow(ENDED)
    expect_version(row, version)


SAID = {
    Order.CURRENT: "Took what has changed onto the agenda of",
    Order.SUGGESTED: "Wrote the agenda as suggested:",
    Order.DIVIDED: "Put what divides people most first:",
    Order.RANKED: "Put what costs most to wait for first:",
}
