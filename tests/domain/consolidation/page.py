"""Every figure of a suggestion, counted again from what is recorded, the task and the plan.

Shares nothing with the report but the values: the organisation, the selection, the task, the plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import NamedTuple

from planner.domain.consolidation.model import Attendance, Item, PlannedSession, Rules, Solution, Task
from planner.domain.consolidation.selection import Chosen, Selection, Treatment
from planner.domain.model import Organisation, PersonId, TeamId, TeamSession
from tests.domain.consolidation.clock import lasts, people_of, presence, times
from tests.domain.consolidation.recount import both_ways, minutes_sat, recount


class Sitting(NamedTuple):
    """One person in one session of a cadence; a host's local part is one without a session."""

    person_id: int
    minutes: int
    attended: int
    own: int
    is_needed: bool = True
    sessions: int = 1


Loads = dict[int, tuple[int, int, int, int]]
Total = tuple[int, int, int, float, int]


@dataclass(frozen=True)
class Page:
    """What a suggestion is about; each method counts one part of it."""

    organisation: Organisation
    selection: Selection
    task: Task
    solution: Solution
    cadence_days: int

    @property
    def rules(self) -> Rules:
        return self.task.rules

    def owners(self, team_id: TeamId) -> set[PersonId]:
        return {m.person_id for m in self.organisation.memberships if m.team_id == team_id and m.decides}

    def recorded(self) -> list[TeamSession]:
        """The sessions of teams in play, [] where none of them brings in another team."""
        teams = {side for one in self.selection.chosen for side in sides(one)}
        held = [session for session in self.organisation.sessions if session.host_id in teams]
        own = {(m.team_id, m.person_id) for m in self.organisation.memberships}
        guests = any((held_.host_id, who) not in own for held_ in held for who in held_.attendee_ids)
        return held if guests else []

    def today(self) -> tuple[int, int, list[Sitting]]:
        """How many sessions are held, how many seats in them are vacant, and who sits there."""
        recorded = self.recorded()
        if recorded:
            return len(recorded), 0, [seat for session in recorded for seat in self._recorded_seats(session)]
        linked: dict[TeamId, list[Chosen]] = defaultdict(list)
        for one in self.selection.chosen:
            for side in set(sides(one)):
                linked[side].append(one)
        spoken_for = self.selection.representative
        around = {host: {side for one in those for side in sides(one)} for host, those in linked.items()}
        vacant = sum(team not in spoken_for for teams in around.values() for team in teams)
        seats = [seat for host in linked for seat in self._assumed_seats(host, linked[host], around[host])]
        return len(linked), vacant, seats

    def _recorded_seats(self, session: TeamSession) -> Iterable[Sitting]:
        hosts = self.owners(session.host_id)
        queue = [one for one in self.selection.live if one.dependency.provider_id == session.host_id]
        for person in session.attendee_ids:
            theirs = [one.minutes for one in queue if person in self.owners(one.dependency.consumer_id)]
            own = session.minutes if person in hosts else min(session.minutes, sum(theirs))
            total = session.minutes + self._travelled(person, session)
            often = Fraction(self.cadence_days, session.cadence_days)
            before, in_session, needed = (
                floor(often * minutes + Fraction(1, 2)) for minutes in (total, session.minutes, own)
            )
            is_needed = person in hosts or bool(theirs)
            yield Sitting(person, before, in_session, needed, is_needed=is_needed)

    def _travelled(self, person: PersonId, session: TeamSession) -> int:
        home = next(one.place_id for one in self.organisation.people if one.id == person)
        there = {home, session.place_id}
        ways = [
            way.minutes for way in self.organisation.travel if {way.place_id, way.other_place_id} == there
        ]
        return 2 * sum(ways[:1])

    def _assumed_seats(
        self, host: TeamId, linked: Sequence[Chosen], around: set[TeamId]
    ) -> Iterable[Sitting]:
        long = self.rules.opening + sum(one.minutes for one in linked)
        speakers = self.selection.representative
        for person in {speakers[team] for team in around if team in speakers}:
            theirs = [one for one in linked if person in one.people]
            is_host = speakers.get(host) == person
            own = long if is_host else sum(one.minutes for one in theirs)
            needed = is_host or any(one.treatment.is_live for one in theirs)
            yield Sitting(person, long, long, own, is_needed=needed)

    def before(self) -> Total:
        sessions, vacant, seats = self.today()
        return total(sessions, seats, vacant=vacant)

    def released(self) -> Total:
        sessions, _, seats = self.today()
        return total(sessions, [seat for seat in seats if seat.is_needed])

    def pair_talks(self) -> tuple[Total, int]:
        """Each pair of people alone, and what that costs with the price of the seats."""
        minutes: Counter[frozenset[PersonId]] = Counter()
        for one in self.selection.live:
            minutes[one.people] += one.minutes
        opening = self.rules.opening if self.rules.attendance is Attendance.WHOLE else 0
        seats = [Sitting(who, opening + m, m, m) for pair, m in minutes.items() for who in pair]
        counted = total(len(minutes), seats)
        return counted, sum(seat.minutes + self.rules.seat_cost for seat in seats)

    def agendas(self) -> list[list[Item]]:
        known = {item.id: item for item in self.task.items}
        return [[known[key] for key in session.items] for session in self.solution.plan.sessions]

    def after_seats(self) -> list[Sitting]:
        """Who sits where under the plan; hosts keep what their recorded session did for them alone."""
        found: list[Sitting] = []
        for planned, agenda in zip(self.solution.plan.sessions, self.agendas(), strict=True):
            found += [self._planned_seat(name, planned, agenda) for name in people_of(agenda)]
        for session in self.recorded():
            often = Fraction(self.cadence_days, session.cadence_days)
            local = floor(often * session.local_minutes + Fraction(1, 2))
            there = self.owners(session.host_id) & session.attendee_ids
            found += [Sitting(person, local, 0, 0, sessions=0) for person in there]
        return found

    def _planned_seat(self, name: str, planned: PlannedSession, agenda: Sequence[Item]) -> Sitting:
        sat = minutes_sat(self.task, name, agenda)
        opening = self.rules.opening if self.rules.attendance is Attendance.WHOLE else 0
        way = both_ways(self.task, self.task.attendees[name].place, planned.place)
        return Sitting(int(name[1:]), opening + sat + way, sat, own_part(self.rules, name, agenda))

    def after(self) -> Total:
        return total(len(self.solution.plan.sessions), self.after_seats())

    def people(self) -> dict[int, tuple[tuple[int, int, int, int], ...]]:
        """Each person's sessions, minutes, attended and own minutes: today, released, and after."""
        _, _, seats = self.today()
        parts = loads(seats), loads(seat for seat in seats if seat.is_needed), loads(self.after_seats())
        everyone = sorted({person for part in parts for person in part})
        return {person: tuple(part.get(person, (0, 0, 0, 0)) for part in parts) for person in everyone}

    def sessions(self) -> list[object]:
        """Of each session its minutes, where each line begins, and each seat with its window."""
        rows: list[object] = []
        for planned, agenda in zip(self.solution.plan.sessions, self.agendas(), strict=True):
            lines = [
                (number, int(item.id[1:]), item.minutes, begin)
                for number, (item, (begin, _)) in enumerate(
                    zip(agenda, times(self.rules, agenda), strict=True), start=1
                )
            ]
            seats = sorted(
                self._seat(name, window, agenda) for name, window in presence(self.rules, agenda).items()
            )
            rows.append((lasts(self.rules, agenda), planned.slot, planned.place, lines, seats))
        return rows

    def _seat(self, name: str, window: tuple[int, int], agenda: Sequence[Item]) -> tuple[object, ...]:
        numbers = tuple(number for number, item in enumerate(agenda, start=1) if name in item.people)
        talked = {team for item in agenda for team in (item.consumer, item.provider)}
        speaks = self.selection.representative.items()
        teams = tuple(sorted(team for team, who in speaks if f"p{who}" == name and f"t{team}" in talked))
        return (int(name[1:]), teams, *window, numbers, own_part(self.rules, name, agenda))

    def coverage(self) -> float:
        count = len(self.selection.chosen)
        nobody = sum(one.treatment is Treatment.NO_PRODUCT_OWNER for one in self.selection.chosen)
        return (count - nobody - len(self.solution.plan.unplaced)) / count if count else 1.0

    def cost(self) -> int:
        return recount(self.task, self.solution.plan).cost

    def gap(self) -> float:
        bound = self.solution.lower_bound
        return 0.0 if self.solution.proved or bound <= 0 else self.cost() / bound - 1


