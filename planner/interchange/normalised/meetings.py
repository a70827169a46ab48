"""The recurring meetings of a team as its sessions: days, times, zones and rhythms as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from planner.domain.model import WEEKDAYS
from planner.domain.transfer import SessionDraft, TeamDraft
from planner.interchange import limits
from planner.interchange.normalised.keys import Keys
from planner.interchange.normalised.row import Row
from planner.interchange.normalised.teams import deciders
from planner.interchange.plain import clock

_USUAL_MINUTES = 60
_USUAL_CADENCE = 14

_TIME = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*([AP]M)?", re.IGNORECASE)
# Read in this order: "bi-weekly" holds "weekly", and "every four weeks" is no week.
_RHYTHMS = (
    (re.compile(r"month|four weeks|4 weeks", re.IGNORECASE), 28),
    (re.compile(r"bi-?weekly|fortnight|(two|2|other) weeks?", re.IGNORECASE), 14),
    (re.compile(r"weekly|every week|each week", re.IGNORECASE), 7),
)
_ZONES = (
    (re.compile(r"\bPS?T\b|Pacific"), "America/Los_Angeles"),
    (re.compile(r"\bES?T\b|Eastern"), "America/New_York"),
    (re.compile(r"\bCE?T\b|Central European"), "Europe/Berlin"),
    (re.compile(r"\bPoland\b"), "Europe/Warsaw"),
    (re.compile(r"\bIST\b"), "Asia/Kolkata"),
    (re.compile(r"\bUTC\b|\bGMT\b"), "UTC"),
)


def read_sessions(team: TeamDraft, rows: Iterable[Row], keys: Keys) -> tuple[SessionDraft, ...]:
    """Return the sessions that a team holds; those who decide for it attend."""
    return tuple(_session(team, row, keys) for row in rows)


def _session(team: TeamDraft, row: Row, keys: Keys) -> SessionDraft:
    title = row.text("title", limit=limits.LINE) or team.name
    weekday, start, zone = _weekday(row), _start(row), _zone(row)
    return SessionDraft(
        key=keys.key_for(team.key, title),
        title=title,
        host=team.key,
        attendees=deciders(team),
        minutes=_minutes(row),
        cadence_days=_cadence(row),
        weekday=weekday,
        start=start if zone else None,
        zone=zone,
    )


def _weekday(row: Row) -> int | None:
    day = row.text("day")
    for index, name in enumerate(WEEKDAYS):
        if name.casefold() in day.casefold():
            if name != day:
                row.repaired(f"weekday with more words: {day!r} read as {name}")
            return index
    row.repaired(f"no weekday: {day!r}")
    return None


def _start(row: Row) -> int | None:
    """Return the start in minutes after midnight; "2PM", "9:00" and "16:00" are all understood."""
    text = row.text("time")
    match = _TIME.fullmatch(text)
    start = (
        _minutes_after_midnight(int(match[1]), int(match[2] or 0), (match[3] or "").upper())
        if match
        else None
    )
    if start is None:
        row.repaired(f"no time of day: {text!r}")
    elif match and match[3]:
        row.repaired(f"time in words: {text!r} read as {clock(start)}")
    return start


def _minutes_after_midnight(hour: int, minute: int, half: str) -> int | None:
    is_clock = 1 <= hour <= 12 if half else hour <= 23
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    return hour * 60 + minute if is_clock else None


def _zone(row: Row) -> str | None:
    text = row.text("tz")
    for pattern, zone in _ZONES:
        if pattern.search(text):
            if text != zone:
                row.repaired(f"time zone in words: {text!r} read as {zone}")
            return zone
    row.repaired(f"unknown time zone, so no time of day: {text!r}")
    return None


def _cadence(row: Row) -> int:
    text = row.text("frequency")
    for pattern, days in _RHYTHMS:
        if pattern.search(text):
            return days
    row.repaired(f"no rhythm, taken as every {_USUAL_CADENCE} days: {text!r}")
    return _USUAL_CADENCE


def _minutes(row: Row) -> int:
    minutes = row.minutes("duration_min")
    if minutes is None:
        row.repaired(f"no length, taken as {_USUAL_MINUTES} minutes")
        return _USUAL_MINUTES
    return minutes
