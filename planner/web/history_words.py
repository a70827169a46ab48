"""Events in words: what was changed, from what to what; dates as days, ids as names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.model import WEEKDAYS, DependencyState, Side
from planner.services.history import TABLES
from planner.web import context
from planner.web.filters import STATE_WORDS, clock, day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask import Flask

    from planner.domain.model import Organisation
    from planner.services.history import HistoryEvent

NOTHING = "nothing"
LONGEST = 300
# of no meaning to a reader, or said beside every change: who made it, and when
UNSAID = frozenset({"id", "key", "name_folded", "version", "asked_on", "proposed_by", "proposed_on"})
NOUNS = {table: noun for noun, table in TABLES.items()}
NAMES = {"dependency": "what", "goal": "outcome", "session": "title"}
ACTS = {"created": ("+", "Added"), "removed": ("−", "Removed"), "updated": ("↔", "Changed")}
LABELS = {
    "cadence_days": "days from one to the next",
    "conditions": "on condition that",
    "consumer_id": "who needs it",
    "criteria": "done when",
    "days": "working days",
    "decides": "decides for the team",
    "due_on": "by",
    "ends_on": "ends",
    "gap": "how far apart the two sides are",
    "goal_id": "for the goal",
    "heard": "understood as",
    "heard_right": "understood rightly",
    "horizon_id": "in",
    "host_id": "held by",
    "is_example": "is the example",
    "lead_id": "led by",
    "local_minutes": "minutes for one team alone",
    "paused_by_id": "paused by",
    "place_id": "place",
    "proposed_for": "proposed for",
    "proposed_provider_id": "proposed to come from",
    "proposed_what": "proposed instead",
    "provider_id": "from",
    "reminded_on": "reminded on",
    "starts_on": "starts",
    "unmet": "not met yet",
    "work_end": "works until",
    "work_start": "works from",
    "zone": "time zone",
}
TEAMS = frozenset({"consumer_id", "provider_id", "proposed_provider_id", "host_id", "team_id"})
DAYS = frozenset(
    {
        "due_on",
        "ends_on",
        "needed_by",
        "promised_for",
        "proposed_for",
        "reminded_on",
        "starts_on",
    }
)
SIDES = {Side.CONSUMER: "who needs it", Side.PROVIDER: "who gives it"}
CLOCKS = frozenset({"start", "work_end", "work_start"})


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of a row, from what to what, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EventInWords:
    """What was done to which row, as a glyph, a word and a name; the fields of a row that was changed."""

    glyph: str
    act: str
    name: str
    fields: tuple[ChangedField, ...]


def in_words(event: HistoryEvent) -> EventInWords:
    """Return an event as a reader understands it; names are those of today."""
    organisation = context.organisation()
    glyph, act = ACTS[event.act]
    fields = tuple(_fields(organisation, event)) if event.act == "updated" else ()
    return EventInWords(glyph, act, _name(organisation, event), fields)


def register(app: Flask) -> None:
    app.jinja_env.filters["in_words"] = in_words


def _fields(organisation: Organisation, event: HistoryEvent) -> Iterator[ChangedField]:
    for column, after in event.after.items():
        before = event.before.get(column)
        if column in UNSAID:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _parts(before, after)
        else:
            label = LABELS.get(column, column.replace("_", " "))
            yield ChangedField(
                label, _value(organisation, column, before), _value(organisation, column, after)
            )


def _parts(before: dict[str, Any], after: dict[str, Any]) -> Iterator[ChangedField]:
    """The rules, of which only those that differ are told."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield ChangedField(name.replace("_", " "), _plain(before.get(name)), _plain(after.get(name)))


def _value(organisation: Organisation, column: str, value: Any) -> str:
    if value is None or value in ("", []):
        return NOTHING
    if column in TEAMS:
        return _named(organisation.team, value)
    if column in DAYS:
        return day(date.fromisoformat(value))
    if column in CLOCKS:
        return clock(value)
    if column in _SPECIAL:
        return _SPECIAL[column](organisation, value)
    return _plain(value)


_SPECIAL: Mapping[str, Callable[[Organisation, Any], str]] = {
    "goal_id": lambda o, value: o.goal[value].outcome if value in o.goal else "a goal that is gone",
    "horizon_id": lambda o, value: _named(o.horizon, value),
    "lead_id": lambda o, value: _named(o.person, value),
    "paused_by_id": lambda _o, value: f"plan {value}",
    "place_id": lambda o, value: _named(o.place, value),
    "proposed_by": lambda _o, value: SIDES[Side(value)],
    "state": lambda _o, value: STATE_WORDS[DependencyState(value)][1],
    "weekday": lambda _o, value: WEEKDAYS[value],
    "days": lambda _o, value: ", ".join(WEEKDAYS[int(digit)][:3] for digit in value),
}


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _named(things: Mapping[Any, Any], number: int) -> str:
    return str(things[number].name) if number in things else "one that is gone"


def _name(organisation: Organisation, event: HistoryEvent) -> str:
    """What the row is called: as it was told by the event, else as it is called now."""
    told = {**event.before, **event.after}
    if event.subject in _LINKS:
        return _LINKS[event.subject](organisation, told)
    noun = NOUNS.get(event.subject, event.subject.replace("_", " "))
    name = told.get(NAMES.get(noun, "name")) or _name_now(organisation, noun, event.subject_id)
    return f"{noun} “{_plain(name)}”" if name else f"{noun} {event.subject_id}"


def _name_now(organisation: Organisation, noun: str, row_id: int) -> str:
    if noun == "organisation":
        return organisation.name
    things: Any = {
        "team": organisation.teams,
        "person": organisation.people,
        "goal": organisation.goals,
        "session": organisation.sessions,
        "place": organisation.places,
        "horizon": organisation.horizons,
        "dependency": organisation.dependencies,
    }.get(noun, ())
    found = next((thing for thing in things if thing.id == row_id), None)
    return str(getattr(found, NAMES.get(noun, "name"))) if found else ""


def _pair(organisation: Organisation, told: Mapping[str, Any]) -> str:
    """A row that joins two others: "Olive Owner, Payments"; a changed one tells of neither."""
    ends = [
        "person_id" in told and _named(organisation.person, told["person_id"]),
        "team_id" in told and _named(organisation.team, told["team_id"]),
        "goal_id" in told and f"goal “{_SPECIAL['goal_id'](organisation, told['goal_id'])}”",
        "session_id" in told and _session(organisation, told["session_id"]),
        "place_id" in told and _named(organisation.place, told["place_id"]),
        "other_place_id" in told and _named(organisation.place, told["other_place_id"]),
    ]
    return ", ".join(end for end in ends if end)


def _session(organisation: Organisation, row_id: int) -> str:
    return f"session “{_name_now(organisation, 'session', row_id) or 'one that is gone'}”"


_LINKS: Mapping[str, Callable[[Organisation, Mapping[str, Any]], str]] = {
    "membership": lambda o, told: f"membership {_pair(o, told)}".strip(),
    "attendance": lambda o, told: f"seat {_pair(o, told)}",
    "goal_team": lambda o, told: f"team of a goal: {_pair(o, told)}",
    "travel": lambda o, told: f"way {_pair(o, told)}".strip(),
    "message": lambda _o, told: f"message “{_plain(told.get('text', ''))}”",
}
