"""Days as people write them, seen from Monday 2 February 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.dates import DateReading, Due, index_horizons, is_no_date, read_date
from planner.domain.model import Horizon, HorizonId
from tests.domain.larkfield import HORIZONS, TODAY

INDEX = index_horizons(HORIZONS)


def read(text: str, *, today: date = TODAY) -> DateReading | None:
    return read_date(text, today=today, horizons=INDEX)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("2026-03-02 00:00:00", date(2026, 3, 2)),
        ("27.2.2026", date(2026, 2, 27)),
        ("2/27/26", date(2026, 2, 27)),
        ("2/2", date(2026, 2, 2)),
        ("2 Mar", date(2026, 3, 2)),
        ("1 Feb", date(2027, 2, 1)),
        ("2nd of March 2027", date(2027, 3, 2)),
        ("Sept 3 '26", date(2026, 9, 3)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("1er juin", date(2026, 6, 1)),
        ("today", date(2026, 2, 2)),
        ("2 weeks from now", date(2026, 2, 16)),
        ("in a month", date(2026, 3, 2)),
        ("Sunday", date(2026, 2, 8)),
        ("end of month", date(2026, 2, 28)),
        ("start of Q2", date(2026, 4, 1)),
        ("mid-March", date(2026, 3, 15)),
        ("end of 2Q", None),
        ("legal", None),
        ("month", None),
        ("3", None),
        ("v2", None),
        ("", None),
    ],
)
def test_a_certain_day(text: str, day: date | None) -> None:
    expected = None if day is None else DateReading(text, Due(day))

    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["31 Feb", "31/2/2026", "2026-02-30", "13.13.2026", "29 Feb", "0 Mar", "S9", "asap"]
)
def test_a_day_that_is_none_says_why(text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.due, found.candidates) == (None, ())
    assert found.message.startswith(f"“{text}” ")
    assert "expected a day such as 2 Mar" in found.message


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2.3.2026", (date(2026, 2, 3), date(2026, 3, 2))),
        ("2/3", (date(2026, 2, 3), date(2026, 3, 2))),
        ("next Friday", (date(2026, 2, 6), date(2026, 2, 13))),
        ("Monday", (date(2026, 2, 2), date(2026, 2, 9))),
        ("March", (date(2026, 3, 1), date(2026, 3, 31))),
        ("Sat 6 Mar", (date(2026, 3, 6),)),
    ],
)
def test_a_doubtful_day_is_a_question(text: str, days: tuple[date, ...]) -> None:
    found = read(text)

    assert found is not None
    assert found.due is None
    assert found.candidates == tuple(map(Due, days))


def test_next_friday_is_certain_once_this_weeks_has_passed() -> None:
    assert read("next Friday", today=date(2026, 2, 7)) == DateReading("next Friday", Due(date(2026, 2, 13)))


@pytest.mark.parametrize("text", ["Sprint 3", "sprint3", "S3", "s 3", "iteration 3", "end of sprint 3"])
def test_a_horizon_is_known_by_name_and_short_form(text: str) -> None:
    assert read(text) == DateReading(text, Due(date(2026, 3, 13), HorizonId(3)))


def test_two_horizons_of_one_short_form_are_a_question() -> None:
    twins = index_horizons(
        [Horizon(HorizonId(1), "Rail Sprint 3"), Horizon(HorizonId(2), "Shop Sprint 3", None, TODAY)]
    )

    found = read_date("S3", today=TODAY, horizons=twins)

    assert found == DateReading(
        "S3", None, (Due(None, HorizonId(1)), Due(TODAY, HorizonId(2))), "“S3” is the name of 2 horizons"
    )


@given(st.dates(date(2026, 2, 2), date(2099, 12, 31)))
def test_an_iso_day_is_itself(day: date) -> None:
    assert read(day.isoformat()) == DateReading(day.isoformat(), Due(day))


@given(st.text(max_size=40) | st.text(alphabet="0123456789./- marfeb", max_size=14))
def test_no_text_raises(text: str) -> None:
    found = read(text)

    assert found is None or bool(found.due) != bool(found.message)


def test_words_for_no_day_are_known() -> None:
    assert [text for text in ("", " - ", "TBD", "n/a", "2 Mar") if is_no_date(text)] == [
        "",
        " - ",
        "TBD",
        "n/a",
    ]
