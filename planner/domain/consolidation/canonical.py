"""An order of items and people that their names do not decide.

Items are told apart by what they are (rank, minutes) and by whom and what they touch, and people by
their hours, their place and their items; each round of refinement looks one step further. Only what
still looks alike after that is put in order by name. So a task in which teams, people and items have
other names is searched in the same way. Source: colour refinement (Weisfeiler and Leman, 1968).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from planner.domain.consolidation.model import Item, Task

Key = TypeVar("Key", bound=Hashable)
Colours = dict[str, int]


class CanonicalOrder(NamedTuple):
    """Ids of items and names of people, each from first to last."""

    items: tuple[str, ...]
    people: tuple[str, ...]


def canonical_order(task: Task, items: Mapping[str, Item]) -> CanonicalOrder:
    """The order of these items of the task, and of their people."""
    groups = _groups_of(task, items)
    colour = _colours({key: _first_look(item, groups.get(key, ())) for key, item in items.items()})
    people = _colours(_people_by(task, items, colour))
    known, everything = 0, len(colour) + len(people)
    while known < everything:
        colour = _colours(_items_by(items, colour, people))
        people = _colours(_people_by(task, items, colour))
        before, known = known, len(set(colour.values())) + len(set(people.values()))
        if known == before:
            break
    return CanonicalOrder(
        tuple(sorted(colour, key=lambda key: (colour[key], key))),
        tuple(sorted(people, key=lambda name: (people[name], name))),
    )


def _first_look(item: Item, groups: Iterable[int]) -> tuple[object, ...]:
    return item.rank, item.minutes, len(item.people), len(item.waits_for), item.kind, tuple(sorted(groups))


def _groups_of(task: Task, items: Mapping[str, Item]) -> dict[str, list[int]]:
    """The sizes of the groups that each item is in; negative for those kept apart."""
    found: dict[str, list[int]] = {}
    for sign, groups in ((1, task.keep_together), (-1, task.apart)):
        for group in groups:
            for key in group & items.keys():
                found.setdefault(key, []).append(sign * len(group))
    return found


def _people_by(task: Task, items: Mapping[str, Item], colour: Colours) -> dict[str, tuple[object, ...]]:
    touched: dict[str, list[int]] = {}
    for key, item in items.items():
        for name in item.people:
            touched.setdefault(name, []).append(colour[key])
    return {name: (*_circumstances(task, name), *sorted(own)) for name, own in touched.items()}


def _circumstances(task: Task, name: str) -> tuple[str, str, str]:
    """Hours, place and absences as text, so that they can be sorted."""
    attendee = task.attendees.get(name)
    if attendee is None:
        return "", "", ""
    hours = attendee.hours
    return (
        repr((hours.zone, hours.start, hours.end, sorted(hours.days))) if hours else "",
        attendee.place or "",
        repr(attendee.away) if attendee.away else "",
    )


def _items_by(items: Mapping[str, Item], colour: Colours, people: Colours) -> dict[str, tuple[object, ...]]:
    queue: dict[str, list[int]] = {}
    followed: dict[str, list[int]] = {}
    for key, item in items.items():
        queue.setdefault(item.provider, []).append(colour[key])
        for other in item.waits_for & items.keys():
            followed.setdefault(other, []).append(colour[key])
    queues = _colours({provider: tuple(sorted(own)) for provider, own in queue.items()})
    return {
        key: (
            colour[key],
            tuple(sorted(people[name] for name in item.people)),
            queues[item.provider],
            tuple(sorted(colour[other] for other in item.waits_for & items.keys())),
            tuple(sorted(followed.get(key, ()))),
        )
        for key, item in items.items()
    }


def _colours(looks: Mapping[Key, tuple[object, ...]]) -> dict[Key, int]:
    """A number for each look, in the order of the looks."""
    number = {look: index for index, look in enumerate(sorted(set(looks.values())))}
    return {key: number[look] for key, look in looks.items()}
