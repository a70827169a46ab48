"""Horizons: the list, one horizon with its dependencies, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for

from planner.domain.transfer import HorizonDraft
from planner.services import goals
from planner.services.finding import waited_for_first
from planner.services.history import read_history_of
from planner.web import context
from planner.web.forms.goals import HorizonForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.records import (
    by_name,
    looked_for,
    opened_by_name,
    remember_version,
    save,
    save_over,
    still_named,
)

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import Horizon

blueprint = Blueprint("horizons", __name__, url_prefix="/horizons")


@blueprint.get("")
def index() -> str:
    """List the horizons whose name holds what is looked for."""
    found = looked_for(context.organisation().horizons, lambda horizon: horizon.name)
    return page_or_fragment("horizons/index.html", "horizons/_list.html", "horizon-list", horizons=found)


@blueprint.get("/new")
def new() -> str:
    context.actor()
    return _form_page(HorizonForm(formdata=None), None)


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    actor = context.actor()
    form = HorizonForm()
    change = save(form, lambda: goals.record_horizon(context.database(), actor, form.draft()))
    if change is None:
        return _form_page(form, None), 422
    return see_other(url_for(".index"), change.summary, change_id=change.id)


@blueprint.get("/<path:name>")
def show(name: str) -> str:
    horizon = find(name)
    return render_template(
        "horizons/show.html",
        horizon=horizon,
        dependencies=waited_for_first(
            d for d in context.organisation().dependencies if d.horizon_id == horizon.id
        ),
        history=read_history_of(context.database(), context.visitor(), "horizon", horizon.id),
    )


@blueprint.get("/<path:name>/edit")
def edit(name: str) -> str:
    context.actor()
    horizon = find(name)
    form = HorizonForm(formdata=None)
    form.fill(HorizonDraft(horizon.name, horizon.starts_on, horizon.ends_on))
    remember_version(form, "horizon", horizon.id)
    return _form_page(form, horizon)


@blueprint.post("/<path:name>")
def update(name: str) -> tuple[str, int] | Response:
    actor = context.actor()
    horizon = opened_by_name(context.organisation().horizons, name, "horizon")
    form = HorizonForm()
    change = save_over(
        form,
        "horizon",
        horizon.id,
        lambda: goals.change_horizon(
            context.database(), actor, horizon.name, form.draft(), version=form.expected_version
        ),
    )
    if change is None:
        return _form_page(form, horizon), form.status
    return see_other(url_for(".index"), change.summary, change_id=change.id)


@blueprint.post("/<path:name>/delete")
def delete(name: str) -> Response:
    actor = context.actor()
    horizon = still_named(context.organisation().horizons, name, "horizon")
    change = goals.remove_horizon(context.database(), actor, horizon.name)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def find(name: str) -> Horizon:
    """Return the horizon of this name. Raises NotFound."""
    return by_name(context.organisation().horizons, name, "horizon")


def _form_page(form: HorizonForm, horizon: Horizon | None) -> str:
    return render_template("horizons/edit.html", form=form, horizon=horizon)
