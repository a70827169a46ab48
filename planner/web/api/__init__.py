"""The programming interface: REST over JSON under /api/v1, of the same services as the pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify
from werkzeug.routing import IntegerConverter

from planner.web.api import (
    access,
    accounts,
    adjusting,
    calls,
    dependencies,
    export,
    finding,
    goals,
    history,
    hooks,
    horizons,
    imports,
    links,
    minutes,
    notices,
    openapi,
    pages,
    people,
    pictures,
    places,
    preparing,
    promises,
    proposals,
    running,
    sentences,
    shared_sessions,
    suggestion,
    team_sessions,
    teams,
    times,
    week,
)
from planner.web.api.operations import OPERATIONS
from planner.web.problems import PREFIX

if TYPE_CHECKING:
    from flask import Flask

    from planner.web.api.operations import Operation

GROUPS = (
    *(accounts, adjusting, dependencies, export, finding, goals, history, hooks, horizons, imports, links),
    *(minutes, notices, people, pictures, places, preparing, promises, proposals, running, sentences),
    *(shared_sessions, suggestion, team_sessions, teams, times, week),
)
"""Each of these has added its operations when it was read."""
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json")
def describe() -> Response:
    """Send the description; it tells nothing of the organisation, so nobody is asked for a token."""
    return jsonify(openapi.description())


@blueprint.after_request
def add_headers(response: Response) -> Response:
    """What is read may be kept by who has read it, if they ask each time whether it still holds."""
    response.headers["Cache-Control"] = "private, no-cache"
    return access.tell_what_is_left(response)


def register(app: Flask) -> None:
    """Add every operation under its name; a token is asked for where pages want the token of a form."""
    # a number that no row can have is looked at by `calls`: the converter of pages makes it a wrong verb
    app.url_map.converters["number"] = IntegerConverter
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)
    app.register_blueprint(pages.blueprint)


def _view(operation: Operation, **in_path: Any) -> Response:
    return calls.call(operation, in_path)


for one in OPERATIONS:
    blueprint.add_url_rule(
        one.path.replace("<int:", "<number:"),
        one.name,
        partial(_view, one),
        methods=[one.method],
        merge_slashes=False,
    )
