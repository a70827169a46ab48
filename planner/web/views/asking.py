"""Asking for something: one sentence, or many lines with a table to correct before anything is saved."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import render_template, request, url_for

from planner.domain.errors import InvalidInput, Problem
from planner.services.changes import asked_before
from planner.services.dependencies import record_dependencies
from planner.services.sentences import NEW_TEAM, CheckRow, check_again, check_lines, drafts_of, read_line
from planner.web import context
from planner.web.addresses import row_number
from planner.web.forms.base import form_key
from planner.web.fragments import see_other
from planner.web.names import key_of
from planner.web.views.dependencies import blueprint, filter_choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

EXAMPLE = """\
Settlement file from Partner API by 2 Mar
Identity needs verified card token from Payments by end of Feb
Payments -> Loyalty: points as tender, 16 Mar
Web Shop needs capped fare display from Fares & Pricing"""
LONGEST_SENTENCE = 2000
CELLS = ("what", "consumer", "provider", "by", "goal", "kind", "consumer_read", "provider_read")


@blueprint.get("/new")
def new() -> str:
    """Show the sentence field, or the field for many lines."""
    context.actor()
    if request.args.get("bulk"):
        return render_template("dependencies/paste.html", text=EXAMPLE, problems=())
    return _sentence_page(request.args.get("s", "")[:LONGEST_SENTENCE])


@blueprint.get("/preview")
def preview() -> str:
    """Say how the sentence reads so far; the element that htmx replaces while somebody types."""
    text, team = request.args.get("s", "")[:LONGEST_SENTENCE], request.args.get("team", "")
    line = read_line(context.organisation(), context.visitor(), text, context.today(), team=team)
    return render_template("dependencies/_preview.html", line=line, text=text)


@blueprint.post("")
def create() -> tuple[str, int] | Response:
    """Record a sentence that was read while it was typed; anything uncertain goes to the table first."""
    actor = context.actor()
    again = asked_before(context.database(), actor, _form_key())
    if again is not None:
        return see_other(_after(1), again.summary, change_id=again.id)
    text, team = request.form.get("s", ""), request.form.get("team", "")
    line = read_line(context.organisation(), actor, text[:LONGEST_SENTENCE], context.today(), team=team)
    if line is None:
        return _sentence_page(text, problem="Write what is needed, from whom and by when."), 422
    rows = check_lines(context.organisation(), actor, text, context.today(), team=team)
    # with script the reading stands under the field while it is typed; without, it is the next page
    was_shown = request.form.get("shown") == text or "live" in request.form
    if line.is_ready and was_shown and len(rows) == 1:
        return _record(rows)
    return _check_page(rows), 200 if line.is_ready else 422


@blueprint.post("/check")
def check() -> str | tuple[str, int]:
    """Show a paste as a table; nothing is saved yet."""
    actor = context.actor()
    text = _pasted()
    rows = check_lines(context.organisation(), actor, text, context.today())
    if not rows:
        problem = Problem("", "there is no line to read; write one need a line")
        return render_template("dependencies/paste.html", text=text, problems=[problem]), 422
    return _check_page(rows)


@blueprint.post("/many")
def create_many() -> tuple[str, int] | Response:
    """Record the table, all of it or nothing; what is still open comes back marked."""
    rows = check_again(context.organisation(), context.actor(), _rows_of_form(), context.today())
    if any(row.problems for row in rows if row.taken) or not any(row.taken for row in rows):
        return _check_page(rows, was_sent=True), 422
    return _record(rows)


def _record(rows: Sequence[CheckRow]) -> Response:
    actor = context.actor()
    drafts, new_teams = drafts_of(context.organisation(), actor, rows, context.today())
    criteria = tuple(_criteria().splitlines())
    drafts = [replace(draft, criteria=criteria) for draft in drafts]
    _keys, change = record_dependencies(
        context.database(), actor, drafts, new_teams=new_teams, key=_form_key()
    )
    return see_other(_after(len(drafts)), change.summary, change_id=change.id)


def _after(number: int) -> str:
    """After one need to the week, after many to what they come to."""
    return url_for("week.index") if number == 1 else url_for("suggestion.show")


def _form_key() -> str | None:
    return form_key(request.form.get("key"))


def _criteria() -> str:
    return request.form.get("criteria", "")


def _pasted() -> str:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return request.form.get("lines", "")
    try:
        return str(upload.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            Problem("file", f"is not UTF-8 text (byte {error.start}); save it as CSV UTF-8 and try again")
        ) from error


def _rows_of_form() -> list[CheckRow]:
    columns = {cell: request.form.getlist(cell) for cell in CELLS}
    for side in ("consumer", "provider"):
        columns[side] = [_team_meant(typed) for typed in columns[side]]
    taken = set(request.form.getlist("take"))
    numbers = request.form.getlist("number")
    if any(len(values) != len(numbers) for values in columns.values()):
        raise InvalidInput(Problem("", "The table arrived incomplete; go back and send it again"))
    return [
        CheckRow(
            number=_line_number(number, index),
            what=columns["what"][index],
            consumer=columns["consumer"][index],
            provider=columns["provider"][index],
            by=columns["by"][index],
            goal=columns["goal"][index],
            kind=columns["kind"][index],
            consumer_read=columns["consumer_read"][index],
            provider_read=columns["provider_read"][index],
            taken=number in taken,
        )
        for index, number in enumerate(numbers)
    ]


def _team_meant(typed: str) -> str:
    """The key of a team that was chosen or named; "new:Name" for one that is said to be new."""
    new = re.fullmatch("New team “(.+)”", typed.strip())
    if new is not None:
        return f"{NEW_TEAM}{new[1]}"
    return key_of(typed.strip(), [(team.key, team.name) for team in context.organisation().teams]) or typed


def _line_number(text: str, index: int) -> int:
    try:
        return row_number(text)
    except ValueError:
        return index + 1


def _sentence_page(text: str, *, problem: str = "") -> str:
    team = request.values.get("team", "")
    line = read_line(context.organisation(), context.visitor(), text, context.today(), team=team)
    return render_template(
        "dependencies/new.html", text=text, line=line, problem=problem, team=team, criteria=_criteria()
    )


def _check_page(rows: Sequence[CheckRow], *, was_sent: bool = False) -> str:
    return render_template(
        "dependencies/check.html",
        rows=rows,
        choices=filter_choices(),
        was_sent=was_sent,
        criteria=_criteria(),
    )
