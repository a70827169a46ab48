"""Lines are straight where they can be; Graphviz finds the way of those that must bend."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from planner.domain.picture import TeamLink, TeamMap, TeamNode
from planner.render.engine import Engine, Job
from planner.render.geometry import Point
from planner.render.outlines import way_of
from planner.render.polish import separated
from planner.render.routing import routed
from planner.render.sketch import Arrow, Sketch
from planner.render.teams import sketch_of_teams
from tests.support.drawing import edges_through_nodes

ROW = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (400.0, 0.0)}


class CountingEngine(Engine):
    """Knows what it was asked."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.asked: list[Job] = []

    def draw(self, *jobs: Job) -> list[str]:
        self.asked.extend(jobs)
        return super().draw(*jobs)


@pytest.fixture
def engine() -> Iterator[CountingEngine]:
    engine = CountingEngine()
    yield engine
    engine.close()


def sketch_of(*links: TeamLink) -> Sketch:
    return sketch_of_teams(TeamMap("Row", tuple(TeamNode(number, "Team") for number in ROW), links))


def with_arrow(sketch: Sketch, arrow: Arrow) -> Sketch:
    return replace(sketch, wires=tuple(replace(wire, arrow=arrow) for wire in sketch.wires))


def test_a_free_line_is_straight_and_nobody_is_asked(engine: CountingEngine) -> None:
    found = routed(sketch_of(TeamLink(1, 2)), ROW, engine)

    ((ends, spline),) = found.splines.items()
    way = way_of(spline)
    assert (ends, engine.asked) == ((1, 2), [])
    assert {y for _, y in way.controls} == {0.0}
    assert way.controls[0][0] < way.controls[-1][0] < (way.end or ROW[1])[0] < ROW[2][0]


@pytest.mark.parametrize(
    ("arrow", "tips"),
    [
        (Arrow.NONE, (False, False)),
        (Arrow.ONE, (False, True)),
        (Arrow.BOTH, (True, True)),
        (Arrow.SHARED, (True, True)),
    ],
)
def test_a_straight_line_has_the_heads_of_its_arrow(
    engine: CountingEngine, arrow: Arrow, tips: tuple[bool, bool]
) -> None:
    found = routed(with_arrow(sketch_of(TeamLink(1, 2)), arrow), ROW, engine)

    way = way_of(found.splines[1, 2])
    assert (way.start is not None, way.end is not None) == tips


def test_a_line_behind_a_box_goes_around_it_in_the_same_coordinates(engine: CountingEngine) -> None:
    found = routed(sketch_of(TeamLink(1, 3)), ROW, engine)

    line = found.geometry.lines[1, 3]
    assert len(engine.asked) == 1
    assert edges_through_nodes(found.geometry) == 0
    assert found.places == ROW
    assert (line[0][0] < 100, line[-1][0] > 300) == (True, True)


def test_only_the_line_that_must_bend_is_asked_for(engine: CountingEngine) -> None:
    found = routed(sketch_of(TeamLink(1, 2), TeamLink(1, 3), TeamLink(2, 3)), ROW, engine)

    assert set(found.splines) == {(1, 2), (1, 3), (2, 3)}
    assert [job.dot.count("->") for job in engine.asked] == [1]


def test_boxes_far_from_a_line_are_not_asked_about(engine: CountingEngine) -> None:
    nodes = tuple(TeamNode(number, "Team") for number in range(1, 9))
    sketch = sketch_of_teams(TeamMap("Row and far", nodes, (TeamLink(1, 3),)))
    far = {number: (200.0, number * 300.0) for number in range(4, 9)}

    routed(sketch, {**ROW, **far}, engine)

    assert [job.dot.count("pos=") for job in engine.asked] == [3]


def test_a_way_that_meets_a_box_further_off_is_looked_for_among_all(engine: CountingEngine) -> None:
    sketch, places = crowd(784)  # one in eight hundred is like that

    found = routed(sketch, places, engine)

    assert [job.dot.count("pos=") for job in engine.asked] == [8, 25]
    assert edges_through_nodes(found.geometry) == 0


def crowd(seed: int) -> tuple[Sketch, dict[int, Point]]:
    """Boxes of many widths between two that are linked."""
    random = Random(seed)  # noqa: S311  # a reproducible crowd
    numbers = range(1, random.randrange(12, 30) + 1)
    nodes = tuple(TeamNode(number, "Team " + "x" * random.randrange(0, 20)) for number in numbers)
    sketch = sketch_of_teams(TeamMap("A crowd", nodes, (TeamLink(1, 2),)))
    places = {number: (random.uniform(0, 500), random.uniform(0, 300)) for number in numbers[2:]}
    ends = {1: (0.0, 150.0), 2: (500.0, 150.0 + random.uniform(-20, 20))}
    return sketch, separated(sketch, {**places, **ends})


def test_two_lines_between_the_same_boxes_do_not_lie_on_each_other(engine: CountingEngine) -> None:
    sketch = sketch_of(TeamLink(1, 2))
    there = sketch.wires[0]

    found = routed(replace(sketch, wires=(there, replace(there, tail=2, head=1))), ROW, engine)

    assert found.geometry.lines[1, 2] != found.geometry.lines[2, 1][::-1]
    assert len(engine.asked) == 1


def test_boxes_that_touch_are_still_joined(engine: CountingEngine) -> None:
    found = routed(sketch_of(TeamLink(1, 2)), {**ROW, 2: (10.0, 0.0)}, engine)

    assert set(found.splines) == {(1, 2)}
