"""Replies that calendar programs mail (RFC 5546, 3.2.3): who says what to which version of which session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar.prop import vDDDTypes

from planner.interchange.ics.lines import Component, method_of, read_components, refused

WANTED = {"VEVENT": frozenset({"UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "RECURRENCE-ID"})}
LONGEST = 100_000


class Answer(StrEnum):
    """What a reply says, as calendars call it."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class MailedReply:
    """A reply as it came.

    date: the planned start of the one date that it is about, None for all. Without a zone it is by the clock
    of the session.
    """

    uid: str
    sequence: int
    said_at: datetime
    attendee: str
    answer: Answer
    date: datetime | None


def read_reply(data: bytes) -> MailedReply:
    """Return the reply of a calendar. Raises InvalidInput unless it is one of one person to one session."""
    if len(data) > LONGEST:
        raise refused("is too large for a reply")
    if method_of(data) != "REPLY":
        raise refused("is no reply")
    events = list(read_components(data, WANTED))
    attendees = [line for event in events for line in event.all("ATTENDEE")]
    if len(events) != 1 or len(attendees) != 1:
        raise refused("is no reply of one person to one session")
    (event,), (attendee,) = events, attendees
    try:
        answer = Answer(str(attendee.parameters.get("PARTSTAT", "")).lower())
        sequence = int(event.word("SEQUENCE") or "0")
    except ValueError as error:
        raise refused("says neither accepted, tentative nor declined") from error
    scheme, _, address = attendee.value.strip().partition(":")
    if scheme.lower() != "mailto" or not address:
        raise refused("names nobody by their mail address")
    uid = event.first("UID")
    return MailedReply(
        uid=uid.value.strip() if uid else "",
        sequence=sequence,
        said_at=_stamp(event),
        attendee=address.casefold(),
        answer=answer,
        date=_date(event),
    )


def _date(event: Component) -> datetime | None:
    """The start that a reply to one date names. Raises InvalidInput where it cannot be understood."""
    line = event.first("RECURRENCE-ID")
    if line is None:
        return None
    try:
        moment = vDDDTypes.from_ical(line.value.strip())  # type: ignore[no-untyped-call] # it has none here
        zone = line.parameters.get("TZID")
        if isinstance(moment, datetime):
            return moment if zone is None or moment.tzinfo else moment.replace(tzinfo=ZoneInfo(str(zone)))
    except (ValueError, KeyError):  # a zone of the program's own is said like one that is wrong
        pass
    raise refused("does not say to which date it replies")


def _stamp(event: Component) -> datetime:
    try:
        moment = vDDDTypes.from_ical(event.word("DTSTAMP"))  # type: ignore[no-untyped-call] # it has none here
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise refused("does not say when it was given")
    return moment
