"""Somebody for each team of which nobody is recorded yet, so that its first lines can be planned at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.model import Membership, Person, PersonId

if TYPE_CHECKING:
    from planner.domain.model import Organisation, Team


def with_stand_ins(organisation: Organisation) -> Organisation:
    """Return the organisation with one unnamed product owner in each team without any member.

    Stand-ins have negative ids, so none is ever a person who is recorded. They work at their team's
    place, in the hours that are assumed of everybody.
    """
    staffed = {membership.team_id for membership in organisation.memberships}
    bare = [team for team in organisation.teams if team.id not in staffed]
    if not bare:
        return organisation
    return replace(
        organisation,
        people=(*(_stand_in(team) for team in reversed(bare)), *organisation.people),
        memberships=(
            *organisation.memberships,
            *(Membership(_stand_in(team).id, team.id, decides=True) for team in bare),
        ),
    )


def _stand_in(team: Team) -> Person:
    return Person(
        PersonId(-team.id), f"stand-in-{team.key}", f"Somebody of {team.name}", place_id=team.place_id
    )
