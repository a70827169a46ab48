"""When two sessions should not become one, with the figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.calendars import starts
from planner.domain.consolidation.agenda import GRID, presence, waits_without_knots
from planner.domain.consolidation.cost import session_figures, spans
from planner.domain.consolidation.model import Attendance, Item, Rules, Task
from planner.domain.consolidation.order import order_items

SAVING_SHARE = 0.1
SAVING_MINUTES = 60


class RefusalReason(StrEnum):
    COSTS_MORE = "costs-more"
    NO_HAND_OFF = "no-hand-off"
    TOO_MANY_PEOPLE = "too-many-people"
    TOO_LONG = "too-long"
    ROOM_FULL = "room-full"
    NO_COMMON_TIME = "no-common-time"
    LOW_RELEVANCE = "low-relevance"
    SMALL_SAVING = "small-saving"
    LONGER_FOR_SOME = "longer-for-some"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why two sessions stay apart. Costs in person-minutes; `longer_for` people would sit longer."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    reasons: tuple[RefusalReason, ...]
    separate_cost: int
    joint_cost: int
    joint_people: int
    joint_minutes: int
    longer_for: int
    lowest_relevance: float

    @property
    def change(self) -> float:
        """The joint cost against the separate one, as a share: 0.57 is 57 % more."""
        return self.joint_cost / self.separate_cost - 1 if self.separate_cost else 0.0


def refuse_merge(task: Task, first: Sequence[Item], second: Sequence[Item]) -> Refusal | None:
    """The refusal with all its reasons, or None where one session would pay."""
    joint = _Joint(task, first, second)
    reasons = tuple(joint.reasons())
    if not reasons:
        return None
    return Refusal(
        first=tuple(item.id for item in first),
        second=tuple(item.id for item in second),
        reasons=reasons,
        separate_cost=joint.separate_cost,
        joint_cost=joint.joint_cost,
        joint_people=len(joint.people),
        joint_minutes=joint.length,
        longer_for=joint.longer_for,
        lowest_relevance=joint.lowest_relevance,
    )


class _Joint:
    """Two sessions laid together, in the best order that can be found for both."""

    def __init__(self, task: Task, first: Sequence[Item], second: Sequence[Item]) -> None:
        self.task, self.rules = task, task.rules
        self.first, self.second = first, second
        together = (*first, *second)
        self.people = _people(together)
        self.length = self.rules.opening + _minutes(together)
        self.is_over_caps = len(self.people) > self.rules.people_max or self.length > self.rules.minutes_max
        ordered = None
        if not self.is_over_caps:
            ordered = order_items(together, self.rules, waits=waits_without_knots(together))
        self.is_room_full = not self.is_over_caps and ordered is None
        self.agenda = ordered or together
        self.separate_cost = session_figures(task, first).cost + session_figures(task, second).cost
        self.joint_cost = session_figures(task, self.agenda).cost
        self.longer_for = self._longer_for()
        self.lowest_relevance = self._lowest_relevance()

    def reasons(self) -> Iterable[RefusalReason]:
        if self.joint_cost > self.separate_cost:
            yield RefusalReason.COSTS_MORE
        if not _teams(self.first) & _teams(self.second):
            yield RefusalReason.NO_HAND_OFF
        yield from self._broken_limits()
        is_whole = self.rules.attendance is Attendance.WHOLE
        if is_whole and self.lowest_relevance < self.rules.relevance_min:
            yield RefusalReason.LOW_RELEVANCE
        yield from self._weak_savings()

    def _broken_limits(self) -> Iterable[RefusalReason]:
        if len(self.people) > self.rules.people_max:
            yield RefusalReason.TOO_MANY_PEOPLE
        if self.length > self.rules.minutes_max:
            yield RefusalReason.TOO_LONG
        if self.is_room_full:
            yield RefusalReason.ROOM_FULL
        if self.task.days and not self._has_common_time():
            yield RefusalReason.NO_COMMON_TIME

    def _weak_savings(self) -> Iterable[RefusalReason]:
        saving = self.separate_cost - self.joint_cost
        if saving < 0:
            return
        if saving < SAVING_MINUTES or saving < SAVING_SHARE * self.separate_cost:
            yield RefusalReason.SMALL_SAVING
        if self.longer_for:
            yield RefusalReason.LONGER_FOR_SOME

    def _has_common_time(self) -> bool:
        known = [
            (attendee.hours, part)
            for person, part in presence(self.rules, self.agenda).items()
            if (attendee := self.task.attendees.get(person)) is not None and attendee.hours is not None
        ]
        ranges = (found for day in self.task.days for found in starts(known, day))
        return any(-(-first // GRID) * GRID <= last for first, last in ranges)

    def _longer_for(self) -> int:
        before: dict[str, int] = dict.fromkeys(self.people, 0)
        for session in (self.first, self.second):
            for person, minutes in _sat(self.rules, session).items():
                before[person] += minutes + self.rules.seat_cost
        after = _sat(self.rules, self.agenda)
        return sum(after[person] + self.rules.seat_cost > before[person] for person in self.people)

    def _lowest_relevance(self) -> float:
        sat = _minutes(self.agenda)
        own = own_minutes(self.rules, self.agenda)
        return min((own[person] / sat for person in self.people), default=1.0) if sat else 1.0


def own_minutes(rules: Rules, items: Sequence[Item]) -> dict[str, int]:
    """The minutes that need each person: their items, or every queue they are in where all stay for it."""
    own: dict[str, int] = dict.fromkeys(sorted(_people(items)), 0)
    if not (rules.queues_whole and rules.attendance is Attendance.WHOLE):
        for item in items:
            for person in item.people:
                own[person] += item.minutes
        return own
    for provider in {item.provider for item in items}:
        queue = [item for item in items if item.provider == provider]
        for person in _people(queue):
            own[person] += _minutes(queue)
    return own


def _sat(rules: Rules, items: Sequence[Item]) -> dict[str, int]:
    """Minutes each person sits there, without a break."""
    if rules.attendance is Attendance.WINDOW:
        return spans(items)
    return dict.fromkeys(_people(items), rules.opening + _minutes(items))


def _people(items: Iterable[Item]) -> set[str]:
    return {person for item in items for person in item.people}


def _teams(items: Iterable[Item]) -> set[str]:
    return {team for item in items for team in (item.consumer, item.provider)}


def _minutes(items: Iterable[Item]) -> int:
    return sum(item.minutes for item in items)
