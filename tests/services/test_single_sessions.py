"""A session for one dependency whose people have no time in common: a poll first, then a real session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from planner.domain.errors import NotAllowed, NotFound, NotNow
from planner.domain.model import DependencyId, WorkingHours
from planner.domain.transfer import PersonDraft
from planner.services import changes
from planner.services.calendar import inviting, polls
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.exchange import remove_everything
from planner.services.meeting.live import start_meeting
from planner.services.meeting.meetings import read_meeting
from planner.services.notices import read_notices
from planner.services.organisation import read_organisation
from planner.services.people import change_person
from planner.services.shared_sessions import read_session, sessions_of
from planner.services.single_sessions import call_off, hold_single, read_single
from planner.storage.models import MailRow, SharedSessionRow
from tests.factories import (
    MONDAY,
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

    from planner.services.actor import Actor

FILE = DependencyId(1)


@pytest.fixture
def far(session: Session) -> Session:
    """Payments in Berlin needs the tap file from Partner API in Los Angeles: no hour in common (E3)."""
    cast = make_cast(session)
    for key, name, zone in (
        (cast.owner, "Olive Owner", "Europe/Berlin"),
        (cast.partner, "Pat Partner", "America/Los_Angeles"),
    ):
        draft = PersonDraft("", name, f"{key}@example.org", hours=WorkingHours(zone=zone))
        change_person(session, OPERATOR, key, draft, version=None)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    return session


@pytest.fixture
def olive(far: Session) -> Actor:
    return make_actor(far, "olive-owner")


def test_what_is_refused_for_want_of_time_says_so(far: Session) -> None:
    found = answer(far, read_organisation(far), SuggestionRequest(), MONDAY.date()).suggestion

    assert [(one.dependency_id, one.lacks_time) for one in found.uncovered] == [(FILE, True)]
    assert found.uncovered[0].sentence == (
        "Olive Owner and Pat Partner have no common time left for Tap file. "
        "Add days, or settle it in writing."
    )


def test_a_time_is_asked_for_and_becomes_a_session_with_that_item(far: Session, olive: Actor) -> None:
    pat = make_actor(far, "pat-partner")

    number, _change = hold_single(far, olive, FILE, key=None)
    poll = polls.read_poll(far, number)
    assert poll is not None
    start = poll.standings[0].starts_at
    polls.answer_poll(far, pat, number, start=start.isoformat(), choice="maybe")
    polls.decide_poll(far, olive, number, start=start.isoformat(), key=None)

    one = read_session(far, read_organisation(far), number)
    assert (one.proposal_id, one.title, one.starts_at, one.leader_key) == (
        None,
        "Tap file",
        start,
        "olive-owner",
    )
    assert [d.id for d in one.agenda] == [FILE]
    assert [(seat.name, seat.start, seat.end) for seat in one.seats] == [
        ("Olive Owner", 0, one.minutes),
        ("Pat Partner", 0, one.minutes),
    ]
    assert [each.starts_at for each in one.rounds] == [start]
    assert [item.title for item in read_meeting(far, number).items] == ["Tap file"]
    assert read_single(far, read_organisation(far), MONDAY) == {FILE: one}


def test_no_one_side_alone_gets_up_early(far: Session, olive: Actor) -> None:
    number, _change = hold_single(far, olive, FILE, key=None)

    poll = polls.read_poll(far, number)
    assert poll is not None
    berlin, angeles = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
    assert {
        (f"{one.starts_at.astimezone(berlin):%H:%M}", f"{one.starts_at.astimezone(angeles):%H:%M}")
        for one in poll.standings
    } == {("17:00", "08:00"), ("17:30", "08:30")}


def test_who_speaks_for_it_is_told_and_can_find_it(far: Session, olive: Actor) -> None:
    number, _change = hold_single(far, olive, FILE, key=None)

    pat = make_actor(far, "pat-partner")
    assert pat.person_id is not None
    told = read_notices(far, pat)[0]
    assert (told.text, told.session_id) == (
        "A time is asked for to talk about “Tap file”. Which suits you?",
        number,
    )
    held = read_session(far, read_organisation(far), number)
    assert sessions_of([held], {pat.person_id}) == (held,)


def test_it_is_mailed_run_and_cancelled_like_any_other(far: Session, olive: Actor) -> None:
    number, _change = hold_single(far, olive, FILE, key=None)
    poll = polls.read_poll(far, number)
    assert poll is not None
    polls.decide_poll(far, olive, number, start=poll.standings[0].starts_at.isoformat(), key=None)

    change = inviting.mail_single(far, olive, number, sender="planner@example.org", address="")
    start_meeting(far, olive, number, key=None)

    assert change.summary == "Mailed invitations to 1 session, for 2 people"
    assert far.scalar(select(func.count(MailRow.id))) == 2
    assert read_meeting(far, number).on_now is not None


def test_asking_twice_is_asking_once(far: Session, olive: Actor) -> None:
    first = hold_single(far, olive, FILE, key="a form")
    again = hold_single(far, olive, FILE, key="a form")

    assert (again[0], again[1].tag) == (first[0], "session:asked")
    with pytest.raises(NotNow, match="is there already"):
        hold_single(far, make_actor(far, "pat-partner"), FILE, key=None)
    assert far.scalar(select(func.count(SharedSessionRow.id))) == 1


def test_it_is_called_off_and_can_be_asked_for_again(far: Session, olive: Actor) -> None:
    number, _change = hold_single(far, olive, FILE, key=None)

    call_off(far, olive, number, version=None, key="a form")
    call_off(far, olive, number, version=None, key="a form")

    assert read_session(far, read_organisation(far), number).is_cancelled
    assert read_single(far, read_organisation(far), MONDAY) == {}
    with pytest.raises(NotNow, match="over or cancelled"):
        call_off(far, olive, number, version=None, key=None)
    assert hold_single(far, olive, FILE, key=None)[0] == number + 1


def test_asking_is_taken_back_as_if_it_had_not_been(far: Session, olive: Actor) -> None:
    _number, change = hold_single(far, olive, FILE, key=None)
    assert change.id is not None

    changes.undo(far, olive, change.id)

    assert far.scalar(select(func.count(SharedSessionRow.id))) == 0


def test_who_may_ask_and_call_off(far: Session, olive: Actor) -> None:
    with pytest.raises(NotAllowed):
        hold_single(far, make_actor(far, "otto-outsider"), FILE, key=None)
    with pytest.raises(NotFound):
        hold_single(far, olive, DependencyId(99), key=None)
    number, _change = hold_single(far, olive, FILE, key=None)
    with pytest.raises(NotAllowed):
        call_off(far, make_actor(far, "pat-partner"), number, version=None, key=None)
    with pytest.raises(NotAllowed):
        inviting.mail_single(
            far, make_actor(far, "otto-outsider"), number, sender="planner@example.org", address=""
        )


def test_what_needs_no_talk_gets_no_session(far: Session, olive: Actor) -> None:
    make_team(far, name="Tills", decides=["olive-owner"])
    make_dependency(far, "payments", "tills", what="Own file")

    with pytest.raises(NotNow, match="needs no session"):
        hold_single(far, olive, DependencyId(2), key=None)


def test_no_time_is_proposed_while_somebody_sits_in_another_session(session: Session) -> None:
    cast = make_cast(session)
    make_person(session, name="Sam", email="sam@example.org")
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    make_dependency(session, cast.team, cast.outside_team, what="Basket")
    olive = make_actor(session, cast.owner)
    make_agreed(session, olive)
    held = [
        (one.starts_at, timedelta(minutes=one.minutes))
        for one in (read_session(session, read_organisation(session), n) for n in (1,))
        if one.starts_at
    ]

    number, _change = hold_single(session, replace(olive), FILE, key=None)

    poll = polls.read_poll(session, number)
    assert poll is not None
    minutes = timedelta(minutes=read_session(session, read_organisation(session), number).minutes)
    assert not [
        one.starts_at
        for one in poll.standings
        for begin, length in held
        if one.starts_at < begin + length and begin < one.starts_at + minutes
    ]


def test_a_session_of_a_plan_is_not_called_off_alone(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    make_agreed(session, make_actor(session, cast.owner))

    with pytest.raises(NotNow, match="belongs to a plan"):
        call_off(session, OPERATOR, 1, version=None, key=None)
    with pytest.raises(NotNow, match="belongs to a plan"):
        inviting.mail_single(session, OPERATOR, 1, sender="planner@example.org", address="")


def test_removing_everything_takes_it_along_and_undo_brings_it_back(far: Session, olive: Actor) -> None:
    number, _change = hold_single(far, olive, FILE, key=None)

    removed = remove_everything(far, OPERATOR)
    assert removed.id is not None
    assert far.scalar(select(func.count(SharedSessionRow.id))) == 0
    changes.undo(far, OPERATOR, removed.id)

    assert read_session(far, read_organisation(far), number).title == "Tap file"
    assert polls.read_poll(far, number) is not None
