"""Facts about one agenda that everybody who counts must share: what waits for what, and when.

Minutes are counted from the start of the session. The opening comes before the first item; a long
session has a break between the two items nearest to its middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.consolidation.model import Attendance, Item, Rules, Task
from planner.domain.graph import strongly_connected

BREAK_AFTER = 90
BREAK_MINUTES = 10
GRID = 15  # sessions start on the quarter hour


def waits_without_knots(items: Iterable[Item]) -> dict[str, frozenset[str]]:
    """For each item those it must come after; items that wait for one another in a circle do not count."""
    known = {item.id: item.waits_for for item in items}
    edges = [(key, other) for key, waits in known.items() for other in waits if other in known]
    knot = {key: n for n, loop in enumerate(strongly_connected(edges)) for key in loop}
    return {
        key: frozenset(other for other in waits if other in known and knot[other] != knot[key])
        for key, waits in known.items()
    }


def elapsed(rules: Rules, minutes: int) -> int:
    """Minutes from opening to end of a session whose items take `minutes`, the break included."""
    length = rules.opening + minutes
    return length + BREAK_MINUTES if length > BREAK_AFTER else length


def item_times(rules: Rules, items: Sequence[Item]) -> list[tuple[int, int]]:
    """Begin and end of each item in agenda order, the break included."""
    times: list[tuple[int, int]] = []
    at = rules.opening
    for item in items:
        times.append((at, at + item.minutes))
        at += item.minutes
    return _with_break(times) if at > BREAK_AFTER else times


def _with_break(times: list[tuple[int, int]]) -> list[tuple[int, int]]:
    *earlier, (begin, end) = times
    if not earlier:
        return [(begin, end + BREAK_MINUTES)]
    pause = min((stop for _, stop in earlier), key=lambda stop: abs(2 * stop - end))
    return [(a + BREAK_MINUTES, b + BREAK_MINUTES) if a >= pause else (a, b) for a, b in times]


def presence(rules: Rules, items: Sequence[Item]) -> dict[str, tuple[int, int]]:
    """From when until when each person sits in a session, by the way they attend."""
    times = item_times(rules, items)
    if rules.attendance is Attendance.WHOLE:
        end = elapsed(rules, sum(item.minutes for item in items))
        return {person: (0, end) for item in items for person in sorted(item.people)}
    found: dict[str, tuple[int, int]] = {}
    for item, (begin, end) in zip(items, times, strict=True):
        for person in sorted(item.people):
            found[person] = (found.get(person, (begin, end))[0], end)
    return found


def items_by_id(task: Task) -> dict[str, Item]:
    """The items of a task by their id, in the order of the ids."""
    return {item.id: item for item in sorted(task.items, key=lambda item: item.id)}


def is_live(item: Item) -> bool:
    """True when the item takes time and somebody has to meet somebody else for it."""
    return item.minutes > 0 and len(item.people) > 1
