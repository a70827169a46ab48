"""The order of an agenda: providers before consumers, and the least waiting in window mode.

What a person waits is counted as presence: while an item is talked about, everybody sits there who
had an item before (or has this one) and has one after (or has this one). So the cost of an order is
the sum of minutes times people present, and the best order of a set follows from its subsets
(dynamic programming over prefixes; the same as rehearsal scheduling).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.domain.consolidation.model import Attendance, Item, Rules

EXACT_UP_TO = 12


class Piece(NamedTuple):
    """What stays together inside an agenda: a mask of people, minutes, a mask of pieces before it."""

    people: int
    minutes: int
    after: int = 0


def order_items(
    items: Sequence[Item], rules: Rules, *, waits: Mapping[str, frozenset[str]]
) -> tuple[Item, ...] | None:
    """The items in the best order; None when no order found keeps the room within its limit."""
    ranked = by_rank(items, waits)
    if rules.attendance is Attendance.WHOLE or len(ranked) < 2:
        return ranked
    bundles = _bundles(ranked, waits)
    pieces = _pieces(bundles, waits)
    room = rules.room_max or rules.people_max
    found = best_order(pieces, room) if len(pieces) <= EXACT_UP_TO else good_order(pieces, room)
    if found is None:
        return None
    return tuple(item for index in _oriented(found, pieces, bundles) for item in bundles[index])


def is_in_order(items: Sequence[Item], rules: Rules, *, waits: Mapping[str, frozenset[str]]) -> bool:
    """True when providers come before consumers, and in window mode the room holds everybody."""
    to_come = {item.id for item in items}
    for item in items:
        to_come.discard(item.id)
        if waits.get(item.id, frozenset()) & to_come:
            return False
    if rules.attendance is Attendance.WHOLE or rules.room_max is None:
        return True
    pieces = _pieces([[item] for item in items], {})
    return max(present_counts(pieces), default=0) <= rules.room_max


def by_rank(items: Sequence[Item], waits: Mapping[str, frozenset[str]]) -> tuple[Item, ...]:
    """Providers before consumers, else by rank and id."""
    left = sorted(items, key=lambda item: (item.rank, item.id))
    done: list[Item] = []
    while left:
        open_ids = {item.id for item in left}
        following = next(item for item in left if not waits.get(item.id, frozenset()) & open_ids)
        left.remove(following)
        done.append(following)
    return tuple(done)


def _bundles(ranked: Sequence[Item], waits: Mapping[str, frozenset[str]]) -> list[list[Item]]:
    """Items of the same people belong side by side unless something waits between them."""
    waited_for = {other for item in ranked for other in waits.get(item.id, ())}
    bundles: dict[object, list[Item]] = {}
    for item in ranked:
        free = not waits.get(item.id) and item.id not in waited_for
        bundles.setdefault(item.people if free else item.id, []).append(item)
    return list(bundles.values())


def _pieces(bundles: Sequence[Sequence[Item]], waits: Mapping[str, frozenset[str]]) -> list[Piece]:
    names = sorted({person for bundle in bundles for person in bundle[0].people})
    bit = {name: 1 << index for index, name in enumerate(names)}
    place = {item.id: 1 << index for index, bundle in enumerate(bundles) for item in bundle}
    return [
        Piece(
            sum(bit[name] for name in bundle[0].people),
            sum(item.minutes for item in bundle),
            sum(place[other] for other in waits.get(bundle[0].id, ()) if other in place),
        )
        for bundle in bundles
    ]


def _oriented(
    found: Sequence[int], pieces: Sequence[Piece], bundles: Sequence[Sequence[Item]]
) -> Sequence[int]:
    """Backwards costs the same when nothing waits: begin with what ranks first."""
    if any(piece.after for piece in pieces):
        return found
    ranks = [(bundles[index][0].rank, bundles[index][0].id) for index in found]
    return found if ranks <= ranks[::-1] else found[::-1]


def best_order(pieces: Sequence[Piece], room: int) -> list[int] | None:
    """The cheapest order with at most `room` people at once, by examining every subset."""
    size = len(pieces)
    union = [0] * (1 << size)
    for mask in range(1, 1 << size):
        low = mask & -mask
        union[mask] = union[mask ^ low] | pieces[low.bit_length() - 1].people
    best, last = _prefixes(pieces, union, room)
    full = (1 << size) - 1
    if best[full] is None:
        return None
    order: list[int] = []
    while full:
        order.append(last[full])
        full ^= 1 << last[full]
    return order[::-1]


def _prefixes(pieces: Sequence[Piece], union: Sequence[int], room: int) -> tuple[list[int | None], list[int]]:
    """For each set of pieces the least cost of starting with them, and the last one then."""
    full = len(union) - 1
    best: list[int | None] = [None] * len(union)
    last = [0] * len(union)
    best[0] = 0
    steps = [(index, 1 << index, *piece) for index, piece in enumerate(pieces)]
    for mask in range(full):
        cost = best[mask]
        if cost is None:
            continue
        before, behind = union[mask], union[full ^ mask]
        for index, bit, people, minutes, after in steps:
            if mask & bit or after & ~mask:
                continue
            present = ((before | people) & behind).bit_count()
            if present > room:
                continue
            known = best[mask | bit]
            if known is None or cost + minutes * present < known:
                best[mask | bit] = cost + minutes * present
                last[mask | bit] = index
    return best, last


def good_order(pieces: Sequence[Piece], room: int) -> list[int] | None:
    """A cheap order of many pieces: insert each where it costs least, then move single ones."""
    order: list[int] = []
    for index in _topological(pieces):
        order = _inserted(order, index, pieces)
    better = _moved(order, pieces)
    while better != order:
        order, better = better, _moved(better, pieces)
    return order if _most_present(order, pieces) <= room else None


def _topological(pieces: Sequence[Piece]) -> list[int]:
    order: list[int] = []
    placed = 0
    while len(order) < len(pieces):
        index = next(i for i, p in enumerate(pieces) if not placed >> i & 1 and not p.after & ~placed)
        order.append(index)
        placed |= 1 << index
    return order


def _inserted(order: list[int], index: int, pieces: Sequence[Piece]) -> list[int]:
    choices = ([*order[:gap], index, *order[gap:]] for gap in range(len(order) + 1))
    allowed = [choice for choice in choices if _is_allowed(choice, pieces)]
    return min(allowed, key=lambda choice: waiting_cost([pieces[i] for i in choice]))


def _moved(order: list[int], pieces: Sequence[Piece]) -> list[int]:
    for index in list(order):
        moved = _inserted([other for other in order if other != index], index, pieces)
        if waiting_cost([pieces[i] for i in moved]) < waiting_cost([pieces[i] for i in order]):
            order = moved
    return order


def _is_allowed(order: Sequence[int], pieces: Sequence[Piece]) -> bool:
    in_order = sum(1 << index for index in order)
    placed = 0
    for index in order:
        if pieces[index].after & in_order & ~placed:
            return False
        placed |= 1 << index
    return True


def present_counts(pieces: Sequence[Piece]) -> list[int]:
    """How many people sit there during each piece, in this order."""
    behind: list[int] = []
    rest = 0
    for piece in reversed(pieces):
        rest |= piece.people
        behind.append(rest)
    counts: list[int] = []
    before = 0
    for piece, after in zip(pieces, reversed(behind), strict=True):
        before |= piece.people
        counts.append((before & after).bit_count())
    return counts


def waiting_cost(pieces: Sequence[Piece]) -> int:
    """Person-minutes from everybody's first to last own piece, in this order."""
    return sum(p.minutes * count for p, count in zip(pieces, present_counts(pieces), strict=True))


def _most_present(order: Sequence[int], pieces: Sequence[Piece]) -> int:
    return max(present_counts([pieces[index] for index in order]), default=0)
