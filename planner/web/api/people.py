"""People: who they are and when they can meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from planner.domain import model
from planner.domain.transfer import PersonDraft, person_draft
from planner.services import people
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
    place_names,
    team_keys,
    version,
    versions,
)
from planner.web.api.types import AtMost, Between, Email, Key, Minute, Name, Partial, ShortText
from planner.web.records import by_key

Weekday = Annotated[int, Between(0, 6)]


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When a person can meet: minutes after their midnight, on these weekdays (Monday is 0)."""

    zone: ShortText = "UTC"
    start: Minute = 9 * 60
    end: Minute = 17 * 60
    days: Annotated[tuple[Weekday, ...], AtMost(7)] = (0, 1, 2, 3, 4)


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """A person as they are recorded; teams by key, the place by name. Who decides is said by the team."""

    name: Name
    email: Email | None = None
    place: Name | None = None
    hours: Hours = field(default_factory=Hours)
    teams: Annotated[tuple[Key, ...], AtMost(200)] = ()


@dataclass(frozen=True, kw_only=True)
class Person(NewPerson):
    """A person."""

    key: str
    version: int


@dataclass(frozen=True, kw_only=True)
class PersonFilter(Page):
    """`q`: part of the name. `team`: by key. `place`: by name."""

    q: ShortText | None = None
    team: Key | None = None
    place: Name | None = None


@operation("GET", "/people")
def list_people(query: PersonFilter) -> Listed[Person]:
    """List people by name."""
    organisation, teams_of = context.organisation(), _teams_by_person()
    found = [
        person
        for person in looked_for(organisation.people, lambda person: person.name, query.q)
        if (query.team is None or query.team in teams_of.get(person.id, ()))
        and query.place in (None, _place(person))
    ]
    known = versions("person", found)
    return page_of(found, query, lambda p: _person(p, teams_of.get(p.id, ()), known[p.id]))


@operation("POST", "/people", status=201)
def create_person(body: NewPerson) -> One[Person]:
    """Add a person."""
    key, change = do(people.record_person, _draft(body), teams=body.teams)
    return one(*_current(key), at=f"/people/{key}", change=change)


@operation("GET", "/people/<key>")
def read_person(key: Key) -> One[Person]:
    """Read one person."""
    return one(*_current(key))


@operation("PATCH", "/people/<key>")
def change_person(key: Key, body: Partial[NewPerson], version: int | None) -> One[Person]:
    """Change what is named of a person; a list of teams replaces the whole list."""
    now, _version = _current(key)
    wanted = body.over(_new(now))
    change = do(people.change_person, key, _draft(wanted), version=version, teams=wanted.teams)
    return one(*_current(key), change=change)


@operation("DELETE", "/people/<key>")
def delete_person(key: Key, version: int | None) -> Done:
    """Remove a person with their seats and memberships."""
    expect_version("person", by_key(context.organisation().people, key, "person"), version)
    return done(do(people.remove_person, key))


def _current(key: str) -> tuple[Person, int]:
    person = by_key(context.organisation().people, key, "person")
    number = version("person", person)
    return _person(person, _teams_by_person().get(person.id, ()), number), number


def _teams_by_person() -> dict[int, tuple[str, ...]]:
    organisation = context.organisation()
    found: dict[int, list[str]] = {}
    for membership in organisation.memberships:
        found.setdefault(membership.person_id, []).append(organisation.team[membership.team_id].key)
    return {person: tuple(sorted(keys)) for person, keys in found.items()}


def _place(person: model.Person) -> str | None:
    return context.organisation().place[person.place_id].name if person.place_id is not None else None


def _person(person: model.Person, teams: tuple[str, ...], number: int) -> Person:
    draft = person_draft(context.organisation(), person)
    hours = draft.hours
    return Person(
        key=draft.key,
        name=draft.name,
        email=draft.email,
        place=draft.place,
        hours=Hours(zone=hours.zone, start=hours.start, end=hours.end, days=tuple(sorted(hours.days))),
        teams=teams,
        version=number,
    )


def _new(person: Person) -> NewPerson:
    return NewPerson(
        name=person.name, email=person.email, place=person.place, hours=person.hours, teams=person.teams
    )


def _draft(person: NewPerson) -> PersonDraft:
    expect_known(place=(maybe(person.place), place_names()), teams=(person.teams, team_keys()))
    hours = person.hours
    return PersonDraft(
        "",
        person.name,
        person.email or None,
        person.place,
        model.WorkingHours(hours.zone, hours.start, hours.end, frozenset(hours.days)),
    )
