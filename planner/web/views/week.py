"""The first page: my week, or what this is for somebody who has not said who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from planner.services import weeks
from planner.services.pictures import CannotDraw, DrawnMap, MapRequest, draw_map
from planner.services.suggestions import SuggestionRequest, suggest
from planner.web import context

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("week", __name__)


@blueprint.get("/")
def index() -> str | Response:
    organisation = context.organisation()
    if not organisation.teams and not organisation.people:
        return redirect(url_for("start.new"), 303)
    suggestion = suggest(context.database(), organisation, SuggestionRequest(), context.today())
    visitor = context.visitor()
    if visitor is None:
        return render_template("week/welcome.html", suggestion=suggestion, drawn=_whole_map())
    return render_template(
        "week/index.html",
        week=weeks.week_of(organisation, visitor, suggestion, context.today()),
        suggestion=suggestion,
        person=organisation.person[visitor.person_id] if visitor.person_id else None,
    )


def _whole_map() -> DrawnMap | None:
    """The map of everything, None when it takes too long to draw: the page stands without it."""
    organisation = context.organisation()
    everything = MapRequest(organisation.active_dependencies)
    try:
        return draw_map(context.database(), organisation, everything, context.today())
    except CannotDraw:
        return None
