"""The acts of a negotiation: each has an address, a form where it needs one, and one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, render_template, request, url_for

from planner.domain.errors import InvalidInput, NotNow, StaleVersion
from planner.domain.model import DependencyId
from planner.domain.negotiation.acts import Act
from planner.domain.negotiation.affected import affected_by
from planner.domain.negotiation.rules import STATE_NAMES
from planner.services.history import read_history_of
from planner.services.negotiations import acts_of, negotiate, require_possible
from planner.services.reading import version_of
from planner.web import context
from planner.web.acts import WORDS
from planner.web.forms.negotiation import ActForm
from planner.web.fragments import see_other, wants_fragment
from planner.web.views.dependencies import blueprint, find

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import Dependency

ACTS = ",".join(f'"{act.value}"' for act in Act if act is not Act.REWORD)
WEEK = "week-lists"
MOVES_DATES = frozenset({Act.COUNTER, Act.REOPEN, Act.DECLINE, Act.WITHDRAW})


@blueprint.get(f"/<int:number>/<any({ACTS}):act>")
def answer(number: int, act: str) -> str | Response:
    """Show the form of one act, with who is affected by it."""
    actor = context.actor()
    dependency = find(number)
    require_possible(actor, dependency, Act(act), context.today())
    form = ActForm(formdata=None).for_act(Act(act), context.organisation(), dependency)
    form.fill(context.organisation(), dependency, context.today())
    if "next" in request.args:
        form.next.data = context.own_path(request.args["next"])
    form.version.data = str(version_of(context.database(), "dependency", number))
    return _answer_page(form, dependency)


@blueprint.post(f"/<int:number>/<any({ACTS}):act>")
def act(number: int, act: str) -> Response:
    """Do one act of the negotiation; who was too late gets what changed, and their words back."""
    actor = context.actor()
    dependency = find(number)
    form = ActForm().for_act(Act(act), context.organisation(), dependency)
    if form.validate():
        try:
            change = negotiate(
                context.database(),
                actor,
                number,
                form.move(),
                version=form.expected_version,
                key=form.form_key,
            )
        except InvalidInput as error:
            form.show_problems(error)
        except (StaleVersion, NotNow) as error:
            return _overtaken(form, dependency.id, str(error))
        else:
            back = context.own_path(form.next.data) if form.next.data else url_for(".show", number=number)
            return see_other(back, change.summary, change_id=change.id)
    return _again(_answer_page(form, dependency), dependency.id, 422)


def _overtaken(form: ActForm, number: DependencyId, why: str) -> Response:
    """Show how things stand now beside what was typed; it can be sent again where it still fits."""
    context.forget()
    dependency = find(number)
    form.version.data = str(version_of(context.database(), "dependency", number))
    latest = read_history_of(context.database(), context.visitor(), "dependency", number).entries[:1]
    possible = form.act in acts_of(context.actor(), dependency, context.today())
    page = _answer_page(form, dependency, why=why, latest=latest, is_possible=possible)
    return _again(page, number, 409)


def _answer_page(form: ActForm, dependency: Dependency, **more: Any) -> str:
    in_place = _is_asked_in_place(dependency.id)
    template = "_answer" if in_place else "answer"
    moves = form.act in MOVES_DATES
    affected = affected_by(dependency, context.organisation().dependencies) if moves else ()
    values: dict[str, Any] = {"why": "", "latest": (), "is_possible": True}
    return render_template(
        f"dependencies/{template}.html",
        form=form,
        in_place=in_place,
        act=form.act,
        words=WORDS[form.act],
        dependency=dependency,
        affected=affected,
        state_name=STATE_NAMES[dependency.state],
        **(values | more),
    )


def _is_asked_in_place(number: DependencyId) -> bool:
    return wants_fragment(f"answer-{number}") or wants_fragment(WEEK)


def _again(page: str, number: DependencyId, status: int) -> Response:
    """A form that came back goes where it was, though its answer would have gone elsewhere."""
    response = make_response(page, status)
    if wants_fragment(WEEK):
        response.headers["HX-Retarget"] = f"#answer-{number}"
        response.headers["HX-Reswap"] = "outerHTML"
    return response
