"""Pictures for pages: kept, drawn with less when they take too long, and saved as what is seen."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest

from planner.domain.picture import DetailLevel
from planner.render import pictures as studio
from planner.render.engine import Engine, Job, TooSlow
from planner.render.pictures import Positions
from planner.services.actor import Actor
from planner.services.example import load_example
from planner.services.finding import DependencyFilter
from planner.services.organisation import read_organisation
from planner.services.pictures import pictures
from planner.services.pictures.pictures import (
    FILES,
    KINDS,
    LESS_DETAIL,
    POSITIONS,
    CannotDraw,
    Links,
    MapRequest,
    draw_map,
    picture_file,
    table_of,
)
from planner.services.shelf import Shelf
from planner.storage.results import keep_positions
from tests.conftest import MONDAY
from tests.factories import make_cast, make_dependency, make_goal, make_team
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation

TODAY = MONDAY.date()
SUGGESTION_QUERIES_MAX = 6


class SlowEngine(Engine):
    """Gives up on every picture of more than `most` boxes, without waiting for it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def draw(self, *jobs: Job) -> list[str]:
        if any(job.dot.count("\tn") > self.most for job in jobs):
            raise TooSlow("The picture took longer than 8 seconds and was given up.")
        return super().draw(*jobs)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowEngine]:
    monkeypatch.setattr(pictures, "_too_slow", Shelf(200))  # other tests draw the same with a swift one
    engine = SlowEngine(40)
    before = studio._studio
    studio.use_engine(engine)
    yield engine
    engine.close()
    studio._studio = before


def stand_in_a_row(session: Session) -> None:
    """Fifty more teams stand between the two of the town, so that the line of these must go around them."""
    for number in range(50):
        make_team(session, name=f"Team {number}")
    places = {team: (200.0 * team, 0.0) for team in range(3, 53)}
    places |= {1: (0.0, 0.0), 2: (200.0 * 53, 0.0)}
    keep_positions(session, POSITIONS, Positions(places, frozenset({(1, 2)})).as_dict(), key="", body=b"")
    session.commit()


