"""The team map as people see it, measured on the finished drawing."""

import json
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from planner.domain.model import Dependency, DependencyId, DependencyState, Organisation, Team, TeamId
from planner.domain.picture import TeamLink, TeamMap, TeamNode
from planner.domain.team_map import team_map
from planner.render.engine import Engine
from planner.render.layout import arrange
from planner.render.pictures import Picture, Positions, scene_key
from planner.render.scene import Free
from planner.render.teams import sketch_of_teams
from tests.support.data import published
from tests.support.drawing import crossings, drawn_map, edges_through_nodes, moved_share, read_drawing

HOSTILE = [
    "",
    " ",
    "<script>alert(1)</script>",
    "<b>",
    "<<TABLE><TR><TD HREF='javascript:alert(1)'>x</TD></TR></TABLE>>",
    "<IMG SRC='/etc/passwd'/>",
    "<hello & x>",
    "&lt;b&gt; &amp; &#60; &bogus;",
    "ends with \\",
    "\\N \\G \\E \\l \\r \\n",
    'quote " and "];evil[label="',
    "Team A: core",
    "n1 -> n2; }",
    "nul \x00 bell \x07 escape \x1b",
    "lone \ud800 surrogate \udfff",
    "\ufffe\uffff",
    "]]> <!-- --> <?xml?>",
    "' onmouseover='alert(1)",
    "\u202eright to left",
    "שלום مرحبا",
    "漢字かな交じり文",
    "👩‍👩‍👧‍👦 🏳️‍🌈",
    "Z" * 1_000_000,
    "e\u0301\u0302\u0303" * 40,
    "strict digraph subgraph node edge",
    "${7*7} {{7*7}} %n %s",
]


@pytest.fixture(scope="module")
def picture(larkfield: TeamMap) -> Picture:
    return drawn_map(larkfield)


@pytest.fixture(scope="module")
def kubernetes() -> TeamMap:
    told = json.loads(published("kubernetes/normalised.json").read_text(encoding="utf-8"))
    ids = {team["id"]: TeamId(number) for number, team in enumerate(told["teams"], start=1)}
    teams = tuple(Team(ids[team["id"]], team["id"], team["name"], team["kind"]) for team in told["teams"])
    dependencies = [
        Dependency(
            id=DependencyId(number),
            key=str(number),
            consumer_id=ids[one["from_team"]],
            provider_id=ids[one["to_team"]],
            what=one["title"],
            state=DependencyState.AGREED,
        )
        for number, one in enumerate(told["dependencies"], start=1)
    ]
    return team_map(Organisation(teams=teams), dependencies, today=date(2026, 2, 2))


def test_the_example_is_drawn_within_its_bars(picture: Picture) -> None:
    drawing = read_drawing(picture.svg)

    assert drawing.overflowing == ()
    assert edges_through_nodes(drawing.geometry) == 0
    assert crossings(drawing.geometry) <= 8
    assert drawing.smallest_text >= 12
    assert len(picture.svg) <= 150_000


def test_the_large_example_is_drawn_within_its_bars(kubernetes: TeamMap) -> None:
    picture = drawn_map(kubernetes)

    drawing = read_drawing(picture.svg)
    assert (len(kubernetes.nodes), len(kubernetes.rows)) == (38, 148)
    assert drawing.overflowing == ()
    assert edges_through_nodes(drawing.geometry) == 0
    assert crossings(drawing.geometry) <= 20
    assert drawing.smallest_text >= 12
    assert len(picture.svg) <= 150_000


def test_a_small_map_starts_no_process(larkfield: TeamMap) -> None:
    engine = Engine(workers=1)

    arrange(sketch_of_teams(larkfield), engine)

    assert engine._all_idle() == [None]


def test_the_same_map_gives_the_same_picture(larkfield: TeamMap, picture: Picture) -> None:
    turned = replace(larkfield, nodes=larkfield.nodes[::-1], links=larkfield.links[::-1])

    assert drawn_map(turned) == picture
    assert scene_key(Free(sketch_of_teams(turned))) == scene_key(Free(sketch_of_teams(larkfield)))


def test_one_added_link_moves_teams_by_at_most_an_eighth(larkfield: TeamMap, picture: Picture) -> None:
    grown = replace(larkfield, links=(*larkfield.links, TeamLink(1, 8, ("Live map",))))

    again = drawn_map(grown, positions=picture.positions)

    assert moved_share(picture.positions.places, again.positions.places) <= 0.12
    assert edges_through_nodes(read_drawing(again.svg).geometry) == 0


