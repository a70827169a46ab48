"""Every picture of the organisation: the drawing, the table that says the same, the files of exactly that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request, url_for

from planner.domain.picture import DetailLevel, LinksEach
from planner.services.finding import DependencyFilter, called, filter_in_words
from planner.services.pictures.pictures import (
    FILES,
    KINDS,
    WITHOUT_DRAWING,
    CannotDraw,
    Links,
    MapRequest,
    draw_map,
    is_empty,
    picture_file,
    table_file,
    table_of,
)
from planner.web import context
from planner.web.fragments import page_or_fragment, see_other
from planner.web.records import by_key
from planner.web.views.dependencies import filter_choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.model import TeamId
    from planner.domain.pictures.cards import PictureTable
    from planner.services.pictures.pictures import DrawnMap

blueprint = Blueprint("map", __name__)
DEPTHS = (1, 2, 3)
FIRST_VIEW = "teams"
ROWS_ON_PAGE = 300
SAVED_AS: tuple[tuple[str, tuple[tuple[str, str, dict[str, str]], ...]], ...] = (
    ("For a wiki", (("SVG", "svg", {}), ("PNG", "png", {}), ("PNG, dark", "png", {"theme": "dark"}))),
    ("For a slide", (("PNG 16:9", "png", {"size": "slide"}), ("PDF 16:9", "pdf", {"size": "slide"}))),
    ("To print", (("PDF A4", "pdf", {"size": "a4"}), ("PDF A3", "pdf", {"size": "a3"}))),
    ("For other tools", (("DOT", "dot", {}), ("Mermaid", "mermaid", {}), ("GraphML", "graphml", {}))),
    ("The table", (("CSV", "csv", {}), ("XLSX", "xlsx", {}), ("JSON", "json", {}))),
)
LEVELS = (
    ("", "What fits"),
    (DetailLevel.AREAS.value, "Areas"),
    (DetailLevel.BACKBONE.value, "Strongest links"),
    (DetailLevel.FULL.value, "Everything"),
)
LINKS_EACH = (
    ("", "2"),
    (LinksEach.THREE.value, "3"),
    (LinksEach.FIVE.value, "5"),
    (LinksEach.TEN.value, "10"),
    (LinksEach.ALL.value, "all that fit"),
)


@blueprint.get("/map")
def show() -> str:
    asked = map_request(request.args)
    return page_or_fragment(
        "map/show.html",
        "map/_update.html",
        "map",
        chosen=asked.chosen,
        choices=filter_choices(),
        query={**DependencyFilter.from_query(request.args).as_query(), **_view_query()},
        focus=request.args.get("focus", ""),
        depth=_depth(request.args),
        level=asked.level.value if asked.level else "",
        levels=LEVELS,
        links_each=LINKS_EACH,
        links=asked.links_each.value if asked.links_each else "",
        kinds=KINDS.values(),
        saved_as=SAVED_AS,
        **seen(asked, page_links()),
    )


def seen(asked: MapRequest, links: Links | None = None) -> dict[str, Any]:
    """Return what a template shows of a picture, or why it was not drawn and its table."""
    organisation, today = context.organisation(), context.today()
    drawn, problem = None, ""
    try:
        drawn = draw_map(
            context.database(),
            organisation,
            asked,
            today,
            plan_on=context.day_for_all(),
            links=links,
            draws=context.draws,
        )
    except CannotDraw as error:
        problem = str(error)
    return {
        "kind": KINDS[asked.view],
        "drawn": drawn,
        "nothing": drawn is not None and is_empty(drawn),
        "problem": problem,
        "table": drawn.table
        if drawn
        else table_of(context.database(), organisation, asked, today, plan_on=context.day_for_all()),
        "rows_on_page": ROWS_ON_PAGE,
        "in_words": filter_in_words(organisation, asked.chosen),
    }


@blueprint.post("/map/tidy")
def tidy() -> AnyResponse:
    """Lay the whole map out anew; people's places on it change, so it is asked for, never done alone."""
    context.actor()
    draw_map(
        context.database(),
        context.organisation(),
        MapRequest(),
        context.today(),
        tidy=True,
        draws=context.draws,
    )
    return see_other(url_for(".show"), "The map was laid out anew.")


@blueprint.get("/map.<kind>")
def file(kind: str) -> Response:
    """Send the view of the address as a file."""
    if kind not in FILES:
        abort(404)
    asked = map_request(request.args)
    if kind in WITHOUT_DRAWING:
        return _attachment(table_file(_table(asked), kind), kind, asked)
    context.makes_file()
    drawn = _draw(asked)
    data = picture_file(
        drawn, kind, request.args.get("size", ""), request.args.get("theme", ""), context.today()
    )
    return _attachment(data, kind, asked)


def _table(asked: MapRequest) -> PictureTable:
    return table_of(
        context.database(), context.organisation(), asked, context.today(), plan_on=context.day_for_all()
    )


def _draw(asked: MapRequest) -> DrawnMap:
    return draw_map(
        context.database(),
        context.organisation(),
        asked,
        context.today(),
        plan_on=context.day_for_all(),
        links=page_links(),
        draws=context.draws,
    )


def page_links() -> Links:
    """Return the addresses of our own pages."""

    def pair(keys: str) -> str:
        needs, _, gives = keys.partition("|")
        words: dict[str, Any] = {"needs": needs, "from": gives}  # `from` is no name for an argument
        return url_for("dependencies.index", **words)

    return Links(
        name="pages",
        team=lambda key: url_for("teams.show", key=key),
        dependency=lambda number: url_for("dependencies.show", number=int(number)),
        goal=lambda key: url_for("goals.show", key=key),
        area=lambda area: url_for("teams.index", area=area),
        pair=pair,
    )


def map_request(words: Mapping[str, str]) -> MapRequest:
    """Return which picture the words of an address ask for. Raises NotFound for a team that is not there."""
    view = words.get("view", "")
    view = view if view in KINDS else FIRST_VIEW
    chosen = DependencyFilter.from_query(words)
    if KINDS[view].takes_horizon_alone:
        chosen = DependencyFilter(horizon=chosen.horizon)
    return MapRequest(
        chosen=chosen,
        view=view,
        focus=_focus(words.get("focus", "")),
        depth=_depth(words),
        level=_level(words.get("level", "")),
        links_each=_links_each(words.get("links", "")),
    )


def _focus(word: str) -> TeamId | None:
    """The one team that is meant by a key or a part of a name. Raises NotFound."""
    if not word:
        return None
    meant = called(context.organisation().teams, word)
    return meant[0].id if len(meant) == 1 else by_key(context.organisation().teams, word, "team").id


def _depth(words: Mapping[str, str]) -> int:
    depth = words.get("depth", "")
    return int(depth) if depth in map(str, DEPTHS) else 1


def _level(wanted: str) -> DetailLevel | None:
    return DetailLevel(wanted) if wanted in {level.value for level in DetailLevel} else None


def _links_each(wanted: str) -> LinksEach | None:
    return LinksEach(wanted) if wanted in {each.value for each in LinksEach} else None


def _view_query() -> dict[str, str]:
    names = ("view", "focus", "depth", "level", "links")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _attachment(data: bytes, kind: str, asked: MapRequest) -> Response:
    name = "map" if asked.view == FIRST_VIEW else asked.view
    ending = "mmd" if kind == "mermaid" else kind
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(data, content_type=FILES[kind], headers=headers)
