"""How it works, on one page, and the switch for single keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.web import context
from planner.web.fragments import see_other

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def index() -> str:
    return render_template("help/index.html")


@blueprint.post("/help/keys")
def keys() -> Response:
    """Switch single keys off or on for whoever sits here."""
    context.switch_keys(off=request.form.get("keys") == "off")
    return see_other(url_for(".index", _anchor="keys"))
