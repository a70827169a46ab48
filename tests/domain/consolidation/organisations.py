"""Organisations that several tests of the consolidation tell their stories with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyState,
    Membership,
    Organisation,
    Person,
    PersonId,
    Place,
    PlaceId,
    SessionId,
    Team,
    TeamId,
    TeamSession,
    Travel,
    WorkingHours,
)
from tests.support.data import published

TODAY = date(2026, 3, 2)


def shared_data(name: str) -> Any:
    """What a published file says; the test is skipped where the file is not there."""
    return json.loads(published(name).read_text())


def make_dependency(id_: int, consumer: int, provider: int, **overrides: Any) -> Dependency:
    values: dict[str, Any] = {"key": f"k{id_}", "what": f"part {id_}", **overrides}
    return Dependency(
        id=DependencyId(id_), consumer_id=TeamId(consumer), provider_id=TeamId(provider), **values
    )


def make_organisation(
    dependencies: Iterable[Dependency], *, deciders: Mapping[int, Sequence[int]] | None = None, **parts: Any
) -> Organisation:
    """Teams 1, 2, .. named A, B, ..; each decided for by the person of the same number unless said."""
    dependencies = tuple(sorted(dependencies, key=lambda d: d.id))
    count = max((max(d.consumer_id, d.provider_id) for d in dependencies), default=0)
    deciders = {number: deciders[number] if deciders and number in deciders else [number]
                for number in range(1, count + 1)}  # fmt: skip
    people = sorted({person for group in deciders.values() for person in group})
    return Organisation(
        people=tuple(Person(PersonId(n), f"p{n}", f"Person {n:02}", hours=WorkingHours()) for n in people),
        teams=tuple(Team(TeamId(n), f"t{n}", chr(64 + n)) for n in deciders),
        memberships=tuple(
            Membership(PersonId(person), TeamId(team), decides=True)
            for team, group in deciders.items()
            for person in group
        ),
        dependencies=dependencies,
        **parts,
    )


def seed_organisation() -> Organisation:
    """Seven teams on two sites, five blocks apart; each holds its own session every 14 days."""
    seed = shared_data("seed-organisation.json")
    number = {name: n for n, name in enumerate(sorted(seed["teams"]), start=1)}
    places = {name: PlaceId(1 if team["place"] == "N" else 2) for name, team in seed["teams"].items()}
    return Organisation(
        places=(Place(PlaceId(1), "North building"), Place(PlaceId(2), "South building")),
        travel=(Travel(PlaceId(1), PlaceId(2), 6),),
        people=tuple(Person(PersonId(n), name, f"PO {name}", place_id=places[name])
                     for name, n in number.items()),
        teams=tuple(Team(TeamId(n), name, seed["teams"][name]["name"], place_id=places[name])
                    for name, n in number.items()),
        memberships=tuple(Membership(PersonId(n), TeamId(n), decides=True) for n in number.values()),
        sessions=tuple(_seed_session(seed, name, number, places) for name in number),
        dependencies=tuple(_seed_dependency(row, number) for row in seed["dependencies"]),
    )  # fmt: skip


def _seed_session(seed: Any, host: str, number: dict[str, int], places: dict[str, PlaceId]) -> TeamSession:
    return TeamSession(
        id=SessionId(number[host]),
        key=host,
        title=f"{host} prioritization",
        host_id=TeamId(number[host]),
        attendee_ids=frozenset(PersonId(number[name]) for name in seed["sessions"][host]),
        minutes=seed["session_minutes"],
        local_minutes=seed["local_minutes"],
        cadence_days=seed["cadence_days"],
        place_id=places[host],
    )


def _seed_dependency(row: Any, number: dict[str, int]) -> Dependency:
    top, _, bottom = row["gap"].partition("/")
    gap = int(top) / int(bottom or 1)
    state = DependencyState.AGREED if row["settled"] else DependencyState.ASKED
    return make_dependency(
        int(row["id"][1:]), number[row["consumer"]], number[row["provider"]], gap=gap, state=state
    )


def kubernetes(needed_by: str | None = None) -> Organisation:
    """Special interest groups as teams: chairs decide, tech leads where there is no chair.

    All open dependencies between different teams, or those of one release cycle whatever their state.
    """
    data = shared_data("kubernetes/normalised.json")
    team_ids = {team["id"]: TeamId(n) for n, team in enumerate(data["teams"], start=1)}
    person_ids = {person["id"]: PersonId(n) for n, person in enumerate(data["people"], start=1)}
    rows = [row for row in data["dependencies"] if row["from_team"] != row["to_team"]]
    if needed_by is None:
        rows = [row for row in rows if row["status"] in ("implementable", "provisional", "active")]
    else:
        rows = [row for row in rows if row["needed_by"] == needed_by]
    return Organisation(
        people=tuple(Person(id_, key, key) for key, id_ in person_ids.items()),
        teams=tuple(Team(team_ids[team["id"]], team["id"], team["name"]) for team in data["teams"]),
        memberships=tuple(
            Membership(person_ids[key], team_ids[team["id"]], decides=True)
            for team in data["teams"]
            for key in _deciders(team)
        ),
        dependencies=tuple(
            make_dependency(n, team_ids[row["from_team"]], team_ids[row["to_team"]])
            for n, row in enumerate(rows, start=1)
        ),
    )


def _deciders(team: Any) -> list[str]:
    for role in ("chair", "tech_lead"):
        people = sorted({member["person"] for member in team["members"] if member["role"] == role})
        if people:
            return people
    return []
