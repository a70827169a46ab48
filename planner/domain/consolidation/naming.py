"""The short names by which the consolidation knows what the organisation numbers."""

from __future__ import annotations

from planner.domain.model import DependencyId, PersonId, PlaceId, TeamId


def item_name(dependency_id: DependencyId) -> str:
    return f"d{dependency_id}"


def person_name(person_id: PersonId) -> str:
    return f"p{person_id}"


def team_name(team_id: TeamId) -> str:
    return f"t{team_id}"


def place_name(place_id: PlaceId) -> str:
    return f"l{place_id}"


def dependency_id(name: str) -> DependencyId:
    return DependencyId(int(name[1:]))


def person_id(name: str) -> PersonId:
    return PersonId(int(name[1:]))


def place_id(name: str) -> PlaceId:
    return PlaceId(int(name[1:]))


def team_id(name: str) -> TeamId:
    return TeamId(int(name[1:]))
