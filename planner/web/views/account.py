"""Your account: where you are signed in, your password, and the way in through your organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, url_for

from planner.domain.errors import NotFound
from planner.services.accounts import accounts, identities, moving, sign_ins
from planner.services.accounts.attempts import Kind, count_attempt
from planner.services.accounts.tokens import read_tokens
from planner.web import context
from planner.web.forms.accounts import AddressForm, ChangePasswordForm
from planner.web.fragments import see_other
from planner.web.records import save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.services.accounts.sign_ins import SignedIn

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.before_request
def only_with_accounts() -> None:
    if not context.uses_accounts():
        abort(404)


@blueprint.get("")
def show() -> str:
    return _page(ChangePasswordForm(formdata=None))


@blueprint.post("/password")
def change_password() -> tuple[str, int] | Response:
    form = ChangePasswordForm()
    done = save(form, lambda: _change_password(form))
    if done is None:
        return _page(form), 422
    return see_other(url_for(".show"), "The password is changed. Every other sign-in has ended.")


@blueprint.get("/address")
def address() -> str:
    return render_template(
        "account/address.html", form=AddressForm(formdata=None), has_password=_has_password()
    )


@blueprint.post("/address")
def ask_for_address() -> tuple[str, int] | Response:
    """Mail a link to the new address; until it is pressed nothing changes."""
    form, actor = AddressForm(), context.actor()
    context.own_address("/")
    count_attempt(context.database(), Kind.MAIL_ACCOUNT, f"person {actor.person_id}", actor.at)
    if save(form, lambda: _ask_for_address(form)) is None:
        return render_template("account/address.html", form=form, has_password=_has_password()), 422
    return see_other(url_for(".show"), "A link is on its way there. Open it where you are signed in.")


@blueprint.get("/address/<token>")
def new_address(token: str) -> str:
    email = moving.read_new_address(context.database(), context.actor(), token)
    return render_template("account/new_address.html", email=email, token=token)


@blueprint.post("/address/<token>")
def move(token: str) -> Response:
    moving.move_to_address(context.database(), context.actor(), token)
    return see_other(url_for(".show"), "You sign in with your new address from now on.")


@blueprint.post("/sign-ins/<int:number>/end")
def end(number: int) -> Response:
    """End one of one's own sign-ins, which may be this one."""
    me = _me()
    sign_ins.end_sign_in(context.database(), me.person_id, number)
    if number == me.id:
        context.sign_out()
        return see_other(url_for("identity.choose"), "You are signed out.")
    return see_other(url_for(".show"), "That sign-in has ended.")


@blueprint.post("/sign-ins/end")
def end_others() -> Response:
    me = _me()
    sign_ins.end_others(context.database(), me.person_id, but=me.id)
    return see_other(url_for(".show"), "Every other sign-in has ended.")


@blueprint.post("/identity/end")
def disconnect() -> Response:
    """Sign in through the organisation's provider no more."""
    identities.disconnect(context.database(), context.actor())
    return see_other(url_for(".show"), "Your organisation’s sign-in no longer opens this account.")


def _me() -> SignedIn:
    found = context.signed_in()
    if found is None:
        raise NotFound("You are not signed in.")
    return found


def _change_password(form: ChangePasswordForm) -> bool:
    accounts.change_password(
        context.database(),
        context.actor(),
        current=form.current.data or "",
        password=form.password.data or "",
        sign_in_id=_me().id,
    )
    return True


def _has_password() -> bool:
    account = accounts.account_of(context.database(), _me().person_id)
    return account is not None and account.has_password


def _ask_for_address(form: AddressForm) -> bool:
    moving.ask_for_address(
        context.database(),
        context.actor(),
        email=form.email.data or "",
        current=form.current.data or "",
        address_of=lambda token: context.own_address(url_for(".new_address", token=token)),
    )
    return True


def _page(form: ChangePasswordForm) -> str:
    me = _me()
    return render_template(
        "account/show.html",
        form=form,
        account=accounts.account_of(context.database(), me.person_id),
        tokens=read_tokens(context.database(), context.actor(), is_trial=False),
        sign_ins=sign_ins.sign_ins_of(context.database(), me.person_id, context.now()),
        this=me.id,
        provider=context.context().settings.openid,
        is_connected=identities.is_connected(context.database(), me.person_id),
    )
