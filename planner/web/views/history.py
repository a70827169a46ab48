"""What happened, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from planner.services.changes import undo as undo_change
from planner.services.history import PAGE, read_history
from planner.web import context
from planner.web.addresses import row_number
from planner.web.fragments import see_other

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("history", __name__)


@blueprint.get("/history")
def index() -> str:
    before = request.args.get("before", type=row_number)
    entries = read_history(context.database(), context.visitor(), before=before)
    return render_template("history/index.html", entries=entries, has_more=len(entries) == PAGE)


@blueprint.post("/undo/<int:change_id>")
def undo(change_id: int) -> Response:
    """Take a change back and return to where it was made, or to the history when that is gone."""
    back = undo_change(context.database(), context.actor_or_first(), change_id)
    return see_other(
        context.own_path(request.form.get("next") or "/history"), back.summary, change_id=back.id
    )
