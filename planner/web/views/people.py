"""People: the list, one person, and their form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.model import WorkingHours
from planner.domain.transfer import PersonDraft, person_draft
from planner.services import people
from planner.services.finding import called
from planner.services.history import read_history_of
from planner.web import context
from planner.web.forms.base import options
from planner.web.forms.people import PersonForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.paging import list_page
from planner.web.records import by_key, given, looked_for, remember_version, save, save_over

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import Person, Team

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
def index() -> str:
    """List the people whose name has what is looked for, of one team, one place or all. The reader first."""
    organisation, reader = context.organisation(), context.reader()
    team, place = request.args.get("team", ""), request.args.get("place", "")
    teams_of = _teams_by_person()
    meant = {one.id for one in called(organisation.teams, team)}
    found = [
        person
        for person in looked_for(organisation.people, lambda person: person.name)
        if (not team or any(one.id in meant for one in teams_of.get(person.id, ())))
        and (not place or place == _place_name(person))
    ]
    return page_or_fragment(
        "people/index.html",
        "people/_list.html",
        "person-list",
        shown=list_page(found, is_mine=lambda one: reader is not None and one.id == reader.id),
        words=given("q", "team", "place"),
        teams_of=teams_of,
        teams=options((t.key, t.name) for t in organisation.teams),
        places=options((p.name, p.name) for p in organisation.places),
    )


@blueprint.get("/new")
def new() -> str:
    context.actor()
    form = PersonForm(formdata=None).offer(context.organisation())
    hours = WorkingHours(zone=context.own_zone())
    form.fill(PersonDraft("", "", hours=hours), request.args.getlist("team"))
    return _form_page(form, None)


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    actor = context.actor()
    form = PersonForm().offer(context.organisation())
    saved = save(
        form,
        lambda: people.record_person(context.database(), actor, form.draft(), teams=form.teams.data or ()),
    )
    if saved is None:
        return _form_page(form, None), 422
    key, change = saved
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.get("/<key>")
def show(key: str) -> str:
    organisation = context.organisation()
    person = find(key)
    return render_template(
        "people/show.html",
        person=person,
        memberships=[m for m in organisation.memberships if m.person_id == person.id],
        sessions=[s for s in organisation.sessions if person.id in s.attendee_ids],
        history=read_history_of(context.database(), context.visitor(), "person", person.id),
    )


@blueprint.get("/<key>/edit")
def edit(key: str) -> str:
    context.actor()
    person = find(key)
    form = PersonForm(formdata=None).offer(context.organisation())
    teams = [team.key for team in _teams_by_person().get(person.id, ())]
    form.fill(person_draft(context.organisation(), person), teams)
    remember_version(form, "person", person.id)
    return _form_page(form, person)


@blueprint.post("/<key>")
def update(key: str) -> tuple[str, int] | Response:
    actor = context.actor()
    person = find(key)
    form = PersonForm().offer(context.organisation())
    change = save_over(
        form,
        "person",
        person.id,
        lambda: people.change_person(
            context.database(),
            actor,
            key,
            form.draft(),
            version=form.expected_version,
            teams=form.teams.data or (),
        ),
    )
    if change is None:
        return _form_page(form, person), form.status
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.post("/<key>/delete")
def delete(key: str) -> Response:
    change = people.remove_person(context.database(), context.actor(), key)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def find(key: str) -> Person:
    """Return the person of this key. Raises NotFound."""
    return by_key(context.organisation().people, key, "person")


def _teams_by_person() -> dict[int, list[Team]]:
    """Return the teams of each person by the person's id, as the organisation lists them."""
    organisation = context.organisation()
    found: dict[int, list[Team]] = {}
    for membership in organisation.memberships:
        found.setdefault(membership.person_id, []).append(organisation.team[membership.team_id])
    return found


def _place_name(person: Person) -> str:
    places = context.organisation().place
    return places[person.place_id].name if person.place_id is not None else ""


def _form_page(form: PersonForm, person: Person | None) -> str:
    return render_template("people/edit.html", form=form, person=person)
