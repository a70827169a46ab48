"""Who needs what from whom, and how far that has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.model import DependencyState
from planner.domain.transfer import DependencyDraft
from planner.interchange import limits
from planner.interchange.normalised.cycles import Calendar, day_of, looks_like_a_day
from planner.interchange.normalised.keys import Keys
from planner.interchange.normalised.row import Row

_STATES = {
    "implementable": DependencyState.ASKED,
    "provisional": DependencyState.ASKED,
    "active": DependencyState.ASKED,
    "open": DependencyState.ASKED,
    "done": DependencyState.CONFIRMED,
    "withdrawn": DependencyState.WITHDRAWN,
    "replaced": DependencyState.WITHDRAWN,
    "deferred": DependencyState.WITHDRAWN,
    "rejected": DependencyState.DECLINED,
    "not accepted": DependencyState.DECLINED,
}


@dataclass(frozen=True)
class Known:
    """What dependencies may refer to."""

    teams: frozenset[str]
    goals: frozenset[str]
    calendar: Calendar


def read_dependencies(rows: Iterable[Row], known: Known) -> tuple[DependencyDraft, ...]:
    """Return the dependencies between two known teams, each once."""
    keys = Keys()
    seen: set[tuple[str, str, str, str]] = set()
    found: list[DependencyDraft] = []
    for row in rows:
        if not _has_two_teams(row, known.teams):
            continue
        dependency = _dependency(row, known)
        content = (dependency.consumer, dependency.provider, dependency.what, dependency.item)
        if content in seen:
            row.left_out(f"stands twice: {dependency.what}, {dependency.consumer} from {dependency.provider}")
            continue
        seen.add(content)
        found.append(replace(dependency, key=_key(row, keys, dependency.what)))
    return tuple(found)


def _has_two_teams(row: Row, teams: frozenset[str]) -> bool:
    consumer, provider = row.text("from_team"), row.text("to_team")
    unknown = [team for team in (consumer, provider) if team not in teams]
    if unknown:
        row.left_out(f"unknown team: {unknown[0] or 'none named'}")
    elif consumer == provider:
        row.left_out(f"a team on itself: {consumer}")
    return not unknown and consumer != provider


def _key(row: Row, keys: Keys, what: str) -> str:
    item = row.text("item") or row.text("title")
    return keys.key_for(item, row.text("from_team"), row.text("to_team"), row.text("ask"), content=what)


def _dependency(row: Row, known: Known) -> DependencyDraft:
    consumer, provider, item = row.text("from_team"), row.text("to_team"), row.text("item", limit=limits.LINE)
    ask = row.text("ask")
    title = row.text("title", limit=limits.LINE) or item or "unnamed"
    horizon, needed_by = _need(row, known.calendar)
    return DependencyDraft(
        key="",
        consumer=consumer,
        provider=provider,
        what=(f"{title}: {ask}" if ask else title)[: limits.LINE],
        needed_by=needed_by,
        state=_state(row, horizon, known.calendar),
        goal=item if item in known.goals else None,
        horizon=horizon,
        item=item,
    )


def _need(row: Row, calendar: Calendar) -> tuple[str | None, date | None]:
    """Return the cycle and the day by which something is needed, as far as the record knows them."""
    text = row.text("needed_by")
    if looks_like_a_day(text):
        day = day_of(text)
        if day is None:
            row.repaired(f"no such day, need left open: {text}")
        return None, day
    if not text:
        return None, None
    name = calendar.name_of(text)
    return name, calendar.cycle(name).ends_on


def _state(row: Row, cycle: str | None, calendar: Calendar) -> DependencyState:
    status = row.text("status").casefold()
    if status == "implemented":
        is_over = cycle is None or calendar.is_over(cycle)
        # built, but its cycle is not out: the others have said yes and still wait for it
        return DependencyState.CONFIRMED if is_over else DependencyState.AGREED
    if status not in _STATES:
        row.repaired(f"unknown status, taken as asked: {status!r}")
    return _STATES.get(status, DependencyState.ASKED)
