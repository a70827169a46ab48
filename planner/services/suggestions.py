"""The suggestion: what is recorded, under the rules, as a few shared sessions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from planner.domain.consolidation.build import build_task
from planner.domain.consolidation.model import Attendance, Plan, PlannedSession, Rules, Slot, Solution
from planner.domain.consolidation.report import describe
from planner.domain.consolidation.selection import Scope, select
from planner.domain.consolidation.solver import solve
from planner.domain.consolidation.suggestion import Suggestion
from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import MINUTES_PER_DAY, DependencyState, Organisation
from planner.domain.stand_ins import with_stand_ins
from planner.services.settings import read_rules
from planner.services.shelf import Shelf
from planner.storage.results import fetch, keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Task

SOLVER_VERSION = "5"
"""Raise it when the solver answers differently, so that kept plans are solved anew."""
DAYS_AHEAD = 10
WORKING_DAYS = 5

# the least and the most that each rule can be; None means that it may be left open
RANGES: dict[str, tuple[float, float]] = {
    "people_max": (2, 30),
    "room_max": (2, 30),
    "minutes_max": (15, 480),
    "opening": (0, 60),
    "seat_cost": (0, 480),
    "sessions_max": (1, 50),
    "split_cost": (0, 120),
    "move_cost": (0, 120),
    "unrated_gap": (0, 1),
    "relevance_min": (0, 1),
    "settled_minutes": (0, 30),
}
# minutes after midnight, typed as a time of day
TIMES = frozenset({"earliest", "latest"})
MAY_BE_OPEN = frozenset({"room_max", "sessions_max"})
FRACTIONS = frozenset({"unrated_gap", "relevance_min"})


Asked = tuple[str, tuple[str, ...], Rules, date]
_described: Shelf[Asked, tuple[Organisation, Suggestion]] = Shelf(16)
"""The last answers with the snapshot they are about; another snapshot is another question."""


_solving = Lock()
"""One search at a time: it takes a whole core, and who waits mostly asked for the same."""
_solutions: Shelf[str, Solution] = Shelf(16)


@dataclass(frozen=True)
class SuggestionRequest:
    """What a suggestion is asked for: which dependencies, and rules that differ from the kept ones."""

    horizon: str = ""
    states: tuple[str, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_words(
        cls, *, horizon: str = "", states: Iterable[str] = (), rules: Iterable[str] = ()
    ) -> SuggestionRequest:
        """Return the request of a command line: rules as "people_max=8". Raises InvalidInput."""
        pairs = [rule.partition("=") for rule in rules]
        without = [Problem(name, "has no value; write NAME=VALUE") for name, _, value in pairs if not value]
        if without:
            raise InvalidInput(*without)
        return cls(horizon, tuple(states), read_rule_values({name: value for name, _, value in pairs}))


def read_rule_values(values: Mapping[str, str]) -> dict[str, Any]:
    """Return typed rules from what people typed, empty ones left out. Raises InvalidInput."""
    known = {item.name for item in fields(Rules)}
    problems, read = [], {}
    for name, text in values.items():
        if not text.strip():
            continue
        try:
            read[name] = _read_rule(name, text.strip().casefold(), known)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise InvalidInput(*problems)
    return read


def suggest(
    session: Session, organisation: Organisation, request: SuggestionRequest, today: date
) -> Suggestion:
    """Return the suggestion; solved once, then kept until something it depends on changes.

    A team of which nobody is recorded yet is spoken for by a stand-in.
    Raises InvalidInput for a horizon, a state or a rule that does not exist.
    """
    rules = replace(read_rules(session), **request.rules)
    asked = (request.horizon, request.states, rules, today)
    described = _described.get(asked)
    if described is None or described[0] is not organisation:
        described = (organisation, _suggestion(session, organisation, request, rules=rules, today=today))
        _described.put(asked, described)
    return described[1]


def _suggestion(
    session: Session, organisation: Organisation, request: SuggestionRequest, *, rules: Rules, today: date
) -> Suggestion:
    organisation = with_stand_ins(organisation)
    selection = select(organisation, rules=rules, today=today, scope=scope_of(organisation, request))
    task = build_task(organisation, selection, rules=rules, days=days_after(today))
    solution = _solved(session, task)
    return describe(organisation, task, selection, solution, today=today, cadence_days=_cadence(organisation))


def scope_of(organisation: Organisation, request: SuggestionRequest) -> Scope:
    """Return the domain's scope. Raises InvalidInput when the horizon or a state does not exist."""
    chosen: dict[str, Any] = {}
    if request.horizon:
        horizon = next((h for h in organisation.horizons if h.name == request.horizon), None)
        if horizon is None:
            listed = ", ".join(h.name for h in organisation.horizons) or "none"
            raise InvalidInput(Problem("horizon", f"there is no “{request.horizon}”; there are {listed}"))
        chosen["horizon_id"] = horizon.id
    if request.states:
        try:
            chosen["states"] = frozenset(DependencyState(state) for state in request.states)
        except ValueError as error:
            listed = ", ".join(state.value for state in DependencyState)
            raise InvalidInput(Problem("state", f"expected one of {listed}")) from error
    return Scope(**chosen)


