"""What I am told, and how I want to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from planner.domain.notices import NoticeKind
from planner.services import notices
from planner.web import context
from planner.web.addresses import row_number
from planner.web.forms.notices import ChoicesForm, choices_form
from planner.web.fragments import see_other

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from planner.domain.model import Person

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

KIND_WORDS: Mapping[NoticeKind, tuple[str, str, str]] = {
    NoticeKind.ASKED: ("asked", "?", "Asked"),
    NoticeKind.ANSWERED: ("agreed", "✓", "Answered"),
    NoticeKind.REOPENED: ("reopened", "↔", "Open again"),
    NoticeKind.REMINDED: ("asked", "!", "Reminder"),
    NoticeKind.SLIPPED: ("late", "▲", "Moved later"),
    NoticeKind.ALL_THERE: ("delivered", "→", "All there"),
    NoticeKind.DUE_TOMORROW: ("countered", "◆", "Due tomorrow"),
    NoticeKind.PROPOSAL: ("reopened", "◇", "Proposed plan"),
    NoticeKind.PROMISE: ("delivered", "◆", "Promise"),
    NoticeKind.MINUTES: ("reopened", "≡", "Minutes"),
    NoticeKind.SESSION: ("asked", "◷", "Session"),
    NoticeKind.CHANGED: ("reopened", "⇄", "Changed"),
}
"""Class, glyph and word of each kind."""


@blueprint.get("")
def index() -> str:
    """List the visitor's notices, fifty a page."""
    before = request.args.get("before", type=row_number)
    entries = notices.read_notices(context.database(), context.actor(), before=before)
    there = {dependency.id for dependency in context.organisation().dependencies}
    return render_template(
        "notices/index.html",
        entries=entries,
        there=there,
        words=KIND_WORDS,
        has_more=len(entries) == notices.PAGE,
        has_new=any(entry.is_new for entry in entries),
        has_server=context.context().settings.smtp is not None,
        person=_myself(),
    )


@blueprint.post("/read")
def read() -> Response:
    """Take what was on the page as read, and no notice that came since."""
    up_to = request.form.get("up_to", type=row_number) or 0
    notices.mark_read(context.database(), context.actor(), up_to=up_to)
    return see_other(url_for(".index"))


@blueprint.get("/choices")
def choices() -> str:
    actor = context.actor()
    form = choices_form(formdata=None)
    form.fill(notices.read_choices(context.database(), actor))
    return _choices_page(form)


@blueprint.post("/choices")
def choose() -> tuple[str, int] | Response:
    actor = context.actor()
    form = choices_form()
    if not form.validate():
        return _choices_page(form), 422
    notices.choose(context.database(), actor, form.chosen())
    return see_other(url_for(".index"), "Kept how you are told")


def _choices_page(form: ChoicesForm) -> str:
    return render_template("notices/choices.html", form=form, person=_myself())


def _myself() -> Person | None:
    number = context.actor().person_id
    return None if number is None else context.organisation().person[number]
