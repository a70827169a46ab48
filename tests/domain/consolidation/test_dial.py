"""What the price of a seat does: a curve without a point that another one beats."""

from dataclasses import replace

import pytest

from planner.domain.consolidation.cost import plan_figures
from planner.domain.consolidation.dial import Dial, Neighbour, Point, Shift, dial, seat_costs
from planner.domain.consolidation.dial_words import heading_of, name_of, told, told_to
from planner.domain.consolidation.model import Attendance, Rules, Task
from planner.domain.consolidation.solver import solve
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, random_task, task

NAMES = {letter: letter.upper() for letter in "abcdefgh"}


def point(seat_cost: int, per_person: float, minutes: int) -> Point:
    return Point(seat_cost, 1, 2, per_person, 2, minutes, 1.0)


def varied(seed: int, attendance: Attendance) -> Task:
    rules = replace(WINDOW if attendance is Attendance.WINDOW else WHOLE, seat_cost=20)
    return random_task(seed, 9, rules=rules, people="abcdefgh")


@pytest.mark.parametrize("attendance", list(Attendance))
@pytest.mark.parametrize("seed", range(4))
def test_no_point_of_the_curve_is_beaten_and_none_stands_twice(seed: int, attendance: Attendance) -> None:
    points = dial(varied(seed, attendance)).points

    assert [(a, b) for a in points for b in points if a.beats(b)] == []
    assert len({(one.per_person, one.minutes) for one in points}) == len(points)
    assert [one.per_person for one in points] == sorted(one.per_person for one in points)


@pytest.mark.parametrize("attendance", list(Attendance))
@pytest.mark.parametrize("seed", [0, 1, 3, 5])
def test_what_changes_for_people_adds_up_to_what_changes_in_all(seed: int, attendance: Attendance) -> None:
    found = dial(varied(seed, attendance))
    neighbours = [one for one in (found.fewer, found.more) if one is not None]

    assert neighbours
    for one in neighbours:
        assert sum(shift.sessions for shift in one.shifts) == one.point.seats - found.chosen.seats
        assert sum(shift.minutes for shift in one.shifts) == one.point.minutes - found.chosen.minutes


def test_the_way_to_a_place_counts_for_who_travels() -> None:
    placed = varied(1, Attendance.WHOLE)
    people = {name: replace(one, place="NS"[name > "d"]) for name, one in placed.attendees.items()}
    given = replace(placed, attendees=people, travel={frozenset("NS"): 10})

    found = dial(given)

    figures = plan_figures(given, solve(given, effort=0.1).plan)
    assert figures.travel_minutes > 0
    assert found.chosen.minutes == figures.person_minutes + figures.travel_minutes
    for one in (found.fewer, found.more):
        if one is not None:
            assert sum(shift.minutes for shift in one.shifts) == one.point.minutes - found.chosen.minutes


def test_the_chosen_point_is_that_of_the_given_plan() -> None:
    given = task(item("x", "ab", 20), item("y", "bc", 10), rules=WINDOW)

    found = dial(given, chosen=plan(given, "x y"))

    assert found.chosen == Point(15, 1, 3, 1.0, 1, 60, 1.0)
    assert found == Dial(found.chosen, (found.chosen,))


def test_a_chosen_plan_that_is_beaten_stands_beside_the_curve() -> None:
    given = task(item("x", "ab", 20), item("y", "ab", 10), rules=WINDOW)

    found = dial(given, chosen=plan(given, "x", "y"))

    better = Neighbour(found.points[0], (Shift("a", -1, 0), Shift("b", -1, 0)))
    assert (found.is_beaten, found.fewer, found.more) == (True, better, None)
    assert heading_of(found, better.point) == "With a better plan"
    assert told(better, NAMES) == ("2 people sit in one session fewer: A and B.",)


def test_the_same_task_in_another_order_gives_the_same_dial() -> None:
    given = varied(2, Attendance.WINDOW)

    assert dial(replace(given, items=given.items[::-1])) == dial(given)


def test_a_pair_of_people_has_one_point() -> None:
    found = dial(task(item("x", "ab"), item("y", "ab"), rules=WINDOW))

    assert found == Dial(found.chosen, (found.chosen,))
    assert (found.chosen.seat_cost, found.chosen.sessions) == (15, 1)


def test_nothing_to_talk_about_is_one_point_of_nothing() -> None:
    nothing = Point(15, 0, 0, 0.0, 0, 0, 1.0)

    assert dial(task()) == Dial(nothing, (nothing,))


@pytest.mark.parametrize(
    ("chosen", "tried"),
    [
        (15, (0, 5, 15, 45, 120)),
        (0, (0, 5, 15, 45, 120)),
        (4, (4, 5, 15, 45, 120)),
        (7, (0, 7, 20, 55)),
        (60, (0, 20, 60, 180, 480)),
        (480, (0, 160, 480)),
    ],
)
def test_a_few_prices_around_the_chosen_one_are_tried(chosen: int, tried: tuple[int, ...]) -> None:
    assert seat_costs(Rules(seat_cost=chosen)) == tried


def test_points_are_called_by_where_they_lie() -> None:
    points = tuple(point(cost, 2.0 - cost / 100, 100 + cost) for cost in (90, 60, 30, 15, 5))
    found = Dial(points[3], points, Neighbour(points[2], ()), Neighbour(points[4], ()))

    assert [name_of(found, one) for one in points] == [
        "fewest sessions per person, most hours",
        "still fewer sessions per person, more hours",
        "fewer sessions per person, more hours",
        "as you have it",
        "more sessions per person, fewer hours",
    ]


def test_minutes_are_told_as_sums_over_three_people_or_not_at_all() -> None:
    shifts = (
        Shift("a", -2, 30),
        Shift("b", -1, 20),
        Shift("c", 1, 10),
        Shift("d", 0, -15),
        Shift("e", 0, -5),
    )
    neighbour = Neighbour(point(45, 1.0, 100), shifts)

    assert told(neighbour, NAMES) == (
        "2 people sit in fewer sessions, 3 seats in all: A and B.",
        "1 person sits in one session more: C.",
        "3 people sit longer, 60 person-minutes in all: A, B and C.",
        "2 people sit for less time: D and E.",
    )


def test_everybody_hears_their_own_minutes_and_nobody_elses() -> None:
    neighbour = Neighbour(point(45, 1.0, 100), (Shift("a", -2, 30), Shift("b", 0, -1)))

    assert [told_to(neighbour, person) for person in ("a", "b", "c", None)] == [
        "For you: 2 sessions fewer and 30 minutes more.", "For you: 1 minute less.", "", "",
    ]  # fmt: skip


def test_a_neighbour_that_changes_nothing_for_anybody_says_so() -> None:
    assert told(Neighbour(point(45, 1.0, 100), ()), NAMES) == ("It changes nothing for anybody.",)
