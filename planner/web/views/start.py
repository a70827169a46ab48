"""The first two minutes: your name and your team, then your first lines, then the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from planner.domain.errors import InvalidInput
from planner.services.starting import begin
from planner.web import context

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
def new() -> str | Response:
    if context.organisation().people:
        return redirect(url_for("week.index"), 303)
    return render_template("start/new.html", problems={}, name="", team="")


@blueprint.post("/start")
def create() -> tuple[str, int] | Response:
    name, team = request.form.get("name", ""), request.form.get("team", "")
    if context.organisation().people:
        return redirect(url_for("identity.choose"), 303)
    try:
        zone = request.form.get("zone", "")
        person_id = begin(context.database(), context.actor_or_first(), name=name, team=team, zone=zone)
    except InvalidInput as error:
        problems = {problem.where: problem.message for problem in error.problems}
        return render_template("start/new.html", problems=problems, name=name, team=team), 422
    context.sign_in(person_id)
    return redirect(url_for("dependencies.new", bulk=1), 303)
