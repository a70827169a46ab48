"""Who sits in which session, as a picture shows it: today and as suggested."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sitter:
    """A person as a dot in the colour of an area."""

    id: str
    name: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class SessionBox:
    """A session as a box, with the ids of the people who sit in it."""

    title: str
    sitters: frozenset[str]


@dataclass(frozen=True, slots=True)
class SessionMap:
    """One side of the comparison. `areas` are all areas, so that each keeps its colour."""

    title: str
    people: tuple[Sitter, ...]
    sessions: tuple[SessionBox, ...]
    areas: tuple[str, ...] = ()

    @property
    def seats(self) -> int:
        """How many lines the picture has: one person in one session."""
        known = {person.id for person in self.people}
        return sum(len(session.sitters & known) for session in self.sessions)


def order_of_people(sessions: SessionMap) -> tuple[str, ...]:
    """Return the people in the order that keeps lines short: by the middle of their sessions.

    The barycentre rule of layered drawing (Sugiyama, Tagawa, Toda 1981); who sits in none comes last.
    """

    def middle(person: Sitter) -> tuple[float, str, str]:
        places = [place for place, box in enumerate(sessions.sessions) if person.id in box.sitters]
        mean = sum(places) / len(places) if places else float(len(sessions.sessions))
        return mean, person.name.casefold(), person.id

    return tuple(person.id for person in sorted(sessions.people, key=middle))
