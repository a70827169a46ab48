"""One record on its way in: hands out checked values and notes every problem it meets.

A wrong field yields a harmless stand-in, so that reading goes on and all problems are told together.
`null` says that a field is empty, and so no more than leaving it out where it cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields as parts_of
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from planner.domain.model import MINUTES_PER_DAY, WEEKDAYS
from planner.interchange import limits
from planner.interchange.problems import Problems, shown
from planner.interchange.text import CONTROL, CONTROL_BUT_LINES

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)

_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MISSING = object()
EMPTY = (None, "", ())
"""What a field has that says nothing."""
NEVER_EMPTIED = frozenset({"asked_on"})
"""What was asked was asked on some day, whether a file knows it or not."""


class Fields:
    """The fields of one record. Ask for each once, then `close`, which reports what nobody asked for."""

    def __init__(self, raw: object, where: str, problems: Problems) -> None:
        self._where = where
        self._problems = problems
        self._asked: set[str] = set()
        self._within: set[str] = set()
        self._raw: Mapping[str, object] = {}
        if isinstance(raw, dict):
            self._raw = raw
        else:
            problems.add(where, f"read {shown(raw)}, expected an object")
            self._problems = Problems()

    def read(self, record: Callable[[Fields], T]) -> T:
        """Return the record that `record` makes of these fields, and in it of which nothing was said."""
        found: Any = record(self)
        return replace(found, silent=self._silent(found)) if hasattr(found, "silent") else found  # type: ignore[no-any-return] # as it came

    def text(self, name: str, *, limit: int = limits.NAME, default: str = "") -> str:
        """Return one line of text, `default` when it is left out."""
        return self._checked_text(name, limit, default, barred=CONTROL)

    def prose(self, name: str) -> str:
        """Return text that may have several lines, "" when it is left out."""
        return self._checked_text(name, limits.PROSE, "", barred=CONTROL_BUT_LINES)

    def required_text(self, name: str, *, limit: int = limits.NAME) -> str:
        """Return one line of text that is there and not blank; "" stands in for a wrong one."""
        if not self._has(name):
            self.problem(name, "is missing")
            return ""
        text = self.text(name, limit=limit)
        value = self._raw[name]
        if isinstance(value, str) and not value.strip():
            self.problem(name, "is empty")
        return text

    def optional_text(self, name: str, *, limit: int = limits.NAME) -> str | None:
        """Return one line of text, None when it is left out; blank is a problem."""
        return (self.required_text(name, limit=limit) or None) if self._has(name) else None

    def email(self, name: str) -> str | None:
        """Return an address, None when it is left out."""
        address = self.optional_text(name, limit=limits.EMAIL)
        if address and not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            self._wrong(name, "an e-mail address like dana@example.org")
        return address

    def day(self, name: str) -> date | None:
        """Return a date written YYYY-MM-DD, None when it is left out."""
        value = self._value(name)
        if value is _MISSING:
            return None
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # month 13 and the like: said below, as for any other text
        self._wrong(name, "a date like 2026-03-02")
        return None

    def days(self, name: str) -> tuple[date, ...]:
        """Return a list of dates written YYYY-MM-DD in their order, () when it is left out."""
        found: set[date | None] = set()
        values = self._list(name)
        if len(values) > limits.DAYS_OFF:
            self.problem(name, f"has {len(values)} days, at most {limits.DAYS_OFF} are allowed")
            return ()
        for at, value in enumerate(values):
            try:
                is_day = isinstance(value, str) and _DATE.fullmatch(value) is not None
                found.add(date.fromisoformat(str(value)) if is_day else None)
            except ValueError:
                found.add(None)
            if None in found:
                self.problem(f"{name}[{at}]", f"read {shown(value)}, expected a date like 2026-03-02")
                return ()
        return tuple(sorted(day for day in found if day is not None))

    def clock(self, name: str) -> int | None:
        """Return a time of day written HH:MM as minutes after midnight, up to 24:00."""
        value = self._value(name)
        if value is _MISSING:
            return None
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        minutes = int(match[1]) * 60 + int(match[2]) if match else MINUTES_PER_DAY + 1
        if minutes > MINUTES_PER_DAY:
            self._wrong(name, "a time of day like 09:30")
            return None
        return minutes

    def zone(self, name: str) -> str | None:
        """Return the name of a time zone that exists, None when it is left out."""
        zone = self.optional_text(name)
        if zone and zone not in _zones():
            self._wrong(name, "a time zone like Europe/London")
            return None
        return zone

    def weekday(self, name: str) -> int | None:
        """Return a day of the week, Monday is 0, None when it is left out."""
        value = self._value(name)
        return None if value is _MISSING else self._weekday(name, value)

    def weekdays(self, name: str, *, default: frozenset[int]) -> frozenset[int]:
        """Return days of the week, `default` when they are left out."""
        if not self._has(name):
            return default
        days = [self._weekday(f"{name}[{at}]", value) for at, value in enumerate(self._list(name))]
        if len(set(days)) < len(days):
            self.problem(name, "names a day twice")
        return frozenset(day for day in days if day is not None)

    def whole(self, name: str, *, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within its range, `default` when it is left out and may be."""
        value = self._value(name)
        if value is _MISSING and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._wrong(name, f"a whole number from {least} to {most}")
        return least

    def fraction(self, name: str) -> float | None:
        """Return a number from 0 to 1, None when it is left out."""
        value = self._value(name)
        if value is _MISSING:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self._wrong(name, "a number from 0 to 1")
        return None

    def tree(self, name: str) -> Mapping[str, object]:
        """Return an object whose shape whoever stores it knows; an empty one when it is left out."""
        value = self._value(name)
        if isinstance(value, dict):
            return value
        if value is not _MISSING:
            self._wrong(name, "an object")
        return {}

    def flag(self, name: str) -> bool:
        """Return true or false, False when it is left out."""
        value = self._value(name)
        if value is not _MISSING and not isinstance(value, bool):
            self._wrong(name, "true or false")
        return value is True

    def choice(self, name: str, *, default: Choice) -> Choice:
        """Return one of the words of an enumeration, `default` when it is left out."""
        value = self._value(name)
        words = {str(member): member for member in type(default)}
        if value is _MISSING:
            return default
        if isinstance(value, str) and value in words:
            return words[value]
        self._wrong(name, f"one of {', '.join(words)}")
        return default

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list of keys, each once, () when it is left out."""
        found: list[str] = []
        seen: set[str] = set()
        for at, value in enumerate(self._list(name)):
            is_key = isinstance(value, str) and value.strip() != ""
            if not is_key:
                self.problem(f"{name}[{at}]", f"read {shown(value)}, expected a key")
            elif value in seen:
                self.problem(f"{name}[{at}]", f"{shown(value)} stands twice")
            found.append(str(value) if is_key else "")
            seen.add(found[-1])
        return tuple(found)

    def lines(self, name: str, *, most: int) -> tuple[str, ...]:
        """Return a list of single lines of text, () when it is left out."""
        values = self._list(name)
        if len(values) > most:
            self.problem(name, f"has {len(values)} lines, at most {most} are allowed")
            return ()
        return tuple(self._line(value, f"{name}[{at}]") for at, value in enumerate(values))

    def _line(self, value: object, where: str) -> str:
        is_line = isinstance(value, str) and value.strip() and not CONTROL.search(value)
        if not is_line or len(str(value)) > limits.LINE:
            self.problem(where, f"read {shown(value)}, expected one line of at most {limits.LINE} characters")
        return str(value)

    def records(self, name: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        """Return a list of records, each read by `read`, () when it is left out."""
        return tuple(
            self._record(value, f"{self._path(name)}[{at}]", read)
            for at, value in enumerate(self._list(name))
        )

    def record(self, name: str, read: Callable[[Fields], T], *, default: T) -> T:
        """Return one record within this one, `default` when it is left out."""
        value = self._value(name)
        if value is _MISSING:
            return default
        fields = Fields(value, self._path(name), self._problems)
        found = fields.read(read)
        fields.close()
        self._within |= {f"{name}.{part}" for part in fields._asked if fields._raw.get(part) is None}
        return found

    def problem(self, name: str, message: str) -> None:
        """Note that something is wrong with a field."""
        self._problems.add(self._path(name), message)

    def says(self, name: str) -> bool:
        """True when the field is there and not empty."""
        return self._has(name)

    def close(self) -> None:
        """Report every field that nobody asked for."""
        for name in sorted(set(self._raw) - self._asked):
            self.problem(name, f"is not a field here; the fields are {', '.join(sorted(self._asked))}")

    def _record(self, value: object, where: str, read: Callable[[Fields], T]) -> T:
        fields = Fields(value, where, self._problems)
        record = fields.read(read)
        fields.close()
        return record

    def _silent(self, record: Any) -> frozenset[str]:
        """The fields that were left out; what cannot be empty is left out by saying that it is."""
        left_out = self._asked - self._raw.keys()
        usual = {part.name: part.default for part in parts_of(record)}
        null = {name for name in self._asked - left_out if self._raw[name] is None}
        kept = {name for name in null if name in NEVER_EMPTIED or usual.get(name) not in EMPTY}
        return frozenset(left_out | self._within | kept)

    def _checked_text(self, name: str, limit: int, default: str, *, barred: re.Pattern[str]) -> str:
        value = self._value(name)
        if value is _MISSING:
            return default
        if not isinstance(value, str):
            self._wrong(name, "text")
            return default
        if len(value) > limit:
            self.problem(name, f"has {len(value)} characters, at most {limit} are allowed")
            return default
        if found := barred.search(value):
            self.problem(name, f"holds the control character U+{ord(found[0]):04X}")
            return default
        return value

    def _weekday(self, name: str, value: object) -> int | None:
        if isinstance(value, str) and value in WEEKDAYS:
            return WEEKDAYS.index(value)
        self.problem(name, f"read {shown(value)}, expected a day like Monday")
        return None

    def _list(self, name: str) -> list[object]:
        value = self._value(name)
        if value is _MISSING or isinstance(value, list):
            return value if isinstance(value, list) else []
        self._wrong(name, "a list")
        return []

    def _has(self, name: str) -> bool:
        self._asked.add(name)
        return self._raw.get(name) is not None

    def _value(self, name: str) -> object:
        self._asked.add(name)
        value = self._raw.get(name)
        return _MISSING if value is None else value

    def _wrong(self, name: str, expected: str) -> None:
        value = self._raw.get(name)
        read = "is missing" if value is None else f"read {shown(value)}"
        self.problem(name, f"{read}, expected {expected}")

    def _path(self, name: str) -> str:
        joint = ", " if self._where.startswith("line ") else "."
        return f"{self._where}{joint}{name}" if self._where else name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
