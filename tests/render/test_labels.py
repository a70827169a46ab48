"""The words of a line stand on its middle, or as near to it as boxes and other words allow."""

from planner.domain.picture import TeamLink, TeamMap, TeamNode
from planner.render.geometry import Geometry, Point, Rectangle
from planner.render.labels import label_spots
from planner.render.sketch import Sketch
from planner.render.teams import sketch_of_teams

ENDS = {1: Rectangle(0, 0, 60, 30), 2: Rectangle(600, 0, 60, 30)}
LEVEL: list[Point] = [(30, 0), (570, 0)]


def sketch_of(*links: TeamLink) -> Sketch:
    nodes = tuple(TeamNode(number, "Team") for number in (1, 2, 3, 4))
    return sketch_of_teams(TeamMap("Map", nodes, links))


def test_words_stand_on_the_middle_of_a_free_line() -> None:
    spots = label_spots(sketch_of(TeamLink(1, 2, count=2)), Geometry(ENDS, {(1, 2): LEVEL}))

    assert spots == {(1, 2): (300.0, 0.0)}


def test_a_line_without_words_has_its_middle() -> None:
    spots = label_spots(sketch_of(TeamLink(1, 2)), Geometry(ENDS, {(1, 2): LEVEL}))

    assert spots == {(1, 2): (300.0, 0.0)}


def test_words_step_aside_from_a_box_as_little_as_they_can() -> None:
    boxes = {**ENDS, 3: Rectangle(300, 0, 40, 30)}

    spots = label_spots(sketch_of(TeamLink(1, 2, count=2)), Geometry(boxes, {(1, 2): LEVEL}))

    assert spots == {(1, 2): (273.0, 0.0)}


def test_words_stand_neither_on_other_words_nor_on_other_lines() -> None:
    lines = {(1, 2): LEVEL, (3, 4): [(300.0, -270.0), (300.0, 270.0)]}

    spots = label_spots(sketch_of(TeamLink(1, 2, count=2), TeamLink(3, 4, count=2)), Geometry(ENDS, lines))

    assert spots == {(1, 2): (273.0, 0.0), (3, 4): (300.0, -27.0)}
