"""Votes in a session: called, cast blind, and shown to everybody at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select, update

from planner.domain.errors import NotAllowed, NotFound
from planner.domain.meeting import acts, votes
from planner.domain.meeting.acts import MeetingAct
from planner.domain.meeting.confidence import LOW
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId, Vote
from planner.domain.text import clean, clean_list
from planner.services.changes import asked_before, in_turn, recorded
from planner.services.meeting.live import note_presence, read_allowed
from planner.services.meeting.meetings import meeting_row
from planner.storage.models import (
    AgendaItemRow,
    DependencyRow,
    MembershipRow,
    PersonRow,
    PollRow,
    PollVoteRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import AgendaItem, Meeting
    from planner.domain.meeting.rounds import SessionOrRound
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

REASON_LONGEST = 500
NO_VOTE = (
    "Whoever leads a session has no vote in it, unless they are a product owner of one of the teams "
    "concerned. Hand over first, or let the others vote."
)


def call_vote(
    session: Session, actor: Actor, which: SessionOrRound, poll: Poll, *, key: str | None
) -> OpenChange:
    """Open a vote about an item of the session; `poll.id` is not looked at.

    Raises NotFound, NotAllowed to who does not lead, NotNow while another vote is open or after two
    rounds, InvalidInput.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    allowed = read_allowed(session, actor, which, MeetingAct.CALL_VOTE)
    item = acts.existing(allowed.meeting, poll.item_id)
    choices = clean_list(poll.choices, where="choices") if poll.method is Method.DOTS else ()
    poll = votes.called(replace(poll, choices=choices), read_polls(session, allowed.meeting))
    with recorded(session, actor, "meeting:call-vote", f"Called a vote on “{item.title}”", key=key) as change:
        session.add(
            PollRow(
                item_id=item.id,
                method=poll.method.value,
                choices=list(poll.choices),
                dots=poll.dots,
                cap=poll.cap,
                is_revealed=False,
            )
        )
    return change


@in_turn
def vote(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    poll_id: PollId,
    numbers: Sequence[int],
    *,
    reason: str = "",
    key: str | None,
) -> OpenChange:
    """Vote, or vote anew while the vote is blind; with the last vote of those there all are shown.

    Raises NotFound, NotAllowed to who has no vote, NotNow once it is closed, InvalidInput.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    allowed = read_allowed(session, actor, which, MeetingAct.VOTE)
    poll = _existing(session, allowed.meeting, poll_id)
    item = acts.existing(allowed.meeting, poll.item_id)
    if not may_vote(session, allowed.meeting, item, allowed.person):
        raise NotAllowed(NO_VOTE)
    said = Vote(allowed.person, tuple(numbers), _reason(poll, numbers, reason))
    after = votes.cast(poll, said)
    with recorded(session, actor, "meeting:vote", f"Voted on “{item.title}”", key=key) as change:
        note_presence(
            session, actor, meeting_row(session, allowed.shared, allowed.meeting.round), allowed.person
        )
        _keep(session, actor, poll_id, said)
        session.flush()
        row = _taken(session, poll_id)
        row.is_revealed = votes.is_complete(
            after, voters_there(session, allowed.meeting, item, allowed.person)
        )
    return change


@in_turn
def reveal(
    session: Session, actor: Actor, which: SessionOrRound, poll_id: PollId, *, key: str | None
) -> OpenChange:
    """Close a vote and show what came out. Raises NotFound, NotAllowed to who does not lead, NotNow."""
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    allowed = read_allowed(session, actor, which, MeetingAct.REVEAL)
    poll = _existing(session, allowed.meeting, poll_id)
    title = acts.existing(allowed.meeting, poll.item_id).title
    with recorded(session, actor, "meeting:reveal", f"Showed the votes on “{title}”", key=key) as change:
        session.get_one(PollRow, poll_id).is_revealed = True
    return change


def read_polls(session: Session, meeting: Meeting) -> tuple[Poll, ...]:
    """Return the votes of a meeting, oldest first, with everything that was said in them. Two queries.

    Whoever shows a poll that is not revealed shows of it who has voted, and nothing else.
    """
    items = AgendaItemRow.meeting_id == meeting.id
    rows = session.scalars(
        select(PollRow)
        .join(AgendaItemRow, AgendaItemRow.id == PollRow.item_id)
        .where(items)
        .order_by(PollRow.id)
    ).all()
    query = (
        select(PollVoteRow).where(PollVoteRow.poll_id.in_([row.id for row in rows])).order_by(PollVoteRow.id)
    )
    said = [(one.poll_id, Vote(one.person, tuple(one.numbers), one.reason)) for one in session.scalars(query)]
    return tuple(
        Poll(
            id=PollId(row.id),
            item_id=ItemId(row.item_id),
            method=Method(row.method),
            choices=tuple(row.choices),
            dots=row.dots,
            cap=row.cap,
            is_revealed=row.is_revealed,
            votes=tuple(one for number, one in said if number == row.id),
        )
        for row in rows
    )


def may_vote(session: Session, meeting: Meeting, item: AgendaItem, person: str) -> bool:
    """Return whether the person of this key has a vote about an item. A query for who leads, else none."""
    leads = person == meeting.facilitator
    return acts.has_vote(meeting, person, is_concerned=leads and _is_concerned(session, item, person))


def voters_there(session: Session, meeting: Meeting, item: AgendaItem, who: str = "") -> set[str]:
    """Return the keys of those who are there, `who` for certain, and have a vote about an item."""
    there = {one.person for one in meeting.attendance if one.is_there and one.person} | ({who} - {""})
    return {person for person in there if may_vote(session, meeting, item, person)}


def _is_concerned(session: Session, item: AgendaItem, person: str) -> bool:
    """Whether somebody decides for a team of the item's dependency; of a topic, for any team at all."""
    decides = (
        select(MembershipRow.id)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(PersonRow.key == person, MembershipRow.decides)
    )
    if item.dependency is not None:
        sides = or_(
            DependencyRow.consumer_id == MembershipRow.team_id,
            DependencyRow.provider_id == MembershipRow.team_id,
        )
        decides = decides.where(exists().where(DependencyRow.key == item.dependency, sides))
    return session.scalar(decides.limit(1)) is not None


def _existing(session: Session, meeting: Meeting, poll_id: PollId) -> Poll:
    found = next((one for one in read_polls(session, meeting) if one.id == poll_id), None)
    if found is None:
        raise NotFound("There is no such vote in this session.")
    return found


def _taken(session: Session, poll_id: PollId) -> PollRow:
    """Take a vote until the transaction ends: nobody shows it meanwhile, and of two one comes first."""
    session.execute(
        update(PollRow)
        .where(PollRow.id == poll_id)
        .values(version=PollRow.version + 1)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(PollRow, poll_id, populate_existing=True)


def _reason(poll: Poll, numbers: Sequence[int], reason: str) -> str:
    """The reason of an objection, or what is missing where few fingers are shown; all else has none."""
    objects = poll.method is Method.CONSENT and tuple(numbers) == (0,)
    doubts = poll.method is Method.FIST and len(numbers) == 1 and numbers[0] <= LOW
    return clean(reason, where="reason", longest=REASON_LONGEST, required=False) if objects or doubts else ""


def _keep(session: Session, actor: Actor, poll_id: PollId, said: Vote) -> None:
    query = select(PollVoteRow).where(PollVoteRow.poll_id == poll_id, PollVoteRow.person == said.person)
    row = session.scalar(query) or PollVoteRow(poll_id=poll_id, person=said.person)
    row.numbers, row.reason, row.cast_at = list(said.numbers), said.reason, actor.at
    session.add(row)
