"""Dependencies: the list, one of them, its form, the sentence and the paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.errors import NotFound
from planner.domain.model import DependencyState
from planner.domain.negotiation.acts import Act
from planner.domain.negotiation.affected import affected_by
from planner.domain.negotiation.waiting import days_late
from planner.domain.transfer import dependency_draft
from planner.services import dependencies
from planner.services.finding import DependencyFilter, filter_in_words, find_dependencies, in_a_loop
from planner.services.history import read_history_of
from planner.services.negotiations import acts_of, read_messages
from planner.services.permissions import Right, may
from planner.services.reading import version_of
from planner.web import context
from planner.web.acts import buttons
from planner.web.filters import STATE_WORDS
from planner.web.forms.base import options
from planner.web.forms.dependencies import DependencyForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.paging import list_page
from planner.web.records import remember_version, save_over
from planner.web.standing import stands

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import Dependency

blueprint = Blueprint("dependencies", __name__, url_prefix="/dependencies")


@blueprint.get("")
def index() -> str:
    """List what passes the filters of the address, fifty a page; behind the last page stands the last."""
    chosen = DependencyFilter.from_query(request.args)
    found = find_dependencies(context.organisation(), chosen, context.today())
    return page_or_fragment(
        "dependencies/index.html",
        "dependencies/_list.html",
        "dependency-list",
        chosen=chosen,
        choices=filter_choices(),
        in_words=filter_in_words(context.organisation(), chosen),
        shown=list_page(found),
    )


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show one dependency: where it stands, what may be done now, what waits behind it, what happened."""
    organisation = context.organisation()
    dependency = find(number)
    visitor = context.visitor()
    acts = acts_of(visitor, dependency, context.today())
    sides = [dependency.consumer_id, dependency.provider_id]
    return render_template(
        "dependencies/show.html",
        dependency=dependency,
        affected=affected_by(dependency, organisation.dependencies),
        is_in_loop=_is_in_loop(dependency),
        buttons=buttons(dependency, acts),
        may_say_heard=Act.HEARD in acts,
        sentence=stands(organisation, dependency, context.today()),
        days_late=days_late(dependency),
        messages=read_messages(context.database(), number),
        version=version_of(context.database(), "dependency", number),
        history=read_history_of(context.database(), context.visitor(), "dependency", number),
        may_change=visitor is not None and may(visitor, Right.CHANGE_DEPENDENCY, sides),
    )


@blueprint.get("/<int:number>/edit")
def edit(number: int) -> str:
    context.actor()
    dependency = find(number)
    form = _form_for(dependency, DependencyForm(formdata=None))
    form.fill(dependency_draft(context.organisation(), dependency))
    remember_version(form, "dependency", number)
    return _form_page(form, dependency)


@blueprint.post("/<int:number>")
def update(number: int) -> tuple[str, int] | Response:
    actor = context.actor()
    dependency = find(number)
    form = _form_for(dependency, DependencyForm())
    change = save_over(
        form,
        "dependency",
        number,
        lambda: dependencies.change_dependency(
            context.database(),
            actor,
            number,
            form.draft(dependency_draft(context.organisation(), dependency)),
            version=form.expected_version,
        ),
    )
    if change is None:
        now = find(number)
        return _form_page(_within_rights(form, now), now), form.status
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/delete")
def delete(number: int) -> Response:
    change = dependencies.remove_dependency(context.database(), context.actor(), number)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the filters of a list, a map or a suggestion offer."""
    organisation = context.organisation()
    states = [(state.value, STATE_WORDS[state][1]) for state in DependencyState]
    return {
        "teams": options((team.key, team.name) for team in organisation.teams),
        "goals": options((goal.key, goal.outcome) for goal in organisation.goals),
        "horizons": [(horizon.name, horizon.name) for horizon in organisation.horizons],
        "states": [("active", "Still waited for"), ("all", "All"), *states],
        "only": [("open", "Open"), ("late", "Late"), ("loop", "In a loop")],
    }


def find(number: int) -> Dependency:
    """Return the dependency of this number. Raises NotFound."""
    for dependency in context.organisation().dependencies:
        if dependency.id == number:
            return dependency
    raise NotFound(f"There is no dependency {number}.")


def _is_in_loop(dependency: Dependency) -> bool:
    loop = in_a_loop(context.organisation())
    return loop.get(dependency.consumer_id) == loop.get(dependency.provider_id) is not None


def _form_for(dependency: Dependency, form: DependencyForm) -> DependencyForm:
    """The form with its choices, and with what this person may change now."""
    return _within_rights(form.offer(context.organisation()), dependency)


def _within_rights(form: DependencyForm, dependency: Dependency) -> DependencyForm:
    """The form without what this person may not change, as the dependency stands now."""
    may_reword = dependency.state is DependencyState.ASKED and may(
        context.actor(), Right.REWORD, [dependency.consumer_id]
    )
    return form if may_reword else form.keep_what_was_answered()


def _form_page(form: DependencyForm, dependency: Dependency) -> str:
    return render_template("dependencies/edit.html", form=form, dependency=dependency)
