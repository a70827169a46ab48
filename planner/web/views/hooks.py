"""Web hooks and what goes out: for those who look after the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for

from planner.services import hooks
from planner.services.hooks import Outgoing
from planner.web import context
from planner.web.forms.hooks import HookForm
from planner.web.fragments import see_other
from planner.web.records import save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")


@blueprint.get("")
def index() -> str:
    context.actor()
    return _page(HookForm(formdata=None))


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    actor, form = context.actor(), HookForm()
    change = save(
        form,
        lambda: hooks.add_hook(
            context.database(),
            actor,
            address=form.address.data or "",
            secret=form.secret.data or "",
            listed=context.context().settings.hook_hosts,
        ),
    )
    if change is None:
        return _page(form), 422
    return see_other(url_for(".index"), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/on")
def switch_on(number: int) -> Response:
    return _switch(number, on=True)


@blueprint.post("/<int:number>/off")
def switch_off(number: int) -> Response:
    return _switch(number, on=False)


@blueprint.post("/<int:number>/test")
def test(number: int) -> Response:
    hooks.try_hook(context.database(), context.actor(), number)
    return see_other(url_for(".index"), "A test is on its way; look at the last messages in a moment")


@blueprint.post("/messages/<int:number>/again")
def send_message_again(number: int) -> Response:
    return _send_again(Outgoing.DELIVERY, number)


@blueprint.post("/mails/<int:number>/again")
def send_mail_again(number: int) -> Response:
    return _send_again(Outgoing.MAIL, number)


def _switch(number: int, *, on: bool) -> Response:
    change = hooks.switch_hook(context.database(), context.actor(), number, on=on)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def _send_again(kind: Outgoing, number: int) -> Response:
    hooks.send_again(context.database(), context.actor(), kind, number)
    return see_other(url_for(".index"), "It is on its way again")


def _page(form: HookForm) -> str:
    database, actor, settings = context.database(), context.actor(), context.context().settings
    return render_template(
        "hooks/index.html",
        form=form,
        hooks=hooks.read_hooks(database, actor),
        messages=hooks.read_deliveries(database, actor),
        mails=hooks.read_troubled_mails(database, actor),
        traffic=hooks.read_traffic(database, actor),
        listed=[f"{host.name}:{host.port}" if host.port else host.name for host in settings.hook_hosts],
        has_server=settings.smtp is not None,
    )
