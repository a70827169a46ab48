"""What one record cannot know of itself: that a key is its own, and that what it names is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from planner.domain.text import fold
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    GoalDraft,
    HorizonDraft,
    PersonDraft,
    PlaceDraft,
    SessionDraft,
    TeamDraft,
)
from planner.interchange.problems import Problems, shown

AnyDraft = TypeVar(
    "AnyDraft",
    bound=PlaceDraft | PersonDraft | TeamDraft | HorizonDraft | GoalDraft | SessionDraft | DependencyDraft,
)


def check_references(draft: Draft, problems: Problems) -> None:
    """Note every key or name that stands twice, and every reference to a record that is not there."""
    _check_unique(draft, problems)
    _check_places(draft, problems)
    _check_people(draft, problems)
    _check_teams(draft, problems)
    _check_of_dependencies(draft, problems)


def check_against(recorded: Draft, part: Draft) -> None:
    """Check what the records of a part refer to, among themselves and in what is recorded.

    Raises InvalidInput with every problem found.
    """
    problems = Problems()
    check_references(
        Draft(
            places=_over(recorded.places, part.places),
            travel=part.travel,
            people=_over(recorded.people, part.people),
            teams=_over(recorded.teams, part.teams),
            horizons=_over(recorded.horizons, part.horizons),
            goals=_over(recorded.goals, part.goals),
            sessions=_over(recorded.sessions, part.sessions),
            dependencies=_over(recorded.dependencies, part.dependencies),
        ),
        problems,
    )
    problems.raise_if_any()


def _over(recorded: tuple[AnyDraft, ...], part: tuple[AnyDraft, ...]) -> tuple[AnyDraft, ...]:
    """The part first, so that its records keep the places that problems name, then what it leaves alone."""
    keys = {_key(draft) for draft in part}
    return (*part, *(draft for draft in recorded if _key(draft) not in keys))


def _key(draft: AnyDraft) -> str:
    return fold(draft.name) if isinstance(draft, PlaceDraft | HorizonDraft) else draft.key


def _check_unique(draft: Draft, problems: Problems) -> None:
    _once("people", "key", (p.key for p in draft.people), problems)
    _once("people", "email", (fold(p.email or "") for p in draft.people), problems)
    _once("teams", "key", (t.key for t in draft.teams), problems)
    _once("goals", "key", (g.key for g in draft.goals), problems)
    _once("sessions", "key", (s.key for s in draft.sessions), problems)
    _once("dependencies", "key", (d.key for d in draft.dependencies), problems)
    _once("teams", "name", (fold(t.name) for t in draft.teams), problems)
    _once("places", "name", (fold(p.name) for p in draft.places), problems)
    _once("horizons", "name", (fold(h.name) for h in draft.horizons), problems)
    seen: set[frozenset[str]] = set()
    for at, way in enumerate(draft.travel):
        if frozenset((way.place, way.other_place)) in seen:
            problems.add(f"travel[{at}]", f"the way between {way.place} and {way.other_place} stands twice")
        seen.add(frozenset((way.place, way.other_place)))


def _check_places(draft: Draft, problems: Problems) -> None:
    places = {p.name for p in draft.places}
    for at, way in enumerate(draft.travel):
        _known(f"travel[{at}].place", way.place, "place", places, problems)
        _known(f"travel[{at}].other_place", way.other_place, "place", places, problems)
    located = {
        "people": [p.place for p in draft.people],
        "teams": [t.place for t in draft.teams],
        "sessions": [s.place for s in draft.sessions],
    }
    for list_name, names in located.items():
        for at, name in enumerate(names):
            _known(f"{list_name}[{at}].place", name, "place", places, problems)


def _check_people(draft: Draft, problems: Problems) -> None:
    people = {p.key for p in draft.people}
    for at, team in enumerate(draft.teams):
        for seat, member in enumerate(team.members):
            _known(f"teams[{at}].members[{seat}].person", member.person, "person", people, problems)
    for at, goal in enumerate(draft.goals):
        _known(f"goals[{at}].lead", goal.lead, "person", people, problems)
    for at, session in enumerate(draft.sessions):
        for seat, attendee in enumerate(session.attendees):
            _known(f"sessions[{at}].attendees[{seat}]", attendee, "person", people, problems)


def _check_teams(draft: Draft, problems: Problems) -> None:
    teams = {t.key for t in draft.teams}
    for at, goal in enumerate(draft.goals):
        for seat, team in enumerate(goal.teams):
            _known(f"goals[{at}].teams[{seat}]", team, "team", teams, problems)
    for at, session in enumerate(draft.sessions):
        _known(f"sessions[{at}].host", session.host, "team", teams, problems)


def _check_of_dependencies(draft: Draft, problems: Problems) -> None:
    teams = {t.key for t in draft.teams}
    goals = {g.key for g in draft.goals}
    horizons = {h.name for h in draft.horizons}
    for at, dependency in enumerate(draft.dependencies):
        where = f"dependencies[{at}]"
        _known(f"{where}.consumer", dependency.consumer, "team", teams, problems)
        _known(f"{where}.provider", dependency.provider, "team", teams, problems)
        _known(f"{where}.goal", dependency.goal, "goal", goals, problems)
        _known(f"{where}.horizon", dependency.horizon, "horizon", horizons, problems)


def _once(list_name: str, field: str, values: Iterable[str], problems: Problems) -> None:
    first: dict[str, int] = {}
    for at, value in enumerate(values):
        if value and value in first:
            where = f"{list_name}[{at}].{field}"
            problems.add(where, f"{shown(value)} stands already in {list_name}[{first[value]}]")
        first.setdefault(value, at)


def _known(where: str, key: str | None, noun: str, keys: set[str], problems: Problems) -> None:
    if key and key not in keys:
        problems.add(where, f"read {shown(key)}, expected the key of a {noun} in this file")
