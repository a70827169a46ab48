"""A session for one dependency that no plan holds: asked for, its invitations mailed, called off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for

from planner.domain.model import DependencyId
from planner.services.calendar.inviting import mail_single
from planner.services.single_sessions import call_off, hold_single
from planner.web import context
from planner.web.forms.base import UNKNOWN, form_key
from planner.web.fragments import see_other
from planner.web.inviting import mailed

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("single_sessions", __name__)


@blueprint.post("/dependencies/<int:number>/session")
def ask(number: int) -> Response:
    """Ask those who speak for a dependency for a time to talk about it."""
    session_id, change = hold_single(
        context.database(), context.actor(), DependencyId(number), key=form_key(request.form.get("key"))
    )
    return see_other(
        url_for("shared_sessions.show", number=session_id) + "#poll", change.summary, change_id=change.id
    )


@blueprint.post("/sessions/shared/<int:number>/off")
def off(number: int) -> Response:
    """Hold no session for it after all."""
    change = call_off(
        context.database(),
        context.actor(),
        number,
        version=request.form.get("version", UNKNOWN, type=int),
        key=form_key(request.form.get("key")),
    )
    return see_other(url_for("shared_sessions.show", number=number), change.summary, change_id=change.id)


@blueprint.post("/sessions/shared/<int:number>/invite")
def invite(number: int) -> Response:
    """Mail the invitations that people have coming."""
    change = mailed(mail_single, number)
    return see_other(url_for("shared_sessions.show", number=number), change.summary, change_id=change.id)
