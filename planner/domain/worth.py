"""What sessions were worth to the people in them: medians, shown only where nobody can be told from them.

Each says 0 to 4 for themselves (return on time invested). Below five answers nothing is shown; and where the
hidden ones could be told from the whole and from what is shown, the next smallest is hidden as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.domain.meeting.model import Meeting

SHOWN_FROM = 5
"""Answers from which on a median is shown."""
SAYS: Mapping[int, str] = {
    0: "A waste of my time",
    1: "Less than it cost me",
    2: "As much as it cost me",
    3: "More than it cost me",
    4: "Much more than it cost me",
}
"""The five answers, in words."""


@dataclass(frozen=True, slots=True)
class Medians:
    """What is shown: of all answers together, and of each session; None for what stays hidden."""

    whole: float | None
    of_session: Mapping[int, float | None]


def medians(answers: Mapping[int, Sequence[int]]) -> Medians:
    """Return the medians of these answers, by session, that can be shown."""
    everything = [value for values in answers.values() for value in values]
    if len(everything) < SHOWN_FROM:
        return Medians(None, dict.fromkeys(answers))
    by_size = sorted(answers, key=lambda one: (len(answers[one]), one))
    hidden = {one for one in by_size if len(answers[one]) < SHOWN_FROM}
    for one in by_size:
        # what is hidden is the whole without what is shown
        if 0 < sum(len(answers[other]) for other in hidden) < SHOWN_FROM:
            hidden.add(one)
    return Medians(
        float(median(everything)),
        {one: None if one in hidden else float(median(values)) for one, values in answers.items()},
    )


def attended_minutes(meeting: Meeting, person: str) -> int:
    """Return for how many whole minutes somebody was in a meeting that is over; before that, 0.

    Only time between its beginning and its end counts.
    """
    began, over = meeting.started_at, meeting.closed_at
    if began is None or over is None:
        return 0
    return sum(
        _minutes(max(one.arrived, began), min(one.left or over, over))
        for one in meeting.attendance
        if one.person == person
    )


def _minutes(first: datetime, last: datetime) -> int:
    return max(last - first, timedelta()) // timedelta(minutes=1)
