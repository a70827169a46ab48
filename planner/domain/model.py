"""The nouns of the product as plain values: what an organisation is at one moment.

Everything here is frozen and knows nothing of storage, requests or clocks. Times of day are minutes
after midnight, local to the zone beside them; durations are minutes; days are dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import NewType
from zoneinfo import ZoneInfo

PlaceId = NewType("PlaceId", int)
PersonId = NewType("PersonId", int)
TeamId = NewType("TeamId", int)
HorizonId = NewType("HorizonId", int)
GoalId = NewType("GoalId", int)
SessionId = NewType("SessionId", int)
DependencyId = NewType("DependencyId", int)

MINUTES_PER_DAY = 24 * 60
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DependencyState(StrEnum):
    """Where the negotiation of a dependency stands; late, unanswered and in a loop are derived."""

    ASKED = "asked"
    COUNTERED = "countered"
    AGREED = "agreed"
    REOPENED = "reopened"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_active(self) -> bool:
        """True while somebody still waits for what is needed."""
        return self in _ACTIVE


_ACTIVE = frozenset(
    {
        DependencyState.ASKED,
        DependencyState.COUNTERED,
        DependencyState.AGREED,
        DependencyState.REOPENED,
        DependencyState.DELIVERED,
    }
)


_PROMISED = frozenset({DependencyState.AGREED, DependencyState.REOPENED})


class Side(StrEnum):
    """The two ends of a dependency: who needs it, and who gives it."""

    CONSUMER = "consumer"
    PROVIDER = "provider"

    @property
    def other(self) -> Side:
        return Side.PROVIDER if self is Side.CONSUMER else Side.CONSUMER


class DependencyKind(StrEnum):
    """What the two sides say their dependency is; interdependence is inferred from all of them."""

    HAND_OVER = "hand-over"
    SHARED = "shared"
    BACK_AND_FORTH = "back-and-forth"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a person can meet: minutes after local midnight on the given weekdays (Monday is 0)."""

    zone: str = "UTC"
    start: int = 9 * 60
    end: int = 17 * 60
    days: frozenset[int] = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Place:
    """days_off: when nobody works there, in order."""

    id: PlaceId
    name: str
    zone: str = "UTC"
    days_off: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes one way between two places; the same in both directions."""

    place_id: PlaceId
    other_place_id: PlaceId
    minutes: int


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    key: str
    name: str
    email: str | None = None
    place_id: PlaceId | None = None
    hours: WorkingHours = WorkingHours()


@dataclass(frozen=True, slots=True)
class Team:
    id: TeamId
    key: str
    name: str
    area: str = ""
    purpose: str = ""
    place_id: PlaceId | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in a team; whoever decides for the team is its product owner."""

    person_id: PersonId
    team_id: TeamId
    decides: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Horizon:
    """A named stretch of planning: a sprint, a quarter, a release cycle."""

    id: HorizonId
    name: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class SharedGoal:
    """What two teams or more carry together; one person may lead it."""

    id: GoalId
    key: str
    outcome: str
    due_on: date | None = None
    team_ids: frozenset[TeamId] = frozenset()
    lead_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class TeamSession:
    """A session that one team holds today, with everybody who sits in it.

    paused_by_id: the proposal whose shared sessions are tried in its place; None while it is held.
    """

    id: SessionId
    key: str
    title: str
    host_id: TeamId
    attendee_ids: frozenset[PersonId] = frozenset()
    minutes: int = 60
    local_minutes: int = 0
    cadence_days: int = 14
    weekday: int | None = None
    start: int | None = None
    zone: str | None = None
    place_id: PlaceId | None = None
    paused_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Negotiation:
    """How the two sides stand: what was said last, and what one of them proposes.

    `proposed_*` is the change that waits for the other side's answer. While a dependency is countered
    the proposed date is its `promised_for`, which is no promise yet; while it is reopened, that is
    the old promise and stays in force. `criteria` say when it is done; without any, the sentence does.
    """

    round: int = 1
    asked_on: date | None = None
    reminded_on: date | None = None
    criteria: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    proposed_for: date | None = None
    proposed_what: str = ""
    proposed_provider_id: TeamId | None = None
    proposed_by: Side | None = None
    proposed_on: date | None = None
    reason: str = ""
    heard: str = ""
    heard_right: bool | None = None
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependency:
    """The consumer team needs something from the provider team.

    `gap` is the perspective gap of the two sides, 0 (agree) to 1 (split), None while unrated.
    """

    id: DependencyId
    key: str
    consumer_id: TeamId
    provider_id: TeamId
    what: str
    needed_by: date | None = None
    promised_for: date | None = None
    state: DependencyState = DependencyState.ASKED
    goal_id: GoalId | None = None
    horizon_id: HorizonId | None = None
    item: str = ""
    kind: DependencyKind = DependencyKind.HAND_OVER
    gap: float | None = None
    negotiation: Negotiation = Negotiation()

    def team_of(self, side: Side) -> TeamId:
        return self.consumer_id if side is Side.CONSUMER else self.provider_id

    @property
    def is_promised_late(self) -> bool:
        """True when the promise is later than the need; a counter-offer is no promise yet."""
        return (
            self.state in _PROMISED
            and self.needed_by is not None
            and self.promised_for is not None
            and self.promised_for > self.needed_by
        )

    def is_late(self, today: date) -> bool:
        """True when it is promised later than needed, or its promise or need has passed unmet."""
        if not self.state.is_active or self.state is DependencyState.DELIVERED:
            return False
        if self.is_promised_late:
            return True
        due = self.promised_for if self.state in _PROMISED else None
        due = due or self.needed_by
        return due is not None and due < today


