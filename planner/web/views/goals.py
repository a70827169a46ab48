"""Shared goals: the list, one goal with its dependencies, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.transfer import goal_draft
from planner.services import goals
from planner.services.finding import called, waited_for_first
from planner.services.history import read_history_of
from planner.web import context
from planner.web.forms.base import options
from planner.web.forms.goals import GoalForm
from planner.web.fragments import page_or_fragment, see_other
from planner.web.records import by_key, looked_for, remember_version, save, save_over

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from planner.domain.model import SharedGoal

blueprint = Blueprint("goals", __name__, url_prefix="/goals")


@blueprint.get("")
def index() -> str:
    """List the goals whose outcome holds what is looked for, of one team or of all."""
    organisation = context.organisation()
    team = request.args.get("team", "")
    meant = {one.id for one in called(organisation.teams, team)}
    found = [
        goal
        for goal in looked_for(organisation.goals, lambda goal: goal.outcome)
        if not team or meant.intersection(goal.team_ids)
    ]
    return page_or_fragment(
        "goals/index.html",
        "goals/_list.html",
        "goal-list",
        goals=found,
        teams=options((t.key, t.name) for t in organisation.teams),
    )


@blueprint.get("/new")
def new() -> str:
    context.actor()
    return _form_page(GoalForm(formdata=None).offer(context.organisation()), None)


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    actor = context.actor()
    form = GoalForm().offer(context.organisation())
    saved = save(form, lambda: goals.record_goal(context.database(), actor, form.draft()))
    if saved is None:
        return _form_page(form, None), 422
    key, change = saved
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.get("/<key>")
def show(key: str) -> str:
    organisation = context.organisation()
    goal = find(key)
    return render_template(
        "goals/show.html",
        goal=goal,
        teams=[team for team in organisation.teams if team.id in goal.team_ids],
        dependencies=waited_for_first(d for d in organisation.dependencies if d.goal_id == goal.id),
        history=read_history_of(context.database(), context.visitor(), "goal", goal.id),
    )


@blueprint.get("/<key>/edit")
def edit(key: str) -> str:
    context.actor()
    goal = find(key)
    form = GoalForm(formdata=None).offer(context.organisation())
    form.fill(goal_draft(context.organisation(), goal))
    remember_version(form, "goal", goal.id)
    return _form_page(form, goal)


@blueprint.post("/<key>")
def update(key: str) -> tuple[str, int] | Response:
    actor = context.actor()
    goal = find(key)
    form = GoalForm().offer(context.organisation())
    change = save_over(
        form,
        "goal",
        goal.id,
        lambda: goals.change_goal(
            context.database(), actor, key, form.draft(), version=form.expected_version
        ),
    )
    if change is None:
        return _form_page(form, goal), form.status
    return see_other(url_for(".show", key=key), change.summary, change_id=change.id)


@blueprint.post("/<key>/delete")
def delete(key: str) -> Response:
    change = goals.remove_goal(context.database(), context.actor(), key)
    return see_other(url_for(".index"), change.summary, change_id=change.id)


def find(key: str) -> SharedGoal:
    """Return the goal of this key. Raises NotFound."""
    return by_key(context.organisation().goals, key, "goal")


def _form_page(form: GoalForm, goal: SharedGoal | None) -> str:
    return render_template("goals/edit.html", form=form, goal=goal)
