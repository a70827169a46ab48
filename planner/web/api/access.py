"""Who asks: the token in the header and nothing else, how often, and what the token is for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import g, request

from planner.domain.errors import PlannerError
from planner.domain.model import PersonId
from planner.services.accounts.tickets import digest
from planner.services.accounts.tokens import BEGINS_WITH, Bearer, Scope, bearer_of
from planner.services.actor import actor_for
from planner.web import context

if TYPE_CHECKING:
    from flask import Response

    from planner.web.meter import Left

TOKEN_LONGEST = 200


class NoToken(PlannerError):
    """Nobody is known by what the header carries, or it carries nothing."""


class OutOfScope(PlannerError):
    """The token is for something else."""


class TooMany(PlannerError):
    """A program asks more often than it may."""


def let_in(scope: Scope) -> None:
    """Make the person behind the token the one who acts. Raises TooMany, NoToken, OutOfScope.

    The cookie of a browser is not looked at: another site can make a browser send it, but no header.
    Tokens that nobody has are counted by where they come from: to make up a new one is no new beginning.
    """
    token = _token()
    limit = context.context().settings.api_limit
    caller, bearer, meter = digest(token), None, context.context().meter
    if not meter.is_spent(caller, limit):
        bearer = _bearer(token)
        caller = caller if bearer else f"from {request.remote_addr}"
    g.api_left = meter.count(caller, limit)
    if g.api_left.remaining < 0:
        raise TooMany(f"At most {limit} requests a minute are answered. Wait, then go on.")
    if bearer is None:
        raise NoToken("Send “Authorization: Bearer” with an access token that works.")
    if scope not in bearer.scopes:
        has = ", ".join(sorted(bearer.scopes))
        raise OutOfScope(f"This needs a token for “{scope}”; this one is for {has}.")


def _bearer(token: str) -> Bearer | None:
    is_trial = not context.uses_accounts()
    found = bearer_of(context.database(), token, context.now(), is_trial=is_trial) if token else None
    someone = actor_for(context.organisation(), PersonId(found.person_id), context.now()) if found else None
    if found is None or someone is None:
        return None
    g.visitor = replace(someone, administers=found.administers)
    return found


def _token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    fits = kind.casefold() == "bearer" and token.startswith(BEGINS_WITH) and len(token) <= TOKEN_LONGEST
    return token if fits and token.isascii() else ""


def tell_what_is_left(response: Response) -> Response:
    """Say in the headers how many requests are left in this minute."""
    left: Left | None = g.get("api_left")
    if left is not None:
        response.headers["RateLimit-Limit"] = str(left.limit)
        response.headers["RateLimit-Remaining"] = str(max(0, left.remaining))
        response.headers["RateLimit-Reset"] = str(left.seconds)
    return response
