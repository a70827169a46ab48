"""Busy times out of a calendar file: when, and nothing else of it.

The file is read line by line, so that what is not needed (titles, places, attachments) is never kept. What
repeats is followed only through the stretch asked for. Whatever would cost too much is refused.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar.prop import vDDDTypes, vPeriod
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from planner.domain.away import Stretch, merged, stretch_of
from planner.interchange.ics.lines import Component, Property, read_components, refused

LARGEST = 10 * 1024 * 1024
EVENTS_MOST = 20_000
TIMES_MOST = 50_000
LISTED_MOST = 5_000
ZONES_MOST = 200
SECONDS_MOST = 5.0
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
DAY = timedelta(days=1)

WANTED = {
    "VEVENT": frozenset(
        (
            "UID",
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "RDATE",
            "EXDATE",
            "RECURRENCE-ID",
            "STATUS",
            "TRANSP",
        )
    ),
    "VFREEBUSY": frozenset({"FREEBUSY"}),
}
Moment = date | datetime


@dataclass(frozen=True, slots=True)
class _Event:
    """An event with its times; `zone` is the one in which it repeats, local times are without it."""

    uid: str
    start: datetime
    length: timedelta
    zone: ZoneInfo
    is_free: bool
    rule: str | None
    added: tuple[datetime, ...]
    left_out: frozenset[datetime]
    replaces: datetime | None


def read_busy(
    data: bytes,
    *,
    zone: str,
    start: datetime,
    end: datetime,
    timer: Callable[[], float] = clock.monotonic,
) -> tuple[Stretch, ...]:
    """Return when the owner of this calendar is busy between two moments.

    `zone` is that of times which name none. Raises InvalidInput with what is wrong with the file.
    """
    if len(data) > LARGEST:
        raise refused(f"is larger than {LARGEST // 1024 // 1024} MB; export fewer months")
    zones = _Zones(zone)
    reading = _Reading(start, end, timer)
    for one in read_components(data, WANTED):
        try:
            reading.take(one, zones)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise refused("has an event whose times cannot be read") from error
    return reading.busy()


class _Zones:
    """Time zones by the names that calendar programs give them."""

    def __init__(self, own: str) -> None:
        self.own = ZoneInfo(own)
        self._known: dict[str, ZoneInfo] = {}

    def find(self, name: str) -> ZoneInfo:
        if name not in self._known:
            if len(self._known) >= ZONES_MOST:
                raise refused(f"names more than {ZONES_MOST} time zones")
            self._known[name] = self._look_up(name)
        return self._known[name]

    def _look_up(self, name: str) -> ZoneInfo:
        tail = "/".join(name.split("/")[-2:])  # some write /example.org/2005/Europe/Berlin
        for candidate in (name, WINDOWS_TO_OLSON.get(name, ""), tail):
            try:
                return ZoneInfo(candidate)
            except (ValueError, OSError, LookupError):
                continue
        raise refused(
            f"has times in the zone “{name[:60]}”, which is not known; expected one like Europe/Berlin"
        )


class _Reading:
    """What was read so far, and how much it has cost."""

    def __init__(self, start: datetime, end: datetime, timer: Callable[[], float]) -> None:
        self._start, self._end = start, end
        self._timer = timer
        self._until = timer() + SECONDS_MOST
        self._series: list[_Event] = []
        self._replaced: dict[str, set[datetime]] = {}
        self._found: list[Stretch] = []
        self._number = 0

    def take(self, one: Component, zones: _Zones) -> None:
        self._number += 1
        if self._number > EVENTS_MOST:
            raise refused(f"has more than {EVENTS_MOST} events; export fewer months")
        if one.kind == "VFREEBUSY":
            self._take_periods(one)
            return
        event = _event(one, zones)
        if event is None:
            return
        if event.replaces is not None:
            self._replaced.setdefault(event.uid, set()).add(event.replaces)
        if event.is_free:
            return
        if event.rule is None and not event.added:
            self._add(event.start.replace(tzinfo=event.zone), event.length)
        else:
            self._series.append(event)

    def busy(self) -> tuple[Stretch, ...]:
        """Return all of it, once what replaces single times of a series is known."""
        for event in self._series:
            gone = self._replaced.get(event.uid, set())
            self._look_at_the_clock()
            for local in _times(event):
                self._look_at_the_clock()
                moment = local.replace(tzinfo=event.zone)
                if moment.astimezone(UTC) >= self._end:
                    break
                if local not in event.left_out and moment.astimezone(UTC) not in gone:
                    self._add(moment, event.length)
            for local in event.added:
                self._add(local.replace(tzinfo=event.zone), event.length)
        return merged(self._found)

    def _add(self, begin: datetime, length: timedelta) -> None:
        begin = begin.astimezone(UTC)
        end = begin + length
        if end > self._start and begin < self._end:
            if len(self._found) >= TIMES_MOST:
                raise refused(f"has more than {TIMES_MOST} busy times in these months")
            self._found.append(stretch_of(max(begin, self._start), min(end, self._end)))

    def _take_periods(self, one: Component) -> None:
        for line in one.properties:
            if str(line.parameters.get("FBTYPE", "BUSY")).upper() != "FREE":
                for text in line.value.split(","):
                    begin, end = _period(text)
                    length = end if isinstance(end, timedelta) else end - begin
                    self._add(begin if begin.tzinfo else begin.replace(tzinfo=UTC), length)

    def _look_at_the_clock(self) -> None:
        if self._timer() > self._until:
            raise refused(
                "repeats so much that reading it takes too long; export single events or fewer months"
            )


def _times(event: _Event) -> Iterator[datetime]:
    """The local times at which an event begins, one after the other."""
    if event.rule is None:
        yield event.start
        return
    parts = dict(part.partition("=")[::2] for part in event.rule.upper().split(";") if part)
    if parts.get("FREQ") not in FREQUENCIES or any("," in parts.get(name, "") for name in CLOCK_PARTS):
        raise refused("has an event that repeats more than once a day; leave it out")
    if int(parts.get("INTERVAL", "1")) < 1:
        raise refused("has an event that repeats every 0 days")
    until = parts.pop("UNTIL", None)
    try:
        rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=event.start)
        if until is not None:
            rule = rule.replace(until=_local(_value(until), event.zone, whole_day=True))
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise refused(
            f"has an event that repeats in a way that cannot be read: “{event.rule[:60]}”"
        ) from error
    yield from rule


def _event(one: Component, zones: _Zones) -> _Event | None:
    """The event with its times; None where it has no start."""
    first = one.first("DTSTART")
    if first is None:
        return None
    start, zone = _moment(first, zones)
    rules, replaces = one.all("RRULE"), one.first("RECURRENCE-ID")
    if len(rules) > 1:
        raise refused("has an event with more than one rule of how it repeats")
    uid = one.first("UID")
    return _Event(
        uid=uid.value if uid else "",
        start=_local(start, zone),
        length=_length(one, start, zones),
        zone=zone,
        is_free=one.word("STATUS") == "CANCELLED" or one.word("TRANSP") == "TRANSPARENT",
        rule=rules[0].value if rules else None,
        added=tuple(_listed(one.all("RDATE"), zones, zone)),
        left_out=frozenset(_listed(one.all("EXDATE"), zones, zone)),
        replaces=_instant(replaces, zones) if replaces else None,
    )


def _length(one: Component, start: Moment, zones: _Zones) -> timedelta:
    lasts, first, last = one.first("DURATION"), one.first("DTSTART"), one.first("DTEND")
    if lasts is not None:
        length = _value(lasts.value)
        if not isinstance(length, timedelta):
            raise ValueError(lasts.value)
        return max(length, timedelta())
    if first is not None and last is not None:
        return max(_instant(last, zones) - _instant(first, zones), timedelta())
    return timedelta() if isinstance(start, datetime) else DAY


def _listed(lines: Iterable[Property], zones: _Zones, zone: ZoneInfo) -> Iterator[datetime]:
    number = 0
    for line in lines:
        for text in line.value.split(","):
            number += 1
            if number > LISTED_MOST:
                raise refused(f"lists more than {LISTED_MOST} times in one event; export fewer months")
            value = text.partition("/")[0]  # of a period the start
            moment, own = _moment(replace(line, value=value), zones)
            yield _local(moment.replace(tzinfo=own) if isinstance(moment, datetime) else moment, zone)


def _moment(line: Property, zones: _Zones) -> tuple[Moment, ZoneInfo]:
    """What a property tells, and the zone in which it does."""
    found = _value(line.value)
    if isinstance(found, datetime):
        if found.tzinfo is not None:
            return found.replace(tzinfo=None), ZoneInfo("UTC")
        name = line.parameters.get("TZID")
        return found, zones.own if name is None else zones.find(str(name))
    if isinstance(found, date):
        return found, zones.own
    raise ValueError(line.value)


def _value(text: str) -> object:
    """A day, a moment or a length. Raises ValueError."""
    return vDDDTypes.from_ical(text)  # type: ignore[no-untyped-call] # icalendar has none here


def _period(text: str) -> tuple[datetime, datetime | timedelta]:
    begin, end = vPeriod.from_ical(text)  # type: ignore[no-untyped-call] # icalendar has none here
    return begin, end


def _instant(line: Property, zones: _Zones) -> datetime:
    moment, zone = _moment(line, zones)
    return _local(moment, zone).replace(tzinfo=zone).astimezone(UTC)


def _local(moment: object, zone: ZoneInfo, *, whole_day: bool = False) -> datetime:
    """The time that clocks in this zone show; a day begins at midnight, `whole_day`: and ends with it."""
    if isinstance(moment, datetime):
        return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)
    if isinstance(moment, date):
        return datetime.combine(moment, time.max if whole_day else time())
    raise ValueError(moment)
