"""A server that can wait: a question that finds nothing new is answered once there is something.

The application answers such a question at once, as it would behind any server, and says what it is about.
This stands before it, keeps that answer back, and asks again when there is news. Who may ask is looked at
both times, and nothing of the database is held in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from planner.domain.meeting.rounds import SessionOrRound
    from planner.services.meeting.watch import Watch

OFFER = "planner.patience"
WAIT_MOST = (
    10.0  # seconds: less than any proxy is patient, and a tab that was closed holds its place no longer
)


@dataclass
class Offer:
    """What a question waits for; None while it waits for nothing."""

    which: SessionOrRound | None = None
    seen: str = ""


def wait_if_possible(which: SessionOrRound, seen: str) -> None:
    """Let the server ask again once the pulse of a round is another one, where the server can wait."""
    offer: Offer | None = request.environ.get(OFFER)
    if offer is not None:
        offer.which, offer.seen = which, seen


class Patience:
    """Before an application: lets so many questions wait, and so many others be worked on at a time.

    Whoever comes when all places to wait are taken is answered at once, and asks again by itself.
    """

    def __init__(
        self,
        application: WSGIApplication,
        watch: Watch,
        *,
        working: int,
        waiting: int,
        most: float = WAIT_MOST,
    ) -> None:
        self._application = application
        self._watch = watch
        self._most = most
        self._working = BoundedSemaphore(working)
        self._places = BoundedSemaphore(waiting)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        offer, kept_back = Offer(), []

        def start(*answer: Any) -> Callable[[bytes], object]:
            if offer.which is None:
                return start_response(*answer)
            kept_back.append(answer)
            return _write_nothing

        body = self._asked({**environ, OFFER: offer}, start)
        if offer.which is None:
            return body
        if not self._places.acquire(blocking=False):
            start_response(*kept_back[0])
            return body
        _close(body)
        try:
            self._watch.wait(offer.which, offer.seen, seconds=self._most)
        finally:
            self._places.release()
        return self._asked(environ, start_response)

    def _asked(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._working:
            return self._application(environ, start_response)


def _write_nothing(_data: bytes) -> None:
    """An answer that says nothing new has no body."""


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
