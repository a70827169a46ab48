"""The team map: the picture, the table that says the same, and the files of exactly that view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request, url_for

from planner.domain.picture import DetailLevel
from planner.services.exchange import write_table
from planner.services.finding import DependencyFilter, filter_in_words, find_dependencies
from planner.services.pictures import CannotDraw, MapRequest, draw_map, map_file, map_only
from planner.web import context
from planner.web.fragments import page_or_fragment, see_other
from planner.web.views.dependencies import filter_choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.model import TeamId
    from planner.services.pictures import DrawnMap

blueprint = Blueprint("map", __name__)
DEPTHS = (1, 2, 3)
FILES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "dot": "text/vnd.graphviz; charset=utf-8",
}


@blueprint.get("/map")
def show() -> str:
    chosen = DependencyFilter.from_query(request.args)
    asked = map_request(chosen, request.args)
    drawn, problem = None, ""
    try:
        drawn = _draw(asked)
    except CannotDraw as error:
        problem = str(error)
    return page_or_fragment(
        "map/show.html",
        "map/_picture.html",
        "map",
        chosen=chosen,
        choices=filter_choices(),
        map=drawn.map if drawn else map_only(context.organisation(), asked, context.today()),
        drawn=drawn,
        problem=problem,
        query={**chosen.as_query(), **_view_query()},
        focus=request.args.get("focus", ""),
        depth=_depth(request.args),
    )


@blueprint.post("/map/tidy")
def tidy() -> AnyResponse:
    """Lay the whole map out anew; people's places on it change, so it is asked for, never done alone."""
    context.actor()
    asked = map_request(DependencyFilter(), request.args)
    draw_map(context.database(), context.organisation(), asked, context.today(), tidy=True)
    return see_other(url_for(".show"), "The map was laid out anew.")


@blueprint.get("/map.<kind>")
def file(kind: str) -> Response:
    """Send the view of the address as a file."""
    asked = map_request(DependencyFilter.from_query(request.args), request.args)
    if kind == "csv":
        return _attachment(_table(asked), "text/csv; charset=utf-8", "map.csv")
    if kind not in FILES:
        abort(404)
    data = map_file(
        _draw(asked), kind, request.args.get("size", ""), request.args.get("theme", ""), context.today()
    )
    return _attachment(data, FILES[kind], f"map.{kind}")


def _draw(asked: MapRequest) -> DrawnMap:
    team_keys = {team.id: team.key for team in context.organisation().teams}
    return draw_map(
        context.database(),
        context.organisation(),
        asked,
        context.today(),
        team_href=lambda team_id: url_for("teams.show", key=team_keys[team_id]),
        area_href=lambda area: url_for("teams.index", area=area),
    )


def map_request(chosen: DependencyFilter, words: Mapping[str, str]) -> MapRequest:
    """Return which map a filter and the words of an address ask for. Raises NotFound."""
    organisation = context.organisation()
    return MapRequest(
        dependencies=find_dependencies(organisation, chosen, context.today()),
        in_words=filter_in_words(organisation, chosen),
        focus=_focus(words.get("focus", "")),
        depth=_depth(words),
        level=_level(words.get("level", "")),
    )


def _focus(key: str) -> TeamId | None:
    found = [team.id for team in context.organisation().teams if team.key == key]
    if key and not found:
        abort(404)
    return found[0] if found else None


def _depth(words: Mapping[str, str]) -> int:
    depth = words.get("depth", "")
    return int(depth) if depth in map(str, DEPTHS) else 1


def _level(wanted: str) -> DetailLevel | None:
    return DetailLevel(wanted) if wanted in {level.value for level in DetailLevel} else None


def _view_query() -> dict[str, str]:
    return {name: request.args[name] for name in ("focus", "depth", "level") if request.args.get(name)}


def _table(asked: MapRequest) -> bytes:
    rows = map_only(context.organisation(), asked, context.today()).rows
    cells = [(row.provider, row.consumer, "; ".join(row.what), row.count, row.state) for row in rows]
    return write_table([("gives", "receives", "what", "number", "state"), *cells])


def _attachment(data: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=kind, headers=headers)
