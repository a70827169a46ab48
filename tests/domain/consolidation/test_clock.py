"""When people sit in a session and when they work, and that the solver's clock agrees."""

from datetime import date, timedelta
from random import Random

import pytest

from planner.domain.consolidation import agenda
from planner.domain.consolidation.hours import working_time
from planner.domain.consolidation.model import Item, Rules
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import WHOLE, WINDOW, item
from tests.domain.consolidation.clock import DAY, as_time, lasts, presence, times, works

MINUTE = timedelta(minutes=1)
TUESDAY = date(2026, 3, 3).toordinal() * DAY


def agendas(seed: int, count: int) -> list[list[Item]]:
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    return [
        [
            item(f"i{n}", "".join(luck.sample("abcdef", 2)), luck.randint(1, 40))
            for n in range(luck.randint(1, 7))
        ]
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([40, 35], [(15, 55), (55, 90)]),
        ([40, 36], [(15, 55), (65, 101)]),
        ([76], [(15, 101)]),
        ([10, 20, 50], [(15, 25), (25, 45), (55, 105)]),
        ([5, 30, 20, 50], [(15, 20), (20, 50), (60, 80), (80, 130)]),
    ],
)
def test_a_session_of_more_than_ninety_minutes_pauses_near_its_middle(
    minutes: list[int], expected: list[tuple[int, int]]
) -> None:
    held = [item(f"i{n}", "ab", length) for n, length in enumerate(minutes)]

    assert times(WHOLE, held) == expected


def test_who_has_items_on_both_sides_of_the_break_sits_through_it() -> None:
    held = [item("x", "ab", 40), item("y", "bc", 36)]

    assert presence(WINDOW, held) == {"a": (15, 55), "b": (15, 101), "c": (65, 101)}
    assert presence(WHOLE, held) == dict.fromkeys("abc", (0, 101))


@pytest.mark.parametrize("rules", [WHOLE, WINDOW])
def test_the_solvers_clock_shows_the_same(rules: Rules) -> None:
    for held in agendas(3, 2000):
        assert agenda.item_times(rules, held) == times(rules, held)
        assert agenda.presence(rules, held) == presence(rules, held)
        assert agenda.elapsed(rules, sum(one.minutes for one in held)) == lasts(rules, held)


@pytest.mark.parametrize(
    ("hours", "begin", "end", "is_free"),
    [
        (WorkingHours("Europe/Berlin"), 8 * 60, 16 * 60, True),
        (WorkingHours("Europe/Berlin"), 8 * 60 - 1, 9 * 60, False),
        (WorkingHours("America/Los_Angeles", 16 * 60, 24 * 60), 0, 8 * 60, True),
        (WorkingHours("UTC", 22 * 60, 6 * 60), 22 * 60, 30 * 60, True),
        (WorkingHours("UTC", 22 * 60, 6 * 60), 0, 6 * 60 + 1, False),
        (WorkingHours("UTC", 20 * 60, 28 * 60), 0, 4 * 60, True),
        (WorkingHours("UTC", 20 * 60, 28 * 60), 0, 4 * 60 + 1, False),
        (WorkingHours("UTC", 0, 24 * 60), 23 * 60, 25 * 60, True),
        (WorkingHours("UTC", days=frozenset({0})), 9 * 60, 10 * 60, False),
    ],
)
def test_hours_are_worked_by_the_clock_of_the_zone(
    hours: WorkingHours, begin: int, end: int, is_free: bool
) -> None:
    assert works(hours, TUESDAY + begin, TUESDAY + end) == is_free


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Europe/Berlin", 540, 1020),
        ("America/New_York", 425, 1440),
        ("Asia/Kolkata", 540, 1020),
        ("Pacific/Auckland", 1320, 360),
    ],
)
def test_the_solver_opens_and_closes_each_day_of_a_year_at_the_same_minute(
    zone: str, start: int, end: int
) -> None:
    hours = WorkingHours(zone, start, end)

    for ahead in range(0, 366, 5):
        day = date(2026, 1, 1) + timedelta(days=ahead)
        stretch = working_time(hours, day)
        if stretch:
            begin, stop = ((moment - as_time(DAY)) // MINUTE + DAY for moment in stretch)
            assert works(hours, begin, stop)
            assert not works(hours, begin - 1, begin + 1)
