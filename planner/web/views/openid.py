"""To the house's own sign-in and back: to sign in, to join by invitation, or to connect an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, request, url_for

from planner.domain.errors import NotAllowed
from planner.services.accounts import identities
from planner.services.accounts.attempts import Kind, count_attempt
from planner.web import context
from planner.web.fragments import see_other
from planner.web.openid import NOT_BELIEVED

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.config import OpenId
    from planner.services.accounts.identities import Known

blueprint = Blueprint("openid", __name__, url_prefix="/sign-in/openid")


@blueprint.get("")
def begin() -> Response:
    """Send the browser to the provider. A link, no form: a policy against foreign forms would stop it."""
    settings = _provider()
    errand: dict[str, Any] = {"next": context.own_path(request.args.get("next"))}
    if "invitation" in request.args:
        errand["invitation"] = request.args["invitation"]
    if "connect" in request.args:
        errand["connect"] = context.actor().person_id
    from planner.web.provider import ask_provider  # noqa: PLC0415 - slow to import, and few have a provider

    return ask_provider(settings, context.own_address(url_for(".back")), errand)


@blueprint.get("/back")
def back() -> Response:
    """Take what the provider says, and do what was to be done."""
    settings = _provider()
    count_attempt(context.database(), Kind.LINK_ADDRESS, request.remote_addr or "", context.now())
    from planner.web.provider import hear_provider  # noqa: PLC0415 - likewise

    known, errand = hear_provider(settings)
    if "connect" in errand:
        return _connect(known, errand["connect"])
    if "invitation" in errand:
        token = str(errand["invitation"])
        person_id = identities.join_known(context.database(), token, known, now=context.now())
    else:
        person_id = identities.person_known_as(context.database(), known, now=context.now())
    context.sign_in(person_id)
    return see_other(context.own_path(errand.get("next")))


def _connect(known: Known, person_id: int) -> Response:
    """Bind the provider's person to the account that asked for it, and to no other."""
    actor = context.actor()
    if actor.person_id != person_id:
        raise NotAllowed(NOT_BELIEVED)
    identities.connect(context.database(), actor, known)
    return see_other(url_for("account.show"), "Your organisation’s sign-in opens this account from now on.")


def _provider() -> OpenId:
    settings = context.context().settings.openid
    if settings is None or not context.uses_accounts():
        abort(404)
    return settings