def sides(one: Chosen) -> tuple[TeamId, TeamId]:
    return one.dependency.consumer_id, one.dependency.provider_id


def own_part(rules: Rules, name: str, agenda: Sequence[Item]) -> int:
    """The minutes that need somebody: their items, or all of a queue they are in where all stay for it."""
    mine = [item for item in agenda if name in item.people]
    if rules.queues_whole and rules.attendance is Attendance.WHOLE:
        queues = {item.provider for item in mine}
        mine = [item for item in agenda if item.provider in queues]
    return sum(item.minutes for item in mine)


def loads(seats: Iterable[Sitting]) -> Loads:
    found: Loads = {}
    for seat in seats:
        so_far = found.get(seat.person_id, (0, 0, 0, 0))
        more = seat.sessions, seat.minutes, seat.attended, seat.own
        found[seat.person_id] = (
            so_far[0] + more[0], so_far[1] + more[1], so_far[2] + more[2], so_far[3] + more[3]
        )  # fmt: skip
    return found


def total(sessions: int, seats: Sequence[Sitting], *, vacant: int = 0) -> Total:
    """Sessions, seats, minutes, relevance and the most sessions of one person."""
    attended = sum(seat.attended for seat in seats)
    return (
        sessions,
        sum(seat.sessions for seat in seats) + vacant,
        sum(seat.minutes for seat in seats),
        sum(seat.own for seat in seats) / attended if attended else 1.0,
        max((count for count, *_ in loads(seats).values()), default=0),
    )
