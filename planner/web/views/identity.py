"""Who are you? Chosen from the people of the organisation until accounts arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from planner.domain.errors import NotFound
from planner.web import context
from planner.web.fragments import see_other

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("identity", __name__)


@blueprint.get("/sign-in")
def choose() -> str | Response:
    """Show everybody of the organisation; an empty one begins with its first person."""
    if not context.organisation().people:
        return redirect(url_for("start.new"), 303)
    return render_template("identity/choose.html", next=context.own_path(request.args.get("next")))


@blueprint.post("/sign-in")
def enter() -> Response:
    key = request.form.get("person", "")
    person = next((p for p in context.organisation().people if p.key == key), None)
    if person is None:
        raise NotFound("There is nobody of that name here. Choose a person from the list.")
    context.sign_in(person.id)
    return see_other(context.own_path(request.form.get("next")))


@blueprint.post("/sign-out")
def leave() -> Response:
    context.sign_out()
    return see_other(url_for("week.index"))
