"""What a layout costs with straight lines, kept up to date while boxes move."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.picture import TeamLink, TeamMap, TeamNode
from planner.render.geometry import Point
from planner.render.polish import polished, straight_cost
from planner.render.sketch import Sketch
from planner.render.straight import StraightLayout
from planner.render.teams import sketch_of_teams

SQUARE = {1: (0.0, 0.0), 2: (300.0, 0.0), 3: (0.0, 200.0), 4: (300.0, 200.0)}
pairs = st.sets(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] < pair[1]))


def sketch_of(links: set[tuple[int, int]], boxes: int = 9) -> Sketch:
    nodes = tuple(TeamNode(number, f"Team {number}") for number in range(1, boxes + 1))
    counts = {pair: 1 + sum(pair) % 3 for pair in links}
    return sketch_of_teams(
        TeamMap("Map", nodes, tuple(TeamLink(*pair, count=counts[pair]) for pair in sorted(links)))
    )


def somewhere(boxes: int, random: Random) -> Mapping[int, Point]:
    return {number: (random.uniform(0, 600), random.uniform(0, 400)) for number in range(1, boxes + 1)}


@given(pairs, st.randoms(use_true_random=False))
def test_what_is_kept_up_to_date_is_what_is_counted_anew(links: set[tuple[int, int]], random: Random) -> None:
    sketch = sketch_of(links)
    layout = StraightLayout(sketch, somewhere(9, random))
    first = layout.cost()

    for _ in range(60):
        layout.try_place(random.randrange(9), (random.uniform(0, 600), random.uniform(0, 400)))

    assert layout.cost() == pytest.approx(straight_cost(sketch, layout.places))
    assert layout.cost() <= first + 1e-9


def test_a_crossing_costs_each_of_its_lines_ten() -> None:
    sketch = sketch_of({(1, 4), (2, 3)}, boxes=4)
    apart = sketch_of({(1, 4)}, boxes=4), sketch_of({(2, 3)}, boxes=4), sketch_of(set(), boxes=4)

    alone = sum(straight_cost(one, SQUARE) for one in apart[:2]) - straight_cost(apart[2], SQUARE)

    assert straight_cost(sketch, SQUARE) - alone == pytest.approx(2 * 10)


def test_a_line_through_a_box_costs_forty() -> None:
    sketch = sketch_of({(1, 2)}, boxes=3)
    beside = {1: (0.0, 0.0), 2: (600.0, 0.0), 3: (200.0, 60.0)}

    through = {**beside, 3: (200.0, 15.0)}

    flat = replace(sketch, wires=())
    outline = straight_cost(flat, through) - straight_cost(flat, beside)
    assert straight_cost(sketch, through) - straight_cost(sketch, beside) - outline == pytest.approx(40)


def test_a_box_does_not_move_onto_another() -> None:
    layout = StraightLayout(sketch_of({(1, 2)}, boxes=4), SQUARE)

    layout.try_place(0, (290.0, 5.0))

    assert layout.places == SQUARE


@pytest.mark.parametrize("boxes", [0, 1])
def test_nothing_and_one_box_cost_nothing_and_stay(boxes: int) -> None:
    places = dict.fromkeys(range(1, boxes + 1), (5.0, 5.0))

    assert straight_cost(sketch_of(set(), boxes), places) == 0.0
    assert polished(sketch_of(set(), boxes), places, moves=10) == places