@pytest.fixture
def town(session: Session) -> Organisation:
    """Two teams that need something from each other, for a goal."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file", goal=goal)
    make_dependency(session, cast.partner_team, cast.team, what="Refund rules", goal=goal)
    session.commit()
    return read_organisation(session)


def test_a_file_that_was_made_is_made_again_only_for_another_picture_size_theme_or_day(
    session: Session, town: Organisation
) -> None:
    drawn = draw_map(session, town, MapRequest(view="matrix"), TODAY)
    first = picture_file(drawn, "png", "screen", "light", TODAY)

    again = picture_file(draw_map(session, town, MapRequest(view="matrix"), TODAY), "png", "", "", TODAY)
    others = [
        picture_file(drawn, "png", "slide", "light", TODAY),
        picture_file(drawn, "png", "screen", "dark", TODAY),
        picture_file(drawn, "png", "screen", "light", TODAY + timedelta(days=1)),
        picture_file(draw_map(session, town, MapRequest(view="board"), TODAY), "png", "", "", TODAY),
    ]

    assert again is first
    assert len({first, *others}) == 5


@pytest.mark.parametrize("view", KINDS)
def test_a_picture_that_was_shown_costs_one_question_for_its_places(
    view: str, session: Session, town: Organisation
) -> None:
    request = MapRequest(view=view)
    first = draw_map(session, town, request, TODAY)
    draw_map(session, town, request, TODAY)

    with counted_queries() as statements:
        again = draw_map(session, town, request, TODAY)

    assert again.picture.svg == first.picture.svg
    # a better suggestion may have been found meanwhile, so its pictures ask for it
    most = SUGGESTION_QUERIES_MAX if KINDS[view].is_of_plans else 1
    assert len([one for one in statements if one.startswith("SELECT")]) <= most


def test_a_change_is_drawn_and_not_remembered_away(session: Session, town: Organisation) -> None:
    before = draw_map(session, town, MapRequest(view="board"), TODAY)
    make_dependency(session, "payments", "web-shop", what="Something new")
    session.commit()

    after = draw_map(session, read_organisation(session), MapRequest(view="board"), TODAY)

    assert ("Something new" in before.picture.svg, "Something new" in after.picture.svg) == (False, True)


def test_a_picture_of_pages_is_none_of_guests(session: Session, town: Organisation) -> None:
    links = Links(name="pages", team=lambda key: f"/teams/{key}")

    own = draw_map(session, town, MapRequest(), TODAY, links=links)
    shared = draw_map(session, town, MapRequest(), TODAY)

    assert ("/teams/" in own.picture.svg, "/teams/" in shared.picture.svg) == (True, False)


def test_loops_stand_where_the_map_has_its_teams_whichever_is_looked_at_first(session: Session) -> None:
    load_example(session, Actor(at=MONDAY))
    organisation = read_organisation(session)

    loops = draw_map(session, organisation, MapRequest(view="loops-on-map"), TODAY)
    teams = draw_map(session, organisation, MapRequest(), TODAY)

    assert teams.picture.positions.places == loops.picture.positions.places
    assert len(teams.picture.positions.places) == 14


@pytest.mark.usefixtures("town", "slow")
def test_a_picture_that_takes_too_long_is_drawn_with_less_and_says_so(session: Session) -> None:
    stand_in_a_row(session)
    request = MapRequest(level=DetailLevel.FULL)

    drawn = draw_map(session, read_organisation(session), request, TODAY)

    assert [box.id for box in drawn.picture.sketch.boxes] == [1, 2]
    assert drawn.picture.sketch.left_out.endswith(LESS_DETAIL)
    assert len(drawn.table.rows) == 1


@pytest.mark.parametrize(("view", "large", "starts"), [("teams", 1, 1), ("teams", 99, 0), ("board", 1, 0)])
def test_the_process_for_a_large_map_starts_while_its_links_are_counted(
    session: Session,
    town: Organisation,
    slow: SlowEngine,
    monkeypatch: pytest.MonkeyPatch,
    view: str,
    large: int,
    starts: int,
) -> None:
    monkeypatch.setattr(pictures, "LARGE", large)

    draw_map(session, town, MapRequest(view=view), TODAY)

    idle = slow._all_idle()
    for worker in idle:
        slow._idle.put(worker)
    assert sum(worker is not None for worker in idle) == starts


def test_what_cannot_be_drawn_at_all_still_has_its_table(session: Session, slow: SlowEngine) -> None:
    first, middle, last = (make_team(session, name=name, area=name) for name in ("A", "B", "C"))
    make_dependency(session, first, last, what="Around the middle")
    make_dependency(session, first, middle, what="Straight")
    places = {number: (200.0 * number, 0.0) for number in (1, 2, 3)}  # of the teams, and of their areas
    links = frozenset({(1, 2), (1, 3)})
    keep_positions(session, POSITIONS, Positions(places, links).as_dict(), key="", body=b"")
    session.commit()
    organisation = read_organisation(session)
    slow.most = 0

    with pytest.raises(CannotDraw, match="took longer"):
        draw_map(session, organisation, MapRequest(), TODAY)

    rows = table_of(session, organisation, MapRequest(), TODAY).rows
    assert [row[2] for row in rows] == ["Straight", "Around the middle"]


@pytest.mark.usefixtures("town")
def test_a_picture_that_was_too_slow_is_tried_again_later(
    session: Session, slow: SlowEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in_a_row(session)
    organisation, request = read_organisation(session), MapRequest(level=DetailLevel.FULL)
    at_first = draw_map(session, organisation, request, TODAY)
    slow.most = 100

    monkeypatch.setattr(pictures, "TRIED_AGAIN_AFTER", 0.0)
    later = draw_map(session, organisation, request, TODAY)

    assert (at_first.has_less, later.has_less) == (True, False)


@pytest.mark.parametrize("view", KINDS)
def test_every_picture_is_saved_as_every_kind_of_file(
    view: str, session: Session, town: Organisation
) -> None:
    drawn = draw_map(session, town, MapRequest(view=view), TODAY)

    files = {kind: picture_file(drawn, kind, "", "", TODAY) for kind in FILES if kind != "pdf"}

    starts = {kind: data[:4] for kind, data in files.items()}
    assert starts == {
        "svg": b"<svg",
        "png": b"\x89PNG",
        "dot": b"digr",
        "mermaid": b"flow",
        "graphml": b"<?xm",
        "csv": drawn.table.headings[0][:4].encode(),
        "xlsx": b"PK\x03\x04",
        "json": b"{\n  ",
    }
    assert json.loads(files["json"])["table"]["rows"] == [list(row) for row in drawn.table.rows]
    assert len(fromstring(files["graphml"]).findall(".//{*}node")) == len(drawn.picture.sketch.boxes)  # noqa: S314


def test_a_file_says_what_it_shows_and_when(session: Session, town: Organisation) -> None:
    request = MapRequest(DependencyFilter(only="open"), view="matrix")

    svg = picture_file(draw_map(session, town, request, TODAY), "svg", "a4", "dark", TODAY).decode()

    assert all(word in svg for word in ("Who needs whom", "only open", "2 February 2026"))
    assert "var(" not in svg


@pytest.mark.usefixtures("town")
def test_the_workbook_holds_the_table_and_no_formula(session: Session) -> None:
    make_dependency(session, "payments", "web-shop", what="=1+1 <b>")
    session.commit()
    drawn = draw_map(session, read_organisation(session), MapRequest(view="board"), TODAY)

    book = zipfile.ZipFile(io.BytesIO(picture_file(drawn, "xlsx", "", "", TODAY)))
    sheet = fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314

    rows = [[cell.findtext(".//{*}t") for cell in row] for row in sheet.findall(".//{*}row")]
    assert rows == [list(drawn.table.headings), *(list(row) for row in drawn.table.rows)]
    assert sheet.findall(".//{*}f") == []
