"""Who are you? A person with an account signs in; in a trial, people choose who they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from planner.domain.errors import NotFound
from planner.services.accounts.accounts import has_administrator
from planner.services.accounts.entering import enter_with_password
from planner.web import context
from planner.web.forms.accounts import SignInForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.records import looked_for, save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import Organisation, PersonId

blueprint = Blueprint("identity", __name__)


@blueprint.get("/sign-in")
def choose() -> str | Response:
    """Ask for e-mail and password; in a trial, show everybody, or begin with the first person."""
    if context.uses_accounts():
        return _sign_in_page(SignInForm(formdata=None), request.args.get("next"))
    if not context.organisation().people:
        return redirect(url_for("start.new"), 303)
    return page_or_fragment(
        "identity/choose.html",
        "identity/_who.html",
        "who",
        found=looked_for(context.organisation().people, lambda person: person.name),
        teams_of=_teams_of(context.organisation()),
        next=context.own_path(request.args.get("next")),
    )


def _teams_of(organisation: Organisation) -> defaultdict[PersonId, list[str]]:
    """The names of the teams that people decide for."""
    found: defaultdict[PersonId, list[str]] = defaultdict(list)
    for team in organisation.teams:
        for person in organisation.product_owners[team.id]:
            found[person].append(team.name)
    return found


@blueprint.post("/sign-in")
def enter() -> tuple[str, int] | Response:
    if context.uses_accounts():
        return _enter_with_password()
    key = request.form.get("person", "")
    person = next((p for p in context.organisation().people if p.key == key), None)
    if person is None:
        raise NotFound("There is nobody of that name here. Choose a person from the list.")
    context.sign_in(person.id)
    return see_other(context.own_path(request.form.get("next")))


@blueprint.post("/sign-out")
def leave() -> Response:
    context.sign_out()
    answer = see_other(url_for("week.index"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _enter_with_password() -> tuple[str, int] | Response:
    form = SignInForm()
    person_id = save(
        form,
        lambda: enter_with_password(
            context.database(),
            email=form.email.data or "",
            password=form.password.data or "",
            address=request.remote_addr or "",
            now=context.now(),
        ),
    )
    if person_id is None:
        return _sign_in_page(form, request.form.get("next")), 422
    context.sign_in(person_id)
    return see_other(context.own_path(request.form.get("next")))


def _sign_in_page(form: SignInForm, back: str | None) -> str:
    return render_template(
        "identity/sign_in.html",
        form=form,
        next=context.own_path(back),
        is_new=not has_administrator(context.database()),
        provider=context.context().settings.openid,
    )
