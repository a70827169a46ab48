"""Adjusting a plan: a draft of one's own from the suggestion, or the next version of a proposal.

The draft is its address: each choice is a link with one word more, each undo one with a word fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for

from planner.domain.errors import InvalidInput, NotNow
from planner.services.consolidation.adjusting import (
    Adjusted,
    adjust,
    again,
    base_of_proposal,
    by_hand,
    conditions_of,
    lines,
    menu,
    pins,
    price_words,
)
from planner.services.consolidation.proposals import ASKED_ANEW_IN_VAIN, read_news, read_plan, read_proposal
from planner.services.consolidation.proposing import restore_version, share_plan
from planner.services.consolidation.replans import changes_from
from planner.services.consolidation.suggestions import request_of
from planner.services.consolidation.versions import count_versions
from planner.web import context
from planner.web.filters import local_time
from planner.web.forms.base import UNKNOWN, form_key
from planner.web.fragments import page_or_fragment, see_other
from planner.web.long_plans import Numbered, sessions_page
from planner.web.paging import ListPage
from planner.web.records import given
from planner.web.views.suggestion import (
    asked_for,
    best_answer,
    names_in,
    plan_words,
    shown_plan,
    singles,
    sits_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from werkzeug.wrappers import Response

    from planner.domain.consolidation.model import Slot
    from planner.domain.consolidation.suggestion import SharedSession
    from planner.services.consolidation.proposals import Proposal
    from planner.services.consolidation.suggestions import Answer

blueprint = Blueprint("adjusting", __name__, url_prefix="/sessions")


@dataclass(frozen=True)
class Place:
    """Where a plan is adjusted: the page it has, and what its address says besides the adjustments."""

    endpoint: str
    words: dict[str, Any]

    def link(self, change: Sequence[str], **about: Any) -> str:
        """Return the address of this page with these adjustments; none at all is said as well."""
        anchor = "adjusted-sessions" if "page" in about else "menu" if about else None
        return url_for(self.endpoint, _anchor=anchor, change=list(change) or "", **self.words, **about)


@blueprint.get("/suggestion/adjust")
def draft() -> str:
    """Show the plan of the suggestion with what one has adjusted of it, and what else can be."""
    adjusted = adjust(shown_plan(asked_for()).answer, _typed())
    return _page(adjusted, Place(".draft", plan_words()))


@blueprint.post("/suggestion/adjust")
def share() -> Response:
    """Propose the draft that the address of this form shows."""
    actor = context.actor()
    return _share(actor, adjust(shown_plan(asked_for()).answer, _typed()), seen=None)


@blueprint.get("/proposals/<int:number>/adjust")
def version(number: int) -> str:
    """Show the plan of a proposal with what was adjusted of it, and what else can be."""
    proposal = _proposal(number)
    adjusted = adjust(base_of(proposal), _typed_or(proposal.adjustments))
    return _page(adjusted, Place(".version", {"number": number}), proposal)


@blueprint.post("/proposals/<int:number>/adjust")
def share_version(number: int) -> Response:
    """Share the draft that the address of this form shows as the next version."""
    actor = context.actor()
    proposal = _proposal(number)
    adjusted = adjust(base_of(proposal), _typed_or(proposal.adjustments))
    return _share(actor, adjusted, seen=request.form.get("seen", UNKNOWN, type=int))


@blueprint.post("/proposals/<int:number>/restore")
def restore(number: int) -> Response:
    """Propose this version again, as the next one."""
    new, change = restore_version(
        context.database(),
        context.actor(),
        number,
        seen=request.form.get("seen", UNKNOWN, type=int),
        key=form_key(request.form.get("key")),
    )
    return see_other(url_for("proposals.show", number=new), change.summary, change_id=change.id)


def _share(actor: Any, adjusted: Adjusted, *, seen: int | None) -> Response:
    number, change = share_plan(
        context.database(),
        actor,
        answer=adjusted.answer,
        shown=request.form.get("shown", ""),
        key=form_key(request.form.get("key")),
        by_hand=by_hand(adjusted),
        seen=seen,
    )
    return see_other(url_for("proposals.show", number=number), change.summary, change_id=change.id)


def _typed() -> tuple[str, ...]:
    return tuple(word for word in request.args.getlist("change") if word)


def _typed_or(kept: tuple[str, ...]) -> tuple[str, ...]:
    """The adjustments of the address; those of the proposal where it says nothing about them."""
    return _typed() if "change" in request.args else kept


def _proposal(number: int) -> Proposal:
    return read_proposal(context.database(), context.organisation(), number, context.today())


def base_of(proposal: Proposal) -> Answer:
    """Return the plan that adjusting it begins with. Raises NotNow where its question cannot be asked."""
    try:
        best = best_answer(request_of(proposal.words))
    except InvalidInput as error:
        raise NotNow(f"{ASKED_ANEW_IN_VAIN} Adjust the suggestion of now instead.") from error
    return base_of_proposal(context.database(), best, proposal.id)


def _page(adjusted: Adjusted, place: Place, proposal: Proposal | None = None) -> str:
    when = own_clock()
    about = {name: request.args.get(name, "") for name in ("session", "item")}
    database, organisation, today = context.database(), context.organisation(), context.day_for_all()
    conditions = () if proposal is None else conditions_of(proposal)
    before = adjusted.base.solution.plan
    if proposal is not None:
        before = read_plan(database, adjusted.base.question.organisation, proposal.id, today)
    return page_or_fragment(
        "adjusting/show.html",
        "adjusting/_list.html",
        "adjusted-sessions",
        adjusted=adjusted,
        sessions=_sessions(adjusted, about.values()),
        narrowed=given("q"),
        suggestion=adjusted.answer.suggestion,
        lines=lines(adjusted, when),
        price=price_words(adjusted),
        menu=menu(adjusted, **about, when=when, conditions=conditions),
        again=again(adjusted) if request.args.get("again") == "1" else None,
        conditions=conditions,
        pins=pins(adjusted),
        about=about,
        link=place.link,
        words=[step.word for step in adjusted.steps],
        proposal=proposal,
        seen=None if proposal is None else count_versions(database, proposal.id),
        news=None if proposal is None else read_news(database, organisation, proposal.id, today),
        changes=changes_from(adjusted.answer, before),
        place_words=place.words,
        person=context.reader(),
        dependency={one.id: one for one in organisation.dependencies},
        single=singles(adjusted.answer.suggestion),
    )


def _sessions(adjusted: Adjusted, about: Collection[str]) -> ListPage[Numbered[SharedSession]]:
    """The sessions of the page on which what is asked about stands, by the key of its dependency."""
    visitor = context.visitor()
    asked = {one.id for one in context.organisation().dependencies if one.key in about}
    return sessions_page(
        adjusted.answer.suggestion.sessions,
        is_mine=lambda session: sits_in(session, visitor),
        names=names_in,
        is_asked=lambda one: any(item.dependency_id in asked for item in one.session.agenda),
    )


def own_clock() -> Callable[[Slot], str]:
    """Return how a time reads where whoever asks works."""
    person = context.reader()
    return lambda slot: local_time(slot, person)
