"""Calendars out: every time in its own zone with the zone's rules beside it, every text one clean line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from planner.domain.text import clean
from planner.interchange.ics.zones import timezone_of

PRODUCT = "-//planner//shared sessions//EN"
LONGEST = 5000
DAYS_OF_WEEK = 7


class Method(StrEnum):
    """What a calendar program is to do with it: add or change, take away, or just show."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody with an address to be invited at."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One session in a calendar. `starts_at` is aware; the calendar tells it in `zone`.

    lines: the text, a line each. sequence goes up with every change of what has the same uid.
    every_days: where it comes round again, with the moments of all its rounds, None for one left out;
    the first is that of `starts_at` unless it was moved. round_at: this is only the round that was to
    begin then.
    """

    uid: str
    sequence: int
    changed_at: datetime
    title: str
    starts_at: datetime
    zone: str
    minutes: int
    place: str = ""
    organiser: Guest | None = None
    guests: tuple[Guest, ...] = ()
    lines: tuple[str, ...] = ()
    is_cancelled: bool = False
    every_days: int = 0
    rounds: tuple[datetime | None, ...] = ()
    round_at: datetime | None = None


def write_calendar(entries: Sequence[Entry], method: Method, *, name: str = "") -> bytes:
    """Return the calendar with these sessions; the same entries give the same bytes.

    A published one names no guest, as RFC 5546 has it.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if name:
        calendar.add("name", _line(name))
        calendar.add("x-wr-calname", _line(name))
    for zone in sorted({entry.zone for entry in entries}):
        moments = [moment for one in entries if one.zone == zone for moment in _moments(one)]
        calendar.add_component(timezone_of(zone, moments))
    for entry in entries:
        for event in _events(entry, method):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _moments(entry: Entry) -> list[datetime]:
    return [entry.starts_at, *(moment for moment in entry.rounds if moment is not None)]


def _events(entry: Entry, method: Method) -> Iterator[Event]:
    """The session, and beside it each round that is not when its rule has it."""
    tz = _zone_for(entry)
    event = _event(entry, method)
    if entry.round_at is not None:
        event.add("recurrence-id", entry.round_at.astimezone(tz))
    if len(entry.rounds) <= 1:
        yield event
        return
    event.add("rrule", _rule(entry))
    planned = [_by_rule(entry, tz, number) for number in range(len(entry.rounds))]
    for moment, held in zip(planned, entry.rounds, strict=True):
        if held is None:
            event.add("exdate", moment)
    yield event
    for moment, held in zip(planned, entry.rounds, strict=True):
        if held is not None and held != moment:
            moved = _event(replace(entry, starts_at=held), method)
            moved.add("recurrence-id", moment)
            yield moved


def _rule(entry: Entry) -> dict[str, object]:
    weeks, rest = divmod(entry.every_days, DAYS_OF_WEEK)
    every = {"freq": "DAILY", "interval": entry.every_days} if rest else {"freq": "WEEKLY", "interval": weeks}
    return {**every, "count": len(entry.rounds)}


def _by_rule(entry: Entry, tz: ZoneInfo, number: int) -> datetime:
    """When a calendar that reads the rule in this zone has a round."""
    local = entry.starts_at.astimezone(tz).replace(tzinfo=None) + timedelta(days=number * entry.every_days)
    return local.replace(tzinfo=tz)


def _event(entry: Entry, method: Method) -> Event:
    event = Event()
    tz = _zone_for(entry)
    event.add("uid", _line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("summary", _line(entry.title))
    event.add("dtstart", entry.starts_at.astimezone(tz))
    # added in UTC: a session over the change of clocks lasts as long as any other
    event.add("dtend", _end(entry).astimezone(tz))
    event.add("location", _line(entry.place) or "Remote")
    event.add("description", "\n".join(_line(line) for line in entry.lines))
    event.add("status", "CANCELLED" if _is_off(entry, method) else "CONFIRMED")
    if entry.organiser is not None:
        event.add("organizer", _address(entry.organiser))
    for guest in entry.guests if method is not Method.PUBLISH else ():
        event.add("attendee", _invited(guest))
    return event


def _zone_for(entry: Entry) -> ZoneInfo:
    """The zone of the session; UTC where its clocks show the hour twice, which no calendar can tell apart."""
    tz = ZoneInfo(entry.zone)
    ends = (entry.starts_at.astimezone(tz), _end(entry).astimezone(tz))
    twice = any(one.replace(fold=0).utcoffset() != one.replace(fold=1).utcoffset() for one in ends)
    return ZoneInfo("UTC") if twice else tz


def _end(entry: Entry) -> datetime:
    return entry.starts_at.astimezone(UTC) + timedelta(minutes=entry.minutes)


def _is_off(entry: Entry, method: Method) -> bool:
    return entry.is_cancelled or method is Method.CANCEL


def _address(guest: Guest) -> vCalAddress:
    address = vCalAddress(f"mailto:{_line(guest.email)}")
    address.params["cn"] = vText(_line(guest.name).replace('"', "'"))
    return address


def _invited(guest: Guest) -> vCalAddress:
    address = _address(guest)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("NEEDS-ACTION")
    address.params["rsvp"] = vText("TRUE")
    return address


def _line(text: str) -> str:
    """The text without anything that could begin another line or another property."""
    return clean(text[:LONGEST], where="", longest=LONGEST, required=False)
