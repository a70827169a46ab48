"""The sessions that teams hold today: the list by weekday, one session, and its form."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from planner.domain.model import WEEKDAYS
from planner.domain.transfer import SessionDraft, session_draft
from planner.services import sessions
from planner.services.agreements import restore_session
from planner.services.finding import called
from planner.services.history import read_history_of
from planner.services.shared_sessions import read_coming
from planner.web import context
from planner.web.forms.base import options
from planner.web.forms.sessions import SessionForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.paging import ListPage, list_page
from planner.web.records import by_key, given, looked_for, remember_version, save, save_over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.wrappers import Response

    from planner.domain.model import Person, TeamSession

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")
SHARED_MOST = 20


@blueprint.get("")
def index() -> str:
    """List by weekday the sessions whose title holds what is looked for, of one team or one person or all.

    Where there are many, those of the reader stand first.
    """
    organisation, reader = context.organisation(), context.reader()
    team, person = request.args.get("team", ""), request.args.get("person", "")
    hosts = {one.id for one in called(organisation.teams, team)}
    sitters = {one.id for one in called(organisation.people, person)}
    found = [
        session
        for session in looked_for(organisation.sessions, lambda session: session.title)
        if (not team or session.host_id in hosts) and (not person or sitters & session.attendee_ids)
    ]
    shown = list_page(_in_order(found), is_mine=lambda session: _is_of(session, reader))
    zones = {session.zone for session in found if session.start is not None}
    return page_or_fragment(
        "sessions/index.html",
        "sessions/_list.html",
        "session-list",
        shown=shown,
        days=_by_weekday(shown),
        words=given("q", "team", "person"),
        shared_zone=zones.pop() if len(zones) == 1 else None,
        **_shared(reader),
        person=reader,
        teams=options((t.key, t.name) for t in organisation.teams),
        people=options((p.key, p.name) for p in organisation.people),
    )


@blueprint.get("/team/new")
def new() -> str:
    organisation, actor = context.organisation(), context.actor()
    mine = next((team.key for team in organisation.teams if team.id in actor.decides_for), "")
    form = SessionForm(formdata=None).offer(organisation)
    form.fill(SessionDraft("", "", request.args.get("team", mine), zone=context.own_zone()))
    return _form_page(form, None)


@blueprint.post("/team")
def create() -> tuple[str, int] | Response:
    actor = context.actor()
    form = SessionForm().offer(context.organisation())
    saved = save(form, lambda: sessions.record_session(context.database(), actor, form.draft()))
    if saved is None:
        return _form_page(form, None), 422
    key, change = saved
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.get("/team/<key>")
def show(key: str) -> str:
    session = find(key)
    return render_template(
        "sessions/show.html",
        session=session,
        attendees=[p for p in context.organisation().people if p.id in session.attendee_ids],
        history=read_history_of(context.database(), context.visitor(), "session", session.id),
    )


@blueprint.get("/team/<key>/edit")
def edit(key: str) -> str:
    context.actor()
    session = find(key)
    form = SessionForm(formdata=None).offer(context.organisation())
    form.fill(session_draft(context.organisation(), session))
    remember_version(form, "session", session.id)
    return _form_page(form, session)


@blueprint.post("/team/<key>")
def update(key: str) -> tuple[str, int] | Response:
    actor = context.actor()
    session = find(key)
    form = SessionForm().offer(context.organisation())
    change = save_over(
        form,
        "session",
        session.id,
        lambda: sessions.change_session(
            context.database(), actor, key, form.draft(), version=form.expected_version
        ),
    )
    if change is None:
        return _form_page(form, session), form.status
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.post("/team/<key>/delete")
def delete(key: str) -> Response:
    change = sessions.remove_session(context.database(), context.actor(), key)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


@blueprint.post("/team/<key>/restore")
def restore(key: str) -> Response:
    """Let a paused session be held again."""
    change = restore_session(context.database(), context.actor(), key)
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


def find(key: str) -> TeamSession:
    """Return the team session of this key. Raises NotFound."""
    return by_key(context.organisation().sessions, key, "session")


def _shared(reader: Person | None) -> dict[str, Any]:
    """What is agreed and comes next; of many the reader's own and the first others, or all if asked for."""
    coming = read_coming(context.database(), context.organisation(), context.now())
    if len(coming) <= SHARED_MOST or request.args.get("shared") == "all":
        return {"shared": coming, "shared_total": len(coming)}
    key = reader.key if reader else ""
    first = sorted(coming, key=lambda one: key not in {seat.key for seat in one.seats})
    return {"shared": first[:SHARED_MOST], "shared_total": len(coming)}


def _in_order(found: Iterable[TeamSession]) -> list[TeamSession]:
    """Return the sessions by their day, earliest first; those without a day last."""
    return sorted(found, key=lambda session: (_day(session), session.start or 0))


def _day(session: TeamSession) -> int:
    return len(WEEKDAYS) if session.weekday is None else session.weekday


def _is_of(session: TeamSession, person: Person | None) -> bool:
    return person is not None and person.id in session.attendee_ids


def _by_weekday(shown: ListPage[TeamSession]) -> list[tuple[str, list[TeamSession]]]:
    """Return the sessions under the name of their day, those that were put first under "Yours"."""
    mine, others = shown.rows[: shown.mine], shown.rows[shown.mine :]
    days = [((*WEEKDAYS, "No fixed day")[n], list(group)) for n, group in groupby(others, key=_day)]
    return [("Yours", list(mine)), *days] if mine else days


def _form_page(form: SessionForm, session: TeamSession | None) -> str:
    return render_template("sessions/edit.html", form=form, session=session)
