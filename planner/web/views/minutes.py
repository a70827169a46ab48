"""The minutes of a shared session: as a page and as files, shared, objected to and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from planner.domain.minutes import MinutesState, details, heading
from planner.services.history import read_history_of
from planner.services.meeting import minutes
from planner.services.trials import read_worth
from planner.web import context
from planner.web.addresses import row_number
from planner.web.forms.base import form_key
from planner.web.forms.minutes import MinutesWordsForm, ShareMinutesForm
from planner.web.fragments import see_other
from planner.web.records import save
from planner.web.rounds import keep_the_round, place_of, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.model import Person
    from planner.services.meeting.minutes import SharedMinutes
    from planner.storage.audit import OpenChange
    from planner.web.forms.base import RecordForm

blueprint = Blueprint("minutes", __name__, url_prefix="/sessions/shared")
keep_the_round(blueprint)

STATE_WORDS: Mapping[MinutesState, tuple[str, str, str]] = {
    MinutesState.DRAFT: ("asked", "?", "Draft"),
    MinutesState.OPEN: ("delivered", "→", "Shared, open to objections"),
    MinutesState.OBJECTED: ("countered", "↔", "An objection is open"),
    MinutesState.AGREED: ("agreed", "✓", "Agreed by silence"),
    MinutesState.REPLACED: ("withdrawn", "✕", "Replaced by a newer version"),
}
"""Class, glyph and word of each state."""
CONTENT_TYPES = {"md": "text/markdown; charset=utf-8", "pdf": "application/pdf"}


@blueprint.get("/<int:number>/minutes")
def show(number: int) -> str:
    """Show the minutes, the newest version or the one that the address names."""
    return _page(number, MinutesWordsForm(formdata=None))


@blueprint.get('/<int:number>/minutes.<any("md","pdf"):format>')
def file(number: int, format: str) -> Response:  # noqa: A002 - the word of the address
    """Send the minutes as a file."""
    found = minutes.minutes_file(_asked_for(number).minutes, format)
    round_of = place_of(number, to_read=True).number
    name = f"minutes-{number}" + (f"-round-{round_of + 1}" if round_of else "")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return Response(found, content_type=CONTENT_TYPES[format], headers=headers)


@blueprint.post("/<int:number>/minutes")
def share(number: int) -> tuple[str, int] | AnyResponse:
    """Share the minutes as they are now."""
    actor = context.actor()
    form = ShareMinutesForm()
    address = context.context().settings.address
    shown(number, to_read=True)
    change = save(
        form,
        lambda: minutes.share_minutes(
            context.database(),
            actor,
            place_of(number, to_read=True),
            why=form.why.data or "",
            key=form_key(form.key.data),
            address=address,
        ),
    )
    return _after(number, form, change)


@blueprint.post("/<int:number>/minutes/objections")
def object_to(number: int) -> tuple[str, int] | AnyResponse:
    """Take an objection of whoever was there."""
    actor = context.actor()
    form = MinutesWordsForm()
    shown(number, to_read=True)
    change = save(
        form,
        lambda: minutes.object_to_minutes(
            context.database(),
            actor,
            place_of(number, to_read=True),
            item=form.about,
            words=form.words.data or "",
            number=form.shown,
            key=form_key(form.key.data),
        ),
    )
    return _after(number, form, change)


@blueprint.post("/<int:number>/minutes/objections/<int:objection>")
def answer(number: int, objection: int) -> tuple[str, int] | AnyResponse:
    """Answer an objection."""
    actor = context.actor()
    form = MinutesWordsForm()
    shown(number, to_read=True)
    change = save(
        form,
        lambda: minutes.answer_objection(
            context.database(),
            actor,
            place_of(number, to_read=True),
            objection,
            words=form.words.data or "",
            key=form_key(form.key.data),
        ),
    )
    return _after(number, form, change)


def _after(number: int, form: RecordForm, change: OpenChange | None) -> tuple[str, int] | AnyResponse:
    if change is None:
        return _page(number, form), 422
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


def _asked_for(number: int) -> SharedMinutes:
    return minutes.read_minutes(
        context.database(),
        context.organisation(),
        place_of(number, to_read=True),
        context.visitor(),
        context.today(),
        number=request.args.get("version", type=row_number),
    )


def _page(number: int, form: RecordForm) -> str:
    found = _asked_for(number)
    place = place_of(number, to_read=True)
    organisation = context.organisation()
    return render_template(
        "minutes/show.html",
        shared=found,
        at=shown(place.session_id),
        minutes=found.minutes,
        form=form,
        heading=heading(found.minutes),
        details=details,
        known={dependency.key: dependency.id for dependency in organisation.dependencies},
        state_words=STATE_WORDS,
        peers=_who_was_there(found),
        mine=read_worth(context.database(), context.visitor(), place),
        history=read_history_of(context.database(), context.visitor(), "meeting", found.meeting_id),
    )


def _who_was_there(found: SharedMinutes) -> list[Person]:
    """Those who can witness what the visitor promises here: everybody recorded who was there beside them."""
    visitor = context.visitor()
    if not found.was_there or visitor is None:
        return []
    return [
        one for one in context.organisation().people if one.key in found.there and one.id != visitor.person_id
    ]
