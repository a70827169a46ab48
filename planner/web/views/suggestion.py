"""The suggestion: a few shared sessions instead of many, why, and the rules that can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for

from planner.domain.errors import InvalidInput, NotNow
from planner.domain.model import DependencyState
from planner.services.consolidation import dial as dials
from planner.services.consolidation.dial import read_dial
from planner.services.consolidation.replans import best_now, close_to_kept
from planner.services.consolidation.searches import Figures, search_for
from planner.services.consolidation.suggestions import (
    MAY_BE_OPEN,
    RANGES,
    TIMES,
    SuggestionRequest,
    answer,
    read_rule_values,
)
from planner.services.exchange import write_table
from planner.services.pictures.thumbnails import before_and_after
from planner.services.settings import change_rules, read_rules
from planner.services.single_sessions import read_single
from planner.services.weeks import sessions_of
from planner.web import context
from planner.web.filters import STATE_WORDS, area_tints
from planner.web.fragments import page_or_fragment, see_other, wants_fragment
from planner.web.long_plans import LINES, PARTS, Line, is_whole, lines_of, lines_page, sessions_page
from planner.web.records import given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.consolidation.suggestion import SharedSession, Suggestion
    from planner.domain.model import DependencyId
    from planner.services.actor import Actor
    from planner.services.consolidation.replans import PlanView
    from planner.services.consolidation.suggestions import Answer
    from planner.services.shared_sessions import AgreedSession

blueprint = Blueprint("suggestion", __name__, url_prefix="/sessions/suggestion")

SESSION_LIST = "suggested-sessions"
RULE_NAMES = (*RANGES, *sorted(TIMES), "attendance", "queues_whole")
# what the page lets people change, in the order of the form: name, label, hint
RULES = (
    ("people_max", "People in a session, at most", "Larger groups decide more slowly."),
    ("minutes_max", "Minutes of a session, at most", "More than 90 gets a break of 10 on top."),
    ("sessions_max", "Sessions a person, at most", "Empty: as many as it takes."),
    ("earliest", "Not before", "In each person's own time."),
    ("latest", "Not after", ""),
    ("seat_cost", "Minutes that one more session costs a person", "Joining, switching, settling in."),
    ("opening", "Minutes of opening", ""),
    ("unrated_gap", "How far views differ where nobody rated it", "From 0, agree, to 1, split."),
)


@blueprint.get("")
def show() -> str | tuple[str, int]:
    """Show the suggestion: its figures, the reader's own sessions, and of a long one the rest by pages."""
    try:
        asked = asked_with(request.args)
    except InvalidInput as error:
        problems = {problem.where: problem.message for problem in error.problems}
        asked = SuggestionRequest()
        return _page(asked, problems), 422
    if wants_fragment(SESSION_LIST):
        return render_template("suggestion/_sessions.html", **_listed(shown_plan(asked)))
    return _page(asked, {})


@blueprint.get(f"/<any({','.join(PARTS)}):part>")
def part(part: str) -> str:
    """Show one list of the suggestion besides its sessions, by pages."""
    view, reader = shown_plan(asked_with(request.args)), context.reader()
    return page_or_fragment(
        "suggestion/part.html",
        "suggestion/_part.html",
        f"part-{part}",
        part=part,
        shown=lines_page(_lines(view, part), reader.id if reader else None),
        **_listed(view),
    )


@blueprint.get("/dial")
def dial() -> str:
    """What the price of a seat does, around the suggestion of the same address."""
    asked = asked_with(request.args)
    try:
        found = read_dial(**_dialled(asked))
    except NotNow:
        found = None  # the page offers to make it
    return render_template("suggestion/dial.html", asked=asked, dial=found, words=question_words())


@blueprint.post("/dial")
def make_dial() -> AnyResponse:
    """Find the dial of a large organisation within this request, for everybody who looks at it afterwards."""
    context.actor()
    asked = asked_with(request.args)
    dials.make_dial(**_dialled(asked))
    return see_other(url_for(".dial", **question_words()))


def _dialled(asked: SuggestionRequest) -> dict[str, Any]:
    visitor = context.visitor()
    return {
        "session": context.database(),
        "organisation": context.organisation(),
        "request": asked,
        "today": context.day_for_all(),
        "reader": visitor.person_id if visitor else None,
    }


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
    head = ("person", "sessions today", "sessions suggested", "minutes today", "minutes suggested")
    rows = [
        (one.name, one.before.sessions, one.after.sessions, one.before.minutes, one.after.minutes)
        for one in shown_plan(asked_with(request.args)).answer.suggestion.people
    ]
    headers = {"Content-Disposition": 'attachment; filename="suggestion.csv"'}
    return Response(write_table([head, *rows]), content_type="text/csv; charset=utf-8", headers=headers)


