"""Where boxes stand at first: near what they are linked with."""

from math import dist

from planner.render.stress import Stress
from tests.render.test_straight import sketch_of


def test_a_chain_of_three_is_laid_out_nearly_straight() -> None:
    places = Stress(sketch_of({(1, 2), (2, 3)}, boxes=3)).layout(1)

    rounded = {(a, b): round(dist(places[a], places[b]), 1) for a, b in ((1, 2), (2, 3), (1, 3))}
    assert rounded == {(1, 2): 1.0, (2, 3): 1.0, (1, 3): 2.0}


def test_boxes_without_a_link_stand_apart_too() -> None:
    places = Stress(sketch_of(set(), boxes=2)).layout(1)

    assert round(dist(places[1], places[2]), 1) == 1.0


def test_the_same_seed_gives_the_same_start_and_another_seed_another() -> None:
    stress = Stress(sketch_of({(1, 2), (2, 3), (3, 4)}, boxes=4))

    assert (stress.layout(1) == stress.layout(1), stress.layout(1) == stress.layout(2)) == (True, False)


def test_nothing_and_one_box_have_no_pairs() -> None:
    nothing, one = Stress(sketch_of(set(), boxes=0)), Stress(sketch_of(set(), boxes=1))

    assert (nothing.pairs, nothing.layout(1), one.pairs, len(one.layout(1))) == (0, {}, 0, 1)
