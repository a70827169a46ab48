"""One record of somebody else's file: read kindly, with a remark for everything that was repaired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.interchange import limits
from planner.interchange.problems import shown
from planner.interchange.report import Report
from planner.interchange.text import CONTROL_BUT_LINES, tidied


class Row:
    """A record and its place in the file. What is not what it should be reads as empty.

    A text may be asked for many times, it is remarked upon once.
    """

    def __init__(self, raw: Mapping[str, object], where: str, report: Report) -> None:
        self._raw = raw
        self._report = report
        self._read: dict[str, str] = {}
        self.where = where

    def text(self, name: str, *, limit: int = limits.NAME) -> str:
        """Return text on one line, without control characters and cut at `limit`."""
        if name not in self._read:
            self._read[name] = self._text(name, limit)
        return self._read[name]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, each once; whatever else stands in it is dropped."""
        value = self._raw.get(name)
        found = [tidied(part) for part in value if isinstance(part, str)] if isinstance(value, list) else []
        return tuple(dict.fromkeys(part[: limits.NAME].rstrip() for part in found if part))

    def minutes(self, name: str) -> int | None:
        """Return a length in minutes, None when it is not a sensible whole number."""
        value = self._raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        return value if 0 < value <= limits.SESSION_MINUTES else None

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the records of a list; what is no record is left out with a remark."""
        value = self._raw.get(name)
        prefix = f"{self.where}.{name}" if self.where else name
        for at, part in enumerate(value if isinstance(value, list) else ()):
            row = Row(part if isinstance(part, dict) else {}, f"{prefix}[{at}]", self._report)
            if isinstance(part, dict):
                yield row
            else:
                row.left_out(f"not a record: {shown(part)}")

    def row(self, name: str) -> Row:
        """Return the record within this one, an empty one when there is none."""
        value = self._raw.get(name)
        prefix = f"{self.where}.{name}" if self.where else name
        return Row(value if isinstance(value, dict) else {}, prefix, self._report)

    def names(self) -> tuple[str, ...]:
        """Return the names of this record's fields in the order of the file."""
        return tuple(self._raw)

    def _text(self, name: str, limit: int) -> str:
        value = self._raw.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            return ""
        if CONTROL_BUT_LINES.search(value):
            self.repaired(f"control characters removed: {name}")
        found = tidied(value)
        if len(found) > limit:
            self.repaired(f"text cut to {limit} characters: {name} had {len(found)}")
        return found[:limit].rstrip()

    def repaired(self, message: str) -> None:
        self._report.repaired(self.where, message)

    def left_out(self, message: str) -> None:
        self._report.left_out(self.where, message)
