"""Promises of persons: mine and those that I witness, one with what was said to it, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.promises import PromiseAct, PromiseState, how_it_went
from planner.services import promises
from planner.services.promised import read_peers, read_promise, read_promises
from planner.web import context
from planner.web.forms.base import form_key
from planner.web.forms.promises import PromiseActForm, PromiseForm
from planner.web.fragments import see_other
from planner.web.records import save

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from planner.services.promised import PersonsPromise
    from planner.services.promises import Done

blueprint = Blueprint("promises", __name__, url_prefix="/promises")

STATE_WORDS: Mapping[PromiseState, tuple[str, str]] = {
    PromiseState.OPEN: ("countered", "◆"),
    PromiseState.KEPT: ("agreed", "✓"),
    PromiseState.MOVED: ("reopened", "↔"),
    PromiseState.MISSED: ("withdrawn", "–"),
    PromiseState.WITHDRAWN: ("withdrawn", "✕"),
}
"""Class and glyph of each state; none of them is the colour of what is late."""
ENTRY_WORDS: Mapping[PromiseAct | None, str] = {
    None: "promised it",
    PromiseAct.KEEP: "kept it",
    PromiseAct.MOVE: "moved it to another day",
    PromiseAct.MISS: "says that it was missed",
    PromiseAct.WITHDRAW: "says that it has fallen away",
    PromiseAct.TELL: "says how it goes",
    PromiseAct.ASK: "asks how it goes",
    PromiseAct.SEE: "has seen it",
}
ACTS = ",".join(f'"{act.value}"' for act in PromiseAct)


@blueprint.app_template_global("promise_chip")
def promise_chip(one: PersonsPromise) -> tuple[str, str, str]:
    """Return class, glyph and word of where a promise stands."""
    kind, glyph = STATE_WORDS[one.standing.state]
    word = how_it_went(one.standing, context.today())
    return (kind, "?" if one.standing.is_past_due(context.today()) else glyph, word)


@blueprint.get("")
def index() -> str:
    """List what the visitor promised and witnesses, what is over too."""
    context.actor()
    return _list(PromiseForm(formdata=None))


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    """Make a promise from one line."""
    actor = context.actor()
    form = PromiseForm()
    form.offer(read_peers(context.database(), context.organisation(), actor))
    done = save(
        form,
        lambda: promises.promise(
            context.database(),
            actor,
            line=form.line.data or "",
            witnesses=form.chosen,
            key=form_key(form.key.data),
            made_in=form.made_in,
        ),
    )
    if done is None:
        return _list(form), 422
    return _after(done, url_for(".index"))


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show one promise with what was said to it."""
    context.actor()
    return _page(number, PromiseActForm(formdata=None))


@blueprint.post(f"/<int:number>/<any({ACTS}):act>")
def act(number: int, act: str) -> tuple[str, int] | Response:
    """Do something to a promise, and go back to where it was done."""
    actor = context.actor()
    form = PromiseActForm()
    done = save(
        form,
        lambda: promises.act_on_promise(
            context.database(),
            actor,
            number,
            PromiseAct(act),
            words=form.words.data or "",
            day=form.day.data,
            version=form.expected_version,
            key=form_key(form.key.data),
        ),
    )
    if done is None:
        return _page(number, form), 422
    return _after(done, url_for(".show", number=done.promise_id))


@blueprint.post("/entries/<int:number>/take-back")
def take_back(number: int) -> Response:
    """Take back what one has done last, and go back to where it was done."""
    done = promises.take_back(context.database(), context.actor(), number)
    return see_other(context.own_path(request.form.get("next") or url_for(".index")), done.summary)


def _after(done: Done, otherwise: str) -> Response:
    undo_at = url_for(".take_back", number=done.entry_id)
    return see_other(context.own_path(request.form.get("next") or otherwise), done.summary, undo_at=undo_at)


def _list(form: PromiseForm) -> str:
    database, organisation, actor = context.database(), context.organisation(), context.actor()
    form.offer(read_peers(database, organisation, actor))
    found = read_promises(database, organisation, actor, closed=True)
    return render_template("promises/index.html", form=form, promises=found)


def _page(number: int, form: PromiseActForm) -> str:
    found = read_promise(context.database(), context.organisation(), context.actor(), number)
    return render_template("promises/show.html", form=form, promise=found, entry_words=ENTRY_WORDS)
