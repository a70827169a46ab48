"""The suggestion: a few shared sessions instead of many, why, and the rules that can be changed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from planner.domain.errors import InvalidInput
from planner.domain.model import DependencyState
from planner.services.settings import change_rules, read_rules
from planner.services.suggestions import RANGES, TIMES, SuggestionRequest, read_rule_values, suggest
from planner.services.thumbnails import before_and_after
from planner.web import context
from planner.web.filters import STATE_WORDS, area_tints
from planner.web.fragments import see_other

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.consolidation.suggestion import Suggestion
    from planner.domain.model import Person

blueprint = Blueprint("suggestion", __name__, url_prefix="/sessions/suggestion")

# what the page lets people change, in the order of the form: name, label, hint
RULES = (
    ("people_max", "People in a session, at most", "Larger groups decide more slowly."),
    ("minutes_max", "Minutes of a session, at most", "More than 90 gets a break."),
    ("sessions_max", "Sessions a person, at most", "Empty: as many as it takes."),
    ("earliest", "Not before", "In each person's own time."),
    ("latest", "Not after", ""),
    ("seat_cost", "Minutes that one more session costs a person", "Joining, switching, settling in."),
    ("opening", "Minutes of opening and closing", ""),
    ("unrated_gap", "How far views differ where nobody rated it", "From 0, agree, to 1, split."),
)


@blueprint.get("")
def show() -> str | tuple[str, int]:
    try:
        asked = _asked(request.args)
    except InvalidInput as error:
        problems = {problem.where: problem.message for problem in error.problems}
        asked = SuggestionRequest()
        return _page(asked, _suggestion(asked), problems), 422
    return _page(asked, _suggestion(asked), {})


@blueprint.post("/rules")
def keep_rules() -> AnyResponse:
    """Keep the rules of the form for everybody."""
    values = read_rule_values(_rule_words(request.form))
    rules = replace(read_rules(context.database()), **values)
    change = change_rules(context.database(), context.actor(), rules)
    return see_other(url_for(".show"), change.summary, change_id=change.id)


@blueprint.get("/people.csv")
def table() -> Response:
    """Send who sits where, before and after, as a table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["person", "sessions today", "sessions suggested", "minutes today", "minutes suggested"])
    for person in _suggestion(_asked(request.args)).people:
        writer.writerow(
            [
                person.name,
                person.before.sessions,
                person.after.sessions,
                person.before.minutes,
                person.after.minutes,
            ]
        )
    headers = {"Content-Disposition": 'attachment; filename="suggestion.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _asked(words: Mapping[str, str]) -> SuggestionRequest:
    state = words.get("state", "")
    return SuggestionRequest(
        horizon=words.get("horizon", ""),
        states=(state,) if state else (),
        rules=read_rule_values(_rule_words(words)),
    )


def _rule_words(words: Mapping[str, str]) -> dict[str, str]:
    return {name: words[name] for name in (*RANGES, *TIMES, "attendance", "queues_whole") if words.get(name)}


def _suggestion(asked: SuggestionRequest) -> Suggestion:
    return suggest(context.database(), context.organisation(), asked, context.today())


def _page(asked: SuggestionRequest, suggestion: Suggestion, problems: Mapping[str, str]) -> str:
    visitor = context.visitor()
    return render_template(
        "suggestion/show.html",
        asked=asked,
        suggestion=suggestion,
        problems=problems,
        typed=request.args,
        rules=replace(read_rules(context.database()), **asked.rules),
        rule_fields=RULES,
        states=[(state.value, STATE_WORDS[state][1]) for state in DependencyState if state.is_active],
        pictures=before_and_after(context.organisation(), suggestion),
        person=_person(),
        mine=next((one for one in suggestion.people if visitor and one.person_id == visitor.person_id), None),
        times=TIMES,
        areas=area_tints(context.organisation()),
        dependency={d.id: d for d in context.organisation().dependencies},
    )


def _person() -> Person | None:
    visitor = context.visitor()
    if visitor is None or visitor.person_id is None:
        return None
    return context.organisation().person[visitor.person_id]
