"""The plan that people have decided on: kept from the suggestion that shows it, and forgotten again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for

from planner.services.consolidation.kept_plans import keep_plan, remove_kept_plan
from planner.web import context
from planner.web.forms.base import UNKNOWN
from planner.web.fragments import see_other
from planner.web.views.suggestion import asked_for, best_answer, question_words, shown_plan

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("kept_plans", __name__, url_prefix="/sessions/suggestion/kept")


@blueprint.post("")
def keep() -> AnyResponse:
    """Keep the plan that the address of this form shows."""
    actor = context.actor()
    view = shown_plan(asked_for())
    shown = request.form.get("shown", "")
    change = keep_plan(context.database(), actor, answer=view.answer, shown=shown)
    return see_other(url_for("suggestion.show", **question_words()), change.summary, change_id=change.id)


@blueprint.post("/delete")
def delete() -> AnyResponse:
    """Forget the plan that is kept for the question of the address."""
    actor = context.actor()
    question = best_answer(asked_for()).question
    version = request.form.get("version", UNKNOWN, type=int)
    change = remove_kept_plan(context.database(), actor, question=question, version=version)
    return see_other(url_for("suggestion.show", **question_words()), change.summary, change_id=change.id)
