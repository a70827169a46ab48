"""Search over everything that is recorded; a text that reads as a sentence can be asked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from planner.services.finding import search
from planner.services.sentences import read_line
from planner.web import context
from planner.web.fragments import wants_fragment
from planner.web.palette import entries

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("search", __name__)
LONGEST = 400


@blueprint.get("/search")
def results() -> str:
    text = _typed()
    found = search(context.database(), context.organisation(), text)
    line = read_line(context.organisation(), context.visitor(), text, context.today())
    return render_template("search/results.html", text=text, found=found, line=line)


@blueprint.get("/search/palette")
def palette() -> str | Response:
    """Return the list of the palette; a page that says the same to whom does not ask for the list alone."""
    if not wants_fragment("palette-list"):
        return redirect(url_for(".results", q=_typed() or None), 303)
    return render_template("search/_palette.html", entries=entries(_typed()))


def _typed() -> str:
    return request.args.get("q", "")[:LONGEST]
