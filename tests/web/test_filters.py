"""How numbers read on a page."""

from __future__ import annotations

import pytest

from planner.domain.text import counted
from planner.web.filters import hours


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0.0"), (684, "11.4"), (59_990, "999.8"), (126_360, "2,106")]
)
def test_hours_have_a_digit_until_it_tells_nothing(minutes: int, shown: str) -> None:
    assert hours(minutes) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 teams"), (1, "1 team"), (1200, "1,200 teams")])
def test_how_many_are_counted_in_words(number: int, shown: str) -> None:
    assert counted(number, "team") == shown
