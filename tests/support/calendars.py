"""A calendar read back, as whoever gets it reads it."""

from __future__ import annotations

from typing import Any

import icalendar


def events_of(calendar: str | bytes) -> list[Any]:
    """Return the events of a calendar; a field has the type of its name, which no checker follows."""
    return list(icalendar.Calendar.from_ical(calendar).walk("VEVENT"))
