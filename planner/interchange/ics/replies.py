"""Replies that calendar programs mail (RFC 5546, 3.2.3): who says what to which version of which session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    """A reply as it came. is_of_one_date: it is about one round alone."""

    uid: str
    sequence: int
    said_at: datetime
    attendee: str
    answer: Answer
    is_of_one_date: bool


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
        is_of_one_date=event.first("RECURRENCE-ID") is not None,
    )


def _stamp(event: Component) -> datetime:
    try:
        moment = vDDDTypes.from_ical(event.word("DTSTAMP"))  # type: ignore[no-untyped-call] # it has none here
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise refused("does not say when it was given")
    return moment
