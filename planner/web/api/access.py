"""Who asks: the token in the header and nothing else, how often, and what the token is for."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from flask import g, request

from planner.domain.errors import PlannerError
from planner.domain.model import PersonId
from planner.services.accounts.tickets import digest
from planner.services.accounts.tokens import BEGINS_WITH, Bearer, Scope, bearer_of
from planner.services.actor import actor_for
from planner.web import context

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

WINDOW = 60  # seconds
CALLERS_MOST = 10_000
TOKEN_LONGEST = 200


class NoToken(PlannerError):
    """Nobody is known by what the header carries, or it carries nothing."""


class OutOfScope(PlannerError):
    """The token is for something else."""


class TooMany(PlannerError):
    """A program asks more often than it may."""


@dataclass(frozen=True, slots=True)
class Left:
    """How many requests a caller may make, has left, and when counting begins anew."""

    limit: int
    remaining: int
    seconds: int


class Meter:
    """Counts the requests of each caller in this process, a minute at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counts: dict[str, int] = {}
        self._began = clock()

    def count(self, caller: str, limit: int) -> Left:
        """Count one request and return what is left; below zero it was one too many."""
        with self._lock:
            passed = self._clock() - self._began
            if passed >= WINDOW or len(self._counts) >= CALLERS_MOST:
                self._counts.clear()
                self._began, passed = self._clock(), 0.0
            number = self._counts[caller] = self._counts.get(caller, 0) + 1
        return Left(limit, limit - number, max(1, int(WINDOW - passed)))

    def is_spent(self, caller: str, limit: int) -> bool:
        """Return whether a caller has nothing left in this minute. Counts nothing."""
        with self._lock:
            return self._clock() - self._began < WINDOW and self._counts.get(caller, 0) >= limit


METER = Meter()
"""That of this process."""


def let_in(scope: Scope) -> None:
    """Make the person behind the token the one who acts. Raises TooMany, NoToken, OutOfScope.

    The cookie of a browser is not looked at: another site can make a browser send it, but no header.
    Tokens that nobody has are counted by where they come from: to make up a new one is no new beginning.
    """
    token = _token()
    limit = context.context().settings.api_limit
    caller, bearer = digest(token), None
    if not METER.is_spent(caller, limit):
        bearer = _bearer(token)
        caller = caller if bearer else f"from {request.remote_addr}"
    g.api_left = METER.count(caller, limit)
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
