"""What sessions were worth: nothing below five answers, and nothing that can be told from the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.meeting.model import Attendance, Meeting, MeetingId, MeetingState
from planner.domain.worth import SHOWN_FROM, Medians, attended_minutes, medians

TEN = datetime(2026, 2, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, Medians(None, {})),
        ({1: [4, 4, 4, 4]}, Medians(None, {1: None})),
        ({1: [0, 1, 2, 3, 4]}, Medians(2.0, {1: 2.0})),
        ({1: [0, 1, 2, 3, 4, 4]}, Medians(2.5, {1: 2.5})),
        ({1: [4] * 5, 2: []}, Medians(4.0, {1: 4.0, 2: None})),
        ({1: [4] * 5, 2: [0] * 6, 3: [1] * 2}, Medians(1.0, {1: None, 2: 0.0, 3: None})),
        ({1: [4] * 5, 2: [0] * 3, 3: [1] * 2}, Medians(2.5, {1: 4.0, 2: None, 3: None})),
        ({1: [3, 3], 2: [3, 3, 3]}, Medians(3.0, {1: None, 2: None})),
    ],
)
def test_what_is_shown(answers: dict[int, list[int]], shown: Medians) -> None:
    assert medians(answers) == shown


@given(st.dictionaries(st.integers(1, 9), st.lists(st.integers(0, 4), max_size=9), max_size=6))
def test_what_is_hidden_is_nothing_or_at_least_five_answers(answers: dict[int, list[int]]) -> None:
    found = medians(answers)

    hidden = sum(len(answers[one]) for one, value in found.of_session.items() if value is None)
    if found.whole is None:
        assert set(found.of_session.values()) <= {None}
    else:
        assert hidden == 0 or hidden >= SHOWN_FROM
    assert all(
        len(answers[one]) >= SHOWN_FROM for one, value in found.of_session.items() if value is not None
    )


def meeting(*came: Attendance, over: bool = True) -> Meeting:
    return Meeting(
        MeetingId(1),
        1,
        "olive",
        MeetingState.CLOSED if over else MeetingState.RUNNING,
        attendance=came,
        started_at=TEN,
        closed_at=TEN + timedelta(minutes=60) if over else None,
    )


@pytest.mark.parametrize(
    ("arrived", "left", "minutes"), [(0, None, 60), (-15, 30, 30), (20, 90, 40), (70, 80, 0), (10, 25, 15)]
)
def test_only_time_between_beginning_and_end_counts(arrived: int, left: int | None, minutes: int) -> None:
    gone = None if left is None else TEN + timedelta(minutes=left)
    came = Attendance(1, "pat", "", TEN + timedelta(minutes=arrived), gone)

    assert attended_minutes(meeting(came), "pat") == minutes
    assert attended_minutes(meeting(came), "olive") == 0
    assert attended_minutes(meeting(came, over=False), "pat") == 0
