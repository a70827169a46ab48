"""What the consolidation is asked and what it answers, apart from how the answer is found.

People, teams and items are named by short strings so that the same model serves an organisation
from the database, a published instance and ten lines of a test. All durations are whole minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from planner.domain.away import Stretch
from planner.domain.model import WorkingHours


class Attendance(StrEnum):
    """WINDOW: from the first to the last own item. WHOLE: from opening to end."""

    WINDOW = "window"
    WHOLE = "whole"


class Interdependence(StrEnum):
    """Thompson's three kinds, inferred from the recorded dependencies."""

    POOLED = "pooled"
    SEQUENTIAL = "sequential"
    RECIPROCAL = "reciprocal"


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a suggestion; every default has its reason in docs/assumptions.md.

    people_max (K), room_max (at once, window mode), minutes_max (D), opening (o), seat_cost (c),
    sessions_max (M), split_cost (a provider's queue in one more session), queues_whole. move_cost is
    what a changed invitation counts when an earlier plan is planned from. earliest and latest narrow
    everybody's working hours, in minutes after their own midnight.
    """

    attendance: Attendance = Attendance.WINDOW
    people_max: int = 12
    room_max: int | None = 8
    minutes_max: int = 120
    opening: int = 15
    seat_cost: int = 15
    sessions_max: int | None = None
    split_cost: int = 5
    move_cost: int = 10
    queues_whole: bool = False
    relevance_min: float = 1 / 3
    unrated_gap: float = 0.25
    settled_minutes: int = 1
    earliest: int = 0
    latest: int = 24 * 60


@dataclass(frozen=True, slots=True)
class Item:
    """One dependency that needs a live conversation: who must be there and for how long."""

    id: str
    consumer: str
    provider: str
    people: frozenset[str]
    minutes: int
    kind: Interdependence = Interdependence.SEQUENTIAL
    waits_for: frozenset[str] = frozenset()
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person as the plan sees them: where they sit and when they can meet (None: always).

    away: when they cannot even so, in minutes since 1970 in UTC.
    """

    id: str
    place: str | None = None
    hours: WorkingHours | None = None
    away: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Task:
    """Everything the solver may know. Two equal tasks have byte-equal plans.

    keep_together: groups of item ids that share a session. apart: groups of item ids of which no two
    share one. travel: minutes one way by unordered place pair, empty when nobody travels. days: the
    dates on which sessions may be held, in order.
    """

    items: tuple[Item, ...]
    attendees: Mapping[str, Attendee]
    rules: Rules = Rules()
    keep_together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    travel: Mapping[frozenset[str], int] = field(default_factory=dict)
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """When a session begins: a date and the minute of that day in UTC."""

    day: date
    minute: int


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """Items in the order they are talked about; place None means remote."""

    items: tuple[str, ...]
    attendees: frozenset[str]
    slot: Slot | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions in order of their smallest item, and what the rules forbid.

    unplaced: items that no session can hold. torn: groups that cannot be kept together, by the sorted
    ids of their items with a comma between. Each has a sentence that begins with the rule, "R4: ...".
    """

    sessions: tuple[PlannedSession, ...]
    unplaced: Mapping[str, str] = field(default_factory=dict)
    torn: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan with its cost J in person-minutes and what is known about how good it is.

    lower_bound is a proven bound on J of every plan under the same rules; `proved` means the
    plan reaches it or that every plan was examined. scheduling_cost is the part of J that finding a
    time for every session has added.
    """

    plan: Plan
    cost: int
    lower_bound: int
    proved: bool
    iterations: int = 0
    scheduling_cost: int = 0

    @property
    def gap(self) -> float:
        """How far above the bound the plan may be, as a share of the bound; 0.0 when proved."""
        if self.proved or self.lower_bound <= 0:
            return 0.0
        return self.cost / self.lower_bound - 1
