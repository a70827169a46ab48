"""Teams and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotAllowed, StaleVersion
from planner.domain.text import NAME_LONGEST, PROSE_LONGEST
from planner.domain.transfer import MemberDraft, TeamDraft
from planner.services.organisation import read_organisation
from planner.services.teams import change_team, record_team, remove_team, with_people
from tests.factories import OPERATOR, make_actor, make_cast, make_person, make_team

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (TeamDraft("", "\n"), "name"),
        (TeamDraft("", "PAYMENTS"), "name"),
        (TeamDraft("", "A", area="x" * (NAME_LONGEST + 1)), "area"),
        (TeamDraft("", "A", purpose="x" * (PROSE_LONGEST + 1)), "purpose"),
        (TeamDraft("", "A", place="Nowhere"), "place"),
        (TeamDraft("", "A", members=(MemberDraft("nobody"),)), "person"),
    ],
)
def test_what_cannot_be_a_team(session: Session, draft: TeamDraft, where: str) -> None:
    make_cast(session)

    with pytest.raises(InvalidInput) as refused:
        record_team(session, OPERATOR, draft)

    assert [problem.where for problem in refused.value.problems] == [where]
    assert len(read_organisation(session).teams) == 3


def test_keys_are_readable_and_never_twice(session: Session) -> None:
    names = ("Müller & Söhne", "Muller Sohne", "チーム", "New")

    keys = [make_team(session, name=name) for name in names]

    assert keys == ["muller-sohne", "muller-sohne-2", "x", "new-2"]


def test_a_team_without_people_is_started_by_anybody(session: Session) -> None:
    cast = make_cast(session)
    key = make_team(session, name="Empty")
    outsider = make_actor(session, cast.outsider)
    draft = TeamDraft("", "Started", members=(MemberDraft(cast.owner),))

    change_team(session, outsider, key, draft, version=1)

    with pytest.raises(NotAllowed):
        remove_team(session, outsider, key)


def test_only_teams_with_people_are_asked(session: Session) -> None:
    make_cast(session)
    make_team(session, name="Empty")
    ids = [team.id for team in read_organisation(session).teams]

    assert with_people(session, ids) == ids[:3]


def test_who_looked_at_a_team_before_somebody_joined_is_told(session: Session) -> None:
    cast = make_cast(session)
    newcomer = make_person(session, name="New Comer")
    with_newcomer = TeamDraft("", "Payments", members=(MemberDraft(cast.owner, True), MemberDraft(newcomer)))
    alone = TeamDraft("", "Payments", members=(MemberDraft(cast.owner, True),))

    change_team(session, OPERATOR, cast.team, with_newcomer, version=1)

    with pytest.raises(StaleVersion):
        change_team(session, OPERATOR, cast.team, alone, version=1)
