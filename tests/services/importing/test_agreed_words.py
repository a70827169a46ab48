"""An organisation moves with what people said to each other, the votes that were shown, plans and rules."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.ballots import Vote as BallotVote
from planner.domain.ballots import results
from planner.domain.consolidation.model import Rules
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId
from planner.domain.negotiation.acts import Act, Move
from planner.domain.transfer import Draft
from planner.interchange.json import write_organisation
from planner.services.calendar import polls, replies
from planner.services.calendar.beforehand import leave_word
from planner.services.changes import undo
from planner.services.consolidation.kept_plans import keep_plan, mark_of
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.exchange import export_everything, remove_everything
from planner.services.meeting import ballots, live, votes
from planner.services.meeting.meetings import read_meeting
from planner.services.negotiations import negotiate, read_messages
from planner.services.organisation import read_organisation
from planner.services.settings import change_rules, read_rules
from planner.services.shared_sessions import read_sessions
from tests.factories import MONDAY, OPERATOR, bring_in, make_actor, make_agreed, make_cast, make_dependency
from tests.support.digest import everything
from tests.support.moving import refused_at

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

OLIVE, PAT = "olive-owner", "pat-partner"
LATER = date(2026, 4, 20)


def who(session: Session, key: str) -> Actor:
    return make_actor(session, key)


@pytest.fixture
def talkative(session: Session) -> Session:
    """Two sides that have written to each other, voted, answered for times and kept a plan."""
    cast = make_cast(session)
    key = make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, who(session, OLIVE))
    change_rules(session, OPERATOR, Rules(people_max=9, room_max=None))
    found = answer(session, read_organisation(session), SuggestionRequest(), MONDAY.date())
    keep_plan(session, OPERATOR, answer=found, shown=mark_of(found.solution.plan))
    number = read_organisation(session).dependencies[0].id
    negotiate(session, who(session, OLIVE), number, Move(Act.MESSAGE, text="Why?"), version=None, key=None)
    offer = Move(Act.COUNTER, day=LATER, text="Not sooner")
    negotiate(session, who(session, PAT), number, offer, version=None, key=None)
    for person, importance in ((OLIVE, 5), (PAT, 2)):
        said = [BallotVote(key, importance, weeks=importance)]
        ballots.vote(session, who(session, person), read_organisation(session), 1, said)
    polls.open_poll(session, who(session, OLIVE), 1, key=None)
    poll = polls.read_poll(session, 1)
    assert poll is not None
    start = poll.standings[0].starts_at.isoformat()
    polls.answer_poll(session, who(session, PAT), 1, start=start, choice="maybe")
    replies.reply(session, who(session, PAT), 1, "declined")
    leave_word(session, who(session, PAT), 1, about=key, text="Monday is too early", key=None)
    leave_word(session, who(session, PAT), 1, about="", text="Please be quick", key=None)
    live.start_meeting(session, who(session, OLIVE), 1, key=None)
    live.arrive(session, who(session, PAT), 1, key=None)
    votes.call_vote(session, who(session, OLIVE), 1, Poll(PollId(0), ItemId(1), Method.CONSENT), key=None)
    votes.vote(session, who(session, OLIVE), 1, PollId(1), (1,), key=None)
    votes.vote(session, who(session, PAT), 1, PollId(1), (0,), reason="Too early", key=None)
    return session


def heard(session: Session) -> dict[str, Any]:
    """Return what pages tell of all that, without who said what in a vote."""
    organisation = read_organisation(session)
    (shared,) = read_sessions(session, organisation, MONDAY)
    meeting = read_meeting(session, shared.id)
    number = organisation.dependencies[0].id
    ballot = ballots.read_polling(session, organisation, meeting, who(session, "olive-owner"))
    return {
        "votes": [(one.method, one.tally, one.reasons) for one in votes.read_polls(session, meeting)],
        "ballot": (ballot.voted, ballot.voters, results(ballot.ballot, [organisation.dependencies[0].key])),
        "times": polls.read_poll(session, shared.id),
        "replies": replies.read_replies(session, shared.id),
        "words": meeting.words,
        "messages": [(one.side, one.who, one.text) for one in read_messages(session, number)],
        "stands": organisation.dependencies[0].negotiation,
        "rules": read_rules(session),
    }


def test_what_was_said_and_shown_comes_back_byte_for_byte(talkative: Session) -> None:
    first, before = export_everything(talkative), heard(talkative)
    remove_everything(talkative, OPERATOR)

    report = bring_in(talkative, OPERATOR, first)

    assert export_everything(talkative) == first
    assert heard(talkative) == before
    assert {name: report.added[name] for name in ("kept plans", "negotiations")} == {
        "kept plans": 1,
        "negotiations": 1,
    }


def test_such_an_import_is_taken_back_as_one(talkative: Session) -> None:
    file = export_everything(talkative)
    remove_everything(talkative, OPERATOR)
    report = bring_in(talkative, OPERATOR, file)
    assert report.change_id is not None

    undo(talkative, OPERATOR, report.change_id)

    assert json.loads(export_everything(talkative)) == json.loads(write_organisation(Draft()))


def test_what_was_said_comes_once(talkative: Session) -> None:
    file, before = export_everything(talkative), everything(talkative)

    report = bring_in(talkative, OPERATOR, file)

    assert (report.change_id, everything(talkative)) == (None, before)


def test_who_said_what_in_a_vote_is_in_no_file(talkative: Session) -> None:
    (shared,) = json.loads(export_everything(talkative))["agreed"]["shared_sessions"]
    (meeting,) = shared["meetings"]

    assert [one["votes"] for one in meeting["agenda_items"][0]["polls"]] == [
        [{"numbers": [0], "reason": "Too early"}, {"numbers": [1], "reason": ""}]
    ]
    assert [(one["papers"], [v["importance"] for v in one["votes"]]) for one in shared["ballots"]] == [
        (2, [2, 5])
    ]


def test_a_vote_that_is_blind_stays_where_it_is(talkative: Session) -> None:
    leader, fist = who(talkative, OLIVE), Poll(PollId(0), ItemId(1), Method.FIST)
    votes.call_vote(talkative, leader, 1, fist, key=None)
    votes.vote(talkative, who(talkative, PAT), 1, PollId(2), (3,), key=None)

    (shared,) = json.loads(export_everything(talkative))["agreed"]["shared_sessions"]

    assert [one["method"] for one in shared["meetings"][0]["agenda_items"][0]["polls"]] == ["consent"]


def test_a_vote_before_a_session_is_in_no_file_until_all_are_opened(session: Session) -> None:
    cast = make_cast(session)
    key = make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, who(session, OLIVE))
    said = [BallotVote(key, 5)]
    ballots.vote(session, who(session, OLIVE), read_organisation(session), 1, said)

    blind = json.loads(export_everything(session))["agreed"]["shared_sessions"][0]["ballots"]
    ballots.open_votes(session, who(session, OLIVE), 1)
    opened = json.loads(export_everything(session))["agreed"]["shared_sessions"][0]["ballots"]

    assert (blind, [one["papers"] for one in opened]) == ([], [1])


SHARED = ("shared_sessions", 0)
POLL = (*SHARED, "meetings", 0, "agenda_items", 0, "polls", 0)
IN_SHARED, IN_POLL = (
    "agreed.shared_sessions[0]",
    "agreed.shared_sessions[0].meetings[0].agenda_items[0].polls[0]",
)
WORDS = "agreed.negotiations[0]"
WRONG: tuple[tuple[tuple[str | int, ...], object, str], ...] = (
    (("rules",), {"people_max": "many"}, "agreed.rules.people_max"),
    (("rules",), [], "agreed.rules"),
    (("kept_plans", 0, "plan"), {"sessions": [{}]}, "agreed"),
    (("negotiations", 0, "key"), "unknown", f"{WORDS}.key"),
    (("negotiations", 0, "reason"), 7, f"{WORDS}.reason"),
    (("negotiations", 0, "proposed_provider"), "nobody", f"{WORDS}.proposed_provider"),
    (("negotiations", 0, "messages"), [{"side": "consumer"}], f"{WORDS}.messages[0].person_name"),
    ((*SHARED, "ballots", 0, "opened_at"), None, f"{IN_SHARED}.ballots[0].opened_at"),
    ((*SHARED, "ballots", 0, "papers"), 1, f"{IN_SHARED}.ballots[0].votes[1]"),
    ((*SHARED, "ballots", 0, "votes"), [{"matter": 1}], "agreed"),
    ((*SHARED, "time_polls", 0, "options"), ["soon"], "agreed"),
    ((*POLL, "is_revealed"), False, f"{IN_POLL}.is_revealed"),
    ((*POLL, "votes"), [{"numbers": 7, "reason": ""}], "agreed"),
)


@pytest.mark.parametrize(("path", "value", "where"), WRONG, ids=range(len(WRONG)))
def test_what_no_page_could_show_is_refused_with_its_place(
    talkative: Session, path: tuple[str | int, ...], value: object, where: str
) -> None:
    assert refused_at(talkative, path, value) == [where]
