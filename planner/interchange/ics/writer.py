"""Calendars out: every time in its own zone with the zone's rules beside it, every text one clean line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from planner.domain.text import clean
from planner.interchange.ics.zones import timezone_of

PRODUCT = "-//planner//shared sessions//EN"
LONGEST = 5000


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
        calendar.add_component(timezone_of(zone, [one.starts_at for one in entries if one.zone == zone]))
    for entry in entries:
        calendar.add_component(_event(entry, method))
    return bytes(calendar.to_ical())


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
