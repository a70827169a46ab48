"""How the same people meet today: recorded where it is recorded, else assumed and said so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from planner.domain.consolidation.load import (
    Load,
    Totals,
    add_up,
    per_cadence,
    totals,
    travel_minutes,
)
from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.consolidation.selection import Chosen, Selection
from planner.domain.model import Organisation, PersonId, TeamId, TeamSession


class BaselineKind(StrEnum):
    """RECORDED: the sessions people entered. ASSUMED: each team holds its own with all its neighbours."""

    RECORDED = "recorded"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """One person in one session of today; they are needed where they have something to decide."""

    person_id: PersonId
    load: Load
    is_needed: bool


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session of today; the loads of its seats are those of one cadence."""

    title: str
    host_id: TeamId
    seats: tuple[HeldSeat, ...]
    local_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Baseline:
    """Today's sessions. vacant_seats: those of teams for which nobody decides; they count as seats."""

    kind: BaselineKind
    sessions: tuple[HeldSession, ...]
    vacant_seats: int = 0

    def released(self) -> Baseline:
        """The same sessions, with only those who have something to decide there."""
        sessions = tuple(_needed_only(session) for session in self.sessions)
        return replace(self, sessions=sessions, vacant_seats=0)

    def loads(self) -> dict[PersonId, Load]:
        return add_up((seat.person_id, seat.load) for held in self.sessions for seat in held.seats)

    def totals(self) -> Totals:
        found = totals(len(self.sessions), self.loads())
        return replace(found, seats=found.seats + self.vacant_seats)


def _needed_only(session: HeldSession) -> HeldSession:
    return replace(session, seats=tuple(seat for seat in session.seats if seat.is_needed))


def baseline(
    organisation: Organisation, selection: Selection, *, rules: Rules, cadence_days: int = 14
) -> Baseline:
    """Today's sessions of the teams in play over one cadence: the recorded ones, or the assumed.

    A session in which only the host's own people sit settles nothing between teams. Where no other
    kind is recorded, the sessions that the dependencies imply are assumed.
    """
    hosts = set(selection.team_ids)
    recorded = [session for session in organisation.sessions if session.host_id in hosts]
    if not _reach_others(organisation, recorded):
        return _assumed(organisation, selection, rules)
    queues: dict[TeamId, list[Chosen]] = defaultdict(list)
    for one in selection.live:
        queues[one.dependency.provider_id].append(one)
    held = (_recorded(organisation, queues[one.host_id], one, cadence_days) for one in recorded)
    return Baseline(BaselineKind.RECORDED, tuple(held))


def _reach_others(organisation: Organisation, sessions: Iterable[TeamSession]) -> bool:
    """True when somebody sits in one of the sessions who does not belong to its host."""
    home = organisation.teams_of
    return any(held.host_id not in home[person] for held in sessions for person in held.attendee_ids)


def _recorded(
    organisation: Organisation, queue: Sequence[Chosen], session: TeamSession, cadence_days: int
) -> HeldSession:
    """A recorded session prioritizes its host's queue: what others need from the host."""
    deciders = _deciders_in(organisation, session.host_id, queue)
    hosts = set(organisation.product_owners[session.host_id])
    seats: list[HeldSeat] = []
    for person_id in sorted(session.attendee_ids):
        theirs = [one for one in queue if person_id in _consumers(organisation, one)]
        own = min(session.minutes, sum(one.minutes for one in theirs))
        if person_id in hosts:
            own = session.minutes
        way = travel_minutes(organisation, person_id, session)
        every = _Every(session.cadence_days, cadence_days)
        load = Load(1, every.of(session.minutes + way), every.of(session.minutes), every.of(own))
        seats.append(HeldSeat(person_id, load, is_needed=person_id in deciders))
    local = per_cadence(session.local_minutes, held_every=session.cadence_days, cadence_days=cadence_days)
    return HeldSession(session.title, session.host_id, tuple(seats), local)


@dataclass(frozen=True, slots=True)
class _Every:
    held_every: int
    cadence_days: int

    def of(self, minutes: int) -> int:
        return per_cadence(minutes, held_every=self.held_every, cadence_days=self.cadence_days)


def _deciders_in(organisation: Organisation, host_id: TeamId, queue: Iterable[Chosen]) -> set[PersonId]:
    found = set(organisation.product_owners[host_id])
    return found.union(*(_consumers(organisation, one) for one in queue))


def _consumers(organisation: Organisation, one: Chosen) -> tuple[PersonId, ...]:
    return organisation.product_owners[one.dependency.consumer_id]


def _assumed(organisation: Organisation, selection: Selection, rules: Rules) -> Baseline:
    """Each team with dependencies meets the product owner of every team it is linked to.

    An item is discussed twice, once on each side. Nobody's travel is assumed.
    """
    of_team: dict[TeamId, list[Chosen]] = {team_id: [] for team_id in selection.team_ids}
    for one in selection.chosen:
        for team_id in {one.dependency.consumer_id, one.dependency.provider_id}:
            of_team[team_id].append(one)
    held = [_siloed(organisation, selection, rules, team_id, of_team[team_id]) for team_id in of_team]
    vacant = sum(len(_around(host, of_team[host]) - selection.representative.keys()) for host in of_team)
    return Baseline(BaselineKind.ASSUMED, tuple(held), vacant)


def _around(host_id: TeamId, linked: Iterable[Chosen]) -> set[TeamId]:
    sides = ({one.dependency.consumer_id, one.dependency.provider_id} for one in linked)
    return {host_id}.union(*sides)


def _siloed(
    organisation: Organisation, selection: Selection, rules: Rules, host_id: TeamId, linked: list[Chosen]
) -> HeldSession:
    length = rules.opening + sum(one.minutes for one in linked)
    host = selection.representative.get(host_id)
    needed = {person_id for one in linked if one.treatment.is_live for person_id in one.people}
    speakers = selection.representative
    people = {speakers[team_id] for team_id in _around(host_id, linked) if team_id in speakers}
    seats: list[HeldSeat] = []
    for person_id in sorted(people):
        own = sum(one.minutes for one in linked if person_id in one.people)
        load = Load(1, length, length, length if person_id == host else own)
        seats.append(HeldSeat(person_id, load, is_needed=person_id == host or person_id in needed))
    return HeldSession(organisation.team[host_id].name, host_id, tuple(seats))


def pair_talks(selection: Selection, rules: Rules) -> Totals:
    """The other honest comparison: each pair of people settles its items alone, in one talk."""
    opening = rules.opening if rules.attendance is Attendance.WHOLE else 0
    minutes: dict[frozenset[PersonId], int] = {}
    for one in selection.live:
        minutes[one.people] = minutes.get(one.people, 0) + one.minutes
    seats = ((person_id, Load(1, opening + m, m, m)) for people, m in minutes.items() for person_id in people)
    return totals(len(minutes), add_up(seats))
