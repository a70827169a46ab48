"""Write one list of an organisation as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from planner.domain.transfer import Draft, TeamDraft
from planner.interchange.csv.cells import joined, joined_pairs, neutral
from planner.interchange.csv.columns import COLUMNS, CsvList
from planner.interchange.ordering import ordered
from planner.interchange.plain import complete


def write_csv(kind: CsvList, draft: Draft) -> bytes:
    """Return one list as CSV (RFC 4180, UTF-8, with a header), sorted as every export is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS[kind])
    for record in _records(kind, ordered(draft)):
        writer.writerow([neutral(_cell(record.get(column))) for column in COLUMNS[kind]])
    return out.getvalue().encode("utf-8")


def _records(kind: CsvList, draft: Draft) -> Iterator[dict[str, object]]:
    match kind:
        case CsvList.PLACES:
            yield from map(complete, draft.places)
        case CsvList.TRAVEL:
            yield from map(complete, draft.travel)
        case CsvList.PEOPLE:
            yield from ({**complete(person), **complete(person.hours)} for person in draft.people)
        case CsvList.TEAMS:
            yield from map(_team, draft.teams)
        case CsvList.HORIZONS:
            yield from map(complete, draft.horizons)
        case CsvList.GOALS:
            yield from map(complete, draft.goals)
        case CsvList.SESSIONS:
            yield from map(complete, draft.sessions)
        case CsvList.DEPENDENCIES:
            yield from map(complete, draft.dependencies)


def _team(team: TeamDraft) -> dict[str, object]:
    seats = {
        decides: [(m.person, m.role) for m in team.members if m.decides is decides]
        for decides in (True, False)
    }
    return {
        **complete(team),
        "deciders": joined_pairs(seats[True]),
        "members": joined_pairs(seats[False]),
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    return joined(map(str, value)) if isinstance(value, list) else str(value)
