"""What is measured: teams, who decides for them, what they need from one another, and the rules."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from planner.domain.consolidation.model import Attendance, Attendee, Item, Rules, Task
from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import WorkingHours
from planner.paths import PACKAGE

PUBLISHED = "published"  # the family of what was read and not generated
FORMAT = "planner-instance/1"
QUARTER = 15  # minutes; published instances count working hours in them
EVERY_DAY = frozenset(range(7))
DAYS = tuple(date(2026, 3, day) for day in (*range(2, 7), *range(9, 14)))


@dataclass(frozen=True, slots=True)
class Link:
    """One team needs something from another. `is_live` says whether it needs a conversation."""

    consumer: str
    provider: str
    minutes: int
    is_live: bool = True


@dataclass(frozen=True)
class Instance:
    """A task with what the baselines need beside it. `written` are links without a session, as items of
    0 minutes: who holds a session of their own invites those people too. `bound` and `best_known` are J in
    person-minutes from whoever published the instance."""

    name: str
    family: str
    teams: Mapping[str, frozenset[str]]
    task: Task
    written: tuple[Item, ...] = ()
    bound: int | None = None
    best_known: int | None = None


def bench_rules(
    attendance: Attendance,
    *,
    people_max: int = 8,
    minutes_max: int = 90,
    opening: int = 10,
    seat_cost: int = 60,
) -> Rules:
    """Return the rules of published instances: no price for split queues, no smaller room."""
    return Rules(
        attendance=attendance,
        people_max=people_max,
        room_max=None,
        minutes_max=minutes_max,
        opening=opening,
        seat_cost=seat_cost,
        split_cost=0,
    )


@dataclass(frozen=True)
class Outline:
    """An organisation before it is a task: representatives by team, links, and what binds the plan."""

    teams: Mapping[str, frozenset[str]]
    links: Sequence[Link]
    keep_together: tuple[frozenset[str], ...] = ()
    hours: Mapping[str, WorkingHours] = field(default_factory=dict)


def instance_of(name: str, family: str, outline: Outline, rules: Rules) -> Instance:
    """Return the outline as an instance; its items are called i00000 and so on, in the order of the links."""
    named = [(f"i{number:05}", link) for number, link in enumerate(outline.links)]
    live = [_item(outline, key, link) for key, link in named if link.is_live]
    written = [_item(outline, key, replace(link, minutes=0)) for key, link in named if not link.is_live]
    people = sorted(set().union(*outline.teams.values()))
    task = Task(
        tuple(item for item in live if len(item.people) > 1),
        {person: Attendee(person, hours=outline.hours.get(person)) for person in people},
        rules,
        outline.keep_together,
        days=DAYS if outline.hours else (),
    )
    return Instance(name, family, outline.teams, task, tuple(written))


def _item(outline: Outline, key: str, link: Link) -> Item:
    people = outline.teams[link.consumer] | outline.teams[link.provider]
    return Item(key, link.consumer, link.provider, people, link.minutes)


def published_folder() -> Path | None:
    """Return the folder of published instances, where there is one beside the checkout or named."""
    beside = PACKAGE.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("PLANNER_SHARED_DATA") or beside) / "instances"
    return folder if folder.is_dir() else None


def published_files(folder: Path) -> list[Path]:
    """Return the instances of a folder; raises InvalidInput that names every file of another format."""
    files = sorted(folder.glob("*.json"))
    strange = [Problem(str(file), f"is not of the format {FORMAT}") for file in files if not _is_known(file)]
    if strange:
        raise InvalidInput(*strange)
    return files


def _is_known(file: Path) -> bool:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(raw, dict) and raw.get("format") == FORMAT


def read_published(file: Path, attendance: Attendance) -> Instance:
    """Return an instance of the format planner-instance/1."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    whole = attendance is Attendance.WHOLE
    known = raw.get("reference" if whole else "reference_window") or {}
    return Instance(
        raw["name"],
        PUBLISHED,
        {team["id"]: frozenset(team["reps"]) for team in raw["teams"]},
        task_of(raw, attendance),
        tuple(_read_items(raw, pooled=True)),
        known.get("lower_bound_J"),
        known.get("best_known_J"),
    )


def task_of(raw: Mapping[str, Any], attendance: Attendance) -> Task:
    """Return what a published instance asks; items that one person decides alone are left out."""
    people = {one["id"]: _attendee(one) for one in raw["people"]}
    groups = tuple(frozenset(group) for group in raw.get("keep_together", []))
    timed = any(one.hours for one in people.values())
    items = tuple(_read_items(raw, pooled=False))
    return Task(items, people, _rules(raw["params"], attendance), groups, days=DAYS if timed else ())


def _rules(params: Mapping[str, int], attendance: Attendance) -> Rules:
    rules = bench_rules(
        attendance,
        people_max=params["K"],
        minutes_max=params["D"],
        opening=params["o"],
        seat_cost=params["c"],
    )
    return replace(rules, sessions_max=params.get("M"), room_max=params.get("room"))


def _attendee(one: Mapping[str, Any]) -> Attendee:
    if "hours_utc_quarters" not in one:
        return Attendee(one["id"])
    begin, length = one["hours_utc_quarters"]
    hours = WorkingHours("UTC", QUARTER * begin, QUARTER * (begin + length), EVERY_DAY)
    return Attendee(one["id"], hours=hours)


def _read_items(raw: Mapping[str, Any], *, pooled: bool) -> Iterable[Item]:
    """The items that are written down (as items of 0 minutes), or those that are talked about."""
    reps = {team["id"]: frozenset(team["reps"]) for team in raw["teams"]}
    for one in raw["items"]:
        people = reps[one["needs"]] | reps[one["provides"]]
        if (one["type"] == "pooled") == pooled and len(people) > 1:
            yield Item(one["id"], one["needs"], one["provides"], people, 0 if pooled else one["minutes"])
