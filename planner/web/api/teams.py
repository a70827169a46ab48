"""Teams and who is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from planner.domain import model
from planner.domain.transfer import MemberDraft, TeamDraft, team_draft
from planner.services import teams
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import (
    do,
    done,
    expect_known,
    expect_version,
    looked_for,
    maybe,
    one,
    person_keys,
    place_names,
    version,
    versions,
)
from planner.web.api.types import AtMost, Key, Name, Partial, Prose, ShortText
from planner.web.records import by_key


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person in a team; whoever decides for it is its product owner."""

    person: Key
    decides: bool = False
    role: ShortText = ""


@dataclass(frozen=True, kw_only=True)
class NewTeam:
    """A team as it is recorded; people by key, the place by name."""

    name: Name
    area: ShortText = ""
    purpose: Prose = ""
    place: Name | None = None
    members: Annotated[tuple[Member, ...], AtMost(500)] = ()


@dataclass(frozen=True, kw_only=True)
class Team(NewTeam):
    """A team."""

    key: str
    version: int


@dataclass(frozen=True, kw_only=True)
class TeamFilter(Page):
    """`q`: part of the name."""

    q: ShortText | None = None
    area: ShortText | None = None


@operation("GET", "/teams")
def list_teams(query: TeamFilter) -> Listed[Team]:
    """List teams by name."""
    named = looked_for(context.organisation().teams, lambda team: team.name, query.q)
    found = [team for team in named if query.area in (None, team.area)]
    known = versions("team", found)
    return page_of(found, query, lambda team: _team(team, known[team.id]))


@operation("POST", "/teams", status=201)
def create_team(body: NewTeam) -> One[Team]:
    """Add a team."""
    key, change = do(teams.record_team, _draft(body))
    return one(*_current(key), at=f"/teams/{key}", change=change)


@operation("GET", "/teams/<key>")
def read_team(key: Key) -> One[Team]:
    """Read one team."""
    return one(*_current(key))


@operation("PATCH", "/teams/<key>")
def change_team(key: Key, body: Partial[NewTeam], version: int | None) -> One[Team]:
    """Change what is named of a team; a list of members replaces the whole list."""
    before = team_draft(context.organisation(), by_key(context.organisation().teams, key, "team"))
    draft = _draft(body.over(_of(before)))
    change = do(teams.change_team, key, draft, version=version)
    return one(*_current(key), change=change)


@operation("DELETE", "/teams/<key>")
def delete_team(key: Key, version: int | None) -> Done:
    """Remove a team with its dependencies, sessions and seats."""
    expect_version("team", by_key(context.organisation().teams, key, "team"), version)
    return done(do(teams.remove_team, key))


def _current(key: str) -> tuple[Team, int]:
    team = by_key(context.organisation().teams, key, "team")
    number = version("team", team)
    return _team(team, number), number


def _team(team: model.Team, number: int) -> Team:
    draft = team_draft(context.organisation(), team)
    return Team(key=team.key, version=number, **vars(_of(draft)))


def _of(draft: TeamDraft) -> NewTeam:
    members = tuple(Member(person=m.person, decides=m.decides, role=m.role) for m in draft.members)
    return NewTeam(
        name=draft.name, area=draft.area, purpose=draft.purpose, place=draft.place, members=members
    )


def _draft(team: NewTeam) -> TeamDraft:
    expect_known(
        place=(maybe(team.place), place_names()), members=((m.person for m in team.members), person_keys())
    )
    members = tuple(MemberDraft(m.person, m.decides, m.role) for m in team.members)
    return TeamDraft("", team.name, team.area, team.purpose, team.place, members)
