"""From any grouping of bundles to sessions that keep the caps: what every compared method goes through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.bench.consolidation.bundles import Bundle, Caps
from planner.bench.consolidation.graphs import components
from planner.domain.consolidation.model import Attendance, Plan, PlannedSession, Rules

NEAREST = 48  # sessions of one person that are tried

Session = tuple[Bundle, ...]


def price(session: Iterable[Bundle], rules: Rules) -> int:
    """Return J of one session in person-minutes, its bundles talked about in this order."""
    items = [item for bundle in session for item in bundle.items]
    begins: dict[str, int] = {}
    ends: dict[str, int] = {}
    at = 0
    for item in items:
        for person in item.people:
            begins.setdefault(person, at)
            ends[person] = at + item.minutes
        at += item.minutes
    if rules.attendance is Attendance.WHOLE:
        return len(begins) * (rules.seat_cost + rules.opening + at)
    return len(begins) * rules.seat_cost + sum(ends.values()) - sum(begins.values())


class Packing:
    """Sessions that are being filled, found by the people who sit in them."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._sessions: list[Session] = []
        self._people: list[frozenset[str]] = []
        self._minutes: list[int] = []
        self._of: dict[str, list[int]] = {}

    def related(self, bundle: Bundle) -> list[int]:
        """The sessions that share a person with the bundle and have room for it, oldest first."""
        near = {number for person in bundle.people for number in self._of.get(person, ())[-NEAREST:]}
        return [number for number in sorted(near) if self._has_room(number, bundle)]

    def _has_room(self, number: int, bundle: Bundle) -> bool:
        people = self._people[number] | bundle.people
        return self._caps.allow(people, self._minutes[number] + bundle.minutes)

    def first_fit(self, bundle: Bundle) -> None:
        """Put the bundle at the end of the first related session with room, else into a new one."""
        near = self.related(bundle)
        if near:
            self._put(near[0], (*self._sessions[near[0]], bundle))
        else:
            self._begin(bundle)

    def cheapest_fit(self, bundle: Bundle) -> None:
        """Put the bundle where it costs least, into a new session where that is cheaper."""
        rules = self._caps.rules
        choices = [(*self._rise(number, bundle), number) for number in self.related(bundle)]
        rise, best, number = min(choices, key=lambda one: (one[0], one[2]), default=(0, (), -1))
        if choices and rise < price((bundle,), rules):
            self._put(number, best)
        else:
            self._begin(bundle)

    def _rise(self, number: int, bundle: Bundle) -> tuple[int, Session]:
        session = self._sessions[number]
        cost, best = cheapest_place(session, bundle, self._caps.rules)
        return cost - price(session, self._caps.rules), best

    def _begin(self, bundle: Bundle) -> None:
        self._sessions.append(())
        self._people.append(frozenset())
        self._minutes.append(0)
        self._put(len(self._sessions) - 1, (bundle,))

    def _put(self, number: int, session: Session) -> None:
        fresh = frozenset().union(*(bundle.people for bundle in session)) - self._people[number]
        self._sessions[number] = session
        self._people[number] |= fresh
        self._minutes[number] = sum(bundle.minutes for bundle in session)
        for person in sorted(fresh):
            self._of.setdefault(person, []).append(number)

    def sessions(self) -> list[Session]:
        """The sessions, each in its cheapest order as far as moving single bundles finds it."""
        return [ordered(session, self._caps.rules) for session in self._sessions]


def cheapest_place(session: Session, bundle: Bundle, rules: Rules) -> tuple[int, Session]:
    """Return J and the order of the session with the bundle at its best place; the end when all stay."""
    if rules.attendance is Attendance.WHOLE:
        longer = (*session, bundle)
        return price(longer, rules), longer
    orders = [(*session[:at], bundle, *session[at:]) for at in range(len(session) + 1)]
    return min(((price(order, rules), order) for order in orders), key=lambda one: one[0])


def cut(groups: Iterable[Sequence[Bundle]], caps: Caps) -> list[Session]:
    """Return sessions under the caps, each of bundles of one group, by the cheaper of two ways a group."""
    found: list[Session] = []
    for group in groups:
        ways = cheapest_fit(group, caps), first_fit(group, caps)
        found += min(ways, key=lambda way: sum(price(session, caps.rules) for session in way))
    return found


def cut_by_first_fit(groups: Iterable[Sequence[Bundle]], caps: Caps) -> list[Session]:
    """Return sessions under the caps, each of bundles of one group, neighbour by neighbour."""
    return [session for group in groups for session in first_fit(group, caps)]


def cheapest_fit(bundles: Iterable[Bundle], caps: Caps) -> list[Session]:
    """Return sessions from the longest bundle to the shortest, each put where it costs least."""
    packing = Packing(caps)
    for bundle in sorted(bundles, key=lambda one: (-one.minutes, one.items[0].id)):
        packing.cheapest_fit(bundle)
    return packing.sessions()


def first_fit(bundles: Sequence[Bundle], caps: Caps) -> list[Session]:
    """Return each connected component cut to the caps: neighbour by neighbour, first fit."""
    found: list[Session] = []
    for component in components(bundles):
        packing = Packing(caps)
        for bundle in component:
            packing.first_fit(bundle)
        found += packing.sessions()
    return found


def ordered(session: Session, rules: Rules) -> Session:
    """Return the session in the order that moving single bundles makes cheapest; as it is when all stay."""
    if rules.attendance is Attendance.WHOLE or len(session) < 3:
        return session
    cost = price(session, rules)
    for bundle in session:
        rest = tuple(other for other in session if other is not bundle)
        cheaper, order = cheapest_place(rest, bundle, rules)
        if cheaper < cost:
            cost, session = cheaper, order
    return session


def plan_of(sessions: Iterable[Session]) -> Plan:
    """Return the sessions as a plan without dates, in order of their smallest item."""
    planned = (
        PlannedSession(
            tuple(item.id for bundle in session for item in bundle.items),
            frozenset().union(*(bundle.people for bundle in session)),
        )
        for session in sessions
    )
    return Plan(tuple(sorted(planned, key=lambda session: min(session.items))))
