"""Calendars are read back by two readers that do not know each other, in every zone and over every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from planner.interchange.ics import Entry, Guest, Method, write_calendar

MONDAY = datetime(2026, 2, 2, 8, tzinfo=UTC)
OLIVE, PAT = Guest("Olive Owner", "olive@example.org"), Guest("Pat Partner", "pat@example.org")
ENTRY = Entry(
    uid="4d1f", sequence=3, changed_at=MONDAY, title="Payments and Partner API",
    starts_at=datetime(2026, 2, 4, 9, 30, tzinfo=UTC), zone="Europe/Berlin", minutes=45, place="Hull",
    organiser=OLIVE, guests=(OLIVE, PAT), lines=("You are needed from minute 0 to 45.", "1. Settlement file"),
)  # fmt: skip
# the overlaps of domain.md E3 and the hours around them: when the offices of two zones meet
OVERLAPS = [
    datetime(2026, 3, 3, 14, tzinfo=UTC),
    datetime(2026, 3, 10, 13, tzinfo=UTC),
    datetime(2026, 3, 31, 13, tzinfo=UTC),
]
THREE = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"]
SEVEN = [
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Australia/Sydney",
    "Asia/Kathmandu", "America/St_Johns",
]  # fmt: skip


def by_icalendar(calendar: bytes) -> list[tuple[datetime, datetime]]:
    found = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    return [(e.decoded("dtstart").astimezone(UTC), e.decoded("dtend").astimezone(UTC)) for e in found]


def by_vobject(calendar: bytes) -> list[tuple[datetime, datetime]]:
    """The second reader believes the rules in the file alone."""
    vobject.icalendar.__dict__["__tzidMap"].clear()
    found = vobject.readOne(calendar.decode()).vevent_list
    return [(e.dtstart.value.astimezone(UTC), e.dtend.value.astimezone(UTC)) for e in found]


def when(entry: Entry) -> tuple[datetime, datetime]:
    return entry.starts_at, entry.starts_at + timedelta(minutes=entry.minutes)


def event_of(calendar: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    return event


def test_an_invitation_says_all_that_a_calendar_needs() -> None:
    calendar = write_calendar([ENTRY], Method.REQUEST)

    event, second = event_of(calendar), vobject.readOne(calendar.decode())
    assert (event["uid"], event["sequence"], event["status"]) == ("4d1f", 3, "CONFIRMED")
    assert event["organizer"] == "mailto:olive@example.org"
    assert [one.params["cn"] for one in event["attendee"]] == ["Olive Owner", "Pat Partner"]
    assert event["description"] == "You are needed from minute 0 to 45.\n1. Settlement file"
    assert event["dtstart"].params["tzid"] == "Europe/Berlin"
    assert (second.method.value, second.vevent.summary.value, second.vevent.location.value) == (
        "REQUEST", "Payments and Partner API", "Hull",
    )  # fmt: skip


def test_a_cancellation_has_the_same_uid_and_says_so_twice() -> None:
    calendar = write_calendar([replace(ENTRY, sequence=4)], Method.CANCEL)

    event = event_of(calendar)
    assert (event["uid"], event["sequence"], event["status"]) == ("4d1f", 4, "CANCELLED")
    assert b"METHOD:CANCEL\r\n" in calendar


def test_what_is_published_names_no_guest() -> None:
    calendar = write_calendar(
        [ENTRY, replace(ENTRY, uid="off", is_cancelled=True)], Method.PUBLISH, name="Olive"
    )

    events = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    assert [(e["uid"], e["status"], "attendee" in e) for e in events] == [
        ("4d1f", "CONFIRMED", False), ("off", "CANCELLED", False),
    ]  # fmt: skip
    assert b"pat@example.org" not in calendar


def test_the_same_sessions_give_the_same_bytes() -> None:
    assert write_calendar([ENTRY], Method.REQUEST) == write_calendar([ENTRY], Method.REQUEST)


def test_an_empty_feed_is_a_calendar() -> None:
    calendar = write_calendar([], Method.PUBLISH, name="Nobody")

    assert icalendar.Calendar.from_ical(calendar).walk("VEVENT") == []


@pytest.mark.parametrize("zone", THREE)
def test_the_overlaps_of_two_offices_come_back_in_three_zones(zone: str) -> None:
    entries = [replace(ENTRY, uid=str(n), zone=zone, starts_at=at) for n, at in enumerate(OVERLAPS)]

    calendar = write_calendar(entries, Method.PUBLISH)

    wanted = [when(entry) for entry in entries]
    assert by_icalendar(calendar) == wanted
    assert by_vobject(calendar) == wanted


@pytest.mark.parametrize("zone", SEVEN)
def test_every_hour_around_every_change_of_clocks_comes_back(zone: str) -> None:
    changes = [
        moment + timedelta(hours=hour)
        for moment in _changes_of(zone)
        for hour in (-26, -3, -2, -1, 0, 1, 2, 3, 26)
    ]
    entries = [replace(ENTRY, uid=str(n), zone=zone, starts_at=at) for n, at in enumerate(changes)]

    calendar = write_calendar(entries or [replace(ENTRY, zone=zone)], Method.PUBLISH)

    wanted = [when(entry) for entry in entries] or [when(ENTRY)]
    assert by_icalendar(calendar) == wanted
    assert by_vobject(calendar) == wanted


def _changes_of(zone: str) -> list[datetime]:
    """The hours of 2026 in which the clocks of a zone are changed."""
    tz = ZoneInfo(zone)
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    offsets = [hour.astimezone(tz).utcoffset() for hour in hours]
    return [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]


def test_seven_zones_over_a_change_stand_in_one_calendar() -> None:
    days = [datetime(2026, 3, 27, 15, tzinfo=UTC) + timedelta(days=n) for n in range(5)]
    entries = [
        replace(ENTRY, uid=f"{zone}-{n}", zone=zone, starts_at=day)
        for zone in SEVEN
        for n, day in enumerate(days)
    ]

    calendar = write_calendar(entries, Method.PUBLISH)

    wanted = [when(entry) for entry in entries]
    assert by_icalendar(calendar) == wanted
    assert by_vobject(calendar) == wanted
    assert calendar.count(b"BEGIN:VTIMEZONE") == len(SEVEN)


HOSTILE = [
    "Evil\r\nATTENDEE:mailto:x@example.org",
    "Evil\nEND:VEVENT\nBEGIN:VEVENT",
    "nul\x00 vt\x0b nel\x85 ls\u2028 ps\u2029 esc\x1b",
    'quote " semicolon ; colon : comma , back\\slash \\n',
    "=?utf-8?q?x?= émoji 👩\u200d🚀 " + "long " * 60,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_another_property(text: str) -> None:
    evil = replace(
        ENTRY, title=text, place=text, lines=(text, text), organiser=Guest(text, "olive@example.org"),
        guests=(Guest(text, "pat@example.org\r\nX-EVIL:1"),),
    )  # fmt: skip

    calendar = write_calendar([evil], Method.REQUEST, name=text)

    event = event_of(calendar)
    plain = " ".join("".join(c if c.isprintable() or c == "\u200d" else " " for c in text).split())
    assert (event["summary"], event["location"]) == (plain, plain)
    assert event["description"] == f"{plain}\n{plain}"
    assert sorted(event.keys()) == sorted(event_of(write_calendar([ENTRY], Method.REQUEST)).keys())
    assert vobject.readOne(calendar.decode()).vevent.summary.value == plain
    kept = calendar.decode()
    assert not [c for c in kept if (ord(c) < 32 and c not in "\r\n") or c in "\x7f\x85\u2028\u2029"]
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
