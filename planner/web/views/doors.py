"""The ways in that begin with a link: the first start, an invitation, a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request, url_for

from planner.services.accounts import joining, recovery
from planner.services.accounts.attempts import Kind, count_attempt
from planner.services.accounts.tickets import Purpose
from planner.web import context
from planner.web.forms.accounts import FirstForm, JoinForm, MailForm, NewPasswordForm
from planner.web.fragments import see_other
from planner.web.records import save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("doors", __name__)
SENT = "If there is an account with this address, the link is on its way. It may take a minute."


@blueprint.before_request
def only_with_accounts() -> None:
    if not context.uses_accounts():
        abort(404)


def count_from_here(kind: Kind) -> None:
    """Count one more attempt from this address. Raises TooOften."""
    count_attempt(context.database(), kind, request.remote_addr or "", context.now())


@blueprint.get("/first/<token>")
def first(token: str) -> str:
    """Ask the one who installs who they are; the link was printed where planner was started."""
    joining.read_first_link(context.database(), token, context.now())
    return _first_page(_first_form(), token)


@blueprint.post("/first/<token>")
def begin(token: str) -> tuple[str, int] | Response:
    count_from_here(Kind.LINK_ADDRESS)
    joining.read_first_link(context.database(), token, context.now())
    form = FirstForm().offer(context.organisation())
    key = form.person.data if "person" in form else None
    chosen = next((p for p in context.organisation().people if p.key == key), None)
    person_id = save(
        form,
        lambda: joining.begin_installation(
            context.database(),
            token,
            form.newcomer(),
            person_id=chosen.id if chosen else None,
            team=(form.team.data or "") if "team" in form else "",
            now=context.now(),
        ),
    )
    if person_id is None:
        return _first_page(form, token), 422
    context.sign_in(person_id)
    return see_other(url_for("week.index") if chosen else url_for("dependencies.new", bulk=1))


@blueprint.get("/join/<token>")
def invitation(token: str) -> str:
    return _join_page(_join_form(token), token)


@blueprint.post("/join/<token>")
def accept(token: str) -> tuple[str, int] | Response:
    count_from_here(Kind.LINK_ADDRESS)
    form = _join_form(token)
    person_id = save(
        form,
        lambda: joining.accept_invitation(context.database(), token, form.newcomer(), now=context.now()),
    )
    if person_id is None:
        return _join_page(form, token), 422
    context.sign_in(person_id)
    return see_other(url_for("week.index"))


@blueprint.get("/sign-in/mail")
def ask() -> str:
    """Ask where to send a link, to sign in or to set a new password."""
    return render_template("identity/ask.html", form=MailForm(formdata=None))


@blueprint.post("/sign-in/mail")
def send() -> tuple[str, int] | Response:
    """Mail a link, and say the same whether or not somebody has this address."""
    form = MailForm()
    wanted = Purpose.RESET if request.form.get("want") == "reset" else Purpose.SIGN_IN
    if not form.validate():
        return render_template("identity/ask.html", form=form), 422
    email = (form.email.data or "").strip().casefold()
    count_from_here(Kind.MAIL_ADDRESS)
    count_attempt(context.database(), Kind.MAIL_ACCOUNT, email, context.now())
    endpoint = ".reset" if wanted is Purpose.RESET else ".link"
    context.own_address("/")  # is it known? this must not depend on whether there is an account
    recovery.mail_link(
        context.database(),
        wanted,
        email=email,
        address_of=lambda token: context.own_address(url_for(endpoint, token=token)),
        now=context.now(),
    )
    return see_other(url_for("identity.choose"), SENT)


@blueprint.get("/sign-in/link/<token>")
def link(token: str) -> str:
    """Show a button: what looks into mails before people do follows links and presses none."""
    recovery.expect_link(context.database(), Purpose.SIGN_IN, token, context.now())
    return render_template("identity/link.html", token=token)


@blueprint.post("/sign-in/link/<token>")
def use_link(token: str) -> Response:
    count_from_here(Kind.LINK_ADDRESS)
    context.sign_in(recovery.use_sign_in_link(context.database(), token, context.now()))
    return see_other(url_for("week.index"))


@blueprint.get("/reset/<token>")
def reset(token: str) -> str:
    recovery.expect_link(context.database(), Purpose.RESET, token, context.now())
    return render_template("identity/reset.html", form=NewPasswordForm(formdata=None), token=token)


@blueprint.post("/reset/<token>")
def set_password(token: str) -> tuple[str, int] | Response:
    count_from_here(Kind.LINK_ADDRESS)
    recovery.expect_link(context.database(), Purpose.RESET, token, context.now())
    form = NewPasswordForm()
    person_id = save(
        form,
        lambda: recovery.use_reset_link(context.database(), token, form.password.data or "", context.now()),
    )
    if person_id is None:
        return render_template("identity/reset.html", form=form, token=token), 422
    context.sign_in(person_id)
    return see_other(url_for("week.index"), "The password is changed. Every other sign-in has ended.")


def _first_form() -> FirstForm:
    return FirstForm(formdata=None).offer(context.organisation())


def _first_page(form: FirstForm, token: str) -> str:
    return render_template("identity/first.html", form=form, token=token)


def _join_form(token: str) -> JoinForm:
    """Return the form without what the invitation says. Raises NotFound."""
    ticket = joining.read_invitation(context.database(), token, context.now())
    return JoinForm().know(has_name=ticket.person_id is not None, has_email=bool(ticket.email))


def _join_page(form: JoinForm, token: str) -> str:
    ticket = joining.read_invitation(context.database(), token, context.now())
    organisation = context.organisation()
    team = next((team.name for team in organisation.teams if team.id == ticket.team_id), "")
    person = next((person.name for person in organisation.people if person.id == ticket.person_id), "")
    return render_template(
        "identity/join.html",
        form=form,
        token=token,
        house=organisation.name,
        team=team,
        person=person,
        email=ticket.email,
        provider=context.context().settings.openid,
    )