def asked_with(words: Mapping[str, str]) -> SuggestionRequest:
    """Return the question that the words of an address ask. Raises InvalidInput."""
    state = words.get("state", "")
    return SuggestionRequest(
        horizon=words.get("horizon", ""),
        states=(state,) if state else (),
        rules=read_rule_values(_rule_words(words)),
    )


def _rule_words(words: Mapping[str, str]) -> dict[str, str]:
    """The rules of a form; an empty field that may stay open means that there is no limit."""
    typed = {name: words[name].strip() for name in RULE_NAMES if name in words}
    return {name: word or "none" for name, word in typed.items() if word or name in MAY_BE_OPEN}


def asked_for() -> SuggestionRequest:
    """Return what the address of this request asks. Raises InvalidInput."""
    return asked_with(request.args)


def best_answer(asked: SuggestionRequest) -> Answer:
    return answer(context.database(), context.organisation(), asked, context.day_for_all())


def shown_plan(asked: SuggestionRequest) -> PlanView:
    """Return the plan that the address shows: the best now, or with `near` the one close to the kept."""
    return plan_view(asked, is_near=is_near())


def plan_view(asked: SuggestionRequest, *, is_near: bool) -> PlanView:
    show = close_to_kept if is_near else best_now
    return show(context.database(), best_answer(asked))


def question_words() -> dict[str, Any]:
    """What the address says about the question, so that a link can ask the same; nothing else of it."""
    names = ("horizon", "state", *RULE_NAMES)
    return {name: request.args[name] for name in names if name in request.args}


def plan_words() -> dict[str, Any]:
    """The words of the question, and which of its plans is shown."""
    return question_words() | ({"near": 1} if is_near() else {})


def is_near() -> bool:
    """Return whether the plan close to the kept one is asked for."""
    return request.args.get("near") == "1"


def _page(asked: SuggestionRequest, problems: Mapping[str, str]) -> str:
    visitor = context.visitor()
    view = shown_plan(asked)
    suggestion = view.answer.suggestion
    rules = replace(read_rules(context.database()), **asked.rules)
    return render_template(
        "suggestion/show.html",
        view=view,
        problems=problems,
        search=search_for(context.database(), view.answer, context.now()),
        shown=Figures(len(suggestion.sessions), suggestion.cost),
        words=question_words(),
        typed=request.args,
        rules=rules,
        rule_fields=RULES,
        labels={name: label for name, label, _hint in RULES},
        beyond=[
            one for one in suggestion.people if rules.sessions_max and one.after.sessions > rules.sessions_max
        ],
        states=[(state.value, STATE_WORDS[state][1]) for state in DependencyState if state.is_active],
        pictures=before_and_after(context.organisation(), suggestion),
        parts={part: _lines(view, part) for part in PARTS},
        lines_most=LINES,
        is_whole=is_whole(),
        mine=next((one for one in suggestion.people if visitor and one.person_id == visitor.person_id), None),
        my_sessions=sessions_of(suggestion, visitor) if visitor else (),
        times=TIMES,
        **_listed(view),
    )


def _listed(view: PlanView) -> dict[str, Any]:
    """What the sessions of a suggestion and the lists beside them are written with."""
    organisation, visitor = context.organisation(), context.visitor()
    suggestion, asked = view.answer.suggestion, request.args.get("session", type=int)
    return {
        "asked": view.answer.question.request,
        "suggestion": suggestion,
        "sessions": sessions_page(
            suggestion.sessions,
            is_mine=lambda session: sits_in(session, visitor),
            names=names_in,
            is_asked=lambda one: one.number == asked,
        ),
        "own_words": plan_words(),
        "narrowed": given("q"),
        "person": context.reader(),
        "areas": area_tints(organisation),
        "dependency": {d.id: d for d in organisation.dependencies},
        "single": singles(suggestion),
    }


def sits_in(session: SharedSession, visitor: Actor | None) -> bool:
    return visitor is not None and any(seat.person_id == visitor.person_id for seat in session.seats)


def names_in(session: SharedSession) -> Iterable[str]:
    """Return who sits in a session, and the teams on its agenda."""
    team = context.organisation().team
    sides = {side for item in session.agenda for side in (item.consumer_id, item.provider_id)}
    return (*(seat.name for seat in session.seats), *(team[side].name for side in sides))


def _lines(view: PlanView, part: str) -> list[Line]:
    what = {d.id: d.what for d in context.organisation().dependencies}
    return lines_of(view.answer.suggestion, part, what)


def singles(suggestion: Suggestion) -> Mapping[DependencyId, AgreedSession]:
    """Return the sessions for what has no time in this suggestion, where somebody asked for one."""
    if not any(one.lacks_time for one in suggestion.uncovered):
        return {}
    return read_single(context.database(), context.organisation(), context.now())
