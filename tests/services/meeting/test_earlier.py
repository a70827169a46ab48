"""A decision that is to be looked at again comes back on its day, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.rounds import RoundOf
from planner.domain.model import DependencyState
from planner.services.changes import recorded
from planner.services.meeting import live, outcomes, preparing
from planner.services.meeting.meetings import existing_shared, make_meeting, read_meeting
from planner.services.meeting.preparations import read_preparation
from planner.services.organisation import read_organisation
from planner.storage.models import DependencyRow
from tests.factories import OPERATOR, make_actor, make_agreed, make_cast, make_dependency, make_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

FIRST, SECOND, THIRD = (RoundOf(1, number) for number in range(3))
FILE, REFUNDS, HOLIDAYS = "Settlement file", "Refunds", "Holidays"
DAYS = (date(2026, 2, 3), date(2026, 2, 17), date(2026, 3, 3))
"""When the rounds are held."""
BY_HAND = "By hand for now"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive leads a session of three rounds with Pat about two dependencies and a topic; the first runs."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team, what=REFUNDS)
    make_agreed(session, make_actor(session, cast.owner))
    with recorded(session, OPERATOR, "session:moved", "One round more"):
        existing_shared(session, 1).rounds = 3
    preparing.add_topic(session, olive(session), FIRST, title=HOLIDAYS, key=None)
    live.start_meeting(session, olive(session), FIRST, key=None)
    return session


def olive(session: Session, number: int = 0) -> Actor:
    begins = existing_shared(session, 1).starts_at
    assert begins is not None
    return replace(make_actor(session, "olive-owner"), at=begins + timedelta(days=14 * number))


def decide(session: Session, title: str, review_on: date | None, place: RoundOf = FIRST) -> None:
    item = next(one.id for one in read_meeting(session, place).items if one.title == title)
    decision = Decision(BY_HAND, review_on=review_on)
    actor = olive(session, place.number)
    outcomes.decide(session, actor, place, item, decision, version=0, dependency_version=None, key=None)


def close(session: Session, place: RoundOf = FIRST) -> None:
    live.close_meeting(session, olive(session, place.number), place, key=None)


def agenda(session: Session, place: RoundOf) -> list[tuple[str, str, str]]:
    actor = olive(session, place.number)
    found = read_preparation(session, read_organisation(session), actor, place, actor.at)
    return [(one.item.title, one.part.name, one.again) for one in found.lines]


def test_a_decision_comes_back_on_the_first_round_of_its_day_and_not_after_it(town: Session) -> None:
    decide(town, FILE, DAYS[1] + timedelta(days=1))
    decide(town, REFUNDS, None)
    decide(town, HOLIDAYS, DAYS[1])
    close(town)

    second, third = agenda(town, SECOND), agenda(town, THIRD)
    live.start_meeting(town, olive(town, 1), SECOND, key=None)
    decide(town, HOLIDAYS, None, SECOND)
    close(town, SECOND)

    assert second == [(HOLIDAYS, "AGAIN", BY_HAND)]
    assert (FILE, "AGAIN", BY_HAND) in third
    assert agenda(town, THIRD) == [(FILE, "AGAIN", BY_HAND)]


def test_it_comes_to_an_agenda_that_is_written_already_and_can_be_taken_out(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    decide(town, FILE, DAYS[1])
    decide(town, HOLIDAYS, DAYS[1])
    close(town)
    before = agenda(town, SECOND)

    number = next(one.id for one in read_meeting(town, SECOND).items if one.title == FILE)
    pat = replace(make_actor(town, "pat-partner"), at=olive(town).at)
    preparing.take_away(town, pat, SECOND, item_id=number, version=None, key=None)

    assert before == [(REFUNDS, "UNFINISHED", ""), (FILE, "AGAIN", BY_HAND), (HOLIDAYS, "AGAIN", BY_HAND)]
    assert agenda(town, SECOND) == [(REFUNDS, "UNFINISHED", ""), (HOLIDAYS, "AGAIN", BY_HAND)]


def test_what_nobody_waits_for_any_more_comes_back_as_a_topic(town: Session) -> None:
    decide(town, FILE, DAYS[1])
    decide(town, REFUNDS, None)
    decide(town, HOLIDAYS, None)
    close(town)
    with recorded(town, OPERATOR, "dependency:changed", "Withdrawn"):
        town.get_one(DependencyRow, 1).state = DependencyState.WITHDRAWN.value

    (item,) = read_meeting(town, SECOND).items

    assert (item.title, item.dependency, item.minutes) == (FILE, None, 5)
