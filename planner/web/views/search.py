"""Search over everything that is recorded; a text that reads as a sentence can be asked at once."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from planner.services.finding import search
from planner.services.sentences import read_line
from planner.web import context

blueprint = Blueprint("search", __name__)
LONGEST = 400


@blueprint.get("/search")
def results() -> str:
    text = request.args.get("q", "")[:LONGEST]
    found = search(context.database(), context.organisation(), text)
    line = read_line(context.organisation(), context.visitor(), text, context.today())
    return render_template("search/results.html", text=text, found=found, line=line)
