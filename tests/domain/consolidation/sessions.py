"""The best plan in whole mode by looking at every session that could be: for tasks of up to twenty items."""

from __future__ import annotations

from planner.domain.consolidation.model import Item, Task


def least_cost_of_all_sessions(task: Task) -> int:
    """J of the best plan where everybody stays; the task has no places, days, groups or split price.

    Every session of items that hang together and keep the caps is priced; the cheapest cover of the
    items follows item by item, the first uncovered one deciding the next session.
    """
    sessions = _sessions(task)
    by_first: list[list[tuple[int, int]]] = [[] for _ in task.items]
    for mask, cost in sorted(sessions.items()):
        by_first[(mask & -mask).bit_length() - 1].append((mask, cost))
    known: dict[int, int] = {0: 0}

    def best(left: int) -> int:
        if left not in known:
            first = (left & -left).bit_length() - 1
            fitting = [(mask, cost) for mask, cost in by_first[first] if mask & left == mask]
            known[left] = min(cost + best(left ^ mask) for mask, cost in fitting)
        return known[left]

    return best((1 << len(task.items)) - 1)


def _sessions(task: Task) -> dict[int, int]:
    """Masks of items that may share a session, with what the session costs."""
    items = task.items
    found: dict[int, int] = {}
    waiting = [1 << at for at in range(len(items)) if _price(task, [items[at]]) is not None]
    while waiting:
        mask = waiting.pop()
        if mask in found:
            continue
        members = [item for at, item in enumerate(items) if mask >> at & 1]
        price = _price(task, members)
        if price is None:
            continue
        found[mask] = price
        people = {person for item in members for person in item.people}
        for at, item in enumerate(items):
            if not mask >> at & 1 and item.people & people:
                waiting.append(mask | 1 << at)
    return found


def _price(task: Task, members: list[Item]) -> int | None:
    rules = task.rules
    people = {person for item in members for person in item.people}
    minutes = rules.opening + sum(item.minutes for item in members)
    if len(people) > rules.people_max or minutes > rules.minutes_max:
        return None
    return len(people) * (rules.seat_cost + minutes)
