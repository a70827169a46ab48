"""The cycles by which things are needed (v1.37, 2025h1): planning horizons with the dates on record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.domain.transfer import HorizonDraft
from planner.interchange.normalised.row import Row

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HALF_YEAR = re.compile(r"(\d{4})[hH]([12])")
# What a cycle is known to end with, the surest first.
_ENDS = ("released", "docs_freeze", "code_freeze", "enhancements_freeze")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle and what is known of its end; `released` is the day of the release itself."""

    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    released: date | None = None


class Calendar:
    """The cycles with dates on record, and the day on which the record was taken."""

    def __init__(self, cycles: dict[str, Cycle], as_of: date | None) -> None:
        self._cycles = cycles
        self._as_of = as_of
        self._spellings = {name.casefold(): name for name in reversed(cycles)}

    def name_of(self, text: str) -> str:
        """Return the name of a cycle as it was spelt first: V1.37 and v1.37 are one."""
        return self._spellings.setdefault(text.casefold(), text)

    def cycle(self, name: str) -> Cycle:
        """Return a cycle by its name, without dates when none are on record."""
        return self._cycles.get(name) or _half_year(name) or Cycle(name)

    def is_over(self, name: str) -> bool:
        """True when the cycle was released by the day of the record, or is older than all dated ones."""
        cycle = self.cycle(name)
        end = cycle.released or cycle.ends_on
        if end:
            return self._as_of is not None and end <= self._as_of
        dated = [_natural(each.name) for each in self._cycles.values() if each.released]
        return bool(dated) and _natural(name) < min(dated)

    def horizons(self, names: Iterable[str]) -> tuple[HorizonDraft, ...]:
        """Return the named cycles as horizons, oldest first."""
        cycles = (self.cycle(name) for name in sorted(set(names), key=_natural))
        return tuple(HorizonDraft(each.name, each.starts_on, each.ends_on) for each in cycles)


def read_calendar(meta: Row) -> Calendar:
    """Return the calendar that a record carries in its `meta`."""
    milestones = meta.row("milestones")
    cycles = {name: _cycle(name, milestones.row(name)) for name in milestones.names()}
    commits = [row.texts("commit") for row in meta.rows("sources")]
    days = [day for texts in commits for text in texts if (day := day_of(text[:10]))]
    return Calendar(cycles, max(days, default=None))


def day_of(text: str) -> date | None:
    """Return the day written YYYY-MM-DD, None for anything else, month 13 included."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def looks_like_a_day(text: str) -> bool:
    """True for text that is written as a date, whether or not that date exists."""
    return _DAY.fullmatch(text) is not None


def _cycle(name: str, row: Row) -> Cycle:
    ends = [day for each in _ENDS if (day := day_of(row.text(each)))]
    return Cycle(name, ends_on=ends[0] if ends else None, released=day_of(row.text("released")))


def _half_year(name: str) -> Cycle | None:
    if not (match := _HALF_YEAR.fullmatch(name)):
        return None
    year = int(match[1])
    if year == 0:
        return None
    if match[2] == "1":
        return Cycle(name, date(year, 1, 1), date(year, 6, 30))
    return Cycle(name, date(year, 7, 1), date(year, 12, 31))


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which v1.9 stands before v1.10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
