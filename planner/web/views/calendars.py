"""Calendars: agreed sessions to take away or behind a secret address, and when one cannot meet oneself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import counted
from planner.services.away import (
    add_days_off,
    keep_busy_times,
    read_own_times,
    remove_busy_times,
    remove_days_off,
)
from planner.services.calendar.calendars import (
    make_feed,
    read_feed,
    read_feeds,
    revoke_feed,
    session_calendar,
)
from planner.web import context
from planner.web.fragments import see_other
from planner.web.records import by_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.model import Team

blueprint = Blueprint("calendars", __name__)
NO_FILE = Problem("file", "is missing; choose a calendar file")
CALENDAR = "text/calendar; charset=utf-8"


@blueprint.get("/sessions/shared/<int:number>.ics")
def session(number: int) -> Response:
    """Send one agreed session, with the visitor's own window in its text."""
    organisation, person = context.organisation(), context.reader()
    found = session_calendar(
        context.database(), organisation, number, person, replies_to=context.replies_to()
    )
    headers = {"Content-Disposition": f'attachment; filename="session-{number}.ics"'}
    return Response(found, content_type=CALENDAR, headers=headers)


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """Send the calendar behind a secret; whoever has it needs no account."""
    found = read_feed(context.database(), context.organisation(), token, context.now())
    return Response(found, content_type=CALENDAR)


@blueprint.get("/calendar")
def index() -> str:
    """Show one's own calendar addresses that work, and when one cannot meet."""
    return _page(())


def _page(problems: Sequence[Problem]) -> str:
    organisation = context.organisation()
    actor = context.actor()
    return render_template(
        "calendars/index.html",
        feeds=read_feeds(context.database(), actor),
        my_teams=[team for team in organisation.teams if team.id in actor.member_of],
        mine=read_own_times(context.database(), actor),
        problems=problems,
    )


@blueprint.post("/calendar/busy")
def read_file() -> tuple[str, int] | AnyResponse:
    """Read one's own busy times from a calendar file."""
    actor, organisation = context.actor(), context.organisation()
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _page([NO_FILE]), 422
    context.release()  # reading it takes a while
    try:
        number = keep_busy_times(context.database(), actor, organisation, upload.read())
    except InvalidInput as error:
        return _page(error.problems), 422
    return see_other(url_for(".index"), f"Read {counted(number, 'busy time')}, and nothing else of the file.")


@blueprint.post("/calendar/busy/remove")
def forget_file() -> AnyResponse:
    """Forget one's own busy times."""
    remove_busy_times(context.database(), context.actor())
    return see_other(url_for(".index"), "Your busy times are forgotten.")


@blueprint.post("/calendar/days-off")
def add_days() -> tuple[str, int] | AnyResponse:
    """Keep one's own days off."""
    first, last = (request.form.get(name, type=date.fromisoformat) for name in ("first", "last"))
    try:
        add_days_off(context.database(), context.actor(), first, last)
    except InvalidInput as error:
        return _page(error.problems), 422
    return see_other(url_for(".index"), "No session is placed on these days for you any more.")


@blueprint.post("/calendar/days-off/remove")
def remove_days() -> AnyResponse:
    """Take days off back."""
    first = request.form.get("first", type=date.fromisoformat)
    remove_days_off(context.database(), context.actor(), first)
    return see_other(url_for(".index"), "Sessions can be placed on these days again.")


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
