"""Putting one agenda into another, and what every place for it costs in window mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """Units of the same people in a row."""

    people: int
    minutes: int
    units: tuple[int, ...]
    linked: bool


def insertions(host: tuple[Part, ...], guest: tuple[Part, ...], room: int) -> list[tuple[int, int, bool]]:
    """What each gap of the host costs when the guest's parts go there, forwards and backwards.

    Presence at a part is what came before and is still needed after. The guest changes the presence
    at a host's part only by being behind or before it, so the sums on both sides are counted once.
    """
    crowd = 0
    for part in guest:
        crowd |= part.people
    lefts, befores = _side(host, crowd, room)
    rights, behinds = _side(host[::-1], crowd, room)
    ways = (False, True) if len(guest) > 1 else (False,)
    inner = _inner(guest)
    found: list[tuple[int, int, bool]] = []
    for gap, (left, before, right, behind) in enumerate(
        zip(lefts, befores, reversed(rights), reversed(behinds), strict=True)
    ):
        if left < 0 or right < 0:
            continue
        for backwards in ways:
            first, last = (behind, before) if backwards else (before, behind)
            middle = _middle(inner, first, last, room)
            if middle >= 0:
                found.append((left + middle + right, gap, backwards))
    return found


def _middle(inner: list[tuple[int, int, int]], first: int, last: int, room: int) -> int:
    """Minutes of the guest's parts between those before and those behind; -1: the room is overfull."""
    cost = 0
    for minutes, ahead, rest in inner:
        present = ((first | ahead) & (rest | last)).bit_count()
        if present > room:
            return -1
        cost += minutes * present
    return cost


def _side(host: tuple[Part, ...], crowd: int, room: int) -> tuple[list[int], list[int]]:
    """Minutes and unions of the first 0, 1, ... parts when the crowd comes later; -1: room overfull."""
    behind = unions_behind(host)
    costs, unions = [0], [0]
    cost = before = 0
    for part, rest in zip(host, behind, strict=False):
        before |= part.people
        present = (before & (rest | crowd)).bit_count()
        cost = -1 if cost < 0 or present > room else cost + part.minutes * present
        costs.append(cost)
        unions.append(before)
    return costs, unions


def _inner(guest: tuple[Part, ...]) -> list[tuple[int, int, int]]:
    behind = unions_behind(guest)
    rows: list[tuple[int, int, int]] = []
    before = 0
    for part, rest in zip(guest, behind, strict=False):
        before |= part.people
        rows.append((part.minutes, before, rest))
    return rows


def unions_behind(parts: Sequence[Part]) -> list[int]:
    """For each part the people of it and of all after it, and 0 at the end."""
    unions = [0] * (len(parts) + 1)
    rest = 0
    for index in range(len(parts) - 1, -1, -1):
        rest |= parts[index].people
        unions[index] = rest
    return unions
