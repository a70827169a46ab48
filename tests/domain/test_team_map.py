"""Which links a team map has, and what it leaves out at which size."""

from datetime import date

import pytest

from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyKind,
    DependencyState,
    Organisation,
    Team,
    TeamId,
)
from planner.domain.picture import DetailLevel, LinksEach, MapRow, TeamLink, TeamMap, TeamNode
from planner.domain.team_map import strongest_links, team_map

TODAY = date(2026, 2, 2)
AGREED = DependencyState.AGREED


def organisation(*areas: str) -> Organisation:
    teams = tuple(
        Team(TeamId(number), f"t{number}", f"Team {number}", area)
        for number, area in enumerate(areas, start=1)
    )
    return Organisation(teams=teams, name="Example")


def gives(
    number: int,
    provider: int,
    consumer: int,
    state: DependencyState = AGREED,
    kind: DependencyKind = DependencyKind.HAND_OVER,
    needed_by: date | None = None,
) -> Dependency:
    return Dependency(
        id=DependencyId(number),
        key=f"d{number}",
        consumer_id=TeamId(consumer),
        provider_id=TeamId(provider),
        what=f"Thing {number}",
        needed_by=needed_by,
        state=state,
        kind=kind,
    )


def test_an_empty_organisation_has_an_empty_map() -> None:
    drawn = team_map(Organisation(), (), today=TODAY)

    assert drawn == TeamMap(title="Team map")


def test_one_hand_over_points_to_who_receives() -> None:
    drawn = team_map(organisation("North", "South"), [gives(1, 2, 1)], today=TODAY)

    assert drawn == TeamMap(
        title="Team map of Example",
        nodes=(TeamNode(1, "Team 1", area="North"), TeamNode(2, "Team 2", area="South")),
        links=(TeamLink(provider=2, consumer=1, titles=("Thing 1",)),),
        areas=("North", "South"),
        rows=(MapRow("Team 2", "Team 1", ("Thing 1",), 1, "agreed", is_drawn=True),),
    )


def test_both_directions_become_one_two_way_link_of_who_gives_more() -> None:
    both = [gives(1, 1, 2), gives(2, 2, 1), gives(3, 2, 1)]

    drawn = team_map(organisation("", ""), both, today=TODAY)

    assert drawn.links == (
        TeamLink(2, 1, titles=("Thing 1", "Thing 2", "Thing 3"), count=3, is_two_way=True),
    )


def test_a_link_says_what_is_late_open_and_shared() -> None:
    past = date(2026, 2, 1)
    given = [
        gives(1, 1, 2, needed_by=past),
        gives(2, 2, 3, state=DependencyState.ASKED),
        gives(3, 1, 3, kind=DependencyKind.SHARED),
    ]

    drawn = team_map(organisation("", "", ""), given, today=TODAY)

    assert drawn.links == (
        TeamLink(1, 2, titles=("Thing 1",), is_late=True),
        TeamLink(1, 3, titles=("Thing 3",), is_shared=True),
        TeamLink(2, 3, titles=("Thing 2",), is_open=True),
    )


def test_a_team_that_needs_itself_or_is_unknown_makes_no_link() -> None:
    drawn = team_map(organisation("", ""), [gives(1, 1, 1), gives(2, 1, 9)], today=TODAY)

    assert drawn.links == ()


@pytest.mark.parametrize(("depth", "teams"), [(0, (1,)), (1, (1, 2)), (2, (1, 2, 3))])
def test_a_focus_keeps_the_teams_within_reach(depth: int, teams: tuple[int, ...]) -> None:
    chain = [gives(1, 1, 2), gives(2, 2, 3), gives(3, 3, 4)]

    drawn = team_map(organisation("", "", "", ""), chain, today=TODAY, focus=TeamId(1), depth=depth)

    assert (drawn.title, tuple(node.id for node in drawn.nodes)) == ("Around Team 1", teams)


def test_above_twenty_teams_the_backbone_says_what_it_left_out() -> None:
    everybody = organisation(*["A"] * 22)
    mesh = [gives(10 * a + b, a, b) for a in range(1, 8) for b in range(a + 1, 8)]

    drawn = team_map(everybody, mesh, today=TODAY)

    assert (drawn.level, len(drawn.links), len(drawn.rows)) == (DetailLevel.BACKBONE, 11, 21)
    assert drawn.left_out == (
        "Showing 11 of 21 links: the 2 strongest of each team. 15 teams without a drawn link left out."
    )


