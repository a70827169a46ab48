"""Links that show one picture or one session to somebody without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from planner.domain.errors import InvalidInput, NotFound
from planner.services.finding import filter_in_words
from planner.services.pictures.pictures import FILES, KINDS, draw_map, picture_file
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
from planner.web.views.map import map_request, seen
from planner.web.views.suggestion import asked_with, plan_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.consolidation.suggestion import SharedSession, Suggestion

blueprint = Blueprint("shares", __name__)
OFFERED = timedelta(days=14)
EMBEDDED = frozenset({"svg", "png"})
KEPT_SECONDS = 300
IMAGE_POLICY = "default-src 'none'; sandbox"  # an image runs nothing


@blueprint.before_request
def only_with_accounts() -> None:
    if not context.uses_accounts():
        abort(404)


@blueprint.get("/share/<token>")
def show(token: str) -> str:
    """Show a guest exactly what was shared with them, as it is today."""
    found = read_share(context.database(), token, context.now())
    return _session_page(found) if found.shown.is_session else _map_page(found)


@blueprint.get("/embed/<token>")
def embed(token: str) -> AnyResponse:
    """Show a shared picture alone, to be framed by the one site that whoever shared it has named."""
    found = _shared_picture(token)
    page = render_template(
        "shares/embed.html", until=context.own_day(found.last_moment), **seen(map_request(found.shown.words))
    )
    site = found.shown.site or "'none'"
    policy = f"default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors {site}"
    return _kept_a_while(Response(page, content_type="text/html; charset=utf-8"), policy)


@blueprint.get("/embed/<token>.<kind>")
def picture(token: str, kind: str) -> AnyResponse:
    """Send a shared picture as an image, drawn anew when something has changed."""
    if kind not in EMBEDDED:
        abort(404)
    asked = map_request(_shared_picture(token).shown.words)
    drawn = draw_map(
        context.database(), context.organisation(), asked, context.today(), plan_on=context.day_for_all()
    )
    size, theme = request.args.get("size", ""), request.args.get("theme", "")
    data = picture_file(drawn, kind, size, theme, context.today())
    return _kept_a_while(Response(data, content_type=FILES[kind]), IMAGE_POLICY)


def _shared_picture(token: str) -> Share:
    found = read_share(context.database(), token, context.now())
    if found.shown.is_session:
        abort(404)
    return found


def _kept_a_while(response: Response, policy: str) -> AnyResponse:
    """Let whoever shows it keep it for some minutes; nothing in it depends on who looks."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)


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
    shown = _shown(form)
    addresses = {"link": url_for(".show", token=token)}
    if not shown.is_session:
        addresses["image"] = url_for(".picture", token=token, kind="png")
        addresses["frame"] = url_for(".embed", token=token)
    whole = {name: context.own_address(path) for name, path in addresses.items()}
    return render_template("shares/made.html", addresses=whole, site=shown.site, until=form.until.data)


@blueprint.post("/account/shares/<int:number>/revoke")
def revoke(number: int) -> AnyResponse:
    revoke_share(context.database(), context.actor(), number)
    return see_other(url_for(".index"), "That link opens nothing any more.")


def _share(form: ShareForm) -> str:
    context.own_address("/")  # before anything is kept
    shown = _shown(form)
    if shown.is_session:
        _expect_session(shown)
    else:
        map_request(shown.words)  # is there such a picture?
    return share(context.database(), context.actor(), shown, until=form.until.data)


def _shown(form: ShareForm) -> Shown:
    keys = tuple(filter(None, (form.dependencies.data or "").split(",")))
    return Shown(dict(parse_qsl(form.words.data or "")), keys, form.site.data or "")


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
    asked = map_request(found.shown.words)
    house = context.organisation().name
    return render_template(
        "shares/map.html", house=house, until=context.own_day(found.last_moment), **seen(asked)
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
        until=context.own_day(found.last_moment),
    )


def _in_words(shown: Shown) -> str:
    """Return what a link shows, for the list of one's own."""
    if not shown.is_session:
        asked = map_request(shown.words)
        words = filter_in_words(context.organisation(), asked.chosen) or "everything"
        return f"{KINDS[asked.view].title}, {words}"
    what = {one.key: one.what for one in context.organisation().dependencies}
    return "The session about " + ", ".join(what.get(key, "what is gone") for key in shown.dependency_keys)


def _form_page(form: ShareForm) -> str:
    return render_template("shares/new.html", form=form, what=_in_words(_shown(form)))
