"""What a suggestion shows: everything the page and the command line say, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.consolidation.baseline import Baseline
from planner.domain.consolidation.load import Load, Totals
from planner.domain.consolidation.model import Slot
from planner.domain.consolidation.reasons import Reason
from planner.domain.consolidation.refusal import Refusal
from planner.domain.consolidation.selection import Treatment
from planner.domain.interdependence import LargeLoop
from planner.domain.model import DependencyId, GoalId, PersonId, PlaceId, TeamId


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One line of an agenda; `start` in minutes after the session begins."""

    number: int
    dependency_id: DependencyId
    consumer_id: TeamId
    provider_id: TeamId
    minutes: int
    start: int


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's part of a session: their window in minutes after it begins, and why they are needed."""

    person_id: PersonId
    name: str
    team_ids: tuple[TeamId, ...]
    start: int
    end: int
    items: tuple[int, ...]
    own_minutes: int
    why: str


@dataclass(frozen=True, slots=True)
class Why:
    """A reason and the sentence that says it."""

    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class SharedSession:
    """A proposed session. `minutes` from opening to end, a break included; place None: remote."""

    title: str
    goal_ids: tuple[GoalId, ...]
    facilitator_id: PersonId
    facilitator: str
    place_id: PlaceId | None
    slot: Slot | None
    minutes: int
    agenda: tuple[AgendaItem, ...]
    seats: tuple[Seat, ...]
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One person's load before and after; `released` is today without the seats they do not need."""

    person_id: PersonId
    name: str
    before: Load
    released: Load
    after: Load


@dataclass(frozen=True, slots=True)
class Settled:
    """A dependency that needs no meeting, or that no meeting can hold, and why.

    lacks_time: those who speak for it have no time in common on the days of the plan.
    """

    dependency_id: DependencyId
    treatment: Treatment
    sentence: str
    lacks_time: bool = False


@dataclass(frozen=True, slots=True)
class KeptApart:
    """Two sessions (by their place in the list, from 0) that better stay two, and why."""

    first: int
    second: int
    refusal: Refusal
    sentence: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A loop of teams that no single conversation holds, and where to cut it."""

    loop: LargeLoop
    sentence: str


@dataclass(frozen=True, slots=True)
class Torn:
    """Dependencies that belong together and that no single session can hold, and why."""

    dependency_ids: tuple[DependencyId, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The whole answer. `coverage` is the share of what is in play that a session or writing settles.

    today: the sessions as they are; before: what they cost. released: the same sessions with only
    those who have something to decide. pair_talks: each pair alone. after: this suggestion. Costs
    are person-minutes with the price of a seat in them. scheduling_cost: the part of the cost that finding
    a time for every session has added; `scheduling` says it, "" where it is nothing.
    """

    headline: str
    summary: str
    today: Baseline
    cadence_days: int
    before: Totals
    released: Totals
    pair_talks: Totals
    pair_talks_cost: int
    after: Totals
    sessions: tuple[SharedSession, ...]
    people: tuple[PersonLoad, ...]
    in_writing: tuple[Settled, ...]
    uncovered: tuple[Settled, ...]
    coverage: float
    kept_apart: tuple[KeptApart, ...]
    too_large: tuple[TooLarge, ...]
    torn: tuple[Torn, ...]
    cost: int
    lower_bound: int
    gap: float
    proved: bool
    proof: str
    scheduling_cost: int
    scheduling: str

    @property
    def seats_released(self) -> int:
        """How many seats of today have nothing to decide."""
        return self.before.seats - self.released.seats