def test_a_new_team_finds_a_free_place_and_the_others_stay(larkfield: TeamMap, picture: Picture) -> None:
    newcomer = TeamNode(15, "Station Screens", "Ida Holm", "Operations")
    grown = replace(larkfield, nodes=(*larkfield.nodes, newcomer), links=(*larkfield.links, TeamLink(6, 15)))

    again = drawn_map(grown, positions=picture.positions)

    boxes = list(read_drawing(again.svg).geometry.boxes.values())
    assert moved_share(picture.positions.places, again.positions.places) <= 0.12
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


def test_a_team_that_left_moves_nobody(larkfield: TeamMap, picture: Picture) -> None:
    nodes = larkfield.nodes[:-1]
    links = tuple(link for link in larkfield.links if 14 not in link.pair)

    again = drawn_map(replace(larkfield, nodes=nodes, links=links), positions=picture.positions)

    assert set(again.positions.places) == set(range(1, 14))


def test_tidying_up_forgets_the_earlier_places(larkfield: TeamMap, picture: Picture) -> None:
    squeezed = Positions({node.id: (node.id * 1.0, 0.0) for node in larkfield.nodes}, picture.positions.links)

    tidied = drawn_map(larkfield, positions=squeezed, tidy=True)

    assert tidied.positions == drawn_map(larkfield, tidy=True).positions
    assert crossings(read_drawing(tidied.svg).geometry) <= crossings(read_drawing(picture.svg).geometry)


def test_many_changed_links_count_as_tidying_up(larkfield: TeamMap, picture: Picture) -> None:
    other_story = Positions({node.id: (node.id * 1.0, 0.0) for node in larkfield.nodes}, frozenset({(1, 2)}))

    assert drawn_map(larkfield, positions=other_story).positions == picture.positions


def test_positions_survive_storage(picture: Picture) -> None:
    stored = json.loads(json.dumps(picture.positions.as_dict()))

    assert Positions.from_dict(stored) == picture.positions


@pytest.mark.parametrize("stored", [{}, {"places": [], "links": []}, {"places": {"x": [1, 2]}, "links": []}])
def test_broken_positions_are_refused(stored: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Positions.from_dict(stored)


def test_hostile_names_are_drawn_as_text_and_nothing_else() -> None:
    nodes = tuple(TeamNode(n, text, text, text, f"/teams/{n}") for n, text in enumerate(HOSTILE, start=1))
    links = tuple(TeamLink(n, n + 1, (HOSTILE[n],), is_open=True) for n in range(1, len(HOSTILE)))
    hostile = TeamMap("<script>", nodes, links, areas=tuple(HOSTILE), subtitle="&lt;", left_out="")

    svg = drawn_map(hostile).svg

    root = fromstring(svg)  # noqa: S314  # our own picture
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        *("svg", "title", "desc", "g", "path", "polygon", "rect", "text", "a", "circle"),
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert sum(1 for element in root.iter() if element.get("href")) == len(HOSTILE)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "//evil.example", "https://evil.example", '/a"b', "/a b", "teams/1", "/\\evil"],
)
def test_a_picture_links_within_the_product_only(href: str) -> None:
    with pytest.raises(ValueError, match="within the product"):
        drawn_map(TeamMap("Map", (TeamNode(1, "A", href=href),)))


@pytest.mark.parametrize(
    ("nodes", "links"),
    [
        ((), ()),
        ((TeamNode(1, "A"),), ()),
        ((TeamNode(1, "A"), TeamNode(2, "B")), ()),
        ((TeamNode(1, "A"), TeamNode(2, "B")), (TeamLink(1, 2),)),
    ],
)
def test_small_maps_are_drawn(nodes: tuple[TeamNode, ...], links: tuple[TeamLink, ...]) -> None:
    picture = drawn_map(TeamMap("Small", nodes, links))

    geometry = read_drawing(picture.svg).geometry
    assert (len(geometry.boxes), len(geometry.lines), crossings(geometry)) == (len(nodes), len(links), 0)


def test_a_picture_has_a_name_a_description_and_words_for_every_sign(picture: Picture) -> None:
    root = fromstring(picture.svg)  # noqa: S314  # our own picture
    names = {element.get("id"): element.text for element in root if element.get("id")}

    assert root.get("role") == "group"
    assert names == {
        "map-title": "Team map of Larkfield Rail",
        "map-desc": "14 teams and 26 links, 3 late, 6 open. "
        "Arrows point to who receives. The table says the same.",
    }
    assert "<title>Payments → Loyalty: Points as tender (late)</title>" in picture.svg


def test_a_picture_follows_the_theme_without_style(picture: Picture) -> None:
    assert "#" not in picture.svg
    assert "style" not in picture.svg
    assert 'fill="var(--a1-f)"' in picture.svg
