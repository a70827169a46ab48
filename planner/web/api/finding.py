"""Finding by words, and who the token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from planner.services import finding
from planner.web import context
from planner.web.api.operations import One, operation
from planner.web.api.records import one
from planner.web.api.types import Text


@dataclass(frozen=True, kw_only=True)
class Words:
    """`q`: beginnings of words, all of which must be there; `#12` is the dependency 12."""

    q: Annotated[str, Text(400, 1)]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something that was found: its address in this interface, and what people call it."""

    path: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What was found, best first, at most twenty of each kind."""

    teams: tuple[Hit, ...]
    people: tuple[Hit, ...]
    goals: tuple[Hit, ...]
    team_sessions: tuple[Hit, ...]
    places: tuple[Hit, ...]
    horizons: tuple[Hit, ...]
    dependencies: tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True)
class Me:
    """Whom the token stands for; teams by key."""

    key: str
    name: str
    member_of: tuple[str, ...]
    decides_for: tuple[str, ...]
    administers: bool


@operation("GET", "/me")
def read_me() -> One[Me]:
    """Read whom the token stands for."""
    actor, organisation = context.actor(), context.organisation()
    person = next(p for p in organisation.people if p.id == actor.person_id)
    return one(
        Me(
            key=person.key,
            name=person.name,
            member_of=tuple(sorted(organisation.team[team].key for team in actor.member_of)),
            decides_for=tuple(sorted(organisation.team[team].key for team in actor.decides_for)),
            administers=actor.administers,
        )
    )


@operation("GET", "/search")
def search(query: Words) -> One[Hits]:
    """Find anything by the beginnings of its words."""
    found = finding.search(context.database(), context.organisation(), query.q)
    return one(
        Hits(
            teams=tuple(Hit(path=f"/teams/{t.key}", name=t.name) for t in found.teams),
            people=tuple(Hit(path=f"/people/{p.key}", name=p.name) for p in found.people),
            goals=tuple(Hit(path=f"/goals/{g.key}", name=g.outcome) for g in found.goals),
            team_sessions=tuple(Hit(path=f"/team-sessions/{s.key}", name=s.title) for s in found.sessions),
            places=tuple(Hit(path=f"/places/{p.name}", name=p.name) for p in found.places),
            horizons=tuple(Hit(path=f"/horizons/{h.name}", name=h.name) for h in found.horizons),
            dependencies=tuple(Hit(path=f"/dependencies/{d.id}", name=d.what) for d in found.dependencies),
        )
    )