@dataclass(frozen=True)
class Organisation:
    """Everything that is recorded, as one value. Sequences are sorted by id."""

    places: tuple[Place, ...] = ()
    travel: tuple[Travel, ...] = ()
    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    memberships: tuple[Membership, ...] = ()
    horizons: tuple[Horizon, ...] = ()
    goals: tuple[SharedGoal, ...] = ()
    sessions: tuple[TeamSession, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    name: str = field(default="")

    @cached_property
    def zone(self) -> str:
        """The zone of most of its places, UTC where it has none: where its day begins for all of it."""
        zones = [place.zone for place in self.places]
        return min(zones, key=lambda zone: (-zones.count(zone), zone), default="UTC")

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment for all of it, whoever reads."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @cached_property
    def team(self) -> Mapping[TeamId, Team]:
        return MappingProxyType({team.id: team for team in self.teams})

    @cached_property
    def person(self) -> Mapping[PersonId, Person]:
        return MappingProxyType({person.id: person for person in self.people})

    @cached_property
    def place(self) -> Mapping[PlaceId, Place]:
        return MappingProxyType({place.id: place for place in self.places})

    @cached_property
    def goal(self) -> Mapping[GoalId, SharedGoal]:
        return MappingProxyType({goal.id: goal for goal in self.goals})

    @cached_property
    def horizon(self) -> Mapping[HorizonId, Horizon]:
        return MappingProxyType({horizon.id: horizon for horizon in self.horizons})

    @cached_property
    def active_dependencies(self) -> tuple[Dependency, ...]:
        """What somebody still waits for."""
        return tuple(d for d in self.dependencies if d.state.is_active)

    @cached_property
    def teams_of(self) -> Mapping[PersonId, tuple[TeamId, ...]]:
        """The teams that each person belongs to, by id; a person without one maps to ()."""
        found: dict[PersonId, list[TeamId]] = {person.id: [] for person in self.people}
        for membership in self.memberships:
            found[membership.person_id].append(membership.team_id)
        return MappingProxyType({person: tuple(sorted(teams)) for person, teams in found.items()})

    @cached_property
    def members_of(self) -> Mapping[TeamId, tuple[Membership, ...]]:
        """Who belongs to each team, in the order of all memberships; a team without anybody maps to ()."""
        found: dict[TeamId, list[Membership]] = {team.id: [] for team in self.teams}
        for membership in self.memberships:
            found[membership.team_id].append(membership)
        return MappingProxyType({team: tuple(members) for team, members in found.items()})

    @cached_property
    def product_owners(self) -> Mapping[TeamId, tuple[PersonId, ...]]:
        """The people who decide for each team, by id; a team without one maps to ()."""
        found: dict[TeamId, list[PersonId]] = {team.id: [] for team in self.teams}
        for membership in self.memberships:
            if membership.decides:
                found[membership.team_id].append(membership.person_id)
        return MappingProxyType({team: tuple(sorted(people)) for team, people in found.items()})
