"""A whole organisation in and out, and each list as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request, url_for

from planner.config import MEGABYTE
from planner.domain.errors import Problem
from planner.services import exchange
from planner.services.example import is_example, load_example
from planner.services.finding import DependencyFilter
from planner.services.importing.imports import tools
from planner.web import context
from planner.web.fragments import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("exchange", __name__)
NO_FILE = Problem("file", "no file was chosen; choose what another tool exports, an organisation, or a list")


@blueprint.get("/exchange")
def index() -> str:
    return exchange_page()


@blueprint.get("/export.json")
def whole() -> Response:
    context.makes_file()
    return _download(
        exchange.export_organisation(context.database()), "application/json", "organisation.json"
    )


@blueprint.get("/export/<kind>.csv")
def csv(kind: str) -> Response:
    """Send one list as CSV; dependencies with the filters of the address."""
    if kind not in exchange.LISTS:
        abort(404)
    chosen = DependencyFilter.from_query(request.args) if request.args else None
    data = exchange.export_list(context.database(), kind, chosen, context.today())
    return _download(data, "text/csv; charset=utf-8", f"{kind}.csv")


@blueprint.post("/example")
def example() -> AnyResponse:
    """Load the example organisation into an empty installation, where nobody can be signed in yet."""
    change = load_example(context.database(), context.actor_or_first())
    return see_other(url_for("week.index"), change.summary)


@blueprint.post("/remove-everything")
def clear() -> AnyResponse:
    change = exchange.remove_everything(context.database(), context.actor())
    context.sign_out()
    return see_other(url_for("week.index"), change.summary, change_id=change.id)


def exchange_page(problems: Sequence[Problem] = ()) -> str:
    """Return the page of all ways in and out, with what was wrong with a file."""
    return render_template(
        "exchange/index.html",
        lists=exchange.LISTS,
        tools=tools(),
        megabytes=context.context().settings.upload_limit // MEGABYTE,
        is_example=is_example(context.database()),
        problems=problems,
    )


def _download(data: bytes, kind: str, name: str) -> Response:
    return Response(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
