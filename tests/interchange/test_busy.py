"""Busy times from calendar files: what real programs write, and what nobody should be made to read."""

from __future__ import annotations

import re
import resource
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from planner.domain.away import merged, stretch_of
from planner.domain.errors import InvalidInput
from planner.interchange.ics import read_busy
from planner.interchange.ics.busy import LARGEST

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
MEGABYTE = 1024 * 1024


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:{n}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n".encode()


def busy(data: bytes) -> list[tuple[datetime, int]]:
    """Each busy time as its start in UTC and its minutes."""
    found = read_busy(data, zone="Europe/Berlin", start=START, end=END)
    return [(datetime.fromtimestamp(begin * 60, UTC), end - begin) for begin, end in found]


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        busy(data)
    return caught.value.problems[0].message


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_single_events_in_every_way_of_telling_the_time() -> None:
    data = calendar(
        "DTSTART:20260302T090000Z\nDTEND:20260302T100000Z",
        "DTSTART;TZID=America/New_York:20260310T090000\nDURATION:PT30M",
        "DTSTART:20260311T090000\nDTEND:20260311T093000",
        "DTSTART;TZID=W. Europe Standard Time:20260312T090000\nDURATION:PT1H",
        'DTSTART;TZID="/example.org/1/Asia/Kolkata":20260313T090000\nDURATION:PT1H',
    )

    assert busy(data) == [
        (utc(3, 2, 9), 60), (utc(3, 10, 13), 30), (utc(3, 11, 8), 30), (utc(3, 12, 8), 60),
        (utc(3, 13, 3, 30), 60),
    ]  # fmt: skip


def test_whole_days_are_those_of_the_own_zone() -> None:
    assert busy(calendar("DTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260330")) == [
        (utc(3, 28, 23), 23 * 60)
    ]


def test_what_is_free_cancelled_or_outside_counts_nothing() -> None:
    when = "DTSTART:20260302T090000Z\nDTEND:20260302T100000Z"

    assert busy(calendar(f"{when}\nTRANSP:TRANSPARENT", f"{when}\nSTATUS:CANCELLED")) == []
    assert busy(calendar("DTSTART:20250302T090000Z\nDURATION:PT1H", "SUMMARY:no start")) == []


def test_what_repeats_keeps_its_local_hour_over_the_change_of_clocks() -> None:
    weekly = (
        "DTSTART;TZID=Europe/Berlin:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20260406T070000Z"
    )
    left_out = "EXDATE;TZID=Europe/Berlin:20260302T090000,20260309T090000"

    assert busy(calendar(f"{weekly}\n{left_out}")) == [
        (utc(3, 16, 8), 60), (utc(3, 23, 8), 60), (utc(3, 30, 7), 60), (utc(4, 6, 7), 60),
    ]  # fmt: skip


def test_one_of_a_series_that_is_moved_or_cancelled() -> None:
    series = "UID:s\nDTSTART;TZID=Europe/Berlin:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    moved = (
        "UID:s\nRECURRENCE-ID;TZID=Europe/Berlin:20260309T090000\nDTSTART:20260310T120000Z\nDURATION:PT15M"
    )
    gone = "UID:s\nRECURRENCE-ID:20260316T080000Z\nDTSTART:20260316T080000Z\nSTATUS:CANCELLED"
    data = re.sub(rb"UID:\d\n", b"", calendar(series, moved, gone))

    assert busy(data) == [(utc(3, 2, 8), 60), (utc(3, 10, 12), 15)]


def test_added_times_and_times_that_touch() -> None:
    added = "DTSTART:20260302T090000Z\nDURATION:PT1H\nRDATE:20260304T090000Z,20260304T100000Z"

    assert busy(calendar(added)) == [(utc(3, 2, 9), 60), (utc(3, 4, 9), 120)]


def test_a_list_of_busy_times() -> None:
    lines = "FREEBUSY:20260302T090000Z/PT1H,20260303T090000Z/20260303T093000Z"
    free = "FREEBUSY;FBTYPE=FREE:20260304T090000Z/PT1H"
    data = f"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\n{lines}\n{free}\nEND:VFREEBUSY\nEND:VCALENDAR\n".encode()

    assert busy(data) == [(utc(3, 2, 9), 60), (utc(3, 3, 9), 30)]


