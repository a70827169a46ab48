"""Teams: the list, one team, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.transfer import team_draft
from planner.services import teams
from planner.services.finding import waited_for_first
from planner.services.history import read_history_of
from planner.web import context
from planner.web.forms.base import options
from planner.web.forms.teams import TeamForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.paging import list_page
from planner.web.records import by_key, given, looked_for, remember_version, save, save_over

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import Team

blueprint = Blueprint("teams", __name__, url_prefix="/teams")


@blueprint.get("")
def index() -> str:
    """List the teams whose name holds what is looked for, in one area or in all; the reader's own first."""
    organisation, reader = context.organisation(), context.reader()
    area = request.args.get("area", "")
    found = [
        team for team in looked_for(organisation.teams, lambda team: team.name) if area in ("", team.area)
    ]
    mine = organisation.teams_of[reader.id] if reader is not None else ()
    return page_or_fragment(
        "teams/index.html",
        "teams/_list.html",
        "team-list",
        shown=list_page(found, is_mine=lambda team: team.id in mine),
        words=given("q", "area"),
        areas=options({(team.area, team.area) for team in organisation.teams if team.area}),
    )


@blueprint.get("/new")
def new() -> str:
    context.actor()
    return _form_page(TeamForm(formdata=None).offer(context.organisation()), None)


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    actor = context.actor()
    form = TeamForm().offer(context.organisation())
    saved = save(form, lambda: teams.record_team(context.database(), actor, form.draft({})))
    if saved is None:
        return _form_page(form, None), 422
    key, change = saved
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.get("/<key>")
def show(key: str) -> str:
    organisation = context.organisation()
    team = find(key)
    return render_template(
        "teams/show.html",
        team=team,
        members=organisation.members_of[team.id],
        needs=waited_for_first(d for d in organisation.dependencies if d.consumer_id == team.id),
        gives=waited_for_first(d for d in organisation.dependencies if d.provider_id == team.id),
        sessions=[s for s in organisation.sessions if s.host_id == team.id],
        history=read_history_of(context.database(), context.visitor(), "team", team.id),
    )


@blueprint.get("/<key>/edit")
def edit(key: str) -> str:
    context.actor()
    team = find(key)
    form = TeamForm(formdata=None).offer(context.organisation())
    form.fill(team_draft(context.organisation(), team))
    remember_version(form, "team", team.id)
    return _form_page(form, team)


@blueprint.post("/<key>")
def update(key: str) -> tuple[str, int] | Response:
    actor = context.actor()
    team = find(key)
    form = TeamForm().offer(context.organisation())
    roles = {m.person: m.role for m in team_draft(context.organisation(), team).members}
    change = save_over(
        form,
        "team",
        team.id,
        lambda: teams.change_team(
            context.database(), actor, key, form.draft(roles), version=form.expected_version
        ),
    )
    if change is None:
        return _form_page(form, team), form.status
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.post("/<key>/delete")
def delete(key: str) -> Response:
    change = teams.remove_team(context.database(), context.actor(), key)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def find(key: str) -> Team:
    """Return the team of this key. Raises NotFound."""
    return by_key(context.organisation().teams, key, "team")


def _form_page(form: TeamForm, team: Team | None) -> str:
    return render_template("teams/edit.html", form=form, team=team)
