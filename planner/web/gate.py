"""What is open to somebody who has not signed in; everything else leads to the page that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import abort, request
from werkzeug.exceptions import SecurityError

from planner.web import context

if TYPE_CHECKING:
    from flask import Flask

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PROGRAMS = "api"
OWN_SITE = frozenset({"same-origin", "none"})
OPEN = frozenset(
    {
        "static",
        "identity.choose",
        "identity.enter",
        "identity.leave",
        "doors.first",
        "doors.begin",
        "doors.invitation",
        "doors.accept",
        "doors.ask",
        "doors.send",
        "doors.link",
        "doors.use_link",
        "doors.reset",
        "doors.set_password",
        "openid.begin",
        "openid.back",
        "shares.show",
        "shares.embed",
        "shares.picture",
        "calendars.feed",
        "live.show",  # these two ask by themselves: a screen that waits is answered from very little
        "live.screen",
        "live.door",
        "live.code",
        "live.join",
        "live.room",
    }
)
"""Endpoints that answer to nobody in particular where people have accounts. Nothing else does."""


def register(app: Flask) -> None:
    @app.before_request
    def refuse_other_hosts() -> None:
        """Nothing is looked up under a host that is not ours, not even the page that asks who is there."""
        if isinstance(request.routing_exception, SecurityError):
            raise request.routing_exception

    @app.before_request
    def refuse_other_sites() -> None:
        """A form that another site sends is refused, also where somebody has found out a token."""
        if request.method not in SAFE_METHODS and _comes_from_elsewhere():
            abort(403)

    @app.before_request
    def ask_who_is_there() -> None:
        if request.blueprint == PROGRAMS:
            return  # each operation asks for a token itself; a cookie lets nobody in there
        if context.uses_accounts() and request.endpoint not in OPEN:
            context.actor()


def _comes_from_elsewhere() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in OWN_SITE:
        return True
    if origin is None:
        return False
    own = {request.host, urlsplit(context.context().settings.address).netloc} - {""}
    return urlsplit(origin).netloc not in own
