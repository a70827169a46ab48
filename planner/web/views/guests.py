"""Coming into a session by its code: members go to the session, guests follow it and see nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, render_template, request, session, url_for

from planner.domain.errors import InvalidInput, NotFound
from planner.services.meeting import guests
from planner.services.meeting.room import read_room
from planner.web import context
from planner.web.fragments import see_other
from planner.web.views.live import GUEST, blueprint, shown, unchanged

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.meeting.rounds import RoundOf

TOKEN = "guest"  # noqa: S105 - the name of what the cookie holds
SHOWN_OUT = "You are not in a session as a guest, or not any more. Type the code on the screen."


@blueprint.get("/live")
def door() -> str | Response:
    """Ask for the code of a session."""
    code = guests.typed(request.args.get("code", ""))
    if code:
        return see_other(url_for(".code", code=code))
    return render_template("live/door.html")


@blueprint.get("/live/<code>")
def code(code: str) -> str | Response:
    """Show who is known to the session, and ask a guest for a name."""
    place = _session_of(code)
    if context.visitor() is not None:
        return see_other(
            url_for(".show", number=place.session_id, round=place.number + 1 if place.number else None)
        )
    return render_template("live/join.html", code=guests.typed(code), problems=(), name="")


@blueprint.post("/live/<code>")
def join(code: str) -> Response:
    """Come in as a guest."""
    name = request.form.get("name", "")
    try:
        _number, token = guests.join(
            context.database(), code, name, address=request.remote_addr or "", now=context.now()
        )
    except InvalidInput as error:
        problems = [f"Your name {one.message}" for one in error.problems]
        page = render_template("live/join.html", code=guests.typed(code), problems=problems, name=name)
        return make_response(page, 422)
    session[TOKEN] = token
    return see_other(url_for(".room"))


@blueprint.get("/live/room")
def room() -> str | Response | tuple[str, int]:
    """Show a guest the session they came to."""
    place = _followed()
    if place is None:
        if request.headers.get("HX-Request"):
            raise NotFound(SHOWN_OUT)
        return see_other(url_for(".door"))
    if nothing := unchanged(place):
        return nothing
    found = read_room(context.database(), context.organisation(), place, now=context.now())
    return shown(found, "live/show.html", GUEST, url_for(".room"))


def _followed() -> RoundOf | None:
    token = session.get(TOKEN)
    return guests.read_guest(context.database(), token, context.now()) if isinstance(token, str) else None


def _session_of(code: str) -> RoundOf:
    return guests.find_session(context.database(), code, address=request.remote_addr or "", now=context.now())
