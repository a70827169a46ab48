"""An agenda that writes itself uses the minutes that things really took in the sessions before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.services.agreements import revert
from planner.services.meeting import live
from planner.services.meeting.learned_minutes import read_learned
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.preparations import read_preparation
from planner.services.organisation import read_organisation
from tests.factories import MONDAY, make_actor, make_agreed, make_cast, make_dependency

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(session: Session) -> Session:
    """Payments needs five things from Partner API, each to be talked about for eight minutes."""
    cast = make_cast(session)
    for number in range(5):
        make_dependency(session, cast.team, cast.partner_team, what=f"File {number}")
    make_agreed(session, make_actor(session, cast.owner))
    return session


def hold(session: Session, *, each: int) -> None:
    """Hold the first session, with so many minutes for each item."""
    leader = make_actor(session, read_meeting(session, 1).facilitator)
    at = MONDAY
    live.start_meeting(session, replace(leader, at=at), 1, key=None)
    for item in read_meeting(session, 1).items[1:]:
        at += each * MINUTE
        live.turn_to(session, replace(leader, at=at), 1, item.id, key=None)
    live.close_meeting(session, replace(leader, at=at + each * MINUTE), 1, key=None)


def next_agenda(session: Session) -> list[tuple[str, int, int]]:
    """The agenda of the second round: titles, minutes, and from how many items they are learned."""
    organisation = read_organisation(session)
    found = read_preparation(session, organisation, None, 1, MONDAY + timedelta(days=1))
    return [(line.item.title, line.item.minutes, line.learned_from) for line in found.lines]


def test_five_measured_items_teach_the_next_agenda(town: Session) -> None:
    before = [(item.title, item.minutes) for item in read_meeting(town, 1).items]

    hold(town, each=16)

    assert before == [(f"File {number}", 8) for number in range(5)]
    assert next_agenda(town) == [(f"File {number}", 12, 5) for number in range(5)]


def test_what_runs_teaches_nothing_yet(town: Session) -> None:
    leader = make_actor(town, read_meeting(town, 1).facilitator)
    live.start_meeting(town, leader, 1, key=None)

    assert read_learned(town).scales == {}


def test_what_is_learned_is_not_learned_again_from_itself(town: Session) -> None:
    hold(town, each=16)
    first = read_learned(town)

    assert [item.usual for item in read_meeting(town, 1).items] == [8] * 5
    revert(town, make_actor(town, "olive-owner"), 1, version=None, key=None)
    assert read_learned(town) == first
