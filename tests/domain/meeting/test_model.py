"""A meeting as a value: what has become of an item, and how much of its time is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from planner.domain.meeting.model import (
    AgendaItem,
    Attendance,
    ItemId,
    ItemState,
    Meeting,
    MeetingId,
    MeetingState,
    Outcome,
    OutcomeKind,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST, SECOND = AgendaItem(ItemId(1), 1, "File", minutes=8), AgendaItem(ItemId(2), 2, "Stub", minutes=5)
MEETING = Meeting(
    MeetingId(1),
    1,
    "dana",
    MeetingState.RUNNING,
    items=(FIRST, SECOND),
    current=ItemId(1),
    turned_at=NINE,
    started_at=NINE,
)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (None, ItemState.OPEN),
        (OutcomeKind.AGREED, ItemState.DECIDED),
        (OutcomeKind.COUNTERED, ItemState.DECIDED),
        (OutcomeKind.DECLINED, ItemState.DECIDED),
        (OutcomeKind.SPLIT, ItemState.DECIDED),
        (OutcomeKind.DECIDED, ItemState.DECIDED),
        (OutcomeKind.PARKED, ItemState.PARKED),
        (OutcomeKind.DEFERRED, ItemState.DEFERRED),
    ],
)
def test_an_item_is_what_its_outcome_says(kind: OutcomeKind | None, state: ItemState) -> None:
    item = replace(FIRST, outcome=None if kind is None else Outcome(kind))

    assert item.state is state
    assert kind is None or kind.is_decision == (state is ItemState.DECIDED)


def test_time_runs_for_the_item_that_is_on_and_for_no_other() -> None:
    later = NINE + timedelta(minutes=3)

    used = {item.title: MEETING.used_by(item, later) for item in MEETING.items}

    assert used == {"File": timedelta(minutes=3), "Stub": timedelta()}
    assert MEETING.on_now == FIRST


def test_time_that_was_used_before_and_time_that_was_added_count() -> None:
    again = replace(FIRST, used=timedelta(minutes=6), added=2)
    meeting = replace(MEETING, items=(again, SECOND))

    assert meeting.ends_at() == NINE + timedelta(minutes=4)
    assert meeting.used_by(again, NINE + timedelta(minutes=1)) == timedelta(minutes=7)


def test_a_clock_that_goes_backwards_takes_no_time_away() -> None:
    assert MEETING.used_by(FIRST, NINE - timedelta(minutes=1)) == timedelta()


def test_where_nothing_is_on_no_time_ends() -> None:
    planned = Meeting(MeetingId(0), 1, "dana", items=(FIRST,))

    assert (planned.on_now, planned.ends_at(), planned.is_kept) == (None, None, False)


def test_what_is_decided_is_told_and_who_has_left_is_not_there() -> None:
    done = replace(FIRST, outcome=Outcome(OutcomeKind.DECIDED, "Stub first"))
    meeting = replace(MEETING, items=(done, SECOND))
    gone = Attendance(1, "dana", "", NINE, NINE)

    assert meeting.decided == (done,)
    assert (gone.is_there, replace(gone, left=None).is_there) == (False, True)
