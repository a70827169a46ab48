"""What happened, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from planner.services.changes import undo as undo_change
from planner.services.history import TABLES, HistoryFilter, read_actors, read_history
from planner.web import context
from planner.web.addresses import row_number
from planner.web.fragments import page_or_fragment, see_other

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("history", __name__)
KINDS = [
    (noun, f"{noun.capitalize()}s") for noun in TABLES if noun not in {"dependency", "person", "organisation"}
]
WHAT = [("dependency", "Dependencies"), ("person", "People"), *KINDS, ("organisation", "Rules and name")]


@blueprint.get("/history")
def index() -> str:
    """List what passes the filters of the address, fifty changes a page."""
    chosen = HistoryFilter.from_query(request.args)
    before = request.args.get("before", type=row_number)
    return page_or_fragment(
        "history/index.html",
        "history/_list.html",
        "history-list",
        history=read_history(context.database(), context.visitor(), chosen, before=before),
        actors=[(name, name) for name in read_actors(context.database())],
        kinds=WHAT,
    )


@blueprint.post("/undo/<int:change_id>")
def undo(change_id: int) -> Response:
    """Take a change back and return to where it was made, or to the history when that is gone."""
    back = undo_change(context.database(), context.actor_or_first(), change_id)
    return see_other(
        context.own_path(request.form.get("next") or "/history"), back.summary, change_id=back.id
    )
