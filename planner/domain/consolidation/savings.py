"""Closure savings: join the two sessions whose union saves most, until nothing saves.

When two sessions are joined, every third one whose people are all there anyway moves along if that
pays, so a triangle of three teams is seen as one move (Clarke and Wright's savings with a closure).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush

from planner.domain.consolidation.pricing import Group, Pricer, people_bits

HUB = 16  # a person in more sessions than this offers only the nearest ones on each side to join
NEAREST = 8
POOL = 96  # so few sessions are looked through one by one

Weigh = Callable[[int], float]
Move = tuple[float, int, int, Group, tuple[int, ...]]


def merge_by_savings(groups: Sequence[Group], pricer: Pricer, weigh: Weigh = float) -> list[Group]:
    """The groups joined as long as `weigh` of the minutes saved is above zero."""
    return _Merging(groups, pricer, weigh).run()


class _Merging:
    def __init__(self, groups: Sequence[Group], pricer: Pricer, weigh: Weigh) -> None:
        self.pricer = pricer
        self.weigh = weigh
        self.live = dict(enumerate(groups))
        self.next = len(groups)
        self.people = {index: people_bits(group.people) for index, group in self.live.items()}
        self.where: dict[int, dict[int, None]] = {}
        for index in self.live:
            self._enter(index)

    def _enter(self, index: int) -> None:
        for bit in self.people[index]:
            self.where.setdefault(bit, {})[index] = None

    def _leave(self, index: int) -> None:
        del self.live[index]
        for bit in self.people.pop(index):
            del self.where[bit][index]

    def run(self) -> list[Group]:
        moves = [move for index in self.live for move in self._moves(index, later_only=True)]
        heapify(moves)
        while moves:
            _, one, other, group, along = heappop(moves)
            if one not in self.live or other not in self.live:
                continue
            if any(index not in self.live for index in along):
                self._push(moves, self._move(one, other))
                continue
            self._apply(moves, group, (one, other, *along))
        return [self.live[index] for index in sorted(self.live)]

    def _apply(self, moves: list[Move], group: Group, gone: Iterable[int]) -> None:
        for index in gone:
            self._leave(index)
        index, self.next = self.next, self.next + 1
        self.live[index] = group
        self.people[index] = people_bits(group.people)
        self._enter(index)
        for move in self._moves(index, later_only=False):
            heappush(moves, move)

    def _push(self, moves: list[Move], move: Move | None) -> None:
        if move is not None:
            heappush(moves, move)

    def _moves(self, index: int, *, later_only: bool) -> list[Move]:
        near = sorted({other for bit in self.people[index] for other in self._near(bit, index)})
        found = (
            self._move(*sorted((index, other)))
            for other in near
            if other != index and (other > index or not later_only)
        )
        return [move for move in found if move is not None]

    def _near(self, bit: int, index: int) -> Iterable[int]:
        here = self.where[bit]
        if len(here) <= HUB:
            return here
        return sorted(here, key=lambda other: (abs(other - index), other))[: 2 * NEAREST]

    def _move(self, one: int, other: int) -> Move | None:
        """The saving of joining two, with everything their union covers; None when it does not pay."""
        live = self.live
        group = self.pricer.combine(live[one], live[other])
        if group is None:
            return None
        saved = live[one].cost + live[other].cost
        along: list[int] = []
        for third in self._covered(one, other, group.people):
            wider = self.pricer.combine(group, live[third])
            if wider is not None and wider.cost < group.cost + live[third].cost:
                saved += live[third].cost
                group = wider
                along.append(third)
        weight = self.weigh(saved - group.cost)
        return (-weight, one, other, group, tuple(along)) if weight > 0 else None

    def _covered(self, one: int, other: int, people: int) -> list[int]:
        absent = ~people
        if len(self.live) <= POOL:
            found = [third for third, group in self.live.items() if not group.people & absent]
        else:
            smaller = min(self.people[one], self.people[other], key=len)
            near = {third for bit in smaller for third in self._near(bit, one)}
            found = sorted(third for third in near if not self.live[third].people & absent)
        return [third for third in found if third not in (one, other)]
