"""What people change of a suggested plan, one choice each, and what a choice costs.

Sessions are named by an item on their agenda: "the session in which this is talked about". So a list of
adjustments means the same on a plan that differs a little from the one it was made for. Names are those of
the task. How they are applied is in `adjusting`, their English in `adjustment_words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.domain.consolidation.model import Plan, Slot, Task
from planner.domain.errors import PlannerError


@dataclass(frozen=True, slots=True)
class Pin:
    """The session of this item stays exactly as it is."""

    item: str


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Somebody does not come to the session of this item; others of their team speak, or it is written."""

    item: str
    person: str


@dataclass(frozen=True, slots=True)
class OnlyFor:
    """Somebody comes to the session of this item for this item alone."""

    item: str
    person: str


@dataclass(frozen=True, slots=True)
class Move:
    """This item, and what belongs together with it, into the session of another; None: one of its own."""

    item: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """This item is settled in writing, so that no session needs it."""

    item: str


@dataclass(frozen=True, slots=True)
class Apart:
    """These two items are not talked about in one session."""

    item: str
    other: str


@dataclass(frozen=True, slots=True)
class ApartQueues:
    """What is needed from one team is in no session with what is needed from the other."""

    provider: str
    other: str


@dataclass(frozen=True, slots=True)
class OtherTime:
    """The session of this item begins then."""

    item: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Merge:
    """The sessions of these two items become one."""

    item: str
    other: str


@dataclass(frozen=True, slots=True)
class Split:
    """The session of this item becomes two, cut where that costs least."""

    item: str


@dataclass(frozen=True, slots=True)
class Drop:
    """The session of this item is not held: everything in it is settled in writing."""

    item: str


@dataclass(frozen=True, slots=True)
class Again:
    """What nobody has pinned or shaped by hand is planned anew near what is there."""


Adjustment = (
    Pin | LeaveOut | OnlyFor | Move | Write | Apart | ApartQueues | OtherTime | Merge | Split | Drop | Again
)


class Obstacle(StrEnum):
    """What stands in the way of an adjustment."""

    NOT_THERE = "not-there"
    NOTHING_CHANGES = "nothing-changes"
    TOO_MANY_PEOPLE = "too-many-people"
    ROOM_FULL = "room-full"
    TOO_LONG = "too-long"
    NO_COMMON_TIME = "no-common-time"
    BELONGS_TOGETHER = "belongs-together"
    TOO_MANY_SESSIONS = "too-many-sessions"
    PINNED = "pinned"
    KEPT_APART = "kept-apart"

    @property
    def rule(self) -> str:
        """The rule behind it, as `Plan.unplaced` names them; "" for what is no rule."""
        return _RULES.get(self, "")


_RULES = {
    Obstacle.TOO_MANY_PEOPLE: "R3",
    Obstacle.ROOM_FULL: "R3",
    Obstacle.TOO_LONG: "R4",
    Obstacle.NO_COMMON_TIME: "R5",
    Obstacle.BELONGS_TOGETHER: "R6",
    Obstacle.TOO_MANY_SESSIONS: "R7",
    Obstacle.PINNED: "R9",
    Obstacle.KEPT_APART: "R9",
}


class CannotAdjust(PlannerError):
    """A rule forbids the adjustment, or what it names is not there. The plan is as it was.

    `figure` is what it would come to: people, minutes, sessions.
    """

    def __init__(
        self,
        obstacle: Obstacle,
        *,
        items: tuple[str, ...] = (),
        people: tuple[str, ...] = (),
        figure: int = 0,
    ) -> None:
        self.obstacle, self.items, self.people, self.figure = obstacle, items, people, figure
        super().__init__(f"{obstacle.rule} {obstacle}: {', '.join((*items, *people))} {figure}".strip())


@dataclass(frozen=True)
class Draft:
    """A plan in the hands of people: the task as they have narrowed it, and a plan that keeps its rules.

    pinned: items whose sessions stay exactly as they are. shaped: items of sessions that somebody has made
    by hand, which planning again leaves alone. touched: items of sessions that have lost something.
    """

    task: Task
    plan: Plan
    pinned: frozenset[str] = frozenset()
    shaped: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Turnout:
    """In how many sessions somebody sits before and after."""

    person: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Price:
    """What leads from one draft to another costs: pairs are before and after, the rest is the difference.

    minutes: person-minutes attended. cost: J. people: those whose number of sessions changes; longer and
    shorter: who sits longer or shorter in as many sessions as before. written: what is settled in writing
    that was in a session. moved: how many sessions that go on begin at another time.
    """

    sessions: tuple[int, int]
    seats: tuple[int, int]
    minutes: int = 0
    cost: int = 0
    people: tuple[Turnout, ...] = ()
    longer: tuple[str, ...] = ()
    shorter: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    moved: int = 0
