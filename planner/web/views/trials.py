"""What a session was worth to me, said with one click; and my own load, for me alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.errors import InvalidInput, Problem
from planner.domain.worth import SAYS
from planner.services import trials
from planner.web import context
from planner.web.fragments import see_other
from planner.web.rounds import asked_for

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("trials", __name__)


@blueprint.app_context_processor
def answers() -> dict[str, object]:
    """Give the five answers to the pages that ask for one."""
    return {"worth_says": SAYS}


@blueprint.post("/sessions/shared/<int:number>/worth")
def say(number: int) -> Response:
    """Take what a session was worth to the visitor; an empty value takes it back."""
    actor = context.actor()
    typed = request.form.get("value", "")
    if typed and typed not in {str(value) for value in SAYS}:
        raise InvalidInput(Problem("value", f"is none of the answers; press one of the {len(SAYS)} buttons"))
    trials.say_worth(context.database(), actor, asked_for(number), int(typed) if typed else None)
    back = context.own_path(
        request.form.get("next") or url_for("minutes.show", number=number, round=request.args.get("round"))
    )
    return see_other(back, "Kept what it was worth to you" if typed else "Took back what it was worth to you")


@blueprint.get("/people/<key>/load")
def own(key: str) -> str:
    """Show the visitor their own load; the address of anybody else is not found."""
    actor = context.actor()
    load = trials.read_own_load(context.database(), context.organisation(), actor, key)
    return render_template("trials/own.html", load=load)
