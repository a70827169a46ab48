"""The tables: which there are, their columns, and what stands in a column."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class CsvList(StrEnum):
    """A list of an organisation that travels as a table of its own."""

    PLACES = "places"
    TRAVEL = "travel"
    PEOPLE = "people"
    TEAMS = "teams"
    HORIZONS = "horizons"
    GOALS = "goals"
    SESSIONS = "sessions"
    DEPENDENCIES = "dependencies"


COLUMNS: Mapping[CsvList, tuple[str, ...]] = MappingProxyType(
    {
        CsvList.PLACES: ("name", "zone"),
        CsvList.TRAVEL: ("place", "other_place", "minutes"),
        CsvList.PEOPLE: ("key", "name", "email", "place", "zone", "start", "end", "days"),
        CsvList.TEAMS: ("key", "name", "area", "purpose", "place", "deciders", "members"),
        CsvList.HORIZONS: ("name", "starts_on", "ends_on"),
        CsvList.GOALS: ("key", "outcome", "due_on", "teams", "lead"),
        CsvList.SESSIONS: (
            *("key", "title", "host", "attendees", "minutes", "local_minutes", "cadence_days"),
            *("weekday", "start", "zone", "place"),
        ),
        CsvList.DEPENDENCIES: (
            *("key", "consumer", "provider", "what", "needed_by", "promised_for", "state"),
            *("goal", "horizon", "item", "kind", "gap"),
        ),
    }
)

HOURS_COLUMNS = ("zone", "start", "end", "days")
WHOLE_COLUMNS = frozenset({"minutes", "local_minutes", "cadence_days"})
NUMBER_COLUMNS = frozenset({"gap"})
LIST_COLUMNS = frozenset({"teams", "attendees", "days"})
MEMBER_COLUMNS = frozenset({"deciders", "members"})
