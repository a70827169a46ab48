"""A poll for a time: proposed near everybody's hours, answered in one click each, decided by the leader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.transfer import PersonDraft
from planner.services import agreements
from planner.services.calendar import polls, replies, series
from planner.services.organisation import read_organisation
from planner.services.people import change_person
from planner.services.shared_sessions import AgreedSession, read_agreed
from planner.storage.models import MailRow, SharedSessionRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_session,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

FIRST = datetime(2026, 2, 3, 9, tzinfo=UTC)


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat have agreed on one session."""
    cast = make_cast(session)
    for key, name in ((cast.owner, "Olive Owner"), (cast.partner, "Pat Partner")):
        draft = PersonDraft("", name, f"{key}@example.org")
        change_person(session, OPERATOR, key, draft, version=None)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    make_session(session, cast.partner_team, title="Queue", attendees=(cast.partner, cast.owner))
    make_agreed(session, make_actor(session, cast.owner))
    return session


def held(session: Session) -> AgreedSession:
    (one,) = read_agreed(session, read_organisation(session), 1)
    return one


def actors(session: Session) -> tuple[Actor, Actor]:
    """Who leads the session, and who sits in it besides."""
    keys = [session.scalars(select(SharedSessionRow)).one().facilitator]
    keys += [seat.key for seat in held(session).seats if seat.key not in keys]
    leader, other = (make_actor(session, key) for key in keys)
    return leader, other


def poll(session: Session) -> polls.Poll:
    found = polls.read_poll(session, 1)
    assert found is not None
    return found


def test_times_are_asked_for_answered_and_decided(town: Session) -> None:
    leader, other = actors(town)
    polls.open_poll(town, other, 1, key=None)
    times = [one.starts_at.isoformat() for one in poll(town).standings]

    polls.answer_poll(town, other, 1, start=times[0], choice="no")
    polls.answer_poll(town, other, 1, start=times[1], choice="maybe")
    polls.answer_poll(town, leader, 1, start=times[1], choice="yes")
    best = poll(town).best
    polls.decide_poll(town, leader, 1, start=times[1], key=None)

    keys = [make_key(town, leader), make_key(town, other)]
    assert len(times) == 5
    assert best is not None
    assert (best.starts_at.isoformat(), best.yes, best.maybe) == (times[1], (keys[0],), (keys[1],))
    one = held(town)
    moment = datetime.fromisoformat(times[1])
    assert (one.starts_at, one.sequence, one.is_told) == (moment, 1, False)
    assert [each.starts_at for each in one.rounds] == [moment, moment + timedelta(days=14)]
    assert poll(town).chosen == moment
    assert town.scalar(select(func.count(MailRow.id))) == 0


def make_key(session: Session, actor: Actor) -> str:
    return next(one.key for one in read_organisation(session).people if one.id == actor.person_id)


def test_a_session_without_a_time_gets_one(town: Session) -> None:
    leader, _other = actors(town)
    town.execute(update(SharedSessionRow).values(starts_at=None, rounds=1))
    town.commit()
    polls.open_poll(town, leader, 1, key=None)
    start = poll(town).standings[0].starts_at

    polls.decide_poll(town, leader, 1, start=start.isoformat(), key=None)

    assert [one.starts_at for one in held(town).rounds] == [start, start + timedelta(days=14)]


def test_who_may_ask_answer_and_decide(town: Session) -> None:
    leader, other = actors(town)
    otto = make_actor(town, "otto-outsider")
    with pytest.raises(NotAllowed):
        polls.open_poll(town, otto, 1, key=None)
    with pytest.raises(NotFound):
        polls.answer_poll(town, leader, 1, start=FIRST.isoformat(), choice="yes")
    polls.open_poll(town, leader, 1, key=None)
    start = poll(town).standings[0].starts_at.isoformat()

    with pytest.raises(NotAllowed):
        polls.answer_poll(town, otto, 1, start=start, choice="yes")
    with pytest.raises(NotAllowed):
        polls.decide_poll(town, other, 1, start=start, key=None)
    for wrong in ({"start": start, "choice": "perhaps"}, {"start": "soon", "choice": "yes"}):
        with pytest.raises(InvalidInput):
            polls.answer_poll(town, other, 1, **wrong)
    with pytest.raises(InvalidInput):
        polls.decide_poll(town, leader, 1, start=FIRST.replace(hour=3).isoformat(), key=None)
    with pytest.raises(NotNow):
        polls.decide_poll(town, replace(leader, at=MONDAY + timedelta(days=30)), 1, start=start, key=None)


def test_a_vote_after_deciding_changes_nothing(town: Session) -> None:
    leader, other = actors(town)
    polls.open_poll(town, leader, 1, key="ask")
    start = poll(town).standings[0].starts_at.isoformat()
    polls.decide_poll(town, leader, 1, start=start, key="take")
    before = poll(town)

    with pytest.raises(NotNow):
        polls.answer_poll(town, other, 1, start=start, choice="yes")
    again = [
        polls.open_poll(town, leader, 1, key="ask"),
        polls.decide_poll(town, leader, 1, start=start, key="take"),
    ]

    assert poll(town) == before
    assert [one.tag for one in again] == ["session:polled", "session:time"]


