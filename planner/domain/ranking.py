"""In which order to take what waits: cost of delay over duration, providers before consumers.

What an order costs is the sum, over its pieces, of what a week of delay costs times the week in which
the piece is done (Smith, Various optimizers for single-stage production, 1956). With prerequisites the
best order is found among all of them, from set to larger set (Held and Karp, 1962), up to twelve pieces;
above that by the closure rule: of each piece together with all that must come before it, take the closure
with the largest sum of cost of delay over sum of durations (after Sidney, Decomposition algorithms for
single-machine sequencing with precedence relations, 1975). Where nothing waits for anything the rule is
Smith's own and always best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from planner.domain.errors import InvalidInput, Problem
from planner.domain.graph import strongly_connected

EXACT_UP_TO = 12


@dataclass(frozen=True, slots=True)
class Rankable:
    """One thing to be ranked; `cost_of_delay` is for a week, or relative points that mean one.

    needs: the ids of those that must be done before it; ids that are not ranked do not count.
    """

    id: int
    cost_of_delay: Fraction
    weeks: Fraction
    needs: frozenset[int] = frozenset()
    needed_by: date | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in the order: a single thing, or a knot of things that wait for one another.

    ratio: cost of delay over duration of the piece itself. pulled_by: the id of what needs it and is worth
    more a week, for which it comes first; None where it stands here for its own sake.
    """

    ids: tuple[int, ...]
    ratio: Fraction
    pulled_by: int | None = None

    @property
    def is_knot(self) -> bool:
        return len(self.ids) > 1


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order, what it costs, and whether no other legal order costs less."""

    places: tuple[Ranked, ...]
    cost: Fraction
    is_exact: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """Everything in its order, knots in the order of their ids."""
        return tuple(id_ for place in self.places for id_ in place.ids)


def rank(items: Iterable[Rankable]) -> Ranking:
    """Return the order in which waiting costs least.

    Things that need one another in a circle are one place, done when all of them are done. Equal orders
    are told apart by the closure rule's ties: the smaller closure, needed earlier, more that waits
    behind, shorter, older id. Raises InvalidInput for a negative cost or a duration that is not positive.
    """
    known = _sensible(items)
    unit = _Unit.of(known.values())
    pieces = _pieces(known, unit)
    order = _by_closures(pieces)
    is_free = not any(piece.before for piece in pieces)
    if len(pieces) <= EXACT_UP_TO and not is_free:
        best = _best_order(pieces)
        order = best if _cost(pieces, best) < _cost(pieces, order) else order
    return Ranking(
        places=_places(pieces, order, unit),
        cost=Fraction(_cost(pieces, order), unit.costs * unit.weeks),
        is_exact=is_free or len(pieces) <= EXACT_UP_TO,
    )


class _Unit(NamedTuple):
    """By what costs and weeks are multiplied to be whole numbers, which are much faster to add."""

    costs: int
    weeks: int

    @classmethod
    def of(cls, items: Iterable[Rankable]) -> _Unit:
        items = list(items)
        costs = lcm(*(item.cost_of_delay.denominator for item in items))
        return cls(costs, lcm(*(item.weeks.denominator for item in items)))


_Tie = tuple[date, int, int, int]


class _Piece(NamedTuple):
    """What takes one place, in units; `before` is a mask of the pieces it needs, directly."""

    ids: tuple[int, ...]
    weight: int
    weeks: int
    needed_by: date
    before: int
    behind: int

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.weight, self.weeks)

    @property
    def tie(self) -> _Tie:
        """Needed earlier, more behind it, shorter, older."""
        return self.needed_by, -self.behind, self.weeks, self.ids[0]


def _sensible(items: Iterable[Rankable]) -> dict[int, Rankable]:
    known = {item.id: item for item in sorted(items, key=lambda item: item.id)}
    problems = [
        Problem(f"item {item.id}", f"costs {item.cost_of_delay} and takes {item.weeks} weeks; {EXPECTED}")
        for item in known.values()
        if item.cost_of_delay < 0 or item.weeks <= 0
    ]
    if problems:
        raise InvalidInput(*problems)
    return known


def _pieces(known: Mapping[int, Rankable], unit: _Unit) -> list[_Piece]:
    """The things with each knot as one, in the order of their first ids."""
    edges = [(id_, id_) for id_ in known]
    edges += [(id_, other) for id_, item in known.items() for other in item.needs if other in known]
    knots = strongly_connected(edges)
    place = {id_: at for at, knot in enumerate(knots) for id_ in knot}
    before = [0] * len(knots)
    for id_, other in edges:
        if place[id_] != place[other]:
            before[place[id_]] |= 1 << place[other]
    closures = _closures(before)
    return [
        _Piece(
            ids=knot,
            weight=sum(int(known[id_].cost_of_delay * unit.costs) for id_ in knot),
            weeks=sum(int(known[id_].weeks * unit.weeks) for id_ in knot),
            needed_by=min(known[id_].needed_by or date.max for id_ in knot),
            before=before[at],
            behind=sum(len(knots[other]) for other, mask in enumerate(closures) if mask >> at & 1)
            - len(knot),
        )
        for at, knot in enumerate(knots)
    ]


def _closures(before: Sequence[int]) -> list[int]:
    """For each piece the mask of itself and all it needs, directly or through others."""
    found = [1 << at | mask for at, mask in enumerate(before)]
    for through in range(len(found)):
        for at, mask in enumerate(found):
            if mask >> through & 1:
                found[at] |= found[through]
    return found


def _by_closures(pieces: Sequence[_Piece]) -> list[int]:
    """The order of the closure rule."""
    closures = _closures([piece.before for piece in pieces])
    order: list[int] = []
    _place(pieces, closures, (1 << len(pieces)) - 1, order)
    return order


def _place(pieces: Sequence[_Piece], closures: Sequence[int], wanted: int, order: list[int]) -> None:
    """Append the wanted pieces, whose prerequisites are wanted too or placed.

    Each call inside one has at least one piece less, so the depth ends with the longest closure.
    """
    while wanted:
        chosen = min(_bits(wanted), key=lambda at: _closure_first(pieces, closures[at] & wanted, at))
        _place(pieces, closures, closures[chosen] & wanted & ~(1 << chosen), order)
        order.append(chosen)
        wanted &= ~closures[chosen]


def _closure_first(pieces: Sequence[_Piece], closure: int, at: int) -> tuple[Fraction, int, _Tie]:
    inside = [pieces[other] for other in _bits(closure)]
    ratio = Fraction(sum(piece.weight for piece in inside), sum(piece.weeks for piece in inside))
    return -ratio, len(inside), pieces[at].tie


def _best_order(pieces: Sequence[_Piece]) -> list[int]:
    """An order of least cost, by the least cost to go from each set that can have been done."""
    full = (1 << len(pieces)) - 1
    following = [0] * full
    to_go = [0] * (full + 1)
    ties = [piece.tie for piece in pieces]
    for done in range(full - 1, -1, -1):
        left = _bits(full & ~done)
        waiting = sum(pieces[at].weight for at in left)
        possible = [at for at in left if not pieces[at].before & ~done]
        costs = [(pieces[at].weeks * waiting + to_go[done | 1 << at], ties[at], at) for at in possible]
        to_go[done], _tie, following[done] = min(costs)
    order: list[int] = []
    done = 0
    while done != full:
        order.append(following[done])
        done |= 1 << following[done]
    return order


def _cost(pieces: Sequence[_Piece], order: Sequence[int]) -> int:
    at = cost = 0
    for index in order:
        at += pieces[index].weeks
        cost += pieces[index].weight * at
    return cost


def _places(pieces: Sequence[_Piece], order: Sequence[int], unit: _Unit) -> tuple[Ranked, ...]:
    closures = _closures([piece.before for piece in pieces])
    found = []
    for number, index in enumerate(order):
        piece, pulled = pieces[index], _pulled_by(pieces, closures, index, order[number + 1 :])
        pulled_by = None if pulled is None else pieces[pulled].ids[0]
        found.append(Ranked(piece.ids, piece.ratio * Fraction(unit.weeks, unit.costs), pulled_by))
    return tuple(found)


def _pulled_by(
    pieces: Sequence[_Piece], closures: Sequence[int], index: int, later: Sequence[int]
) -> int | None:
    """Of what comes later, needs this piece and is worth more a week the most valuable; None if nothing."""
    needing = [at for at in later if closures[at] >> index & 1 and pieces[at].ratio > pieces[index].ratio]
    return max(needing, key=lambda at: (pieces[at].ratio, -at), default=None)


def _bits(mask: int) -> list[int]:
    return [at for at in range(mask.bit_length()) if mask >> at & 1]


EXPECTED = "expected a cost of 0 or more and a duration above 0"
