"""Minutes: what stands in them and in which order, and how silence agrees."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.meeting.model import (
    AgendaItem,
    Attendance,
    ItemId,
    Meeting,
    MeetingId,
    MeetingState,
    Outcome,
    OutcomeKind,
)
from planner.domain.minutes import (
    Line,
    Minutes,
    MinutesState,
    Section,
    from_plain,
    heading,
    last_day,
    sections,
    state_on,
    to_plain,
    why_not_object,
    write_minutes,
)
from planner.domain.negotiation.waiting import working_days_between
from planner.interchange.markdown import write_markdown
from planner.render.minutes import minutes_pdf

MONDAY = date(2026, 2, 2)
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
NAMES = {"olive": "Olive Owner", "pat": "Pat Partner", "otto": "Otto Outsider"}
AGREED = Outcome(
    OutcomeKind.AGREED,
    "Partner API promises it for 6 March",
    decider="pat",
    consulted=("otto", "olive"),
    idea_from="olive",
    review_on=date(2026, 3, 2),
    agreed_for=date(2026, 3, 6),
)
MEETING = Meeting(
    id=MeetingId(1),
    session_id=1,
    facilitator="olive",
    state=MeetingState.CLOSED,
    invited=frozenset({"olive", "pat", "otto"}),
    items=(
        AgendaItem(ItemId(1), 1, "Refunds", outcome=Outcome(OutcomeKind.PARKED, "Legal is not here")),
        AgendaItem(ItemId(2), 2, "Settlement file", dependency="settlement-file", outcome=AGREED),
        AgendaItem(
            ItemId(3), 3, "Fares", outcome=Outcome(OutcomeKind.DEFERRED, deferred_to="Tap anywhere, 3 Mar")
        ),
        AgendaItem(ItemId(4), 4, "Token"),
    ),
    attendance=(
        Attendance(1, "pat", "", NOON),
        Attendance(2, "olive", "", NOON),
        Attendance(3, "", "Gus", NOON),
    ),
)
MINUTES = Minutes(
    title="One account",
    held_on=MONDAY,
    place="Dock Street",
    led_by="Olive Owner",
    decisions=(
        Line(
            2,
            "Settlement file",
            OutcomeKind.AGREED,
            "Partner API promises it for 6 March",
            "settlement-file",
            "Pat Partner",
            ("Olive Owner", "Otto Outsider"),
            "Olive Owner",
            date(2026, 3, 6),
            date(2026, 3, 2),
        ),
    ),
    set_aside=(
        Line(1, "Refunds", OutcomeKind.PARKED, "Legal is not here"),
        Line(3, "Fares", OutcomeKind.DEFERRED, deferred_to="Tap anywhere, 3 Mar"),
    ),
    not_reached=(Line(4, "Token"),),
    present=("Gus (guest)", "Olive Owner", "Pat Partner"),
    missing=("Otto Outsider",),
)


def written(meeting: Meeting) -> Minutes:
    return write_minutes(meeting, NAMES.__getitem__, title="One account", held_on=MONDAY, place="Dock Street")


def test_minutes_are_what_became_of_the_items() -> None:
    assert written(MEETING) == MINUTES


def test_the_minutes_of_a_meeting_that_nobody_held_are_its_agenda() -> None:
    nobody = replace(MEETING, items=(AgendaItem(ItemId(0), 1, "Token"),), attendance=(), invited=frozenset())

    assert sections(written(nobody)) == (
        Section("Not reached", (("Token", ()),)),
        Section("Who was there", (("Nobody said so.", ()),)),
    )


def test_decisions_come_first_in_words_and_attendance_last() -> None:
    assert heading(MINUTES) == "Mon 2 Feb 2026, Dock Street, led by Olive Owner"
    assert sections(MINUTES) == (
        Section(
            "Decisions",
            (
                (
                    "Settlement file",
                    (
                        "Partner API promises it for 6 March",
                        "Decided by: Pat Partner",
                        "Consulted: Olive Owner, Otto Outsider",
                        "Idea from: Olive Owner",
                        "Agreed for: Fri 6 Mar 2026",
                        "To be looked at again: Mon 2 Mar 2026",
                    ),
                ),
            ),
        ),
        Section(
            "Parked and deferred",
            (
                ("Refunds (parked)", ("Legal is not here",)),
                ("Fares (deferred)", ("Taken up again: Tap anywhere, 3 Mar",)),
            ),
        ),
        Section("Not reached", (("Token", ()),)),
        Section("Who was there", (("Gus (guest), Olive Owner, Pat Partner", ()),)),
        Section("Invited and not there", (("Otto Outsider", ()),)),
    )


def test_what_was_shared_is_read_again_as_it_was() -> None:
    assert from_plain(to_plain(MINUTES)) == MINUTES


@pytest.mark.parametrize(
    ("shared", "until"),
    [("2026-02-02", "2026-02-05"), ("2026-02-06", "2026-02-11"), ("2026-02-07", "2026-02-11")],
)
def test_silence_agrees_after_three_working_days(shared: str, until: str) -> None:
    assert last_day(date.fromisoformat(shared)) == date.fromisoformat(until)


def test_days_off_where_people_met_do_not_count() -> None:
    off = (date(2026, 2, 3), date(2026, 2, 5), date(2026, 2, 7), date(2026, 4, 3))

    assert last_day(MONDAY, off) == date(2026, 2, 9)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_three_whole_working_days_are_left_to_object(shared: date) -> None:
    assert working_days_between(shared, last_day(shared)) == 3
    assert last_day(shared).weekday() < 5


@pytest.mark.parametrize(
    ("shared", "days", "objections", "is_newest", "state"),
    [
        (None, 0, 0, True, MinutesState.DRAFT),
        (MONDAY, 3, 0, True, MinutesState.OPEN),
        (MONDAY, 4, 0, True, MinutesState.AGREED),
        (MONDAY, 4, 1, True, MinutesState.OBJECTED),
        (MONDAY, 4, 1, False, MinutesState.REPLACED),
    ],
)
def test_the_state_follows_from_the_day_and_the_objections(
    shared: date | None, days: int, objections: int, is_newest: bool, state: MinutesState
) -> None:
    today = MONDAY + timedelta(days=days)

    until = None if shared is None else last_day(shared)
    assert state_on(until, today, open_objections=objections, is_newest=is_newest) is state


@pytest.mark.parametrize(
    ("state", "shared", "days", "was_there", "why"),
    [
        (MinutesState.OPEN, MONDAY, 3, True, ""),
        (MinutesState.OBJECTED, MONDAY, 3, True, ""),
        (MinutesState.OPEN, MONDAY, 0, False, "Only those who were there can object to these minutes."),
        (
            MinutesState.DRAFT,
            None,
            0,
            True,
            "These minutes are not shared yet. Change the outcome in the session itself.",
        ),
        (
            MinutesState.REPLACED,
            MONDAY,
            0,
            True,
            "There is a newer version of these minutes. Object to that one.",
        ),
        (
            MinutesState.AGREED,
            MONDAY,
            4,
            True,
            "These minutes are agreed: nobody objected in three working days. Ask for a correction.",
        ),
    ],
)
def test_who_was_there_can_object_while_silence_has_not_agreed(
    state: MinutesState, shared: date | None, days: int, was_there: bool, why: str
) -> None:
    until = None if shared is None else last_day(shared)
    assert why_not_object(state, until, MONDAY + timedelta(days=days), was_there=was_there) == why


def test_minutes_as_markdown() -> None:
    assert write_markdown(replace(MINUTES, decisions=(), not_reached=(), missing=())) == (
        "# Minutes: One account\n\nMon 2 Feb 2026, Dock Street, led by Olive Owner\n\n"
        "## Parked and deferred\n\n- **Refunds (parked)**\n  - Legal is not here\n"
        "- **Fares (deferred)**\n  - Taken up again: Tap anywhere, 3 Mar\n\n"
        "## Who was there\n\n- Gus (guest), Olive Owner, Pat Partner\n"
    )


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("# <script>", "\\# \\<script\\>"),
        ("1. *not* a [list](x)", "1\\. \\*not\\* a \\[list\\](x)"),
        ("- a_b `c` | d ~~e~~", "\\- a\\_b \\`c\\` \\| d \\~\\~e\\~\\~"),
        ("two\nlines & more", "two lines \\& more"),
    ],
)
def test_what_people_wrote_stays_text_in_markdown(title: str, shown: str) -> None:
    only = Minutes(title="T", held_on=None, place="", led_by="O", not_reached=(Line(1, title),))

    assert f"\n- {shown}\n" in write_markdown(only)


def test_the_pdf_has_its_fonts_inside_and_is_the_same_each_time() -> None:
    strange = replace(MINUTES, title="<b>&amp; \u202e 漢字 ü", place="")

    first, again = minutes_pdf(strange), minutes_pdf(strange)

    assert first == again
    assert first.startswith(b"%PDF-")
    assert len(re.findall(rb"/FontFile2", first)) == 2
