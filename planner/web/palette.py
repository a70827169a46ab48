"""What the palette offers for what was typed: asking it as a sentence, pages, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from planner.domain.text import search_words
from planner.services.finding import search
from planner.services.pictures.pictures import KINDS
from planner.services.sentences import read_line
from planner.web import context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.model import Dependency
    from planner.services.finding import Found

MOST_OF_A_KIND = 5
PAGES = (
    ("My week", "week.index"),
    ("Dependencies", "dependencies.index"),
    ("Ask for something", "dependencies.new"),
    ("Goals", "goals.index"),
    ("Map", "map.show"),
    ("Sessions", "sessions.index"),
    ("Suggested shared sessions", "suggestion.show"),
    ("Adjust the suggestion", "adjusting.draft"),
    ("Proposed plans", "proposals.index"),
    ("Join a session", "live.door"),
    ("Teams", "teams.index"),
    ("People", "people.index"),
    ("Places", "places.index"),
    ("Horizons", "horizons.index"),
    ("Import and export", "exchange.index"),
    ("Notices", "notices.index"),
    ("History and undo", "history.index"),
    ("Help", "help.index"),
    ("Programming interface", "programs.index"),
)
OWN_PAGES = (
    ("Promises", "promises.index"),
    ("Your calendar", "calendars.index"),
    ("What comes by mail", "notices.choices"),
    ("Access tokens", "tokens.index"),
)
"""For whoever is signed in."""

ACCOUNT_PAGES = (
    ("Your account", "account.show"),
    ("Links you share", "shares.index"),
    ("Invite", "invitations.index"),
)
"""For whoever is signed in, where people have accounts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette: what it is called, what it is, where it leads."""

    label: str
    kind: str
    address: str


def entries(text: str) -> list[Entry]:
    """Return what can be done with the text, the sentence first and the whole search last."""
    words = search_words(text)
    found = [*_sentence(text), *_pages(words)]
    if words or text.strip():
        everything = search(context.database(), context.organisation(), text, limit=MOST_OF_A_KIND)
        found += [
            *_things(everything),
            Entry(f"Search for “{text}”", "all", url_for("search.results", q=text)),
        ]
    return found


def _sentence(text: str) -> Iterator[Entry]:
    line = read_line(context.organisation(), context.visitor(), text, context.today())
    if line and line.provider:
        # the anchor is the field with the sentence: Enter records it
        yield Entry(f"Ask: {text}", line.provider, url_for("dependencies.new", s=text, _anchor="s"))


def _pages(words: list[str]) -> Iterator[Entry]:
    for entry in (*_every_page(), *(_pictures() if words else ())):
        named = search_words(entry.label)
        if all(any(name.startswith(word) for name in named) for word in words):
            yield entry


def _every_page() -> Iterator[Entry]:
    """Return what the visitor may open."""
    own = (OWN_PAGES + ACCOUNT_PAGES if context.uses_accounts() else OWN_PAGES) if context.visitor() else ()
    managed = (("Web hooks and mail", "hooks.index"),) if context.may_manage() else ()
    for label, endpoint in PAGES + own + managed:
        yield Entry(label, "page", url_for(endpoint))


def _pictures() -> Iterator[Entry]:
    for kind in KINDS.values():
        yield Entry(f"{kind.label}: {kind.title}", "picture", url_for("map.show", view=kind.name))


def _things(found: Found) -> Iterator[Entry]:
    for team in found.teams:
        yield Entry(team.name, "team", url_for("teams.show", key=team.key))
    for person in found.people:
        yield Entry(person.name, "person", url_for("people.show", key=person.key))
    for goal in found.goals:
        yield Entry(goal.outcome, "goal", url_for("goals.show", key=goal.key))
    for dependency in found.dependencies:
        yield _dependency(dependency)
    for session in found.sessions:
        yield Entry(session.title, "session", url_for("sessions.show", key=session.key))
    for place in found.places:
        yield Entry(place.name, "place", url_for("places.show", name=place.name))
    for horizon in found.horizons:
        yield Entry(horizon.name, "horizon", url_for("horizons.show", name=horizon.name))


def _dependency(dependency: Dependency) -> Entry:
    teams = context.organisation().team
    consumer, provider = teams[dependency.consumer_id].name, teams[dependency.provider_id].name
    address = url_for("dependencies.show", number=dependency.id)
    return Entry(dependency.what, f"{consumer} needs it from {provider}", address)
