"""Errors to pages, in one table."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

from flask import current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from planner.domain.errors import (
    CannotUndo,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotNow,
    PlannerError,
    StaleVersion,
)
from planner.services.accounts.attempts import TooOften
from planner.web.api.access import NoToken, OutOfScope, TooMany
from planner.web.api.calls import NoMatch, Stale, Unreadable
from planner.web.openid import ProviderSilent
from planner.web.problems import STALE, is_asked_by_program, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask, Response

    from planner.domain.errors import Problem

Answer: TypeAlias = "tuple[str, int] | Response"

STATUS: dict[type[PlannerError], tuple[int, str]] = {
    NotFound: (404, "Not here"),
    NotAllowed: (403, "Not yours to change"),
    NotNow: (409, "Not possible now"),
    StaleVersion: (409, "Somebody was faster"),
    CannotUndo: (409, "Cannot take this back"),
    InvalidInput: (422, "Something is not right yet"),
    ProviderSilent: (502, "No answer from there"),
    NoToken: (401, "No access token"),
    OutOfScope: (403, "The token is for something else"),
    NoMatch: (428, "If-Match is missing"),
    Stale: (412, "Not what stands there now"),
    Unreadable: (415, "Not this kind"),
    TooMany: (429, "Too often"),
}
BROKEN = 500
NO_SUCH_VERB = 405
WORDS = {
    400: ("That request cannot be read", "Go back, reload the page and try again."),
    403: (
        "Not from there",
        "This was sent by another site, so it was not done. Open the page itself and try again.",
    ),
    404: ("Not here", "There is nothing at this address. It may have been renamed or removed."),
    405: ("Not like this", "This address answers to a form, not to a link."),
    413: ("Too large", "The file or text is larger than what can be taken. Split it and try again."),
    415: ("Not this kind", "This kind of content cannot be read here."),
    500: (
        "This went wrong on our side",
        "Nothing was saved. Try again; if it stays, tell whoever runs this.",
    ),
}


def register(app: Flask) -> None:
    app.register_error_handler(PlannerError, _planner_error)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _http_error)


def _planner_error(error: PlannerError) -> Answer:
    status, title = next(
        (found for kind, found in STATUS.items() if isinstance(error, kind)), (422, "Not possible")
    )
    if isinstance(error, StaleVersion) and is_asked_by_program():
        status = STALE  # what was sent as If-Match, or as the mark of a plan, is not there any more
    problems = error.problems if isinstance(error, InvalidInput) else ()
    return _page(status, title, "" if problems else str(error), problems)


def _too_often(error: TooOften) -> Response:
    response = make_response(_page(429, "Too often", str(error)))
    response.headers["Retry-After"] = str(max(1, int(error.wait.total_seconds())))
    return response


def _forged(_error: CSRFError) -> Answer:
    return _page(400, "This page is too old", "Reload it and send the form again. Nothing was saved.")


def _http_error(error: HTTPException) -> Answer | HTTPException:
    is_redirect = error.response is not None or error.code == HTTPStatus.PERMANENT_REDIRECT
    if is_redirect:  # that travels as an exception
        return error
    status = error.code or 500
    if isinstance(error, SecurityError):  # no address can be made for a host that is not ours
        return _plain_page(400, "Not under this name", "planner does not answer to this host name.")
    title, message = WORDS.get(status, (error.name, ""))
    answer = _page(status, title, message)
    return _with_allowed(answer, error) if status == NO_SUCH_VERB else answer


def busy() -> Answer:
    """The answer when the database had no time for us."""
    return _page(503, "Too busy just now", "Nothing was saved. Wait a moment, then send it again.")


def no_room() -> Answer:
    """The answer when the disk of the database is full."""
    return _page(507, "Full", "No room is left to save anything. Nothing was saved. Tell whoever runs this.")


def no_server() -> Answer:
    """The answer when the server of the database is not there."""
    return _page(503, "Away", "The database does not answer. Nothing was saved. Try again in a minute.")


def _with_allowed(answer: Answer, error: HTTPException) -> Response:
    """Say which verbs there are, which is what the standard asks for."""
    response = make_response(answer)
    response.headers.extend(
        {name: value for name, value in error.get_headers() if name.casefold() == "allow"}
    )
    return response


def _page(status: int, title: str, message: str, problems: Iterable[Problem] = ()) -> Answer:
    if is_asked_by_program():
        headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}.get(status)
        return problem(status, title, message, errors=problems, headers=headers)
    if status >= BROKEN or isinstance(request.routing_exception, SecurityError):
        return _plain_page(status, title, message)
    template = "errors/_message.html" if "HX-Request" in request.headers else "errors/error.html"
    return render_template(template, status=status, title=title, message=message, problems=problems), status


def _plain_page(status: int, title: str, message: str) -> Answer:
    """A page with nothing of the organisation: it may be the database that is broken."""
    if is_asked_by_program():
        return problem(status, title, message)
    page = current_app.jinja_env.get_template("errors/broken.html")
    return page.render(title=title, message=message), status
