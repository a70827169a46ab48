"""A suggestion for a terminal and for programs: the numbers of the page, in the same order."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.domain.consolidation.load import Totals
    from planner.domain.consolidation.suggestion import SharedSession, Suggestion
    from planner.domain.model import Organisation

MINUTES_PER_HOUR = 60


def as_json(suggestion: Suggestion) -> str:
    """Return everything the page shows, keys sorted; the same input gives the same bytes."""
    return json.dumps(asdict(suggestion), indent=2, sort_keys=True, default=_plain, ensure_ascii=False)


def as_table(suggestion: Suggestion, organisation: Organisation) -> str:
    """Return the suggestion as lines of at most a hundred characters or so."""
    lines = [suggestion.headline, suggestion.summary, "", *_totals(suggestion), ""]
    for number, session in enumerate(suggestion.sessions, start=1):
        lines += [*_session(number, session, organisation), ""]
    lines += _people(suggestion)
    lines += [
        "",
        f"{len(suggestion.in_writing)} settled in writing, {len(suggestion.uncovered)} not covered.",
    ]
    lines += [f"  not covered: {one.sentence}" for one in suggestion.uncovered]
    lines += [
        f"  {one.first + 1} and {one.second + 1} kept apart: {one.sentence}" for one in suggestion.kept_apart
    ]
    lines += [f"  too large: {one.sentence}" for one in suggestion.too_large]
    lines += [f"  meets apart: {one.sentence}" for one in suggestion.torn]
    return "\n".join([*lines, suggestion.proof, *filter(None, [suggestion.scheduling])])


def _totals(suggestion: Suggestion) -> list[str]:
    kind = f"Today ({suggestion.today.kind.value})"
    rows = [
        (kind, suggestion.before),
        ("Seats released", suggestion.released),
        ("Pair talks", suggestion.pair_talks),
        ("Suggested", suggestion.after),
    ]
    head = f"{'':<20}{'sessions':>9}{'seats':>7}{'hours':>8}{'theirs':>8}{'busiest':>9}"
    return [head, *(_totals_row(name, totals) for name, totals in rows)]


def _totals_row(name: str, totals: Totals) -> str:
    hours = totals.minutes / MINUTES_PER_HOUR
    counts = f"{totals.sessions:>9}{totals.seats:>7}{hours:>8.1f}"
    return f"{name:<20}{counts}{totals.relevance:>8.0%}{totals.busiest:>9}"


def _session(number: int, session: SharedSession, organisation: Organisation) -> list[str]:
    when = f", {session.slot.day:%a %d %b} {_clock(session.slot.minute)} UTC" if session.slot else ""
    place = organisation.place[session.place_id].name if session.place_id is not None else "remote"
    lines = [f"{number}. {session.title}{when}, {session.minutes} min, {place}, led by {session.facilitator}"]
    lines += [f"   why: {why.sentence}" for why in session.reasons]
    what = {d.id: d.what for d in organisation.dependencies}
    team = {t.id: t.name for t in organisation.teams}
    lines += [
        f"   {item.number:>2}. {item.minutes:>3} min  {what[item.dependency_id]} "
        f"({team[item.provider_id]} → {team[item.consumer_id]})"
        for item in session.agenda
    ]
    lines += [f"   {seat.name}: minute {seat.start} to {seat.end}. {seat.why}" for seat in session.seats]
    return lines


def _people(suggestion: Suggestion) -> list[str]:
    head = f"{'Person':<28}{'sessions':>14}{'hours':>16}"
    rows = [
        f"{person.name:<28}{person.before.sessions:>7} → {person.after.sessions:>3}"
        f"{person.before.minutes / MINUTES_PER_HOUR:>9.1f} → {person.after.minutes / MINUTES_PER_HOUR:>4.1f}"
        for person in suggestion.people
    ]
    return [head, *rows]


def _clock(minute: int) -> str:
    return f"{minute // MINUTES_PER_HOUR:02}:{minute % MINUTES_PER_HOUR:02}"


def _plain(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written as JSON")