def test_alarms_and_long_folded_texts_are_passed_over() -> None:
    text = "DESCRIPTION:" + "\n ".join(["x" * 70] * 5000)
    alarm = "BEGIN:VALARM\nTRIGGER:-PT5M\nDTSTART:20260401T000000Z\nEND:VALARM"

    assert busy(calendar(f"DTSTART:20260302T090000Z\n{text}\n{alarm}\nDURATION:PT1H")) == [(utc(3, 2, 9), 60)]


def test_it_says_the_same_as_the_library_that_writes_calendars() -> None:
    written = icalendar.Calendar()
    for number in range(50):
        event = icalendar.Event()
        event.add("dtstart", START + timedelta(hours=13 * number))
        event.add("dtend", START + timedelta(hours=13 * number, minutes=45))
        event.add("summary", "Dentist; in Zürich,\nroom 3")
        written.add_component(event)

    assert busy(written.to_ical()) == [(START + timedelta(hours=13 * number), 45) for number in range(50)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no whole iCalendar file"),
        (b"name,start\nx,1\n", "no whole iCalendar file"),
        (b"\x00\xff" * 500, "no whole iCalendar file"),
        (calendar("DTSTART:20260302T090000Z")[:-15], "no whole iCalendar file"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\n", "no whole iCalendar file"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 100_000, "nested more than 8 deep"),
        (calendar("DTSTART;TZID=Mars/Olympus:20260302T090000"), "“Mars/Olympus”, which is not known"),
        (calendar("DTSTART;TZID=../../etc/passwd:20260302T090000"), "which is not known"),
        (calendar("DTSTART:20269999T990000Z"), "cannot be read"),
        (calendar("DTSTART:99991231T235959Z\nDURATION:P99999D"), "cannot be read"),
        (calendar("DTSTART:20260302T090000Z\nRRULE:FREQ=SECONDLY;COUNT=1000000"), "more than once a day"),
        (calendar("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;BYHOUR=1,2"), "more than once a day"),
        (calendar("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;INTERVAL=0"), "every 0 days"),
        (calendar("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;BYSETPOS=9999"), "cannot be read"),
        (calendar("DTSTART:20260302T090000Z\nRRULE:nonsense"), "more than once a day"),
        (calendar("DTSTART:20260302T090000Z\n" + "RDATE:20260304T090000Z\n" * 6_000), "more than 5000 times"),
        (calendar("DTSTART:20260302T090000Z\nRDATE:" + "20260304T090000Z," * 6_000), "too many times"),
        (calendar(*["DTSTART:20260302T090000Z"] * 20_001), "more than 20000 events"),
        (calendar(*["DTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"] * 2_000), "busy times"),
    ],
)  # fmt: skip
def test_what_nobody_should_be_made_to_read_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_fifty_megabytes_and_a_million_times_cost_little_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    million = calendar("DTSTART:20260302T090000Z\n" + "RDATE:20260304T090000Z\n" * 400_000)
    large = calendar("DTSTART:20260302T090000Z\nDESCRIPTION:" + "x" * 50 * MEGABYTE)

    assert (len(large) > 50 * MEGABYTE, len(million) < LARGEST) == (True, True)
    assert "larger than 10 MB" in refusal(large)
    assert "more than 5000 times" in refusal(million)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 3 * len(large) + 100 * MEGABYTE  # the files of this test among it


def test_rules_that_never_come_true_end_by_the_clock() -> None:
    never = "DTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    ticks = iter(range(1000))

    with pytest.raises(InvalidInput, match="takes too long"):
        read_busy(calendar(*[never] * 20), zone="UTC", start=START, end=END, timer=lambda: float(next(ticks)))


def test_stretches_are_merged() -> None:
    assert merged([(5, 9), (0, 2), (2, 4), (8, 12), (20, 20)]) == ((0, 4), (5, 12))
    assert stretch_of(utc(3, 2, 9), utc(3, 2, 9) + timedelta(seconds=90)) == (29540700, 29540702)
