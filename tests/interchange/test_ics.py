"""Calendars are read back by two readers that do not know each other, in every zone and over every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from planner.domain.series import Series, rounds
from planner.interchange.ics import Entry, Guest, Method, write_calendar
from tests.support.calendars import events_of

MONDAY = datetime(2026, 2, 2, 8, tzinfo=UTC)
OLIVE, PAT = Guest("Olive Owner", "olive@example.org"), Guest("Pat Partner", "pat@example.org")
ENTRY = Entry(
    uid="4d1f", sequence=3, changed_at=MONDAY, title="Payments and Partner API",
    starts_at=datetime(2026, 2, 4, 9, 30, tzinfo=UTC), zone="Europe/Berlin", minutes=45, place="Hull",
    organiser=OLIVE, guests=(OLIVE, PAT), lines=("You are needed from minute 0 to 45.", "1. Settlement file"),
)  # fmt: skip
# the overlaps and the hours around them: when the offices of two zones meet
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
    found = events_of(calendar)
    return [(e.decoded("dtstart").astimezone(UTC), e.decoded("dtend").astimezone(UTC)) for e in found]


def by_vobject(calendar: bytes) -> list[tuple[datetime, datetime]]:
    """The second reader believes the rules in the file alone."""
    vobject.icalendar.__dict__["__tzidMap"].clear()
    found = vobject.readOne(calendar.decode()).vevent_list
    return [(e.dtstart.value.astimezone(UTC), e.dtend.value.astimezone(UTC)) for e in found]


def when(entry: Entry) -> tuple[datetime, datetime]:
    return entry.starts_at, entry.starts_at + timedelta(minutes=entry.minutes)


def all_by_icalendar(calendar: bytes) -> set[datetime]:
    """Every time at which the session is held, as one reader has it: by the rule, or otherwise."""
    held: set[datetime] = set()
    differs: dict[datetime, datetime] = {}
    for event in events_of(calendar):
        start = event.decoded("dtstart")
        if "recurrence-id" in event:
            differs[event.decoded("recurrence-id").astimezone(UTC)] = start.astimezone(UTC)
            continue
        local = rrulestr(event["rrule"].to_ical().decode(), dtstart=start.replace(tzinfo=None))
        held = {one.replace(tzinfo=start.tzinfo).astimezone(UTC) for one in local}
        left_out = event.get("exdate", [])
        for dates in left_out if isinstance(left_out, list) else [left_out]:
            held -= {one.dt.astimezone(UTC) for one in dates.dts}
    assert differs.keys() <= held
    return held - differs.keys() | set(differs.values())


def all_by_vobject(calendar: bytes) -> set[datetime]:
    """The same by the second reader, with the rules of the zone as they stand in the file."""
    vobject.icalendar.__dict__["__tzidMap"].clear()
    rules = tzical(StringIO(calendar.decode()))

    def moment(local: datetime) -> datetime:
        name = getattr(local.tzinfo, "zone", None) or getattr(local.tzinfo, "_tzid", None)
        tz = rules.get(name) if name in rules.keys() else local.tzinfo  # noqa: SIM118 - no mapping
        return local.replace(tzinfo=tz).astimezone(UTC)

    held: set[datetime] = set()
    differs: dict[datetime, datetime] = {}
    for event in vobject.readOne(calendar.decode()).vevent_list:
        start = event.dtstart.value
        if hasattr(event, "recurrence_id"):
            differs[moment(event.recurrence_id.value)] = moment(start)
        else:
            held = {moment(one) for one in event.rruleset}
    return held - differs.keys() | set(differs.values())


def event_of(calendar: bytes) -> Any:
    (event,) = events_of(calendar)
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

    events = events_of(calendar)
    assert [(e["uid"], e["status"], "attendee" in e) for e in events] == [
        ("4d1f", "CONFIRMED", False), ("off", "CANCELLED", False),
    ]  # fmt: skip
    assert b"pat@example.org" not in calendar


def test_the_same_sessions_give_the_same_bytes() -> None:
    assert write_calendar([ENTRY], Method.REQUEST) == write_calendar([ENTRY], Method.REQUEST)


def test_an_empty_feed_is_a_calendar() -> None:
    calendar = write_calendar([], Method.PUBLISH, name="Nobody")

    assert events_of(calendar) == []


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


def series_of(zone: str, start: datetime, exceptions: dict[int, datetime | None] | None = None) -> Entry:
    """A session that is held five times, every two weeks."""
    found = rounds(Series(start, zone, 14, 5, exceptions or {}))
    times = tuple(one.starts_at for one in found)
    return replace(ENTRY, zone=zone, starts_at=start, every_days=14, rounds=times)


@pytest.mark.parametrize("zone", SEVEN)
@pytest.mark.parametrize("month", [2, 3, 9, 10])
def test_rounds_are_read_alike_over_each_change_of_clocks(zone: str, month: int) -> None:
    start = datetime(2026, month, 10, 9, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    entry = series_of(zone, start)

    calendar = write_calendar([entry], Method.REQUEST)

    assert all_by_icalendar(calendar) == all_by_vobject(calendar) == set(entry.rounds)
    assert {one.astimezone(ZoneInfo(zone)).hour for one in entry.rounds if one} == {9}
    assert b"RRULE:FREQ=WEEKLY;COUNT=5;INTERVAL=2" in calendar


def test_a_round_that_is_moved_or_left_out_has_the_same_uid() -> None:
    start = datetime(2026, 3, 3, 14, tzinfo=UTC)
    moved = datetime(2026, 3, 19, 9, tzinfo=UTC)
    entry = series_of("Europe/Berlin", start, {1: moved, 2: None})

    calendar = write_calendar([entry], Method.REQUEST)

    events = events_of(calendar)
    assert [(str(one["uid"]), one["sequence"]) for one in events] == [("4d1f", 3), ("4d1f", 3)]
    assert events[1].decoded("recurrence-id").astimezone(UTC) == datetime(2026, 3, 17, 14, tzinfo=UTC)
    held = {one for one in entry.rounds if one is not None}
    assert all_by_icalendar(calendar) == all_by_vobject(calendar) == held
    assert moved in held


def test_one_round_alone_can_be_cancelled() -> None:
    round_at = datetime(2026, 3, 31, 13, tzinfo=UTC)
    entry = replace(ENTRY, starts_at=round_at, round_at=round_at)

    event = event_of(write_calendar([entry], Method.CANCEL))

    assert (str(event["uid"]), event["status"]) == ("4d1f", "CANCELLED")
    assert event.decoded("recurrence-id").astimezone(UTC) == round_at
    assert "rrule" not in event


TWICE = {"Europe/Berlin": (10, 25, 2), "America/New_York": (11, 1, 1), "Australia/Sydney": (4, 5, 2)}
"""Month, day and hour that clocks show twice in 2026."""


@pytest.mark.parametrize("zone", TWICE)
def test_a_series_that_begins_in_an_hour_shown_twice(zone: str) -> None:
    month, day = (4, 5) if zone == "Australia/Sydney" else (10, 25) if zone == "Europe/Berlin" else (11, 1)
    start = datetime(
        2026, month, day, 2 if zone != "America/New_York" else 1, 30, fold=1, tzinfo=ZoneInfo(zone)
    )
    entry = series_of(zone, start.astimezone(UTC))

    calendar = write_calendar([entry], Method.REQUEST)

    assert all_by_icalendar(calendar) == all_by_vobject(calendar) == set(entry.rounds)


def test_every_third_day_is_told_in_days() -> None:
    entry = replace(ENTRY, every_days=3, rounds=(ENTRY.starts_at, ENTRY.starts_at + timedelta(days=3)))

    assert b"RRULE:FREQ=DAILY;COUNT=2;INTERVAL=3" in write_calendar([entry], Method.PUBLISH)
