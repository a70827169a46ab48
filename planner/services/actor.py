"""Who does something, and when: an argument of every service that changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime

    from planner.domain.model import Organisation, Person, PersonId, TeamId


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of the organisation at the moment of an act; without a person, the operator.

    zone: the clock that they live by.
    """

    at: datetime
    name: str = "Operator"
    person_id: PersonId | None = None
    member_of: frozenset[TeamId] = frozenset()
    decides_for: frozenset[TeamId] = frozenset()
    administers: bool = False
    zone: str = "UTC"

    @property
    def today(self) -> date:
        """The day on which they act, by their own clock."""
        return self.day_of(self.at)

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment by their own clock."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def is_operator(self) -> bool:
        """True on the command line of the machine itself, where everything is allowed."""
        return self.person_id is None


def actor_for(organisation: Organisation, person_id: PersonId, at: datetime) -> Actor | None:
    """Return the actor of a person, None when the organisation has no such person any more."""
    person = organisation.person.get(person_id)
    if person is None:
        return None
    mine = [m for m in organisation.memberships if m.person_id == person_id]
    return Actor(
        at=at,
        name=person.name,
        person_id=person_id,
        member_of=frozenset(m.team_id for m in mine),
        decides_for=frozenset(m.team_id for m in mine if m.decides),
        zone=person.hours.zone,
    )


def person_of(organisation: Organisation, actor: Actor | None) -> Person | None:
    """Return who acts as they are recorded, None for a visitor and for the operator."""
    if actor is None or actor.person_id is None:
        return None
    return organisation.person.get(actor.person_id)


def key_of(organisation: Organisation, actor: Actor | None) -> str:
    """Return the key of who acts, "" for a visitor and for the operator."""
    person = person_of(organisation, actor)
    return person.key if person else ""
