"""What meeting costs people: sessions, minutes, and how much of the time is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.domain.model import Organisation, PersonId, TeamSession


@dataclass(frozen=True, slots=True)
class Load:
    """One person's meetings in one cadence.

    minutes: everything, travel and their own team's part included. attended: what they sit through
    of what is decided; own: the part of it that needs them.
    """

    sessions: int = 0
    minutes: int = 0
    attended: int = 0
    own: int = 0

    @property
    def relevance(self) -> float:
        """The share of the minutes sat through that are one's own; 1.0 for nobody's time."""
        return self.own / self.attended if self.attended else 1.0

    def __add__(self, other: Load) -> Load:
        return Load(
            self.sessions + other.sessions,
            self.minutes + other.minutes,
            self.attended + other.attended,
            self.own + other.own,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """All meetings of all people in one cadence; busiest: the most sessions of one person."""

    sessions: int
    seats: int
    minutes: int
    relevance: float
    busiest: int

    @property
    def hours(self) -> float:
        return self.minutes / 60


def add_up(seats: Iterable[tuple[PersonId, Load]]) -> dict[PersonId, Load]:
    """Each person's load over all their seats, by person id."""
    found: dict[PersonId, Load] = {}
    for person_id, load in seats:
        found[person_id] = found.get(person_id, Load()) + load
    return {person_id: found[person_id] for person_id in sorted(found)}


def totals(sessions: int, loads: Mapping[PersonId, Load]) -> Totals:
    everyone = sum(loads.values(), Load())
    return Totals(
        sessions=sessions,
        seats=everyone.sessions,
        minutes=everyone.minutes,
        relevance=everyone.relevance,
        busiest=max((load.sessions for load in loads.values()), default=0),
    )


def per_cadence(minutes: int, *, held_every: int, cadence_days: int) -> int:
    """Minutes of something held every so many days, in one cadence; halves rounded up."""
    return (2 * minutes * cadence_days + held_every) // (2 * held_every)


def travel_minutes(organisation: Organisation, person_id: PersonId, session: TeamSession) -> int:
    """There and back for one person; 0 where a place or the way is not known."""
    home = organisation.person[person_id].place_id
    ends = {home, session.place_id}
    ways = (way for way in organisation.travel if {way.place_id, way.other_place_id} == ends)
    return next((2 * way.minutes for way in ways), 0)
