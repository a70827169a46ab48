"""Closure savings: join the two sessions whose union saves most, until nothing saves.

When two sessions are joined, every third one whose people are all there anyway moves along if that
pays, so a triangle of three teams is seen as one move (Clarke and Wright's savings with a closure).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush

from planner.domain.consolidation.pricing import Group, Pricer, people_bits

HUB = 16  # a person in more sessions than this offers only the nearest ones on each side to join
NEAREST = 8
POOL = 64  # so few sessions are looked through one by one

Weigh = Callable[[int], float]
Move = tuple[float, int, int, Group, tuple[int, ...]]


def has_hub(groups: Iterable[Group]) -> bool:
    """Return whether somebody is in so many groups that not all of theirs are offered to one another."""
    held = Counter(bit for group in groups for bit in people_bits(group.people))
    return max(held.values(), default=0) > HUB


def merge_by_savings(groups: Sequence[Group], pricer: Pricer, weigh: Weigh = float) -> list[Group]:
    """The groups joined as long as `weigh` of the minutes saved is above zero."""
    merging = _Few(groups, pricer, weigh) if len(groups) <= POOL else _Many(groups, pricer, weigh)
    return merging.run()


class _Few:
    """Joins few groups: whom to join with is found by looking at all of them."""

    def __init__(self, groups: Sequence[Group], pricer: Pricer, weigh: Weigh) -> None:
        self.combine = pricer.combine
        self.weigh = weigh
        self.hopeless = -pricer.seat  # no weight makes up for losing that much
        self.live: dict[int, Group] = {}
        self.people: dict[int, int] = {}
        self.next = 0
        for group in groups:
            self._enter(group)

    def _enter(self, group: Group) -> int:
        index, self.next = self.next, self.next + 1
        self.live[index] = group
        self.people[index] = group.people
        return index

    def _leave(self, index: int) -> None:
        del self.live[index]
        del self.people[index]

    def run(self) -> list[Group]:
        moves = [move for index in self.live for move in self._moves(index, self._later(index))]
        heapify(moves)
        while moves:
            _, one, other, group, along = heappop(moves)
            if one not in self.live or other not in self.live:
                continue
            if all(index in self.live for index in along):
                self._apply(moves, group, (one, other, *along))
                continue
            move = self._move(one, other)
            if move is not None:
                heappush(moves, move)
        return list(self.live.values())

    def _apply(self, moves: list[Move], group: Group, gone: Iterable[int]) -> None:
        for index in gone:
            self._leave(index)
        index = self._enter(group)
        for move in self._moves(index, self._near(index)):
            heappush(moves, move)

    def _later(self, index: int) -> Iterable[int]:
        return [other for other in self._near(index) if other > index]

    def _near(self, index: int) -> Iterable[int]:
        """The groups that share a person with this one."""
        people = self.people[index]
        return [other for other, theirs in self.people.items() if theirs & people and other != index]

    def _moves(self, index: int, others: Iterable[int]) -> list[Move]:
        found = [self._move(*((index, other) if index < other else (other, index))) for other in others]
        return [move for move in found if move is not None]

    def _move(self, one: int, other: int) -> Move | None:
        """The saving of joining two, with everything their union covers; None when it does not pay."""
        live, combine = self.live, self.combine
        here, there = live[one], live[other]
        group = combine(here, there)
        if group is None:
            return None
        saved = here.cost + there.cost
        along: tuple[int, ...] = ()
        for third in self._covered(one, other, group.people):
            joining = live[third]
            wider = combine(group, joining)
            if wider is not None and wider.cost < group.cost + joining.cost:
                saved += joining.cost
                group = wider
                along += (third,)
        saved -= group.cost
        if saved <= self.hopeless:
            return None
        weight = self.weigh(saved)
        return (-weight, one, other, group, along) if weight > 0 else None

    def _covered(self, one: int, other: int, people: int) -> list[int]:
        """The groups whose people are all among these, apart from the two."""
        absent = ~people
        return [
            third
            for third, theirs in self.people.items()
            if not theirs & absent and third != one and third != other
        ]


class _Many(_Few):
    """Joins many groups: each person knows theirs, and who has very many offers only the nearest."""

    def __init__(self, groups: Sequence[Group], pricer: Pricer, weigh: Weigh) -> None:
        self.where: dict[int, list[int]] = {}
        super().__init__(groups, pricer, weigh)

    def _enter(self, group: Group) -> int:
        index = super()._enter(group)
        for bit in people_bits(group.people):
            self.where.setdefault(bit, []).append(index)  # the newest is the largest: it stays sorted
        return index

    def _leave(self, index: int) -> None:
        for bit in people_bits(self.people[index]):
            here = self.where[bit]
            del here[bisect_left(here, index)]
        super()._leave(index)

    def _near(self, index: int) -> Iterable[int]:
        found = {other for bit in people_bits(self.people[index]) for other in self._of(bit, index)}
        return sorted(found - {index})

    def _of(self, bit: int, index: int) -> list[int]:
        here = self.where[bit]
        if len(here) <= HUB:
            return here
        at = bisect_left(here, index)
        return here[max(at - NEAREST, 0) : at + NEAREST + 1]

    def _covered(self, one: int, other: int, people: int) -> list[int]:
        absent = ~people
        smaller = min(self.people[one], self.people[other], key=int.bit_count)
        near = {third for bit in people_bits(smaller) for third in self._of(bit, one)}
        return sorted(third for third in near - {one, other} if not self.people[third] & absent)
