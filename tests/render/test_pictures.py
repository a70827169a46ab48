"""Every picture of the example, measured on the finished drawing, and with names that nobody should have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from planner.domain.pictures.around import around
from planner.domain.pictures.board import board
from planner.domain.pictures.goals import goal_map
from planner.domain.pictures.items import items_in_time, longest_chain
from planner.domain.pictures.loops import loops_of
from planner.domain.pictures.matrix import matrix
from planner.domain.pictures.scope import Scope
from planner.domain.team_map import areas_of
from planner.render.around import scene_of_surroundings
from planner.render.board import scene_of_board
from planner.render.engine import Engine, Job
from planner.render.goals import scene_of_goals
from planner.render.graph_text import graphml, mermaid
from planner.render.items import scene_of_items
from planner.render.loops import scene_of_loops
from planner.render.matrix import scene_of_matrix
from planner.render.pictures import draw_scene, scene_key
from planner.render.scene import Scene
from planner.render.svg import in_colours
from planner.render.theme import Theme
from tests.render.test_team_pictures import HOSTILE
from tests.support.drawing import crossings, edges_through_nodes, read_drawing
from tests.support.example import example_organisation

TODAY = date(2026, 2, 2)
CROSSINGS_MAX = {"time": 5, "chain": 0, "board": 0, "around": 0, "loops": 0, "goals": 40}
NAMES = ("time", "chain", "board", "around", "loops", "goals", "matrix")


def link(key: str) -> str:
    return f"/somewhere?key={len(key)}"


def scenes(scope: Scope) -> dict[str, Scene]:
    team = next(team.id for team in scope.organisation.teams if team.key == "payments")
    return {
        "time": scene_of_items(items_in_time(scope), card_href=link),
        "chain": scene_of_items(longest_chain(scope), card_href=link),
        "board": scene_of_board(board(scope), card_href=link, team_href=link),
        "around": scene_of_surroundings(around(scope, team), card_href=link, team_href=link),
        "loops": scene_of_loops(loops_of(scope), card_href=link, team_href=link),
        "goals": scene_of_goals(goal_map(scope), goal_href=link, team_href=link),
        "matrix": scene_of_matrix(matrix(scope), team_href=link, pair_href=link),
    }


@pytest.fixture(scope="module")
def example() -> Scope:
    organisation = example_organisation()
    return Scope(organisation, organisation.active_dependencies, TODAY, areas_of(organisation))


@pytest.mark.parametrize("name", CROSSINGS_MAX)
def test_a_picture_of_the_example_is_within_its_bars(name: str, example: Scope) -> None:
    picture = draw_scene(scenes(example)[name])

    drawing = read_drawing(picture.svg)
    assert drawing.overflowing == ()
    assert edges_through_nodes(drawing.geometry) == 0
    assert crossings(drawing.geometry) <= CROSSINGS_MAX[name]
    assert drawing.smallest_text >= 12
    assert len(picture.svg) <= 150_000


def test_the_matrix_of_the_example_has_few_marks_above_its_diagonal(example: Scope) -> None:
    found = matrix(example)
    picture = draw_scene(scenes(example)["matrix"])

    assert (len(found.heads), found.against, len(found.blocks)) == (14, 4, 2)
    assert read_drawing(picture.svg).smallest_text >= 12
    assert picture.svg.count('class="mark"') == len(found.cells)


def test_items_in_time_fit_a_page_of_1280_pixels(example: Scope) -> None:
    svg = fromstring(draw_scene(scenes(example)["time"]).svg)  # noqa: S314  # our own picture

    assert float(svg.get("width", "")) <= 1150


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_in_light_and_in_dark(name: str, example: Scope) -> None:
    svg = draw_scene(scenes(example)[name]).svg

    light, dark = (in_colours(svg, theme) for theme in (Theme.LIGHT, Theme.DARK))

    assert "var(" not in light + dark
    assert light != dark


@pytest.mark.parametrize("name", NAMES)
def test_the_same_content_gives_the_same_picture(name: str, example: Scope) -> None:
    first, second = scenes(example)[name], scenes(example)[name]

    assert scene_key(first) == scene_key(second)
    assert draw_scene(first) == draw_scene(second)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "matrix"])
def test_the_dot_text_of_a_picture_is_the_whole_picture(name: str, example: Scope) -> None:
    picture = draw_scene(scenes(example)[name])

    with_text = Engine()
    again, by_default = with_text.draw(Job(picture.dot, "nop2", "svg"), Job(picture.dot, "dot", "svg"))
    with_text.close()

    assert by_default == again  # it asks for the places that it has, whoever draws it
    assert again.count('class="node"') >= len(picture.sketch.boxes)
    assert again.count('class="edge"') == len(picture.sketch.wires)


@pytest.mark.parametrize("word", HOSTILE)
def test_no_name_breaks_a_picture(word: str, example: Scope) -> None:
    organisation = replace(
        example.organisation,
        teams=tuple(replace(one, name=word, area=word) for one in example.organisation.teams),
        goals=tuple(replace(one, outcome=word) for one in example.organisation.goals),
        dependencies=tuple(replace(one, what=word) for one in example.organisation.dependencies),
    )
    scope = replace(
        example,
        organisation=organisation,
        dependencies=organisation.active_dependencies,
        areas=areas_of(organisation),
        subtitle=word,
    )

    for scene in scenes(scope).values():
        picture = draw_scene(scene)
        fromstring(picture.svg)  # noqa: S314  # our own picture
        fromstring(graphml(picture.sketch))  # noqa: S314  # our own text
        assert mermaid(picture.sketch).startswith("flowchart LR\n")
        assert "<script" not in picture.svg
        assert "javascript:" not in "".join(part for part in picture.svg.split() if "href=" in part)
