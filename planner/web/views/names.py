"""The names that fit what somebody types into a field for a team or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, url_for

from planner.web import context
from planner.web.fragments import wants_fragment
from planner.web.names import distinct, fitting, names_list

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("names", __name__)
MOST = 20
LONGEST = 200


@blueprint.get("/names/<any(teams,people):kind>")
def index(kind: str) -> str | Response:
    """Return the list of a field; who does not ask for it alone goes to the page with the same names."""
    organisation = context.organisation()
    typed = request.args.get(request.args.get("field", ""), "")[:LONGEST]
    list_id = request.args.get("list", "")[:LONGEST]
    if not list_id or not wants_fragment(list_id):
        return redirect(url_for(f"{kind}.index", q=typed or None), 303)
    records = organisation.teams if kind == "teams" else organisation.people
    found = fitting(typed, distinct((one.key, one.name) for one in records), most=MOST)
    extra = request.args.get("extra", "")[:LONGEST]
    return names_list(list_id, [*found, extra] if extra else found)
