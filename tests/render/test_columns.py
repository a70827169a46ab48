"""Boxes in columns: nothing overlaps, no line runs through a box, few lines cross."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.model import Dependency, DependencyId, Organisation, Team, TeamId
from planner.domain.pictures.items import items_in_time
from planner.domain.pictures.scope import Scope
from planner.render.columns import columned
from planner.render.geometry import Geometry, Rectangle
from planner.render.items import scene_of_items
from planner.render.routing import spline_line
from planner.render.shaping import in_columns
from planner.render.sketch import Box, Line, Piece, Sketch, Wire
from tests.support.drawing import crossings, edges_through_nodes


def sketch(boxes: int, wires: list[tuple[int, int]]) -> Sketch:
    return Sketch(
        "Title",
        "",
        tuple(
            Box(number, (Line((Piece(text=f"Box {number}"),), 11),), "", room=120) for number in range(boxes)
        ),
        tuple(Wire(tail, head, "") for tail, head in wires),
    )


def geometry(drawn: Sketch, columns: list[list[int]]) -> Geometry:
    found = columned(drawn, columns)
    boxes = {box.id: Rectangle(*found.places[box.id], box.width, box.height) for box in drawn.boxes}
    return Geometry(boxes, {ends: spline_line(spline) for ends, spline in found.splines.items()})


def test_a_twist_is_turned() -> None:
    found = geometry(sketch(4, [(0, 3), (1, 2)]), [[0, 1], [2, 3]])

    assert crossings(found) == 0


def test_a_long_line_passes_between_the_boxes_of_a_column() -> None:
    found = geometry(sketch(5, [(0, 4), (0, 1), (0, 2), (0, 3)]), [[0], [1, 2, 3], [4]])

    assert (crossings(found), edges_through_nodes(found)) == (0, 0)


def test_what_must_be_there_first_stands_above_what_it_feeds() -> None:
    places = columned(sketch(3, [(2, 0)]), [[0, 1, 2]]).places

    assert places[2][1] > places[0][1]


@st.composite
def plans(draw: st.DrawFn) -> tuple[Sketch, list[list[int]]]:
    """Any cards in up to four columns, with lines that lead to the right or stay."""
    at = draw(st.lists(st.integers(0, 3), min_size=1, max_size=14))
    columns = [[box for box, column in enumerate(at) if column == index] for index in range(4)]
    pairs = [(a, b) for a, b in combinations(range(len(at)), 2) if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=16, unique=True)) if pairs else []
    wires = sorted((a, b) if at[a] <= at[b] else (b, a) for a, b in chosen)
    return sketch(len(at), wires), columns


@settings(deadline=None)  # a machine at work takes long for its first letters
@given(plans())
def test_nothing_overlaps_and_no_line_runs_through_a_box(plan: tuple[Sketch, list[list[int]]]) -> None:
    found = geometry(*plan)

    assert not [
        (a, b) for a, b in combinations(sorted(found.boxes), 2) if found.boxes[a].overlaps(found.boxes[b])
    ]
    assert edges_through_nodes(found) == 0
    assert len(found.lines) == len(plan[0].wires)


@settings(deadline=None)  # a machine at work takes long for its first letters
@given(plans())
def test_the_same_cards_give_the_same_layout(plan: tuple[Sketch, list[list[int]]]) -> None:
    assert columned(*plan) == columned(*plan)


def test_a_full_band_has_several_columns() -> None:
    names = frozenset(range(1, 31))
    organisation = Organisation(teams=(Team(TeamId(1), "a", "A"), Team(TeamId(2), "b", "B")))
    asked = tuple(
        Dependency(DependencyId(n), f"d{n}", TeamId(1), TeamId(2), f"Thing {n}", needed_by=date(2026, 2, 3))
        for n in sorted(names)
    )
    plan = items_in_time(Scope(organisation, asked, date(2026, 2, 2), ("No area",)))

    scene = scene_of_items(plan, card_href=lambda _key: "")

    assert [len(column) for column in scene.columns] == [14, 14, 2]
    assert (len(scene.heads), scene.spans) == (1, (3,))
    assert len(in_columns(scene)[1]) == 1