def test_asking_anew_forgets_what_was_answered(town: Session) -> None:
    leader, other = actors(town)
    polls.open_poll(town, leader, 1, key=None)
    start = poll(town).standings[0].starts_at.isoformat()
    polls.answer_poll(town, other, 1, start=start, choice="yes")

    polls.open_poll(town, other, 1, key=None)

    assert (poll(town).best, poll(town).chosen) == (None, None)


def test_a_reply_is_given_changed_and_grows_old(town: Session) -> None:
    leader, other = actors(town)
    key = make_key(town, other)
    replies.reply(town, other, 1, "accepted")
    replies.reply(town, replace(other, at=MONDAY + timedelta(hours=1)), 1, "declined")
    before = replies.read_replies(town, 1)
    polls.open_poll(town, leader, 1, key=None)
    polls.decide_poll(town, leader, 1, start=poll(town).standings[1].starts_at.isoformat(), key=None)

    after = replies.read_replies(town, 1)

    said_at = MONDAY + timedelta(hours=1)
    assert before == {key: replies.Reply(replies.Answer.DECLINED, said_at, is_of_before=False)}
    assert after == {key: replies.Reply(replies.Answer.DECLINED, said_at, is_of_before=True)}


def test_who_may_reply_and_to_what(town: Session) -> None:
    _leader, other = actors(town)

    with pytest.raises(NotAllowed):
        replies.reply(town, make_actor(town, "otto-outsider"), 1, "accepted")
    with pytest.raises(InvalidInput):
        replies.reply(town, other, 1, "perhaps")
    with pytest.raises(NotFound):
        replies.reply(town, other, 9, "accepted")
    agreements.revert(town, other, 1, version=None, key=None)
    with pytest.raises(NotNow):
        replies.reply(town, other, 1, "accepted")
    with pytest.raises(NotNow):
        polls.open_poll(town, other, 1, key=None)


def take_turns(session: Session) -> tuple[datetime, datetime]:
    """Everybody agrees to two of the times, and the session is held at them in turn."""
    leader, other = actors(session)
    polls.open_poll(session, leader, 1, key=None)
    first, second = (one.starts_at for one in poll(session).standings[:2])
    for moment in (first, second):
        for actor in (leader, other):
            polls.answer_poll(session, actor, 1, start=moment.isoformat(), choice="yes")
    polls.decide_poll(session, leader, 1, start=first.isoformat(), turn=second.isoformat(), key=None)
    return first, second


def test_turns_go_on_when_the_plan_is_kept(town: Session) -> None:
    first, second = take_turns(town)
    moved = second + timedelta(days=15)
    leader, _other = actors(town)
    series.move_round(town, leader, 1, 1, starts_at=moved, version=None, key=None)

    agreements.keep_for_good(town, replace(leader, at=MONDAY + timedelta(days=29)), 1, version=None, key=None)

    kept = held(town).rounds
    fortnight = timedelta(days=14)
    local = ZoneInfo(held(town).zone)
    odd, even = (
        {one.starts_at.astimezone(local).time() for one in kept[at::2] if one.starts_at} for at in (3, 0)
    )
    assert (len(kept), kept[0].starts_at, kept[1].starts_at) == (16, first, moved)
    assert [one.starts_at for one in kept[2:4]] == [first + 2 * fortnight, second + 3 * fortnight]
    assert (odd, even) == ({second.astimezone(local).time()}, {first.astimezone(local).time()})
    assert [one.is_moved for one in kept] == [False, True, *[False] * 14]


def test_a_round_is_put_back_to_its_turn(town: Session) -> None:
    _first, second = take_turns(town)
    leader, _other = actors(town)
    series.leave_out_round(town, leader, 1, 1, version=None, key=None)

    series.restore_round(town, leader, 1, 1, version=None, key=None)

    assert held(town).rounds[1].starts_at == second + timedelta(days=14)


def test_another_time_ends_the_turns(town: Session) -> None:
    take_turns(town)
    leader, _other = actors(town)
    polls.open_poll(town, leader, 1, key=None)
    third = poll(town).standings[2].starts_at

    polls.decide_poll(town, leader, 1, start=third.isoformat(), key=None)

    assert [one.starts_at for one in held(town).rounds] == [third, third + timedelta(days=14)]
    assert [one.in_turn for one in held(town).rounds] == [None, None]


def test_who_agrees_to_two_times_takes_turns(town: Session) -> None:
    leader, other = actors(town)
    polls.open_poll(town, leader, 1, key=None)
    first, second, third, *_rest = (one.starts_at for one in poll(town).standings)
    for moment in (first, second):
        for actor, choice in ((leader, "yes"), (other, "maybe")):
            polls.answer_poll(town, actor, 1, start=moment.isoformat(), choice=choice)
    polls.answer_poll(town, leader, 1, start=third.isoformat(), choice="yes")

    with pytest.raises(NotNow, match="both times"):
        polls.decide_poll(town, leader, 1, start=first.isoformat(), turn=third.isoformat(), key=None)
    with pytest.raises(InvalidInput):
        polls.decide_poll(town, leader, 1, start=first.isoformat(), turn=first.isoformat(), key=None)
    polls.decide_poll(town, leader, 1, start=first.isoformat(), turn=second.isoformat(), key=None)

    assert [one.starts_at for one in held(town).rounds] == [first, second + timedelta(days=14)]
    assert held(town).sequence == 1
