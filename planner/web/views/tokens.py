"""Access tokens of one's own: which programs act for me, a new one, and an end to any."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for

from planner.services.accounts.tokens import Scope, make_token, read_tokens, revoke_token
from planner.web import context
from planner.web.forms.tokens import TokenForm
from planner.web.fragments import see_other
from planner.web.records import save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("tokens", __name__, url_prefix="/account/tokens")
OFFERED = timedelta(days=90)


@blueprint.get("")
def index() -> str:
    """Show one's own tokens that work, and the form of a new one."""
    context.actor()
    form = TokenForm(formdata=None)
    form.scopes.data = [Scope.READ.value]
    form.until.data = context.today() + OFFERED
    return _page(form)


@blueprint.post("")
def create() -> tuple[str, int] | str:
    """Make a token and show it, once."""
    actor = context.actor()
    form = TokenForm()
    token = save(
        form,
        lambda: make_token(
            context.database(),
            actor,
            name=form.name.data or "",
            scopes=[Scope(word) for word in form.scopes.data or ()],
            until=form.until.data,
            is_trial=not context.uses_accounts(),
        ),
    )
    if token is None:
        return _page(form), 422
    return render_template("tokens/made.html", token=token, until=form.until.data)


@blueprint.post("/<int:number>/revoke")
def revoke(number: int) -> Response:
    """End one token, at once."""
    revoke_token(context.database(), context.actor(), number)
    return see_other(url_for(".index"), "That token opens nothing any more.")


def _page(form: TokenForm) -> str:
    is_trial = not context.uses_accounts()
    return render_template(
        "tokens/index.html",
        form=form,
        tokens=read_tokens(context.database(), context.actor(), is_trial=is_trial),
    )
