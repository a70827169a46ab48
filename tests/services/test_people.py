"""People: what a person must look like, and who may change whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotAllowed, Problem
from planner.domain.model import WorkingHours
from planner.domain.text import NAME_LONGEST
from planner.domain.transfer import PersonDraft, team_draft
from planner.services.organisation import read_organisation
from planner.services.people import change_person, record_person
from tests.factories import OPERATOR, make_actor, make_cast, make_person, make_team

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NIGHT = WorkingHours(start=17 * 60, end=9 * 60)


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (PersonDraft("", " "), ["name"]),
        (PersonDraft("", "x" * (NAME_LONGEST + 1)), ["name"]),
        (PersonDraft("", "Ana", email="ana"), ["email"]),
        (PersonDraft("", "Ana", email="a na@example.org"), ["email"]),
        (PersonDraft("", "Ana", email="OLIVE@example.org"), ["email"]),
        (PersonDraft("", "olive"), ["name"]),
        (PersonDraft("", "Ana", hours=NIGHT), ["end"]),
        (PersonDraft("", "Ana", hours=WorkingHours(days=frozenset())), ["days"]),
        (PersonDraft("", "Ana", email="ana", hours=NIGHT), ["email", "end"]),
        (PersonDraft("", "Ana", hours=WorkingHours(zone="Mars/Base")), ["zone"]),
        (PersonDraft("", "Ana", hours=WorkingHours(zone="../etc")), ["zone"]),
        (PersonDraft("", "Ana", place="Nowhere"), ["place"]),
    ],
)
def test_what_cannot_be_a_person(session: Session, draft: PersonDraft, where: list[str]) -> None:
    make_person(session, name="Olive", email="olive@example.org")

    with pytest.raises(InvalidInput) as refused:
        record_person(session, OPERATOR, draft)

    assert [problem.where for problem in refused.value.problems] == where
    assert len(read_organisation(session).people) == 1


def test_two_of_one_name_are_told_apart_by_address(session: Session) -> None:
    keys = [make_person(session, name="Ana", email=f"{n}@example.org") for n in "ab"]

    assert keys == ["ana", "ana-2"]


def test_joining_and_leaving_keeps_who_decides(session: Session) -> None:
    key = make_person(session, name="Ana")
    for name, decides in (("Stay", [key]), ("Leave", [key]), ("Join", [])):
        make_team(session, name=name, decides=decides)

    change_person(session, OPERATOR, key, PersonDraft("", "Ana"), version=None, teams=["stay", "join"])

    organisation = read_organisation(session)
    members = {
        t.key: [(m.person, m.decides) for m in team_draft(organisation, t).members]
        for t in organisation.teams
    }
    assert members == {"stay": [("ana", True)], "leave": [], "join": [("ana", False)]}


def test_nobody_joins_a_team_they_are_not_in(session: Session) -> None:
    cast = make_cast(session)
    outsider = make_actor(session, cast.outsider)
    draft = PersonDraft("", "Otto Outsider")

    with pytest.raises(NotAllowed):
        change_person(
            session, outsider, cast.outsider, draft, version=None, teams=[cast.outside_team, cast.team]
        )
    with pytest.raises(NotAllowed):
        record_person(session, outsider, PersonDraft("", "Ana"), teams=[cast.team])


def test_an_unknown_team_is_named(session: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_person(session, OPERATOR, PersonDraft("", "Ana"), teams=["none"])

    assert refused.value.problems == (Problem("team", "there is no team “none”"),)
