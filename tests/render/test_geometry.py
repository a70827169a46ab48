"""The measures of a drawing, on drawings whose answer can be seen at once."""

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from planner.render.geometry import (
    Geometry,
    Rectangle,
    crossings_of,
    flattened,
    point_along,
    segment_hits,
)
from planner.render.worker import VENDOR
from tests.support.drawing import crossings, edges_through_nodes

CORNERS = {
    1: Rectangle(0, 0, 10, 10),
    2: Rectangle(100, 100, 10, 10),
    3: Rectangle(0, 100, 10, 10),
    4: Rectangle(100, 0, 10, 10),
}
points = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


def test_two_diagonals_cross_once() -> None:
    crossing = Geometry(CORNERS, {(1, 2): [(0, 0), (100, 100)], (3, 4): [(0, 100), (100, 0)]})

    assert (crossings(crossing), edges_through_nodes(crossing)) == (1, 0)


def test_lines_that_meet_in_a_box_do_not_cross() -> None:
    meeting = Geometry(CORNERS, {(1, 2): [(0, 0), (100, 100)], (1, 4): [(0, 0), (100, 0)]})

    assert crossings(meeting) == 0


def test_a_line_through_a_foreign_box_is_counted() -> None:
    through = Geometry({**CORNERS, 5: Rectangle(50, 0, 10, 10)}, {(1, 4): [(0, 0), (100, 0)]})

    assert edges_through_nodes(through) == 1


@given(points, points, points, points)
def test_crossing_is_the_same_from_every_side(
    a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> None:
    answers = {crossings_of(a, b, [(c, d)]), crossings_of(b, a, [(c, d)]), crossings_of(c, d, [(a, b)])}

    assert answers in ({0}, {1})


@given(points, points)
def test_a_segment_hits_the_box_around_its_middle(a: tuple[int, int], b: tuple[int, int]) -> None:
    box = Rectangle((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 2, 2)

    assert segment_hits(a, b, box)


@given(points, points, points)
def test_a_segment_hits_a_box_when_any_of_its_points_is_inside(
    a: tuple[int, int], b: tuple[int, int], centre: tuple[int, int]
) -> None:
    box = Rectangle(*centre, 6, 4)
    steps = [(a[0] + (b[0] - a[0]) * n / 200, a[1] + (b[1] - a[1]) * n / 200) for n in range(201)]

    is_inside = any(box.contains(step) for step in steps)
    is_near = any(box.contains(step, slack=1) for step in steps)

    assert is_inside <= segment_hits(a, b, box) <= is_near


def test_a_straight_curve_needs_two_points_and_has_its_middle_between() -> None:
    line = flattened([(0, 0), (3, 0), (6, 0), (9, 0)])

    assert (line, point_along(line, 0.5)) == ([(0, 0), (9, 0)], (4.5, 0))


def test_the_vendored_files_are_the_ones_of_the_manifest() -> None:
    manifest = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))

    found = {
        name: "sha384-" + base64.b64encode(hashlib.sha384((VENDOR / name).read_bytes()).digest()).decode()
        for name in manifest["files"]
    }

    assert found == {name: facts["sha384"] for name, facts in manifest["files"].items()}
