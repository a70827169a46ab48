"""Places: the list, one place with the way to every other, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for

from planner.domain.away import in_ranges
from planner.domain.transfer import PlaceDraft
from planner.services import places
from planner.services.history import read_history_of
from planner.web import context
from planner.web.forms.places import PlaceForm, place_form
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

    from planner.domain.model import Place

blueprint = Blueprint("places", __name__, url_prefix="/places")


@blueprint.get("")
def index() -> str:
    """List the places whose name holds what is looked for."""
    found = looked_for(context.organisation().places, lambda place: place.name)
    return page_or_fragment("places/index.html", "places/_list.html", "place-list", places=found)


@blueprint.get("/new")
def new() -> str:
    context.actor()
    form = place_form(_others(None), formdata=None)
    form.fill(PlaceDraft("", context.own_zone()), {})
    return _form_page(form, None)


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    actor = context.actor()
    form = place_form(_others(None))
    change = save(
        form,
        lambda: places.record_place(context.database(), actor, form.draft(), minutes_to=form.minutes_to()),
    )
    if change is None:
        return _form_page(form, None), 422
    return see_other(url_for(".index"), change.summary, change_id=change.id)


@blueprint.get("/<path:name>")
def show(name: str) -> str:
    organisation = context.organisation()
    place = find(name)
    minutes_to = _minutes_to(place)
    return render_template(
        "places/show.html",
        place=place,
        days_off=in_ranges(place.days_off),
        ways=[(other, minutes_to.get(other.name)) for other in _others(place)],
        teams=[t for t in organisation.teams if t.place_id == place.id],
        people=[p for p in organisation.people if p.place_id == place.id],
        sessions=[s for s in organisation.sessions if s.place_id == place.id],
        history=read_history_of(context.database(), context.visitor(), "place", place.id),
    )


@blueprint.get("/<path:name>/edit")
def edit(name: str) -> str:
    context.actor()
    place = find(name)
    form = place_form(_others(place), formdata=None)
    form.fill(PlaceDraft(place.name, place.zone, place.days_off), _minutes_to(place))
    remember_version(form, "place", place.id)
    return _form_page(form, place)


@blueprint.post("/<path:name>")
def update(name: str) -> tuple[str, int] | Response:
    actor = context.actor()
    place = opened_by_name(context.organisation().places, name, "place")
    form = place_form(_others(place))
    change = save_over(
        form,
        "place",
        place.id,
        lambda: places.change_place(
            context.database(),
            actor,
            place.name,
            form.draft(),
            minutes_to=form.minutes_to(),
            version=form.expected_version,
        ),
    )
    if change is None:
        return _form_page(form, place), form.status
    return see_other(url_for(".index"), change.summary, change_id=change.id)


@blueprint.post("/<path:name>/delete")
def delete(name: str) -> Response:
    actor = context.actor()
    place = still_named(context.organisation().places, name, "place")
    change = places.remove_place(context.database(), actor, place.name)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def find(name: str) -> Place:
    """Return the place of this name. Raises NotFound."""
    return by_name(context.organisation().places, name, "place")


def _others(place: Place | None) -> list[Place]:
    others = (other for other in context.organisation().places if other != place)
    return sorted(others, key=lambda other: other.name)


def _minutes_to(place: Place) -> dict[str, int]:
    """Return the minutes one way by the name of the other place, where they are known."""
    organisation = context.organisation()
    ways = {frozenset((w.place_id, w.other_place_id)): w.minutes for w in organisation.travel}
    minutes = {other.name: ways.get(frozenset((place.id, other.id))) for other in organisation.places}
    return {name: known for name, known in minutes.items() if known is not None}


def _form_page(form: PlaceForm, place: Place | None) -> str:
    return render_template("places/edit.html", form=form, place=place)