def days_after(today: date) -> tuple[date, ...]:
    """Return the ten working days after today: the stretch in which sessions are placed."""
    days = (today + timedelta(days=ahead) for ahead in range(1, 2 * DAYS_AHEAD))
    return tuple([day for day in days if day.weekday() < WORKING_DAYS][:DAYS_AHEAD])


def _cadence(organisation: Organisation) -> int:
    """The cadence that most of today's sessions have; fortnightly when none are recorded."""
    counts: dict[int, int] = {}
    for session in organisation.sessions:
        counts[session.cadence_days] = counts.get(session.cadence_days, 0) + 1
    return max(counts, key=lambda cadence: (counts[cadence], -cadence), default=14)


def _solved(session: Session, task: Task) -> Solution:
    key = "plan:" + _digest(task)
    kept = fetch(session, key)
    if kept is not None:
        return _solution_from(json.loads(kept))
    with _solving:
        solution = _solutions.get(key) or solve(task)
        _solutions.put(key, solution)

    keep(session, key, json.dumps(asdict(solution), default=_plain, sort_keys=True).encode())
    return solution


def _digest(task: Task) -> str:
    facts = {
        "solver": SOLVER_VERSION,
        "items": sorted((asdict(item) for item in task.items), key=lambda item: str(item["id"])),
        "attendees": {key: asdict(task.attendees[key]) for key in sorted(task.attendees)},
        "rules": asdict(task.rules),
        "together": sorted(sorted(group) for group in task.keep_together),
        "apart": sorted(sorted(group) for group in task.apart),
        "travel": sorted((sorted(pair), minutes) for pair, minutes in task.travel.items()),
        "days": task.days,
    }
    return hashlib.sha256(json.dumps(facts, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be kept")


def _solution_from(kept: dict[str, Any]) -> Solution:
    sessions = tuple(
        PlannedSession(
            items=tuple(one["items"]),
            attendees=frozenset(one["attendees"]),
            slot=Slot(date.fromisoformat(one["slot"]["day"]), one["slot"]["minute"]) if one["slot"] else None,
            place=one["place"],
        )
        for one in kept["plan"]["sessions"]
    )
    plan = Plan(sessions, kept["plan"]["unplaced"])
    return Solution(plan, kept["cost"], kept["lower_bound"], kept["proved"], kept["iterations"])


def _read_rule(name: str, text: str, known: set[str]) -> Any:
    if name not in known:
        raise ValueError(f"there is no such rule; there are {', '.join(sorted(known))}")
    if name == "attendance":
        if text not in {mode.value for mode in Attendance}:
            raise ValueError(f"read “{text}”, expected window or whole")
        return Attendance(text)
    if name == "queues_whole":
        if text not in {"yes", "no", "true", "false", "1", "0"}:
            raise ValueError(f"read “{text}”, expected yes or no")
        return text in {"yes", "true", "1"}
    if name in MAY_BE_OPEN and text in {"none", "open"}:
        return None
    if name in TIMES:
        return _read_time(text)
    return _read_number(text, *RANGES[name], whole=name not in FRACTIONS)


def _read_time(text: str) -> int:
    hour, _, minute = text.partition(":")
    if hour.isdecimal() and minute.isdecimal() and len(text) <= len("23:59"):
        minutes = int(hour) * 60 + int(minute)
        if int(minute) < 60 and minutes <= MINUTES_PER_DAY:
            return minutes
    raise ValueError(f"read “{text[:20]}”, expected a time of day like 10:00")


def _read_number(text: str, least: float, most: float, *, whole: bool) -> float:
    expected = f"expected a {'whole ' if whole else ''}number from {least:g} to {most:g}"
    try:
        number: float = int(text) if whole else float(text)
    except ValueError:
        raise ValueError(f"read “{text[:20]}”, {expected}") from None
    if not least <= number <= most:
        raise ValueError(f"read “{text[:20]}”, {expected}")
    return number
