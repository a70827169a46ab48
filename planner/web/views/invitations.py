"""Inviting people, and the accounts that administrators look after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request, url_for

from planner.domain.errors import NotFound
from planner.services.accounts import accounts
from planner.services.accounts.attempts import Kind, count_attempt
from planner.services.accounts.invitations import invite, read_invitations, revoke_invitation
from planner.services.permissions import Right, may, require
from planner.web import context
from planner.web.forms.accounts import InvitationForm
from planner.web.fragments import see_other
from planner.web.records import by_key, save
from planner.web.views.people import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

blueprint = Blueprint("invitations", __name__)


@blueprint.before_request
def only_with_accounts() -> None:
    if not context.uses_accounts():
        abort(404)


@blueprint.get("/invitations")
def index() -> str:
    form = _form()
    form.team.data = request.args.get("team", "")
    form.person.data = request.args.get("person", "")
    return _page(form)


@blueprint.post("/invitations")
def create() -> tuple[str, int] | str:
    """Invite, and show the link: it is shown once, to be copied, and kept nowhere."""
    teams = [(team.key, team.name) for team in context.organisation().teams]
    form = InvitationForm().offer(
        teams, _people()
    )  # for a team that is not theirs the service has a sentence
    link = save(form, lambda: _invite(form))
    if link is None:
        return _page(form), 422
    return render_template("invitations/made.html", link=link, email=form.email.data)


@blueprint.post("/invitations/<int:number>/revoke")
def revoke(number: int) -> Response:
    revoke_invitation(context.database(), context.actor(), number)
    return see_other(url_for(".index"), "That link opens nothing any more.")


@blueprint.get("/accounts")
def people() -> str:
    """Show administrators who can sign in; nothing else about anybody. For others there is no such page."""
    if not may(context.actor(), Right.ADMINISTER):
        raise NotFound("There is nothing at this address.")
    known = accounts.list_accounts(context.database())
    everybody = sorted(context.organisation().people, key=lambda person: person.name.casefold())
    return render_template(
        "invitations/accounts.html", people=[(one, known.get(one.id)) for one in everybody]
    )


@blueprint.post("/accounts/<key>/administrator")
def promote(key: str) -> Response:
    return _act(key, accounts.make_administrator, "{} administers now, too.")


@blueprint.post("/accounts/<key>/administrator/end")
def demote(key: str) -> Response:
    return _act(key, accounts.end_administration, "{} does not administer any more.")


@blueprint.post("/accounts/<key>/disable")
def disable(key: str) -> Response:
    return _act(key, accounts.disable_account, "{} cannot sign in any more, and is signed out everywhere.")


@blueprint.post("/accounts/<key>/enable")
def enable(key: str) -> Response:
    return _act(key, accounts.enable_account, "{} can sign in again.")


def _act(key: str, act: Callable[..., None], done: str) -> Response:
    """Do something to the account of a person; who may not learns nothing of whether there is one."""
    actor = context.actor()
    require(actor, Right.ADMINISTER)
    person = find(key)
    act(context.database(), actor, person.id)
    return see_other(url_for(".people"), done.format(person.name))


def _invite(form: InvitationForm) -> str:
    organisation, actor = context.organisation(), context.actor()
    team = by_key(organisation.teams, form.team.data or "", "team")
    person = by_key(organisation.people, form.person.data, "person") if form.person.data else None
    context.own_address("/")  # before it is counted
    count_attempt(context.database(), Kind.INVITATION, str(actor.person_id), actor.at)
    return invite(
        context.database(),
        actor,
        team=team,
        person=person,
        email=form.email.data or "",
        address_of=lambda token: context.own_address(url_for("doors.invitation", token=token)),
    )


def _form() -> InvitationForm:
    return InvitationForm(formdata=None).offer(_teams(), _people())


def _teams() -> list[tuple[str, str]]:
    """Return the teams that the actor may invite to."""
    organisation, actor = context.organisation(), context.actor()
    peopled = {membership.team_id for membership in organisation.memberships}
    return [
        (team.key, team.name)
        for team in organisation.teams
        if may(actor, Right.INVITE, [team.id] if team.id in peopled else [])
    ]


def _people() -> list[tuple[str, str]]:
    """Return the people who cannot sign in yet."""
    known = accounts.list_accounts(context.database())
    return [(p.key, p.name) for p in context.organisation().people if p.id not in known]


def _page(form: InvitationForm) -> str:
    actor = context.actor()
    return render_template(
        "invitations/index.html",
        form=form,
        invitations=read_invitations(context.database(), actor, context.organisation()),
        administers=may(actor, Right.ADMINISTER),
    )
