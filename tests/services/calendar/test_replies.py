"""A reply is to all dates of a session, or to one; the last word about all of them replaces both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import NotFound
from planner.services.calendar.replies import Answer, read_all_replies, reply
from planner.services.calendar.series import leave_out_round
from planner.services.changes import undo
from tests.factories import OPERATOR, make_actor, make_agreed, make_cast, make_dependency, make_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

PAT = "pat-partner"


@pytest.fixture
def town(session: Session) -> Session:
    """A session of Olive and Pat that is held twice."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, cast.owner))
    return session


def pat(session: Session, *, later: int = 0) -> Actor:
    actor = make_actor(session, PAT)
    return replace(actor, at=actor.at + timedelta(minutes=later))


def said(session: Session) -> list[Answer | None]:
    """What Pat has said of each date."""
    found = read_all_replies(session, 1)
    return [one.answer if (one := found.at(number).get(PAT)) else None for number in (0, 1)]


def test_who_comes_may_leave_out_one_date(town: Session) -> None:
    reply(town, pat(town), 1, "accepted")

    reply(town, pat(town, later=1), 1, "declined", number=1)

    assert said(town) == [Answer.ACCEPTED, Answer.DECLINED]
    assert [read_all_replies(town, 1).absent(number) for number in (0, 1)] == [frozenset(), {PAT}]


def test_what_is_said_of_all_dates_takes_the_place_of_what_was_said_of_one(town: Session) -> None:
    reply(town, pat(town), 1, "declined", number=1)

    change = reply(town, pat(town, later=1), 1, "tentative")

    assert said(town) == [Answer.TENTATIVE, Answer.TENTATIVE]
    assert change.id is not None
    undo(town, pat(town), change.id)
    assert said(town) == [None, Answer.DECLINED]


def test_a_late_mail_about_all_dates_leaves_what_was_said_of_one_since(town: Session) -> None:
    reply(town, pat(town, later=5), 1, "declined", number=1)

    reply(town, pat(town), 1, "accepted")

    assert said(town) == [Answer.ACCEPTED, Answer.DECLINED]


@pytest.mark.parametrize("number", [1, 2, -1])
def test_a_date_that_is_not_held_has_no_replies(town: Session, number: int) -> None:
    leave_out_round(town, OPERATOR, 1, 1, version=None, key=None)

    with pytest.raises(NotFound, match="has no date"):
        reply(town, pat(town), 1, "declined", number=number)

    assert said(town) == [None, None]
