"""The sessions that teams hold today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.errors import InvalidInput, NotAllowed
from planner.domain.transfer import SessionDraft, session_draft
from planner.services.organisation import read_organisation
from planner.services.sessions import change_session, record_session
from tests.factories import OPERATOR, make_actor, make_cast, make_place, make_session, make_team

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"title": ""}, ["title"]),
        ({"host": "none"}, ["team"]),
        ({"attendees": ("nobody",)}, ["person"]),
        ({"place": "Nowhere"}, ["place"]),
        ({"zone": "Mars"}, ["zone"]),
        ({"minutes": 0}, ["minutes"]),
        ({"minutes": 1441, "cadence_days": 0}, ["minutes", "cadence_days"]),
        ({"local_minutes": -1}, ["local_minutes"]),
        ({"local_minutes": 61}, ["local_minutes"]),
        ({"weekday": 7, "start": 1440}, ["weekday", "start"]),
    ],
)
def test_what_cannot_be_a_session(session: Session, wrong: dict[str, Any], where: list[str]) -> None:
    draft = replace(SessionDraft("", "Sorting", make_cast(session).team), **wrong)

    with pytest.raises(InvalidInput) as refused:
        record_session(session, OPERATOR, draft)

    assert [problem.where for problem in refused.value.problems] == where
    assert read_organisation(session).sessions == ()


def test_a_session_is_kept_as_it_was_given(session: Session) -> None:
    cast = make_cast(session)
    given = SessionDraft(
        "sorting",
        "Sorting",
        cast.team,
        (cast.owner, cast.partner),
        90,
        30,
        7,
        6,
        1439,
        "UTC",
        make_place(session),
    )

    record_session(session, OPERATOR, given)

    organisation = read_organisation(session)
    assert [session_draft(organisation, one) for one in organisation.sessions] == [given]


def test_a_session_of_a_team_without_people_is_open_to_all(session: Session) -> None:
    cast = make_cast(session)
    host = make_team(session, name="Empty")
    outsider = make_actor(session, cast.outsider)

    key, _change = record_session(session, outsider, SessionDraft("", "Sorting", host))

    assert key == "sorting"


def test_a_session_moves_between_teams_only_for_somebody_of_both(session: Session) -> None:
    cast = make_cast(session)
    key = make_session(session, cast.team)
    owner = make_actor(session, cast.owner)

    with pytest.raises(NotAllowed):
        change_session(session, owner, key, SessionDraft("", "Sorting", cast.partner_team), version=1)
