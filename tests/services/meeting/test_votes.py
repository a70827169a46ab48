"""Votes in a session: who has one, that it is blind, and that none counts once all are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.rounds import RoundOf
from planner.domain.meeting.votes import Method, Poll, PollId, Vote
from planner.services.changes import recorded, undo
from planner.services.meeting import live, votes
from planner.services.meeting.meetings import read_meeting
from planner.storage.models import EventRow, PollVoteRow, SharedSessionRow
from tests.factories import (
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_person,
    make_session,
)
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

ITEM, ONE = ItemId(1), PollId(1)


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat, each product owner of a side, are in a session that Olive leads; a vote is open."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, cast.owner))
    live.start_meeting(session, who(session, "olive-owner"), 1, key=None)
    live.arrive(session, who(session, "pat-partner"), 1, key=None)
    call(session, Method.FIST)
    return session


def who(session: Session, key: str) -> Actor:
    return make_actor(session, key)


def call(session: Session, method: Method, *choices: str, person: str = "olive-owner") -> None:
    votes.call_vote(session, who(session, person), 1, Poll(PollId(0), ITEM, method, choices), key=None)


def vote(session: Session, key: str, *numbers: int, form: str | None = None, poll: PollId = ONE) -> None:
    votes.vote(session, who(session, key), RoundOf(1, 0), poll, numbers, key=form)


def polls(session: Session) -> tuple[Poll, ...]:
    return votes.read_polls(session, read_meeting(session, 1))


def test_a_vote_is_blind_until_the_last_of_those_there_has_voted(town: Session) -> None:
    vote(town, "pat-partner", 4)
    before = polls(town)[0].is_revealed
    vote(town, "olive-owner", 2)

    assert (before, polls(town)[0].is_revealed) == (False, True)
    assert polls(town)[0].votes == (Vote("pat-partner", (4,)), Vote("olive-owner", (2,)))


def test_while_it_is_blind_one_can_vote_anew_and_the_same_form_votes_once(town: Session) -> None:
    for form, number in (("a", 1), ("a", 1), ("b", 3)):
        vote(town, "pat-partner", number, form=form)

    assert polls(town)[0].votes == (Vote("pat-partner", (3,)),)


def test_whoever_leads_shows_the_votes_and_none_counts_after(town: Session) -> None:
    vote(town, "pat-partner", 4)
    votes.reveal(town, who(town, "olive-owner"), 1, ONE, key=None)
    before = everything(town)

    with pytest.raises(NotNow, match="yours was not counted"):
        vote(town, "olive-owner", 1)

    assert everything(town) == before


@pytest.mark.parametrize(("person", "words"), [("otto-outsider", "invited"), ("pat-partner", "leads")])
def test_only_whoever_leads_calls_and_shows_a_vote(town: Session, person: str, words: str) -> None:
    with pytest.raises(NotAllowed, match="Only whoever leads"):
        call(town, Method.CONSENT, person=person)
    with pytest.raises(NotAllowed, match="Only whoever leads"):
        votes.reveal(town, who(town, person), 1, ONE, key=None)
    assert words


def test_an_outsider_has_no_vote(town: Session) -> None:
    before = everything(town)

    with pytest.raises(NotAllowed, match="invited to this session"):
        vote(town, "otto-outsider", 5)

    assert everything(town) == before


def test_after_the_session_nobody_votes(town: Session) -> None:
    live.close_meeting(town, who(town, "olive-owner"), 1, key=None)

    with pytest.raises(NotNow, match="This session is over"):
        vote(town, "pat-partner", 5)


def test_whoever_leads_and_decides_for_no_side_has_no_vote(town: Session) -> None:
    mia = make_person(town, name="Mia Member")
    with recorded(town, OPERATOR, "test:invited", "Invited Mia"):
        shared = town.get_one(SharedSessionRow, 1)
        shared.seats = [*shared.seats, {"person": mia, "start": 0, "end": 30, "why": ""}]
    vote(town, mia, 2)
    live.hand_over(town, who(town, "olive-owner"), 1, mia, key=None)
    before = everything(town)

    with pytest.raises(NotAllowed, match="has no vote in it, unless they are a product owner"):
        vote(town, mia, 5)

    assert everything(town) == before


def test_the_history_keeps_who_voted_and_not_what(town: Session) -> None:
    vote(town, "pat-partner", 4)

    row = town.scalars(select(PollVoteRow)).one()
    kept = town.scalars(select(EventRow.after).where(EventRow.subject == "poll_vote")).one()
    assert row.numbers == [4]
    assert kept == {"id": row.id, "poll_id": 1, "person": "pat-partner", "cast_at": row.cast_at.isoformat()}


def test_a_vote_is_not_taken_back(town: Session) -> None:
    change = votes.vote(town, who(town, "pat-partner"), 1, ONE, (4,), key=None)
    assert change.id is not None

    with pytest.raises(CannotUndo, match="vote anew"):
        undo(town, who(town, "pat-partner"), change.id)


def test_an_objection_needs_its_reason(town: Session) -> None:
    votes.reveal(town, who(town, "olive-owner"), 1, ONE, key=None)
    call(town, Method.CONSENT)

    with pytest.raises(InvalidInput, match="what speaks against it"):
        vote(town, "pat-partner", 0, poll=PollId(2))


def test_a_vote_of_another_session_is_not_found(town: Session) -> None:
    with pytest.raises(NotFound, match="no such vote"):
        vote(town, "pat-partner", 1, poll=PollId(99))


def test_dots_are_called_with_the_lines_that_say_something(town: Session) -> None:
    votes.reveal(town, who(town, "olive-owner"), 1, ONE, key=None)
    call(town, Method.DOTS, " Stub ", "", "All of it", "Stub")

    assert polls(town)[1].choices == ("Stub", "All of it")
