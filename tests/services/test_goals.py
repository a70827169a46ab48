"""Shared goals and horizons."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotAllowed
from planner.domain.text import SENTENCE_LONGEST
from planner.domain.transfer import GoalDraft, HorizonDraft
from planner.services.changes import undo
from planner.services.goals import change_goal, record_goal, record_horizon
from planner.services.organisation import read_organisation
from planner.services.people import remove_person
from tests.factories import OPERATOR, make_actor, make_cast, make_goal, make_horizon, make_person, make_team

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (GoalDraft("", "", teams=("payments", "web-shop")), "outcome"),
        (GoalDraft("", "x" * (SENTENCE_LONGEST + 1), teams=("payments", "web-shop")), "outcome"),
        (GoalDraft("", "Tap", teams=()), "teams"),
        (GoalDraft("", "Tap", teams=("payments", "payments")), "teams"),
        (GoalDraft("", "Tap", teams=("payments", "none")), "team"),
    ],
)
def test_what_cannot_be_a_shared_goal(session: Session, draft: GoalDraft, where: str) -> None:
    make_cast(session)

    with pytest.raises(InvalidInput) as refused:
        record_goal(session, OPERATOR, draft)

    assert [problem.where for problem in refused.value.problems] == [where]
    assert read_organisation(session).goals == ()


def test_a_goal_of_teams_without_people_is_open_to_all(session: Session) -> None:
    cast = make_cast(session)
    empty = tuple(make_team(session, name=name) for name in ("A", "B"))
    key = make_goal(session, empty)

    change_goal(session, make_actor(session, cast.owner), key, GoalDraft("", "Tap", teams=empty), version=1)

    assert read_organisation(session).goals[0].outcome == "Tap"


def test_a_goal_stays_when_who_led_it_goes_and_undo_brings_both_back(session: Session) -> None:
    cast = make_cast(session)
    lead = make_person(session, name="Nell Lead")
    make_goal(session, (cast.team, cast.partner_team), lead=lead)

    change = remove_person(session, OPERATOR, lead)
    assert change.id is not None

    assert read_organisation(session).goals[0].lead_id is None

    undo(session, OPERATOR, change.id)

    organisation = read_organisation(session)
    led_by = organisation.goals[0].lead_id
    assert led_by is not None
    assert organisation.person[led_by].name == "Nell Lead"


def test_a_goal_is_led_by_somebody_who_is_recorded(session: Session) -> None:
    cast = make_cast(session)

    with pytest.raises(InvalidInput):
        record_goal(
            session, OPERATOR, GoalDraft("", "Tap", teams=(cast.team, cast.partner_team), lead="none")
        )


def test_only_the_teams_of_a_goal_change_it(session: Session) -> None:
    cast = make_cast(session)
    teams = (cast.team, cast.partner_team)
    key = make_goal(session, teams)
    outsider = make_actor(session, cast.outsider)

    with pytest.raises(NotAllowed):
        change_goal(session, outsider, key, GoalDraft("", "Tap", teams=teams), version=1)


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (HorizonDraft(" "), "name"),
        (HorizonDraft("sprint 1"), "name"),
        (HorizonDraft("Sprint 2", date(2026, 2, 2), date(2026, 2, 1)), "ends_on"),
    ],
)
def test_what_cannot_be_a_horizon(session: Session, draft: HorizonDraft, where: str) -> None:
    make_horizon(session, name="Sprint 1")

    with pytest.raises(InvalidInput) as refused:
        record_horizon(session, OPERATOR, draft)

    assert [problem.where for problem in refused.value.problems] == [where]


def test_a_horizon_may_last_one_day(session: Session) -> None:
    make_horizon(session, starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 2))

    assert [h.name for h in read_organisation(session).horizons] == ["Sprint 1"]
