"""What sessions cost their people."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.consolidation.cost import PlanFigures, best_place, plan_figures, session_figures
from planner.domain.consolidation.model import Attendee, Rules
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, task


def test_everybody_pays_for_the_whole_session_when_everybody_stays() -> None:
    given_task = task(item("x", "ab", 20), item("y", "bc", 10), rules=WHOLE)

    figures = plan_figures(given_task, plan(given_task, "x y"))

    assert figures == PlanFigures(
        sessions=1,
        seats=3,
        person_minutes=3 * 45,
        own_minutes=60,
        idle_minutes=30,
        travel_minutes=0,
        split_minutes=0,
        cost=3 * (15 + 15 + 30),
        sessions_of={"a": 1, "b": 1, "c": 1},
    )


def test_in_window_mode_people_pay_from_their_first_to_their_last_item() -> None:
    given_task = task(item("x", "ab", 20), item("y", "bc", 10), item("z", "ab", 5), rules=WINDOW)

    figures = plan_figures(given_task, plan(given_task, "x y z"))

    assert (figures.person_minutes, figures.own_minutes, figures.cost) == (35 + 35 + 10, 70, 80 + 3 * 15)
    assert figures.relevance == 70 / 80


def test_a_queue_spread_over_three_sessions_costs_twice_the_split_price() -> None:
    rules = replace(WHOLE, split_cost=5)
    given_task = task(item("x", "ap"), item("y", "bp"), item("z", "cp"), rules=rules)

    figures = plan_figures(given_task, plan(given_task, "x", "y", "z"))

    assert (figures.split_minutes, figures.cost) == (10, 6 * 40 + 10)


def test_people_meet_where_the_fewest_minutes_are_walked() -> None:
    places = {"c": "N", "d": "N", "e": "S", "f": "S", "g": "S"}
    people = {name: Attendee(name, place) for name, place in places.items()}
    given_task = replace(task(), attendees=people, travel={frozenset("NS"): 6})

    found = best_place(given_task, people)

    assert found == ("S", 24)


def test_nobody_walks_where_no_ways_are_recorded() -> None:
    given_task = replace(task(), attendees={"a": Attendee("a", "N"), "b": Attendee("b", "S")})

    assert best_place(given_task, "ab") == (None, 0)


def test_an_empty_plan_costs_nothing_and_is_all_relevant() -> None:
    figures = plan_figures(task(), plan(task()))

    assert figures == PlanFigures(0, 0, 0, 0, 0, 0, 0, 0, {})
    assert (figures.relevance, figures.sessions_per_person) == (1.0, 0.0)


@given(
    one=st.sets(st.sampled_from("abcdef"), min_size=2),
    other=st.sets(st.sampled_from("abcdef"), min_size=2),
    minutes=st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_joining_two_sessions_gains_what_the_closed_form_says(
    one: set[str], other: set[str], minutes: tuple[int, int]
) -> None:
    x, y = item("x", "".join(sorted(one)), minutes[0]), item("y", "".join(sorted(other)), minutes[1])
    given_task = task(x, y, rules=Rules(attendance=WHOLE.attendance))

    apart = session_figures(given_task, [x]).cost + session_figures(given_task, [y]).cost
    gain = apart - session_figures(given_task, [x, y]).cost

    assert gain == 30 * len(one & other) - minutes[0] * len(other - one) - minutes[1] * len(one - other)
