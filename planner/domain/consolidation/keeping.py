"""A plan by the keys of what it is about, so that it can be kept while rows come and go, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from planner.domain.consolidation.model import Plan, PlannedSession, Slot
from planner.domain.consolidation.naming import (
    dependency_id,
    item_name,
    person_id,
    person_name,
    place_id,
    place_name,
)
from planner.domain.model import DependencyId, Organisation, PersonId
from planner.domain.series import after

ROUND = timedelta(days=14)
"""Sessions are placed on the working days of two weeks, so after two weeks a start comes round again."""


def by_keys(organisation: Organisation, plan: Plan) -> dict[str, Any]:
    """The sessions of a plan as plain values, with keys in place of numbers; the same plan, the same values.

    Raises KeyError when the plan names what the organisation does not have.
    """
    dependency = {one.id: one.key for one in organisation.dependencies}
    return {
        "sessions": [
            {
                "items": [dependency[dependency_id(item)] for item in session.items],
                "attendees": sorted(organisation.person[person_id(one)].key for one in session.attendees),
                "day": None if session.slot is None else session.slot.day.isoformat(),
                "minute": None if session.slot is None else session.slot.minute,
                "place": None if session.place is None else organisation.place[place_id(session.place)].name,
            }
            for session in plan.sessions
        ]
    }


def from_keys(organisation: Organisation, kept: Mapping[str, Any]) -> Plan:
    """The plan with the numbers of now; what is not there any more gets numbers that nothing has."""
    items = _Numbers({one.key: one.id for one in organisation.dependencies})
    people = _Numbers({one.key: one.id for one in organisation.people})
    places = {one.name: place_name(one.id) for one in organisation.places}
    return Plan(
        tuple(
            PlannedSession(
                tuple(item_name(DependencyId(items.of(key))) for key in one["items"]),
                frozenset(person_name(PersonId(people.of(key))) for key in one["attendees"]),
                None if one["day"] is None else Slot(date.fromisoformat(one["day"]), one["minute"]),
                places.get(one["place"]),
            )
            for one in kept["sessions"]
        )
    )


def come_round(organisation: Organisation, plan: Plan, today: date) -> Plan:
    """The plan with every start that is past moved on by whole rounds of two weeks, to after today.

    The hour stays that of the clocks where the session is held, or by which most of its people live.
    """
    zones = {person_name(one.id): one.hours.zone for one in organisation.people}
    places = {place_name(one.id): one.zone for one in organisation.places}

    def zone_of(session: PlannedSession) -> str:
        if session.place in places:
            return places[session.place]
        known = Counter(zones[person] for person in session.attendees if person in zones)
        return min(known, key=lambda zone: (-known[zone], zone), default="UTC")

    return replace(plan, sessions=tuple(_come_round(one, zone_of(one), today) for one in plan.sessions))


def next_round(day: date, today: date) -> date:
    """The day itself while it is ahead, else the first one after today by whole rounds of two weeks."""
    return day if day > today else day + ((today - day) // ROUND + 1) * ROUND


def next_slot(slot: Slot, zone: str, today: date) -> Slot:
    """The slot itself while it is ahead, else its next round, at the same hour by the clocks of this zone."""
    moment = datetime.combine(slot.day, time(), UTC) + timedelta(minutes=slot.minute)
    later = after(moment, zone, (next_round(slot.day, today) - slot.day).days)
    return Slot(later.date(), later.hour * 60 + later.minute)


def _come_round(session: PlannedSession, zone: str, today: date) -> PlannedSession:
    return session if session.slot is None else replace(session, slot=next_slot(session.slot, zone, today))


class _Numbers:
    """The numbers behind keys; a key without one gets the next number below all others."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = dict(known)
        self._lowest = min([0, *self._known.values()])

    def of(self, key: str) -> int:
        if key not in self._known:
            self._lowest -= 1
            self._known[key] = self._lowest
        return self._known[key]
