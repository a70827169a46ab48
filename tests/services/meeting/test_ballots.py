"""Blind votes: one's own, opened together, and nothing of them anywhere before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from planner.domain.ballots import Ballot, Vote
from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.model import MeetingState
from planner.domain.perspectives import Viewpoint
from planner.services.changes import recorded, undo
from planner.services.exchange import remove_everything
from planner.services.meeting import ballots
from planner.services.meeting.ballots import Polling, read_polling
from planner.services.meeting.meetings import existing_shared, meeting_row, read_meeting
from planner.services.meeting.preparations import Findings, read_preparation
from planner.services.organisation import read_organisation
from planner.storage.models import BallotRow, ChangeRow, EventRow, PaperRow
from tests.factories import (
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_person,
    make_team,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.proposed_plan import KeptSeat

FILE = "payments-partner-api-settlement-file"
OLIVE, PAT, OTTO = "olive-owner", "pat-partner", "otto-outsider"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive, who leads, and Pat have a session about one dependency."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, cast.owner))
    return session


def vote(session: Session, who: str, importance: int, **said: Any) -> bool:
    votes = [Vote(FILE, importance, **said)]
    return ballots.vote(session, make_actor(session, who), read_organisation(session), 1, votes)


def polling(session: Session, who: str | None) -> Polling:
    actor = None if who is None else make_actor(session, who)
    return read_polling(session, read_organisation(session), read_meeting(session, 1), actor)


def findings(session: Session, who: str | None) -> Findings:
    actor = None if who is None else make_actor(session, who)
    return read_preparation(session, read_organisation(session), actor, 1).findings


def newest(session: Session) -> ChangeRow:
    return session.scalars(select(ChangeRow).order_by(ChangeRow.id.desc()).limit(1)).one()


def seat(session: Session, *people: str) -> None:
    """Give these people a seat as well."""
    shared = existing_shared(session, 1)
    with recorded(session, OPERATOR, "session:changed", "More seats"):
        seats: list[KeptSeat] = [{"person": key, "start": 0, "end": 30, "why": ""} for key in people]
        shared.seats = [*shared.seats, *seats]


def lead(session: Session, who: str) -> None:
    with recorded(session, OPERATOR, "meeting:changed", "Handed over"):
        meeting_row(session, existing_shared(session, 1)).facilitator = who


def test_before_anybody_votes_the_first_round_is_blind_and_empty(town: Session) -> None:
    assert polling(town, OLIVE) == Polling(Ballot(1), may_vote=True, mine=(), voted=0, voters=2)
    assert not polling(town, OTTO).may_vote
    assert not polling(town, None).may_vote


def test_one_sees_ones_own_vote_and_of_others_that_they_have_voted(town: Session) -> None:
    assert not vote(town, OLIVE, 5, viewpoint=Viewpoint.WORK, weeks=3)

    mine = (Vote(FILE, 5, Viewpoint.WORK, 3),)
    assert polling(town, OLIVE) == Polling(Ballot(1), may_vote=True, mine=mine, voted=1, voters=2)
    assert polling(town, PAT) == Polling(Ballot(1), may_vote=True, mine=(), voted=1, voters=2)
    assert [findings(town, who) for who in (OLIVE, PAT, OTTO, None)] == [Findings()] * 4


def test_a_vote_is_changed_while_it_is_blind_and_the_same_one_leaves_no_trace(town: Session) -> None:
    vote(town, OLIVE, 5)
    vote(town, OLIVE, 2)
    before = newest(town).id
    vote(town, OLIVE, 2)

    assert newest(town).id == before
    assert polling(town, OLIVE).mine == (Vote(FILE, 2),)
    assert town.scalar(select(func.count()).select_from(PaperRow)) == 1


def test_the_last_vote_opens_all(town: Session) -> None:
    vote(town, OLIVE, 5)

    assert vote(town, PAT, 1)

    opened = polling(town, OLIVE).ballot
    assert (opened.is_open, opened.votes) == (True, {OLIVE: (Vote(FILE, 5),), PAT: (Vote(FILE, 1),)})
    told = findings(town, PAT).told[0]
    assert (told.title, told.gap, told.result.scores) == ("Settlement file", "Views are far apart.", (1, 5))


def test_fewer_than_five_votes_stay_with_the_people_of_the_session(town: Session) -> None:
    vote(town, OLIVE, 5)
    vote(town, PAT, 1)

    assert findings(town, OTTO) == findings(town, None) == Findings(hidden=1)


def test_what_five_have_voted_on_others_read_in_words(town: Session) -> None:
    people = [make_person(town, name=name) for name in ("Ann", "Bob", "Cem")]
    seat(town, *people)
    for key, score in zip((OLIVE, PAT, *people), (5, 5, 4, 1, 1), strict=True):
        vote(town, key, score)

    outside, inside = findings(town, OTTO), findings(town, OLIVE)

    assert [(one.gap, one.result.scores, one.result.importance) for one in outside.told] == [
        ("Views are far apart.", (), None)
    ]
    assert (outside.hidden, inside.told[0].result.scores) == (0, (1, 1, 4, 5, 5))
    assert (outside.ranking, [place.titles for place in inside.ranking]) == ((), [("Settlement file",)])


def test_whoever_leads_opens_the_votes_before_all_have_voted(town: Session) -> None:
    vote(town, PAT, 4)

    with pytest.raises(NotAllowed, match="whoever leads this session"):
        ballots.open_votes(town, make_actor(town, PAT), 1)
    ballots.open_votes(town, make_actor(town, OLIVE), 1)
    before = newest(town).id
    ballots.open_votes(town, make_actor(town, OLIVE), 1)

    assert polling(town, PAT).ballot.is_open
    assert newest(town).id == before


def test_there_is_nothing_to_open_without_a_vote(town: Session) -> None:
    with pytest.raises(NotNow, match="Nobody has voted yet"):
        ballots.open_votes(town, make_actor(town, OLIVE), 1)


def test_a_vote_after_the_opening_is_refused_and_changes_nothing(town: Session) -> None:
    vote(town, PAT, 4)
    ballots.open_votes(town, make_actor(town, OLIVE), 1)

    for who in (OLIVE, PAT):
        with pytest.raises(NotNow, match="too late"):
            vote(town, who, 1)

    assert polling(town, PAT).ballot.votes == {PAT: (Vote(FILE, 4),)}


def test_a_second_round_is_blind_again_and_the_last(town: Session) -> None:
    olive = make_actor(town, OLIVE)
    with pytest.raises(NotNow, match="not opened yet"):
        ballots.vote_again(town, olive, 1)
    vote(town, OLIVE, 5)
    vote(town, PAT, 1)

    ballots.vote_again(town, olive, 1)

    assert polling(town, PAT) == Polling(Ballot(2), may_vote=True, mine=(), voted=0, voters=2)
    vote(town, OLIVE, 4)
    assert findings(town, PAT) == Findings()
    assert vote(town, PAT, 4)
    assert findings(town, PAT).told[0].gap == "All see it alike."
    with pytest.raises(NotNow, match="two rounds"):
        ballots.vote_again(town, olive, 1)


def test_without_a_seat_there_is_no_vote(town: Session) -> None:
    for actor in (make_actor(town, OTTO), OPERATOR):
        with pytest.raises(NotAllowed, match="people with a seat"):
            ballots.vote(town, actor, read_organisation(town), 1, [Vote(FILE, 3)])

    assert town.scalar(select(func.count()).select_from(BallotRow)) == 0


def test_who_leads_has_no_vote_unless_they_decide_for_a_team_on_the_agenda(town: Session) -> None:
    seat(town, OTTO)
    lead(town, OTTO)

    assert polling(town, OTTO).voters == 2
    with pytest.raises(NotAllowed, match="whoever leads it votes where they decide"):
        vote(town, OTTO, 3)

    lead(town, OLIVE)
    assert not vote(town, OTTO, 3)


def test_a_paper_that_cannot_be_is_refused(town: Session) -> None:
    for votes in ([], [Vote("gone", 3)], [Vote(FILE, 9)]):
        with pytest.raises(InvalidInput):
            ballots.vote(town, make_actor(town, OLIVE), read_organisation(town), 1, votes)

    assert town.scalar(select(func.count()).select_from(BallotRow)) == 0


def test_once_the_session_has_begun_there_are_no_votes_before_it(town: Session) -> None:
    with recorded(town, OPERATOR, "meeting:begun", "Begun"):
        meeting_row(town, existing_shared(town, 1)).state = MeetingState.RUNNING.value

    with pytest.raises(NotNow, match="has begun"):
        vote(town, OLIVE, 3)


def test_the_history_tells_that_somebody_voted_and_never_what(town: Session) -> None:
    last = newest(town).id
    vote(town, OLIVE, 5, viewpoint=Viewpoint.STRATEGY)
    vote(town, PAT, 1)
    title = existing_shared(town, 1).title

    changes = town.scalars(select(ChangeRow).where(ChangeRow.id > last).order_by(ChangeRow.id)).all()
    assert [(one.actor_name, one.tag, one.summary) for one in changes] == [
        ("Olive Owner", "vote:cast", f"Voted before {title}"),
        ("Pat Partner", "vote:cast", f"Voted before {title}"),
    ]
    assert town.scalars(select(EventRow).where(EventRow.change_id > last)).all() == []
    with pytest.raises(CannotUndo, match="cannot be taken back from here"):
        undo(town, make_actor(town, OLIVE), changes[0].id)


def test_removing_everything_removes_the_votes(town: Session) -> None:
    vote(town, OLIVE, 5)

    remove_everything(town, OPERATOR)

    assert [town.scalar(select(func.count()).select_from(table)) for table in (BallotRow, PaperRow)] == [0, 0]


def test_somebody_who_is_gone_is_waited_for_no_more(town: Session) -> None:
    seat(town, "gone-since")

    assert polling(town, OLIVE).voters == 2


def test_a_session_that_is_not_there_has_no_votes(session: Session) -> None:
    make_team(session, decides=[make_person(session)])

    for act in (
        lambda: ballots.vote(session, OPERATOR, read_organisation(session), 9, []),
        lambda: ballots.open_votes(session, OPERATOR, 9),
        lambda: ballots.vote_again(session, OPERATOR, 9),
    ):
        with pytest.raises(NotFound):
            act()
