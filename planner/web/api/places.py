"""Places, and the minutes between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from planner.domain import model
from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import clean
from planner.domain.transfer import PlaceDraft
from planner.services import places
from planner.services.accounts.tokens import Scope
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import (
    do,
    done,
    expect_known,
    expect_version,
    looked_for,
    one,
    place_names,
    version,
    versions,
)
from planner.web.api.types import AtMost, Minute, Name, Partial, ShortText
from planner.web.records import by_name, still_named


@dataclass(frozen=True, kw_only=True)
class Way:
    """Minutes one way to another place; the same in both directions."""

    place: Name
    minutes: Minute


@dataclass(frozen=True, kw_only=True)
class NewPlace:
    """A place with its time zone, and the ways from it that are known."""

    name: Name
    zone: ShortText = "UTC"
    ways: Annotated[tuple[Way, ...], AtMost(500)] = ()


@dataclass(frozen=True, kw_only=True)
class Place(NewPlace):
    """A place."""

    version: int


@dataclass(frozen=True, kw_only=True)
class PlaceFilter(Page):
    """`q`: part of the name."""

    q: ShortText | None = None


@operation("GET", "/places")
def list_places(query: PlaceFilter) -> Listed[Place]:
    """List places by name."""
    found = looked_for(context.organisation().places, lambda place: place.name, query.q)
    known = versions("place", found)
    return page_of(found, query, lambda place: _place(place, known[place.id]))


@operation("POST", "/places", status=201, scope=Scope.SETTINGS)
def create_place(body: NewPlace) -> One[Place]:
    """Add a place."""
    minutes = _minutes(body, None)
    draft = PlaceDraft(body.name, body.zone)
    change = do(places.record_place, draft, minutes_to=minutes)
    found, number = _current(clean(body.name, where="name"))
    return one(found, number, at=f"/places/{quote(found.name, safe='')}", change=change)


@operation("GET", "/places/<path:name>")
def read_place(name: Name) -> One[Place]:
    """Read one place."""
    return one(*_current(name))


@operation("PATCH", "/places/<path:name>", scope=Scope.SETTINGS)
def change_place(name: Name, body: Partial[NewPlace], version: int | None) -> One[Place]:
    """Change what is named of a place; a list of ways replaces the whole list."""
    before, _version = _current(still_named(context.organisation().places, name, "place").name)
    old = NewPlace(name=before.name, zone=before.zone, ways=before.ways)
    wanted = body.over(old)
    change = do(
        places.change_place,
        before.name,
        PlaceDraft(wanted.name, wanted.zone, silent=frozenset({"days_off"})),
        minutes_to=_minutes(wanted, old),
        version=version,
    )
    return one(*_current(clean(wanted.name, where="name")), change=change)


@operation("DELETE", "/places/<path:name>", scope=Scope.SETTINGS)
def delete_place(name: Name, version: int | None) -> Done:
    """Remove a place; teams, people and sessions stay, without one."""
    place = still_named(context.organisation().places, name, "place")
    expect_version("place", place, version)
    return done(do(places.remove_place, place.name))


def _current(name: str) -> tuple[Place, int]:
    place = by_name(context.organisation().places, name, "place")
    number = version("place", place)
    return _place(place, number), number


def _place(place: model.Place, number: int) -> Place:
    names = context.organisation().place
    ways = []
    for way in context.organisation().travel:
        if place.id in (way.place_id, way.other_place_id):
            other = way.other_place_id if way.place_id == place.id else way.place_id
            ways.append(Way(place=names[other].name, minutes=way.minutes))
    found = tuple(sorted(ways, key=lambda way: way.place))
    return Place(name=place.name, zone=place.zone, ways=found, version=number)


def _minutes(wanted: NewPlace, old: NewPlace | None) -> dict[str, int | None]:
    """The minutes to each other place, None for a way that is not among them any more."""
    names = [way.place for way in wanted.ways]
    expect_known(ways=(names, place_names()))
    if (old.name if old else wanted.name) in names:
        raise InvalidInput(Problem("/ways", "lead to the place itself; leave that out"))
    gone = {way.place: None for way in old.ways} if old else {}
    return {**gone, **{way.place: way.minutes for way in wanted.ways}}
