"""Making some sessions of a plan anew while all others keep their items, their people and their start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from planner.domain.consolidation.adjustments import CannotAdjust, Draft, Obstacle
from planner.domain.consolidation.agenda import GRID, elapsed, presence
from planner.domain.consolidation.cost import best_place, spans
from planner.domain.consolidation.hours import Calendar, erode, possible_starts
from planner.domain.consolidation.model import Attendance, Item, Plan, PlannedSession, Slot
from planner.domain.consolidation.order import is_in_order, order_items
from planner.domain.consolidation.schedule import opening_windows

Agenda = tuple[Item, ...]


class Remaking:
    """The sessions of one draft, to be changed. Every method that makes one raises CannotAdjust."""

    def __init__(self, draft: Draft, calendar: Calendar, waits: Mapping[str, frozenset[str]]) -> None:
        self.draft, self.calendar, self.waits = draft, calendar, waits
        self.rules = draft.task.rules
        self.items = {item.id: item for item in draft.task.items}
        self.sessions = draft.plan.sessions
        self.home = {id_: number for number, one in enumerate(self.sessions) for id_ in one.items}

    def free(self, id_: str) -> int:
        """The number of the session of this item, once nobody has pinned it."""
        number = self.home.get(id_)
        if number is None:
            raise CannotAdjust(Obstacle.NOT_THERE, items=(id_,))
        if id_ in self.draft.pinned:
            raise CannotAdjust(Obstacle.PINNED, items=(id_,))
        return number

    def agenda(self, number: int) -> Agenda:
        return tuple(self.items[id_] for id_ in self.sessions[number].items)

    def block(self, id_: str) -> tuple[str, ...]:
        """What belongs together with an item, itself among it, in the order of its session."""
        group = next((one for one in self.draft.task.keep_together if id_ in one), frozenset({id_}))
        return tuple(one for one in self.sessions[self.home[id_]].items if one in group)

    def tears(self, agenda: Agenda, at: int) -> bool:
        """True when something on both sides of a cut belongs together."""
        left, right = ({item.id for item in half} for half in (agenda[:at], agenda[at:]))
        return any(group & left and group & right for group in self.draft.task.keep_together)

    def near(self, ids: Collection[str], number: int | None) -> list[int]:
        """Other sessions in which people of these items sit, those with most of them first."""
        people = frozenset().union(*(self.items[id_].people for id_ in ids))
        others = [n for n, one in enumerate(self.sessions) if n != number and one.attendees & people]
        free = [n for n in others if not self.draft.pinned.intersection(self.sessions[n].items)]
        return sorted(free, key=lambda n: (-len(self.sessions[n].attendees & people), n))

    def with_moved(self, ids: Sequence[str], number: int | None, target: int | None) -> Plan:
        """The plan with these items of one session in another; None: in no session, into one of its own."""
        guests = tuple(self.items[id_] for id_ in ids)
        stays = () if number is None else tuple(one for one in self.agenda(number) if one.id not in ids)
        host = guests if target is None else self.inserted(self.agenda(target), guests)
        gone = {n for n in (number, target) if n is not None}
        return self.with_sessions(gone, [one for one in (stays, host) if one])

    def inserted(self, host: Agenda, guests: Agenda) -> Agenda:
        """The guests where people wait least, everything else in the order it has."""
        self._expect_caps((*host, *guests))
        if self.rules.attendance is Attendance.WHOLE:
            return self.ordered((*host, *guests))
        choices = [host[:gap] + guests + host[gap:] for gap in range(len(host) + 1)]
        allowed = [one for one in choices if is_in_order(one, self.rules, waits=self.waits)]
        if allowed:
            return min(allowed, key=lambda one: sum(spans(one).values()))
        return self.ordered((*host, *guests))

    def ordered(self, items: Sequence[Item]) -> Agenda:
        """These items in their best order."""
        self._expect_caps(items)
        found = order_items(items, self.rules, waits=self.waits)
        if found is None:
            raise CannotAdjust(Obstacle.ROOM_FULL, items=tuple(item.id for item in items))
        return found

    def in_order(self, items: Sequence[Item]) -> Agenda:
        """These items as they stand; in their best order where that breaks a rule."""
        if is_in_order(items, self.rules, waits=self.waits):
            return tuple(items)
        return self.ordered(items)

    def with_sessions(
        self, gone: Collection[int], agendas: Sequence[Agenda], *, slot: Slot | None = None
    ) -> Plan:
        """The plan with these agendas in place of some of its sessions; with a slot, the one begins then.

        Where a session goes on it keeps its start if that is still possible, else it gets the earliest.
        """
        kept = [one for number, one in enumerate(self.sessions) if number not in gone]
        for agenda in agendas:
            self._expect_caps(agenda)
        self._expect_seats(kept, agendas)
        before = [self.sessions[number] for number in sorted(gone)]
        for agenda in sorted(agendas, key=lambda one: (-len(one), _first(one))):
            goes_on = max(before, key=lambda one: _shared(one, agenda), default=None)
            if goes_on is not None and _shared(goes_on, agenda):
                before.remove(goes_on)
            else:
                goes_on = None
            start = self._start(agenda, kept, goes_on.slot if goes_on else None, slot)
            kept.append(self._session(agenda, start))
        sessions = tuple(sorted(kept, key=lambda one: min(one.items)))
        return replace(self.draft.plan, sessions=sessions)

    def _session(self, agenda: Agenda, slot: Slot | None) -> PlannedSession:
        people = frozenset(person for item in agenda for person in item.people)
        place = best_place(self.draft.task, people)[0]
        return PlannedSession(tuple(item.id for item in agenda), people, slot, place)

    def _expect_caps(self, agenda: Sequence[Item]) -> None:
        """Not too many people, not too long, and nothing in it that is to be kept apart."""
        people = {person for item in agenda for person in item.people}
        minutes = self.rules.opening + sum(item.minutes for item in agenda)
        ids = {item.id for item in agenda}
        if len(people) > self.rules.people_max:
            raise CannotAdjust(Obstacle.TOO_MANY_PEOPLE, figure=len(people))
        if minutes > self.rules.minutes_max:
            raise CannotAdjust(Obstacle.TOO_LONG, figure=minutes)
        for group in self.draft.task.apart:
            if len(group & ids) > 1:
                raise CannotAdjust(Obstacle.KEPT_APART, items=tuple(sorted(group & ids)))

    def _expect_seats(self, kept: Sequence[PlannedSession], agendas: Sequence[Agenda]) -> None:
        """Nobody gets into more sessions than they may."""
        limit = self.rules.sessions_max
        if limit is None:
            return
        before = Counter(person for one in self.sessions for person in one.attendees)
        after = Counter(person for one in kept for person in one.attendees)
        after.update(person for one in agendas for person in {p for item in one for p in item.people})
        over = [name for name, count in after.items() if count > limit and count > before[name]]
        if over:
            first = min(over, key=lambda name: (-after[name], name))
            raise CannotAdjust(Obstacle.TOO_MANY_SESSIONS, people=(first,), figure=after[first])

    def _start(
        self, agenda: Agenda, others: Sequence[PlannedSession], before: Slot | None, wanted: Slot | None
    ) -> Slot | None:
        if not self.calendar.is_open:
            return wanted
        free = self.starts(agenda, others)
        for slot in (wanted,) if wanted else (before,) if before else ():
            if slot.day in self.draft.task.days and free >> self.calendar.quarter(slot) & 1:
                return slot
        if wanted is None:
            free = free & possible_starts(self.calendar, opening_windows(self.rules, agenda)) or free
        if wanted is not None or not free:
            people = tuple(sorted({person for item in agenda for person in item.people}))
            minutes = elapsed(self.rules, sum(item.minutes for item in agenda))
            raise CannotAdjust(Obstacle.NO_COMMON_TIME, people=people, figure=minutes)
        return self.calendar.slot((free & -free).bit_length() - 1)

    def starts(self, agenda: Agenda, others: Sequence[PlannedSession]) -> int:
        """The quarters at which everybody has time for their part, beside these other sessions."""
        can_be = possible_starts(self.calendar, sorted(presence(self.rules, agenda).items()))
        people = {person for item in agenda for person in item.people}
        taken = 0
        for one in others:
            if one.slot is not None and not people.isdisjoint(one.attendees):
                minutes = sum(self.items[id_].minutes for id_ in one.items)
                taken |= ((1 << self._quarters(minutes)) - 1) << self.calendar.quarter(one.slot)
        length = self._quarters(sum(item.minutes for item in agenda))
        span = max(can_be.bit_length(), taken.bit_length()) + length
        return can_be & erode(((1 << span) - 1) & ~taken, length)

    def _quarters(self, minutes: int) -> int:
        return -(-elapsed(self.rules, minutes) // GRID)


def _shared(session: PlannedSession, agenda: Agenda) -> int:
    return len({item.id for item in agenda}.intersection(session.items))


def _first(agenda: Agenda) -> str:
    return min(item.id for item in agenda)
