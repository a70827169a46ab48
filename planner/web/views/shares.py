"""Links that show one picture or one session to somebody without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, render_template, request, url_for

from planner.domain.errors import InvalidInput, NotFound
from planner.services.finding import DependencyFilter
from planner.services.pictures import CannotDraw, draw_map, map_only
from planner.services.shares import (
    Share,
    Shown,
    keys_of,
    read_share,
    read_shares,
    revoke_share,
    session_about,
    share,
)
from planner.web import context
from planner.web.forms.shares import ShareForm
from planner.web.fragments import see_other
from planner.web.records import save
from planner.web.views.map import map_request
from planner.web.views.suggestion import asked_with, plan_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from planner.domain.consolidation.suggestion import SharedSession, Suggestion

blueprint = Blueprint("shares", __name__)
OFFERED = timedelta(days=14)


@blueprint.before_request
def only_with_accounts() -> None:
    if not context.uses_accounts():
        abort(404)


@blueprint.get("/share/<token>")
def show(token: str) -> str:
    """Show a guest exactly what was shared with them, as it is today."""
    found = read_share(context.database(), token, context.now())
    return _session_page(found) if found.shown.is_session else _map_page(found)


@blueprint.get("/account/shares")
def index() -> str:
    """Show one's own links that work, each to be taken back."""
    found = read_shares(context.database(), context.actor())
    return render_template("shares/index.html", shares=[(one, _in_words(one.shown)) for one in found])


@blueprint.get("/account/shares/new")
def new() -> str:
    """Ask until when to share the map, or the session with this number, of the address."""
    form = ShareForm(formdata=None)
    words = request.args.to_dict()
    number = words.pop("session", "")
    keys = _keys_of_session(words, number) if number else ()
    form.words.data, form.dependencies.data = urlencode(words), ",".join(keys)
    form.until.data = context.today() + OFFERED
    return _form_page(form)


@blueprint.post("/account/shares")
def create() -> tuple[str, int] | str:
    """Make the link and show it, once."""
    form = ShareForm()
    token = save(form, lambda: _share(form))
    if token is None:
        return _form_page(form), 422
    link = context.own_address(url_for(".show", token=token))
    return render_template("shares/made.html", link=link, until=form.until.data)


@blueprint.post("/account/shares/<int:number>/revoke")
def revoke(number: int) -> Response:
    revoke_share(context.database(), context.actor(), number)
    return see_other(url_for(".index"), "That link opens nothing any more.")


def _share(form: ShareForm) -> str:
    context.own_address("/")  # before anything is kept
    shown = _shown(form)
    if shown.is_session:
        _expect_session(shown)
    else:
        map_request(DependencyFilter.from_query(shown.words), shown.words)  # is there such a map?
    return share(context.database(), context.actor(), shown, until=form.until.data)


def _shown(form: ShareForm) -> Shown:
    keys = tuple(filter(None, (form.dependencies.data or "").split(",")))
    return Shown(dict(parse_qsl(form.words.data or "")), keys)


def _keys_of_session(words: Mapping[str, str], number: str) -> tuple[str, ...]:
    sessions = _suggestion(words).sessions
    if not number.isdecimal() or not 1 <= int(number) <= len(sessions):
        raise NotFound("The suggestion has no such session.")
    return keys_of(context.organisation(), sessions[int(number) - 1])


def _suggestion(words: Mapping[str, str]) -> Suggestion:
    """Return the plan that these words show, the best or the one close to the kept. Raises InvalidInput."""
    return plan_view(asked_with(words), is_near=words.get("near") == "1").answer.suggestion


def _expect_session(shown: Shown) -> SharedSession:
    """Return the session as it is suggested today. Raises NotFound when it is not any more."""
    try:
        suggestion = _suggestion(shown.words)
    except InvalidInput:
        raise NotFound("The rules of this suggestion cannot be used any more.") from None
    found = session_about(context.organisation(), suggestion, shown.dependency_keys)
    if found is None:
        raise NotFound("This session is not suggested any more. Ask whoever sent the link for another one.")
    return found


def _map_page(found: Share) -> str:
    words, organisation = found.shown.words, context.organisation()
    asked = map_request(DependencyFilter.from_query(words), words)
    drawn, problem = None, ""
    try:
        drawn = draw_map(context.database(), organisation, asked, context.today())
    except CannotDraw as error:
        problem = str(error)
    return render_template(
        "shares/map.html",
        house=organisation.name,
        drawn=drawn,
        map=drawn.map if drawn else map_only(organisation, asked, context.today()),
        problem=problem,
        until=found.last_day,
    )


def _session_page(found: Share) -> str:
    organisation = context.organisation()
    return render_template(
        "shares/session.html",
        house=organisation.name,
        session=_expect_session(found.shown),
        teams=organisation.team,
        places=organisation.place,
        dependency={one.id: one for one in organisation.dependencies},
        until=found.last_day,
    )


def _in_words(shown: Shown) -> str:
    """Return what a link shows, for the list of one's own."""
    if not shown.is_session:
        asked = DependencyFilter.from_query(shown.words)
        return f"The map, {map_request(asked, shown.words).in_words or 'everything'}"
    what = {one.key: one.what for one in context.organisation().dependencies}
    return "The session about " + ", ".join(what.get(key, "what is gone") for key in shown.dependency_keys)


def _form_page(form: ShareForm) -> str:
    return render_template("shares/new.html", form=form, what=_in_words(_shown(form)))
