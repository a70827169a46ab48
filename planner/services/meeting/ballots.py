"""Blind votes before a session: handed in, opened together, and what comes out for whom.

Nobody reads the vote of somebody else before it is opened, not by any function here: what is returned of a
blind ballot is one's own paper and a count. None of it is in the history, in an export or in the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, select, update

from planner.domain.ballots import ROUNDS, Ballot, Vote, check_votes
from planner.domain.errors import NotAllowed, NotNow
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import SessionOrRound, round_now
from planner.domain.perspectives import Viewpoint
from planner.services.actor import key_of
from planner.services.changes import in_turn, noted
from planner.services.meeting.meetings import existing_shared, read_meeting
from planner.services.meeting.sittings import sittings_of
from planner.services.permissions import Right, require
from planner.storage.models import BallotRow, MeetingRow, PaperRow, PersonRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import Meeting
    from planner.domain.model import Organisation, Person, PersonId
    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession

CLOSED = "The votes are opened already, so this one came too late. Vote in the next round, if there is one."
OVER = "The session has begun or is cancelled, so there are no votes before it any more."
NOBODY = "Nobody has voted yet, so there is nothing to open."
LAST = "There are two rounds of votes at most. Talk about it in the session."
NOT_OPEN = "The votes of this round are not opened yet. Open them first."


@dataclass(frozen=True, slots=True)
class Polling:
    """A ballot as one person may see it: their own paper, how many have voted, the votes once opened.

    may_vote: whether this person has a vote at all.
    """

    ballot: Ballot
    may_vote: bool
    mine: tuple[Vote, ...]
    voted: int
    voters: int


def read_polling(
    session: Session, organisation: Organisation, meeting: Meeting, actor: Actor | None
) -> Polling:
    """Return the round of votes of a meeting that is on, or the last one. Two queries."""
    ballot = _newest(session, meeting)
    me = key_of(organisation, actor)
    papers = ballot.votes or {}
    voters = voters_of(organisation, meeting)
    known = {one.key for one in organisation.people} & papers.keys()
    return Polling(
        ballot=ballot if ballot.is_open else Ballot(ballot.round),
        may_vote=me in voters,
        mine=papers.get(me, ()),
        voted=len(papers),
        voters=max(len(voters | known), len(papers)),  # who voted elsewhere is not known by name
    )


def read_unvoted(
    session: Session, actor: Actor, agreed: Collection[AgreedSession], people: Mapping[PersonId, Person]
) -> frozenset[int]:
    """Return the sessions, of these in which the actor sits, where their vote is still open.

    Two queries at most. Whoever leads one and decides for no team on its agenda has no vote there.
    """
    person = None if actor.person_id is None else people.get(actor.person_id)
    me = "" if person is None else person.key
    asked = {
        one.id
        for one in agreed
        if one.leader_key != me or any({d.consumer_id, d.provider_id} & actor.decides_for for d in one.agenda)
    }
    if not asked:
        return frozenset()
    found = select(MeetingRow.session_id, MeetingRow.round, MeetingRow.state)
    states: dict[int, dict[int, MeetingState]] = {number: {} for number in asked}
    for number, at, state in session.execute(found.where(MeetingRow.session_id.in_(asked))):
        states[number][at] = MeetingState(state)
    meant = {one.id: _meant(one, states[one.id], actor.at) for one in agreed if one.id in asked}
    ballots = (
        select(BallotRow.session_id, BallotRow.session_round, BallotRow.opened_at, PaperRow.id)
        .outerjoin(PaperRow, and_(PaperRow.ballot_id == BallotRow.id, PaperRow.person == me))
        .where(BallotRow.session_id.in_(asked))
        .order_by(BallotRow.round)
    )
    is_done = {
        number: opened is not None or paper is not None
        for number, at, opened, paper in session.execute(ballots)
        if at == meant[number]
    }
    done = {number for number, ended in is_done.items() if ended}
    begun = {
        number
        for number, at in meant.items()
        if states[number].get(at, MeetingState.PLANNED) is not MeetingState.PLANNED
    }
    return frozenset(asked - done - begun)


def read_voted(
    session: Session, session_ids: Collection[int]
) -> Mapping[tuple[int, int], tuple[bool, frozenset[str]]]:
    """Return whether the votes before each round are opened, and who has voted, never what. One query.

    By the number of the session and of the round; one about which nobody has voted is not there.
    """
    query = (
        select(BallotRow.session_id, BallotRow.session_round, BallotRow.round, BallotRow.opened_at)
        .add_columns(PaperRow.person)
        .outerjoin(PaperRow, PaperRow.ballot_id == BallotRow.id)
        .where(BallotRow.session_id.in_(session_ids))
        .order_by(BallotRow.round, PaperRow.id)
    )
    found: dict[tuple[int, int], tuple[int, bool, frozenset[str]]] = {}
    for number, at, ballot, opened, person in session.execute(query):
        before = found.get((number, at))
        people = before[2] if before is not None and before[0] == ballot else frozenset()
        found[number, at] = (ballot, opened is not None, people | {person} - {None})
    return {place: (is_open, people) for place, (_ballot, is_open, people) in found.items()}


def _meant(one: AgreedSession, states: Mapping[int, MeetingState], now: datetime) -> int:
    """The round of a session that matters now."""
    return round_now(sittings_of(one.rounds, states), one.zone, now)


def voters_of(organisation: Organisation, meeting: Meeting) -> frozenset[str]:
    """Return the keys of those who vote: everybody with a seat, who leads only where they decide as well."""
    person = {one.key: one.id for one in organisation.people}
    seated = {key for key in meeting.invited if key in person}
    teams = {
        team
        for one in organisation.dependencies
        if one.key in {item.dependency for item in meeting.items}
        for team in (one.consumer_id, one.provider_id)
    }
    deciding = {number for team in teams for number in organisation.product_owners[team]}
    if person.get(meeting.facilitator) not in deciding:
        seated.discard(meeting.facilitator)
    return frozenset(seated)


def vote(
    session: Session, actor: Actor, organisation: Organisation, which: SessionOrRound, votes: Iterable[Vote]
) -> bool:
    """Hand in one's votes, or change them while they are blind; the last one who votes opens them all.

    Returns whether they are opened now. The same votes again change nothing. Raises NotFound, NotAllowed,
    InvalidInput, NotNow when they are opened already, StaleVersion.
    """
    meeting = read_meeting(session, which, actor.at)
    voters = voters_of(organisation, meeting)
    me = key_of(organisation, actor)
    if me not in voters:
        raise NotAllowed(Right.VOTE.refusal)  # also to the operator, who is nobody with a seat
    if meeting.state is not MeetingState.PLANNED or existing_shared(session, which).is_cancelled:
        raise NotNow(OVER)
    kept = check_votes(votes, {item.name for item in meeting.items})
    return _hand_in(session, actor, meeting, me, kept, voters)


def open_votes(session: Session, actor: Actor, which: SessionOrRound) -> None:
    """Open the votes before everybody has voted. Opened ones stay so.

    Raises NotFound, NotAllowed to who does not lead the session, NotNow while there is no vote.
    """
    meeting = read_meeting(session, which, actor.at)
    require(actor, Right.RUN_MEETING, _leader(session, meeting))
    _open_all(session, actor, meeting)


def vote_again(session: Session, actor: Actor, which: SessionOrRound) -> None:
    """Begin the second round of blind votes. Raises as `open_votes` does, NotNow where it cannot begin."""
    meeting = read_meeting(session, which, actor.at)
    require(actor, Right.RUN_MEETING, _leader(session, meeting))
    if meeting.state is not MeetingState.PLANNED:
        raise NotNow(OVER)
    row = _row(session, meeting)
    if row is None or row.opened_at is None:
        raise NotNow(NOT_OPEN)
    if row.round >= ROUNDS:
        raise NotNow(LAST)
    title = existing_shared(session, meeting.session_id).title
    with noted(session, actor, "again", f"Asked for a second round of votes before {title}", about="vote"):
        session.add(_round_of_votes(meeting, row.round + 1))


@in_turn
def _open_all(session: Session, actor: Actor, meeting: Meeting) -> None:
    row = _row(session, meeting)
    if row is None or (row.opened_at is None and not _voted(session, row)):
        raise NotNow(NOBODY)
    if row.opened_at is not None:
        return
    title = existing_shared(session, meeting.session_id).title
    with noted(session, actor, "opened", f"Opened the votes before {title}", about="vote"):
        _open(session, row, actor)


@in_turn
def _hand_in(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    me: str,
    votes: tuple[Vote, ...],
    voters: frozenset[str],
) -> bool:
    values = [_values(one) for one in votes]
    before = _row(session, meeting)
    if before is not None and before.opened_at is None and _paper(session, before, me) == values:
        return False
    title = existing_shared(session, meeting.session_id).title
    with noted(session, actor, "cast", f"Voted before {title}", about="vote"):
        row = before or _first(session, meeting)
        _wait_for_opening(session, row)
        paper = session.scalar(select(PaperRow).where(PaperRow.ballot_id == row.id, PaperRow.person == me))
        paper = paper or PaperRow(ballot_id=row.id, person=me)
        paper.votes = values
        session.add(paper)
        session.flush()
        is_last = _voted(session, row) >= voters
        if is_last:
            _open(session, row, actor)
    return is_last


def _wait_for_opening(session: Session, row: BallotRow) -> None:
    """Take the ballot until the transaction ends, so that nobody opens it. Raises NotNow when it is open."""
    taken = session.execute(
        update(BallotRow)
        .where(BallotRow.id == row.id, BallotRow.opened_at.is_(None))
        .values(handed_in=BallotRow.handed_in + 1)
        .execution_options(synchronize_session=False)
        .returning(BallotRow.id)
    )
    if taken.first() is None:
        raise NotNow(CLOSED)


def _open(session: Session, row: BallotRow, actor: Actor) -> None:
    session.execute(
        update(BallotRow)
        .where(BallotRow.id == row.id, BallotRow.opened_at.is_(None))
        .values(opened_at=actor.at)
        .execution_options(synchronize_session=False)
    )
    session.expire(row)


def _round_of_votes(meeting: Meeting, number: int) -> BallotRow:
    return BallotRow(
        session_id=meeting.session_id,
        session_round=meeting.round,
        round=number,
        handed_in=0,
        opened_at=None,
    )


def _first(session: Session, meeting: Meeting) -> BallotRow:
    row = _round_of_votes(meeting, 1)
    session.add(row)
    session.flush()
    return row


def _row(session: Session, meeting: Meeting) -> BallotRow | None:
    query = select(BallotRow).where(
        BallotRow.session_id == meeting.session_id, BallotRow.session_round == meeting.round
    )
    return session.scalar(
        query.order_by(BallotRow.round.desc()).limit(1).execution_options(populate_existing=True)
    )


def _newest(session: Session, meeting: Meeting) -> Ballot:
    row = _row(session, meeting)
    if row is None:
        return Ballot()
    papers = session.scalars(select(PaperRow).where(PaperRow.ballot_id == row.id).order_by(PaperRow.id))
    votes = {one.person: tuple(_vote(values) for values in one.votes) for one in papers}
    return Ballot(row.round, row.opened_at, votes)


def _paper(session: Session, row: BallotRow, person: str) -> list[dict[str, Any]] | None:
    query = select(PaperRow.votes).where(PaperRow.ballot_id == row.id, PaperRow.person == person)
    return session.scalar(query)


def _voted(session: Session, row: BallotRow) -> frozenset[str]:
    return frozenset(session.scalars(select(PaperRow.person).where(PaperRow.ballot_id == row.id)))


def _leader(session: Session, meeting: Meeting) -> Collection[PersonId]:
    """Who leads, where they are still recorded."""
    return set(session.scalars(select(PersonRow.id).where(PersonRow.key == meeting.facilitator)))


def _values(one: Vote) -> dict[str, Any]:
    viewpoint = None if one.viewpoint is None else one.viewpoint.value
    return {"matter": one.matter, "importance": one.importance, "viewpoint": viewpoint, "weeks": one.weeks}


def _vote(values: dict[str, Any]) -> Vote:
    viewpoint = None if values["viewpoint"] is None else Viewpoint(values["viewpoint"])
    return Vote(values["matter"], values["importance"], viewpoint, values["weeks"])
