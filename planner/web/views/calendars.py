"""Agreed sessions for calendar programs: one to take away, feeds behind a secret, and those one has made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from planner.services.calendars import make_feed, read_feed, read_feeds, revoke_feed, session_calendar
from planner.web import context
from planner.web.fragments import see_other
from planner.web.records import by_key

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.model import Team

blueprint = Blueprint("calendars", __name__)
CALENDAR = "text/calendar; charset=utf-8"


@blueprint.get("/sessions/shared/<int:number>.ics")
def session(number: int) -> Response:
    """Send one agreed session, with the visitor's own window in its text."""
    visitor, organisation = context.visitor(), context.organisation()
    person = organisation.person[visitor.person_id] if visitor and visitor.person_id else None
    found = session_calendar(context.database(), organisation, number, person)
    headers = {"Content-Disposition": f'attachment; filename="session-{number}.ics"'}
    return Response(found, content_type=CALENDAR, headers=headers)


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """Send the calendar behind a secret; whoever has it needs no account."""
    found = read_feed(context.database(), context.organisation(), token, context.now())
    return Response(found, content_type=CALENDAR)


@blueprint.get("/calendar")
def index() -> str:
    """Show one's own calendar addresses that work, each to be taken back."""
    organisation = context.organisation()
    actor = context.actor()
    return render_template(
        "calendars/index.html",
        feeds=read_feeds(context.database(), actor),
        my_teams=[team for team in organisation.teams if team.id in actor.member_of],
    )


@blueprint.post("/calendar")
def create() -> str:
    """Make an address and show it, once."""
    actor = context.actor()
    context.own_address("/")  # before anything is kept
    team = _team_asked_for()
    token = make_feed(context.database(), actor, team_id=team.id if team else None)
    link = context.own_address(url_for(".feed", token=token))
    return render_template("calendars/made.html", link=link, team=team)


@blueprint.post("/calendar/<int:number>/revoke")
def revoke(number: int) -> AnyResponse:
    """Take an address back."""
    revoke_feed(context.database(), context.actor(), number)
    return see_other(url_for(".index"), "That address opens nothing any more.")


def _team_asked_for() -> Team | None:
    key = request.form.get("team", "")
    return by_key(context.organisation().teams, key, "team") if key else None
