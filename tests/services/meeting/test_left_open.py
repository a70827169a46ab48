"""A round that nobody ends ends by itself, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import RoundOf
from planner.services.meeting import live, outcomes
from planner.services.meeting.left_open import end_left_open
from planner.services.meeting.meetings import make_meeting, read_meeting
from planner.services.meeting.preparing import add_topic
from planner.services.notices import read_notices
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import read_session
from planner.storage.db import db
from planner.storage.models import ChangeRow
from tests.factories import make_actor, make_cast, make_shared

if TYPE_CHECKING:
    from planner.services.actor import Actor

FIRST, SECOND = RoundOf(1, 0), RoundOf(1, 1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def town(session: Session) -> Session:
    """Olive leads a session with Pat about two dependencies; it has begun on time, and one is decided."""
    make_cast(session)
    make_shared(session)
    live.start_meeting(session, olive(session), FIRST, key=None)
    first = read_meeting(session, FIRST).items[0].id
    outcomes.decide(
        session,
        olive(session, 3 * MINUTE),
        FIRST,
        first,
        Decision("By file"),
        version=0,
        dependency_version=None,
        key=None,
    )
    return session


def begins(session: Session) -> datetime:
    moment = read_session(session, read_organisation(session), 1).starts_at
    assert moment is not None
    return moment


def ends(session: Session) -> datetime:
    one = read_session(session, read_organisation(session), 1)
    return begins(session) + one.minutes * MINUTE


def olive(session: Session, later: timedelta = timedelta()) -> Actor:
    return replace(make_actor(session, "olive-owner"), at=begins(session) + later)


def test_twelve_hours_after_its_last_minute_a_round_ends_by_itself(town: Session) -> None:
    before = end_left_open(town, now=ends(town) + 12 * HOUR - MINUTE)
    after = end_left_open(town, now=ends(town) + 12 * HOUR)
    again = end_left_open(town, now=ends(town) + 13 * HOUR)

    meeting = read_meeting(town, FIRST)
    assert (before, after, again) == (0, 1, 0)
    assert (meeting.state, meeting.closed_at) == (MeetingState.CLOSED, ends(town))
    assert [one.outcome is not None for one in meeting.items] == [True, False]
    assert {one.left for one in meeting.attendance} == {ends(town)}
    assert meeting.items[0].used <= ends(town) - begins(town)


def test_what_is_open_goes_on_in_the_next_round(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add_topic(town, olive(town, 5 * MINUTE), FIRST, title="Holidays", key=None)
    written = [one.title for one in read_meeting(town, SECOND).items]

    end_left_open(town, now=ends(town) + 12 * HOUR)

    assert "Holidays" not in written
    assert [one.title for one in read_meeting(town, SECOND).items] == [*written, "Holidays"]


def test_a_next_round_that_nobody_has_written_takes_it_up_by_itself(town: Session) -> None:
    add_topic(town, olive(town, 5 * MINUTE), FIRST, title="Holidays", key=None)

    end_left_open(town, now=ends(town) + 12 * HOUR)

    left = [one.title for one in read_meeting(town, FIRST).items if one.outcome is None]
    assert sorted(one.title for one in read_meeting(town, SECOND).items) == sorted(left)


def test_whoever_leads_is_told_and_opens_it_again_for_as_long(town: Session) -> None:
    end_left_open(town, now=ends(town) + 12 * HOUR)
    told = read_notices(town, olive(town))[0]
    opened = olive(town, 40 * HOUR)

    live.open_again(town, opened, FIRST, key=None)
    soon = end_left_open(town, now=opened.at + 11 * HOUR)
    late = end_left_open(town, now=opened.at + 12 * HOUR)

    assert told.text.startswith("“Partner API and Payments” was left open and has ended by itself")
    assert (told.kind, told.session_id) == ("session", 1)
    assert (soon, late) == (0, 1)


def test_an_act_within_it_keeps_it_open(town: Session) -> None:
    second = read_meeting(town, FIRST).items[1].id
    late = olive(town, 10 * HOUR)
    live.turn_to(town, late, FIRST, second, key=None)

    assert end_left_open(town, now=ends(town) + 12 * HOUR) == 0
    assert end_left_open(town, now=late.at + 12 * HOUR) == 1


def test_two_workers_end_it_once(town: Session) -> None:
    now = ends(town) + 12 * HOUR
    town.commit()

    found = []
    for _worker in range(2):
        with Session(db.engine) as session:
            found.append(end_left_open(session, now=now))

    changes = town.query(ChangeRow).filter_by(tag="meeting:ended").all()
    assert found == [1, 0]
    assert [(one.actor_name, one.actor_id) for one in changes] == [("The planner", None)]


def test_what_has_not_begun_or_is_over_is_left_alone(town: Session) -> None:
    live.close_meeting(town, olive(town, HOUR), FIRST, key=None)
    before = read_meeting(town, FIRST)

    assert end_left_open(town, now=ends(town) + 100 * HOUR) == 0
    assert read_meeting(town, FIRST) == before
