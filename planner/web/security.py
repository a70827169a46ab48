"""Headers of every answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request
from flask.sessions import SecureCookieSessionInterface

from planner.web import context

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.sessions import SessionMixin

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)

A_YEAR = "max-age=31536000; includeSubDomains"


class QuietSessions(SecureCookieSessionInterface):
    """Sends no cookie with what may be kept by everybody between here and the reader, nor one that tells
    nothing new with an answer that tells nothing: screens that wait get many of those."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        tells_nothing = response.status_code == HTTPStatus.NO_CONTENT and not session.modified
        if not response.cache_control.public and not tells_nothing:
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    app.session_interface = QuietSessions()

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if context.context().settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", A_YEAR)
        if request.endpoint != "static" and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
            response.vary.update(("HX-Request", "HX-Target", "Cookie"))
        return response
