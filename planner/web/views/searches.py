"""A search for a better plan: how it stands, and what those who wait for it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for

from planner.services.consolidation.searches import Figures, read_search, search_now, search_on, stop_search
from planner.web import context
from planner.web.fragments import see_other, wants_fragment
from planner.web.views.suggestion import plan_words

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from planner.services.consolidation.searches import Search

blueprint = Blueprint("searches", __name__, url_prefix="/sessions/suggestion/searches")


@blueprint.get("/<int:number>")
def show(number: int) -> Response:
    """Tell how a search stands: a line of figures while it goes on, the whole block when that changes."""
    found = read_search(context.database(), number, context.now())
    values = _values(found)
    if not wants_fragment("search-meter"):
        return make_response(render_template("suggestion/search.html", **values))
    if found.goes_on:  # asked for every other second: nothing of the organisation is read for it
        return make_response(current_app.jinja_env.get_template("suggestion/_meter.html").render(**values))
    whole = make_response(render_template("suggestion/_search.html", **values))
    whole.headers["HX-Retarget"] = "#search-block"
    return whole


@blueprint.post("/<int:number>/stop")
def stop(number: int) -> AnyResponse:
    stop_search(context.database(), context.actor(), number)
    return _back()


@blueprint.post("/<int:number>/on")
def go_on(number: int) -> AnyResponse:
    search_on(context.database(), context.actor(), number)
    return _back()


@blueprint.post("/<int:number>/now")
def make_now(number: int) -> AnyResponse:
    """Make a search within this request, where no worker makes it."""
    actor = context.actor()
    search_now(context.database(), actor, number)
    return _back()


def _back() -> AnyResponse:
    return see_other(url_for("suggestion.show", **plan_words()))


def _values(found: Search) -> dict[str, object]:
    """What a search is told with; what is better is compared with the plan that its reader sees."""
    sessions, cost = (request.args.get(name, type=int) for name in ("shown_sessions", "shown_cost"))
    shown = None if sessions is None or cost is None else Figures(sessions, cost)
    return {"search": found, "shown": shown or found.first or Figures(0, 0), "words": plan_words()}
