"""How it works, on one page."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def index() -> str:
    return render_template("help/index.html")
