"""The published instances and their independent checker, where the shared data lies beside the checkout."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.consolidation.agenda import GRID
from planner.domain.consolidation.model import Attendance, Attendee, Item, Plan, PlannedSession, Rules, Task
from planner.domain.model import WorkingHours
from tests.support.data import DATA

if TYPE_CHECKING:
    from types import ModuleType

EVERY_DAY = frozenset(range(7))
DAYS = tuple(date(2026, 3, day) for day in range(2, 14))

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not beside the checkout")


@dataclass(frozen=True)
class Published:
    """An instance as it was read, and as a task."""

    raw: dict[str, Any]
    task: Task

    def verdict(self, plan: Plan, *, claimed: int | None = None) -> dict[str, Any]:
        """What the independent checker says about a plan, and about what it is claimed to cost."""
        window = self.task.rules.attendance is Attendance.WINDOW
        told = {"sessions": [_told(one) for one in plan.sessions], "objective": claimed}
        result: dict[str, Any] = _checker().check(self.raw, told, window)
        return result


def _told(session: PlannedSession) -> dict[str, Any]:
    told = {"items": list(session.items), "attendees": sorted(session.attendees)}
    return told if session.slot is None else told | {"start_quarter": session.slot.minute // GRID}


@cache
def _checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_plan", DATA / "check_plan.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def instance(name: str, attendance: Attendance, **params: int) -> Published:
    """An instance with other parameters where wanted."""
    raw = json.loads((DATA / "instances" / f"{name}.json").read_text())
    raw["params"] |= params
    return as_published(raw, attendance)


def as_published(raw: dict[str, Any], attendance: Attendance) -> Published:
    """An instance from what its file says."""
    people = {one["id"]: _attendee(one) for one in raw["people"]}
    groups = tuple(frozenset(group) for group in raw.get("keep_together", []))
    timed = any(one.hours for one in people.values())
    task = Task(tuple(_items(raw)), people, _rules(raw["params"], attendance), groups)
    return Published(raw, replace(task, days=DAYS) if timed else task)


def _rules(params: dict[str, int], attendance: Attendance) -> Rules:
    return Rules(
        attendance=attendance,
        people_max=params["K"],
        room_max=params.get("room"),
        minutes_max=params["D"],
        opening=params["o"],
        seat_cost=params["c"],
        sessions_max=params.get("M"),
        split_cost=0,
    )


def _attendee(one: dict[str, Any]) -> Attendee:
    if "hours_utc_quarters" not in one:
        return Attendee(one["id"])
    begin, length = one["hours_utc_quarters"]
    return Attendee(one["id"], hours=WorkingHours("UTC", GRID * begin, GRID * (begin + length), EVERY_DAY))


def _items(raw: dict[str, Any]) -> list[Item]:
    """The live ones: not pooled, not of one person alone."""
    reps = {team["id"]: frozenset(team["reps"]) for team in raw["teams"]}
    return [
        Item(one["id"], one["needs"], one["provides"], people, one["minutes"])
        for one in raw["items"]
        if one["type"] != "pooled" and len(people := reps[one["needs"]] | reps[one["provides"]]) > 1
    ]


def seed_organisation() -> Task:
    """The seed's own story: six queues of seven teams in two buildings."""
    raw = json.loads((DATA / "seed-organisation.json").read_text())
    items = tuple(
        Item(
            one["id"],
            one["consumer"],
            one["provider"],
            frozenset({one["consumer"], one["provider"]}),
            one["expected_minutes"],
        )
        for one in raw["dependencies"]
    )
    return Task(
        items,
        {name: Attendee(name, team["place"]) for name, team in raw["teams"].items()},
        Rules(Attendance.WHOLE, people_max=8, room_max=None, queues_whole=True, split_cost=0),
        keep_together=(frozenset({"d1", "d2", "d3", "d4"}), frozenset({"d6", "d7"})),
        travel={frozenset({"N", "S"}): raw["walk_minutes_round_trip"] // 2},
    )
