"""The first page: my week, or what this is for somebody who has not said who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from planner.services import weeks
from planner.services.pictures import MapRequest, draw_map
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
        everything = MapRequest([d for d in organisation.dependencies if d.state.is_active])
        drawn = draw_map(context.database(), organisation, everything, context.today())
        return render_template("week/welcome.html", suggestion=suggestion, drawn=drawn)
    return render_template(
        "week/index.html",
        week=weeks.week_of(organisation, visitor, suggestion, context.today()),
        suggestion=suggestion,
        person=organisation.person[visitor.person_id] if visitor.person_id else None,
    )
