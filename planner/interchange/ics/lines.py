"""A calendar file as its components, read line by line; of each only the properties that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Parameters

from planner.domain.errors import InvalidInput, Problem

DEEPEST = 8
LINE_LONGEST = 50_000

Wanted = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a component."""

    name: str
    parameters: Parameters
    value: str


@dataclass(slots=True)
class Component:
    """A component that stands in a calendar, as far as it was asked for; what is within it is left out."""

    kind: str
    properties: list[Property] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def word(self, name: str) -> str:
        """The value of a property in capitals, "" where there is none."""
        found = self.first(name)
        return found.value.strip().upper() if found else ""


def refused(why: str) -> InvalidInput:
    """Return the error that says what is wrong with the file."""
    return InvalidInput(Problem("file", why))


def read_components(data: bytes, wanted: Wanted) -> Iterator[Component]:
    """Yield the components of these kinds with these properties, one by one.

    Raises InvalidInput where the file is no whole calendar, or nested more deeply than any is.
    """
    reading = _Nesting(wanted)
    for line in _lines(data):
        found = reading.take(line)
        if found is not None:
            yield found
    reading.end()


def method_of(data: bytes) -> str:
    """Return what the calendar asks for, in capitals; "" where it does not say."""
    for line in _lines(data):
        name, _, value = line.partition(":")
        if name.upper() == "METHOD":
            return value.strip().upper()
    return ""


class _Nesting:
    """Where in the calendar the reader is."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._stack: list[str] = []
        self._current: Component | None = None
        self._has_begun = False

    def take(self, line: str) -> Component | None:
        """Read one line; return the component that it ends."""
        name = line[: line.find(":") if ":" in line else len(line)].partition(";")[0].upper()
        if name == "BEGIN":
            self._begin(_kind(line))
        elif name == "END":
            return self._end(_kind(line))
        elif not self._stack:
            raise _broken()
        elif self._current is not None and self._stack[-1] == self._current.kind:
            self._keep(name, line)
        return None

    def end(self) -> None:
        if self._stack or not self._has_begun:
            raise _broken()

    def _begin(self, kind: str) -> None:
        self._has_begun = True
        self._stack.append(kind)
        if self._stack[0] != "VCALENDAR":
            raise _broken()
        if len(self._stack) > DEEPEST:
            raise refused(f"is nested more than {DEEPEST} deep, as no calendar is")
        if len(self._stack) == 2 and kind in self._wanted:
            self._current = Component(kind)

    def _end(self, kind: str) -> Component | None:
        if not self._stack or self._stack.pop() != kind:
            raise _broken()
        if len(self._stack) != 1:
            return None
        found, self._current = self._current, None
        return found

    def _keep(self, name: str, line: str) -> None:
        assert self._current is not None  # noqa: S101 - whoever calls has asked
        if name not in self._wanted[self._current.kind]:
            return
        if len(line) > LINE_LONGEST:
            raise refused("lists too many times in one event; export fewer months")
        try:
            _name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call] # icalendar has none here
        except ValueError as error:
            raise refused(f"has a line that cannot be read: “{line[:60]}”") from error
        self._current.properties.append(Property(name, parameters, value))


def _kind(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _broken() -> InvalidInput:
    return refused("is no whole iCalendar file; export it anew as .ics")


def _lines(data: bytes) -> Iterator[str]:
    """Unfolded lines that are not empty; one that is far too long is cut, so that it shows."""
    current = ""
    start, size = 0, len(data)
    while start < size:
        stop = data.find(b"\n", start)
        stop = size if stop < 0 else stop
        raw = data[start : min(stop, start + 2 * LINE_LONGEST)]
        text = raw.rstrip(b"\r").decode("utf-8", errors="replace")
        text = text.removeprefix("\ufeff") if start == 0 else text
        start = stop + 1
        if text[:1] in {" ", "\t"}:
            current = current if len(current) > LINE_LONGEST else current + text[1:]
            continue
        if current.strip():
            yield current
        current = text
    if current.strip():
        yield current
