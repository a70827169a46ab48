"""Headers of every answer."""

from __future__ import annotations

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

NOTHING_OF_THE_DEVICE = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation"),
        *("gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment"),
        *("picture-in-picture", "publickey-credentials-create", "publickey-credentials-get"),
        *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
    )
)
"""No page uses any of it, so no script that found its way in can either."""

A_YEAR = "max-age=31536000; includeSubDomains"


class QuietSessions(SecureCookieSessionInterface):
    """Sends no cookie with what may be kept by everybody between here and the reader.

    Nor with a piece of a page that is only read: it may be on its way while a form is sent, and would then
    bring back the cookie of before; and screens that wait ask for many.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        is_piece = request.method == "GET" and request.headers.get("HX-Request") == "true"
        return super().should_set_cookie(app, session) and (session.modified or not is_piece)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.public:
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    app.session_interface = QuietSessions()

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", NOTHING_OF_THE_DEVICE)
        # styles are no secret, and a frame that its site has locked up counts as a stranger that needs them
        ours = "cross-origin" if request.endpoint == "static" else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", ours)
        if context.context().settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", A_YEAR)
        if request.endpoint != "static" and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
            response.vary.update(("HX-Request", "HX-Target", "Cookie"))
        return response
