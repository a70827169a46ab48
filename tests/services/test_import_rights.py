"""An import by a person changes no more than the person could change by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import NotAllowed
from planner.services.exchange import export_organisation
from planner.services.organisation import read_organisation
from tests.factories import bring_in, make_actor, make_cast, make_dependency, make_goal, make_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def row(session: Session, **changed: str) -> bytes:
    values = {"key": read_organisation(session).dependencies[0].key, **changed}
    return (",".join(values) + "\n" + ",".join(values.values()) + "\n").encode()


REQUIRED = {"consumer": "payments", "provider": "partner-api", "what": "Settlement file"}


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("otto-outsider", {"item": "PAY-7"}),
        ("olive-owner", {"promised_for": "2026-03-09"}),
        ("olive-owner", {"state": "agreed"}),
        ("pat-partner", {"state": "withdrawn"}),
    ],
)
def test_what_a_form_refuses_an_import_refuses(session: Session, who: str, changed: dict[str, str]) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")
    before = export_organisation(session)

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, who), row(session, **REQUIRED, **changed), kind="dependencies")

    assert export_organisation(session) == before


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("olive-owner", {"item": "PAY-7"}),
        ("pat-partner", {"promised_for": "2026-03-09"}),
        ("pat-partner", {"state": "agreed"}),
        ("olive-owner", {"state": "withdrawn"}),
    ],
)
def test_what_a_form_takes_an_import_takes(session: Session, who: str, changed: dict[str, str]) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")

    lines = row(session, **REQUIRED, **changed)
    report = bring_in(session, make_actor(session, who), lines, kind="dependencies")

    assert (report.changed, report.added) == (1, {})


def test_nobody_puts_people_into_the_team_of_others(session: Session) -> None:
    cast = make_cast(session)
    lines = f"key,name,members\n{cast.team},Payments,{cast.outsider}\n".encode()

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, cast.outsider), lines, kind="teams")


def test_nobody_takes_the_decision_from_the_team_of_others(session: Session) -> None:
    cast = make_cast(session)
    lines = f"key,name,deciders,members\n{cast.team},Payments,,{cast.owner}\n".encode()
    before = export_organisation(session)

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, cast.outsider), lines, kind="teams")

    assert export_organisation(session) == before


def test_a_team_is_not_emptied_to_make_it_open(session: Session) -> None:
    cast = make_cast(session)
    lines = f"key,name,deciders,members\n{cast.team},Taken,,\n".encode()

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, cast.outsider), lines, kind="teams")


def test_a_goal_is_not_joined_to_change_it(session: Session) -> None:
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    teams = f"{cast.team}; {cast.partner_team}; {cast.outside_team}"
    lines = f'key,outcome,teams\n{goal},Something else,"{teams}"\n'.encode()

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, cast.outsider), lines, kind="goals")


def test_a_session_is_not_taken_over(session: Session) -> None:
    cast = make_cast(session)
    key = make_session(session, cast.team)
    lines = f"key,title,host\n{key},Mine now,{cast.outside_team}\n".encode()

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, cast.outsider), lines, kind="sessions")


def test_a_dependency_of_others_is_not_moved_to_ones_own_team(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")
    moved = REQUIRED | {"provider": cast.outside_team}

    with pytest.raises(NotAllowed):
        bring_in(session, make_actor(session, cast.outsider), row(session, **moved), kind="dependencies")
