"""The first page: my week, or what this is for somebody who has not said who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, url_for

from planner.domain.negotiation.affected import numbers_behind
from planner.services import negotiations, weeks
from planner.services.calendar.polls import read_finding
from planner.services.consolidation.suggestions import SuggestionRequest, suggest_of_late
from planner.services.consolidation.waiting_plans import read_waiting_plans
from planner.services.meeting.ballots import read_unvoted
from planner.services.meeting.guest_items import read_guest_items
from planner.services.pictures.pictures import CannotDraw, DrawnMap, MapRequest, draw_map
from planner.services.promised import peers_among, read_promises
from planner.services.reading import versions_of
from planner.services.shared_sessions import ahead_of, read_sessions
from planner.web import context
from planner.web.acts import week_buttons
from planner.web.fragments import page_or_fragment
from planner.web.standing import stands

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.services.actor import Actor

blueprint = Blueprint("week", __name__)


@blueprint.get("/")
def index() -> str | Response:
    organisation = context.organisation()
    if not organisation.teams and not organisation.people:
        return redirect(url_for("start.new"), 303)
    suggestion = suggest_of_late(context.database(), organisation, SuggestionRequest(), context.day_for_all())
    visitor = context.visitor()
    if visitor is None:
        return render_template("week/welcome.html", suggestion=suggestion, drawn=_whole_map())
    sessions = read_sessions(context.database(), organisation, visitor.at)
    agreed = ahead_of(sessions, visitor)
    week = weeks.week_of(organisation, visitor, suggestion, context.today(), agreed=agreed)
    person = context.reader()
    return page_or_fragment(
        "week/index.html",
        "week/_update.html",
        "week-lists",
        week=week,
        suggestion=suggestion,
        plans=read_waiting_plans(context.database(), organisation, visitor),
        person=person,
        finding=read_finding(context.database(), week.agreed, person.key if person else ""),
        guest_items=read_guest_items(context.database(), organisation, visitor),
        unvoted=read_unvoted(context.database(), visitor, week.agreed, organisation.person),
        promises=read_promises(context.database(), organisation, visitor),
        peers=peers_among(sessions, organisation, visitor),
        **_rows(week, visitor),
    )


def _rows(week: weeks.Week, visitor: Actor) -> dict[str, Any]:
    """What stands in each row beside its dependency, by id."""
    organisation, today = context.organisation(), context.today()
    listed = {d.id: d for d in (*week.others_need, *week.waits_for)}
    acts = {number: negotiations.acts_of(visitor, d, today) for number, d in listed.items()}
    return {
        "row_words": {number: stands(organisation, d, today) for number, d in listed.items()},
        "buttons": {number: week_buttons(d, acts[number], today) for number, d in listed.items()},
        "versions": versions_of(context.database(), "dependency", listed),
        "behind": numbers_behind(week.others_need, organisation.dependencies),
    }


def _whole_map() -> DrawnMap | None:
    """The map of everything, None when it takes too long to draw: the page stands without it."""
    organisation = context.organisation()
    everything = MapRequest()
    try:
        return draw_map(
            context.database(), organisation, everything, context.today(), plan_on=context.day_for_all()
        )
    except CannotDraw:
        return None
