"""Random plans for a published instance, valid ones and such in which something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from planner.domain.consolidation.model import Attendance, Item, Plan, PlannedSession, Task
from tests.domain.consolidation.published import Published, as_published

Agendas = list[list[str]]


def some_instance(luck: Random, attendance: Attendance) -> Published:
    """A few teams of one or two people each who need all kinds of things from one another."""
    people = [f"p{n}" for n in range(luck.randint(3, 7))]
    teams = [f"t{n}" for n in range(luck.randint(3, 6))]
    items = [
        {
            "id": f"i{n}",
            "needs": luck.choice(teams),
            "provides": luck.choice(teams),
            "type": luck.choice(("pooled", "sequential", "sequential", "reciprocal")),
            "minutes": luck.choice((0, 5, 10, 20, 30)),
        }
        for n in range(luck.randint(3, 9))
    ]
    ids = [item["id"] for item in items]
    params = {"K": luck.randint(3, 8), "D": luck.choice((60, 90, 120)), "o": luck.choice((0, 15)), "c": 15}
    raw: dict[str, Any] = {
        "params": params | ({"M": luck.randint(1, 4)} if luck.random() < 0.5 else {}),
        "people": [{"id": person} for person in people],
        "teams": [{"id": team, "reps": luck.sample(people, luck.randint(1, 2))} for team in teams],
        "items": items,
        "keep_together": [luck.sample(ids, 2) for _ in range(luck.randint(0, 2))],
    }
    return as_published(raw, attendance)


def some_plan(given: Published, luck: Random) -> Plan:
    """Groups put together as far as people and minutes allow; in half of the plans something is wrong."""
    agendas = _filled(given.task, luck)
    attended = False
    while luck.random() < 0.5:
        change = luck.choice(CHANGES)
        agendas = change(agendas, given, luck)
        attended = attended or luck.random() < 0.2
    sessions = [_session(agenda, given.task) for agenda in agendas]
    return Plan(tuple(_with_others(one, given.task, luck) if attended else one for one in sessions))


def _filled(task: Task, luck: Random) -> Agendas:
    known = {item.id: item for item in task.items if item.minutes and len(item.people) > 1}
    home = {key: [key] for key in known}
    for group in sorted(task.keep_together, key=sorted):
        joined = sorted({other for key in group & known.keys() for other in home[key]})
        home |= dict.fromkeys(joined, joined)
    bundles = sorted({tuple(bundle) for bundle in home.values()})
    luck.shuffle(bundles)
    agendas: Agendas = []
    for bundle in bundles:
        fitting = [agenda for agenda in agendas if _fits(task, [known[key] for key in (*agenda, *bundle)])]
        if fitting and luck.random() < 0.8:
            luck.choice(fitting).extend(bundle)
        else:
            agendas.append(list(bundle))
    return agendas


def _fits(task: Task, items: Sequence[Item]) -> bool:
    people = {person for item in items for person in item.people}
    minutes = task.rules.opening + sum(item.minutes for item in items)
    return len(people) <= task.rules.people_max and minutes <= task.rules.minutes_max


def _session(agenda: Sequence[str], task: Task) -> PlannedSession:
    people = {person for item in task.items if item.id in agenda for person in item.people}
    return PlannedSession(tuple(agenda), frozenset(people))


def _with_others(session: PlannedSession, task: Task, luck: Random) -> PlannedSession:
    """Somebody is missing, or superfluous, or all is as before."""
    somebody = luck.choice(sorted(task.attendees))
    change = luck.choice((frozenset({somebody}), frozenset[str]()))
    return replace(session, attendees=session.attendees ^ change)


def _lose(agendas: Agendas, _given: Published, luck: Random) -> Agendas:
    lost = luck.choice([key for agenda in agendas for key in agenda] or [""])
    return [left for agenda in agendas if (left := [key for key in agenda if key != lost])]


def _double(agendas: Agendas, _given: Published, luck: Random) -> Agendas:
    again = luck.choice([key for agenda in agendas for key in agenda] or ["nothing"])
    at = luck.randrange(len(agendas) + 1)
    return [*agendas[:at], [*(agendas[at] if at < len(agendas) else []), again], *agendas[at + 1 :]]


def _invent(agendas: Agendas, given: Published, luck: Random) -> Agendas:
    """An item that nobody knows, or one that needs no session."""
    name = luck.choice(["unknown", *(item["id"] for item in given.raw["items"])])
    return [*agendas, [name]]


def _empty(agendas: Agendas, _given: Published, _luck: Random) -> Agendas:
    return [*agendas, []]


def _merge(agendas: Agendas, _given: Published, _luck: Random) -> Agendas:
    """Perhaps too many people, perhaps too long."""
    return [*agendas[2:], [key for agenda in agendas[:2] for key in agenda]] if len(agendas) > 1 else agendas


def _tear(agendas: Agendas, _given: Published, luck: Random) -> Agendas:
    """Perhaps a group is torn, perhaps somebody gets too many sessions."""
    at = luck.randrange(len(agendas)) if agendas else 0
    return [*agendas[:at], *([key] for agenda in agendas[at : at + 1] for key in agenda), *agendas[at + 1 :]]


def _shuffle(agendas: Agendas, _given: Published, luck: Random) -> Agendas:
    return [luck.sample(agenda, len(agenda)) for agenda in agendas]


CHANGES: tuple[Callable[[Agendas, Published, Random], Agendas], ...] = (
    _lose,
    _double,
    _invent,
    _empty,
    _merge,
    _tear,
    _shuffle,
    _shuffle,
)