@pytest.mark.parametrize(
    ("each", "links", "title", "left_out"),
    [
        (None, 11, "Team map of Example", "Showing 11 of 21 links: the 2 strongest of each team."),
        (
            LinksEach.THREE,
            15,
            "Team map of Example: the 3 strongest links of each team",
            "Showing 15 of 21 links: the 3 strongest of each team.",
        ),
        (LinksEach.TEN, 21, "Team map of Example: the 10 strongest links of each team", ""),
        (LinksEach.ALL, 21, "Team map of Example", ""),
    ],
)
def test_a_reader_chooses_how_many_links_of_each_team_there_are(
    each: LinksEach | None, links: int, title: str, left_out: str
) -> None:
    everybody = organisation(*["A"] * 7)
    mesh = [gives(10 * a + b, a, b) for a in range(1, 8) for b in range(a + 1, 8)]

    drawn = team_map(everybody, mesh, today=TODAY, level=DetailLevel.BACKBONE, links_each=each)

    assert (len(drawn.links), drawn.title, drawn.left_out) == (links, title, left_out)


@pytest.mark.parametrize("each", [LinksEach.TEN, LinksEach.ALL])
def test_never_are_more_links_drawn_than_can_be_followed(each: LinksEach) -> None:
    everybody = organisation(*["A"] * 30)
    mesh = [gives(100 * a + b, a, b) for a in range(1, 31) for b in range(a + 1, 31)]

    drawn = team_map(everybody, mesh, today=TODAY, level=DetailLevel.BACKBONE, links_each=each)

    assert len(drawn.links) <= 160
    assert drawn.left_out.endswith("More could not be followed.")
    assert len(drawn.rows) == 435


def test_above_sixty_teams_each_area_is_one_node() -> None:
    large = organisation(*["North"] * 40, *["South"] * 40)
    ring = [gives(number, number, number % 80 + 1) for number in range(1, 81)]

    drawn = team_map(large, ring, today=TODAY, area_href=lambda area: f"/map?area={area}")

    assert drawn == TeamMap(
        title="Map of areas",
        nodes=(
            TeamNode(1, "North", "40 teams", "North", "/map?area=North"),
            TeamNode(2, "South", "40 teams", "South", "/map?area=South"),
        ),
        links=(TeamLink(1, 2, count=2, is_two_way=True),),
        areas=("North", "South"),
        level=DetailLevel.AREAS,
        left_out="80 teams by area; 78 hand-overs within areas left out.",
        rows=(MapRow("North", "South", (), 2, "two-way", is_drawn=True),),
    )


def test_a_large_organisation_without_areas_shows_its_busiest_teams() -> None:
    large = organisation(*[""] * 80)
    ring = [gives(number, number, number % 80 + 1) for number in range(1, 81)]

    drawn = team_map(large, ring, today=TODAY)

    assert (drawn.level, len(drawn.nodes)) == (DetailLevel.BACKBONE, 60)


def test_everything_is_drawn_on_request_as_long_as_that_can_be_read() -> None:
    few, many = organisation(*["A"] * 22), organisation(*["A"] * 61)

    drawn = [team_map(teams, (), today=TODAY, level=DetailLevel.FULL).level for teams in (few, many)]

    assert drawn == [DetailLevel.FULL, DetailLevel.BACKBONE]


def test_the_strongest_links_of_each_team_survive() -> None:
    links = (
        TeamLink(1, 2, count=5),
        TeamLink(2, 3, count=4),
        TeamLink(1, 3, count=1),
        TeamLink(3, 4, count=1),
    )

    kept = strongest_links(links, each=1)

    assert kept == (links[0], links[1], links[3])


def test_the_order_of_the_rows_changes_nothing() -> None:
    given = [gives(1, 1, 2), gives(2, 2, 3), gives(3, 3, 1)]
    teams = organisation("B", "A", "")

    assert team_map(teams, given, today=TODAY) == team_map(teams, given[::-1], today=TODAY)
