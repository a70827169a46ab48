"""A bound that no plan under the rules can be below, from what each person needs for themselves.

A person sits at least their own minutes, and takes at least as many seats as their minutes need at
`minutes_max`, as their items need that cannot share a session, and as the others they have to meet
need at `people_max`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.consolidation.model import Attendance, Item, Rules


def lower_bound(items: Iterable[Item], rules: Rules) -> int:
    """Person-minutes that every plan of these items costs at least."""
    theirs: dict[str, list[Item]] = {}
    for item in items:
        for person in item.people:
            theirs.setdefault(person, []).append(item)
    seat = rules.seat_cost + (rules.opening if rules.attendance is Attendance.WHOLE else 0)
    return sum(
        sum(item.minutes for item in own) + seat * least_seats(person, own, rules)
        for person, own in theirs.items()
    )


def least_seats(person: str, items: Sequence[Item], rules: Rules) -> int:
    """In how many sessions this person sits at least."""
    room = rules.minutes_max - rules.opening
    minutes = sum(item.minutes for item in items)
    alone = sum(2 * item.minutes > room for item in items)
    others = {other for item in items for other in item.people} - {person}
    return max(-(-minutes // room), alone, -(-len(others) // max(rules.people_max - 1, 1)), 1)
