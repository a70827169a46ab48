"""The price of a session in which everybody comes for their first and leaves after their last own item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.domain.consolidation.compiling import people_at_once
from planner.domain.consolidation.insertion import Part, insertions, unions_behind
from planner.domain.consolidation.order import Piece, present_counts
from planner.domain.consolidation.pricing import REMEMBERED, Group, Pricer
from planner.domain.consolidation.puzzle import Puzzle


class WindowPricer(Pricer):
    """Everybody comes for their first and leaves after their last own item."""

    def __init__(self, puzzle: Puzzle, surcharge: Mapping[str, int] | None = None) -> None:
        super().__init__(puzzle, surcharge)
        self.room = people_at_once(self.rules)
        self._combined: dict[tuple[tuple[Part, ...], tuple[Part, ...]], Group | None] = {}

    def _seats(self, parts: tuple[Part, ...], people: int, minutes: int) -> int:  # noqa: ARG002 - one signature for both
        behind = unions_behind(parts)
        before = 0
        cost = people.bit_count() * self.rules.seat_cost
        for part, rest in zip(parts, behind, strict=False):
            before |= part.people
            cost += part.minutes * (before & rest).bit_count()
        return cost

    def _meets(self, group: Group) -> bool:
        """A start exists; everybody free throughout is the quick answer, windows the exact one."""
        if self._all_free(group.people, group.minutes):
            return True
        return self.can_meet(self.items(group))

    def _least(self, group: Group) -> int:
        """Seats, extras and everybody's own minutes; inside a part people may come and go as well."""
        own = sum(item.minutes * len(item.people) for item in self.items(group))
        unit = self.rules.seat_cost * group.people.bit_count()
        return unit + self._extras(group.people, group.providers) + own

    def allows(self, group: Group) -> bool:
        """Also no more than the room holds at once."""
        pieces = [Piece(part.people, part.minutes) for part in group.parts]
        return (
            super().allows(group)
            and self._in_order(group.parts)
            and max(present_counts(pieces), default=0) <= self.room
        )

    def combine(self, one: Group, other: Group) -> Group | None:
        """The two agendas as one, in the cheapest way found to put one into the other."""
        minutes = one.minutes + other.minutes
        people = one.people | other.people
        if minutes > self.minutes_max or people.bit_count() > self.people_max or one.apart & other.apart:
            return None
        key = (one.parts, other.parts)
        if key in self._combined:
            return self._combined[key]
        if len(self._combined) >= REMEMBERED:
            self._combined.clear()
        found = self._combine(one, other, people, minutes)
        self._combined[key] = found
        return found

    def _combine(self, one: Group, other: Group, people: int, minutes: int) -> Group | None:
        providers = one.providers | other.providers
        fixed = people.bit_count() * self.rules.seat_cost + self._extras(people, providers)
        free = not self._bound & people
        for waiting, parts in self._arrangements(one.parts, other.parts):
            group = Group(parts, people, minutes, providers, one.apart | other.apart, fixed + waiting)
            if self._in_order(parts) and (free or self._meets(group)):
                return group
        return None

    def _arrangements(
        self, one: tuple[Part, ...], other: tuple[Part, ...]
    ) -> Iterator[tuple[int, tuple[Part, ...]]]:
        """The ways to put two agendas into one with the minutes they cost, cheapest first."""
        longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
        if len(longer) == 1 and not (longer[0].linked or longer[0].people == shorter[0].people):
            yield self._seats(longer + shorter, 0, 0), longer + shorter
            return
        ways = self._absorbed(longer, shorter)
        found = [(cost, 0, n, False) for n, (cost, _) in enumerate(ways)]
        found += [(cost, 1, gap, back) for cost, gap, back in insertions(longer, shorter, self.room)]
        if len(shorter) > 1:
            found += [(cost, 2, gap, back) for cost, gap, back in insertions(shorter, longer, self.room)]
        while found:
            choice = min(found)
            found.remove(choice)
            cost, way, at, backwards = choice
            if way == 0:
                yield cost, ways[at][1]
            else:
                host, guest = (longer, shorter) if way == 1 else (shorter, longer)
                yield cost, host[:at] + (guest[::-1] if backwards else guest) + host[at:]

    def _absorbed(
        self, longer: tuple[Part, ...], shorter: tuple[Part, ...]
    ) -> list[tuple[int, tuple[Part, ...]]]:
        """A single part melts into a part of the same people."""
        guest = shorter[0]
        if len(shorter) > 1 or guest.linked:
            return []
        for at, part in enumerate(longer):
            if part.people == guest.people and not part.linked:
                units = tuple(sorted(part.units + guest.units))
                melted = Part(part.people, part.minutes + guest.minutes, units, linked=False)
                parts = (*longer[:at], melted, *longer[at + 1 :])
                return [(self._seats(parts, 0, 0), parts)]
        return []

    def _in_order(self, parts: tuple[Part, ...]) -> bool:
        """Providers before consumers, for the parts where it matters."""
        linked = [unit for part in parts if part.linked for unit in part.units]
        if len(linked) < 2:
            return True
        units, waits = self.puzzle.units, self.puzzle.waits
        later = {item.id for unit in linked for item in units[unit].items}
        for unit in linked:
            later -= {item.id for item in units[unit].items}
            if any(waits[item.id] & later for item in units[unit].items):
                return False
        return True
