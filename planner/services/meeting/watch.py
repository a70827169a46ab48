"""Lets somebody wait until something has changed in a session, however many wait and whoever changed it.

One thread asks the database for all of them, so that a screen that waits costs nothing, and what another
process has changed is noticed as well.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from planner.domain.errors import NotFound
from planner.services.meeting.pulse import read_pulse
from planner.storage.db import only_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from planner.domain.meeting.rounds import SessionOrRound

LOOK_EVERY = 0.1  # seconds


@dataclass(frozen=True, eq=False, slots=True)
class _Waiter:
    which: SessionOrRound
    seen: str
    news: Event = field(default_factory=Event)


class Watch:
    """Knows who waits in this process, and looks for news while anybody does."""

    def __init__(self, new_session: Callable[[], Session]) -> None:
        self._new_session = new_session
        self._waiters: set[_Waiter] = set()
        self._changed = Condition()
        self._has_ended = False
        self._looker = Thread(target=self._look, daemon=True)

    def wait(self, which: SessionOrRound, seen: str, *, seconds: float) -> None:
        """Return once the pulse is no longer the one that was seen, at the latest after so many seconds."""
        waiter = _Waiter(which, seen)
        with self._changed:
            if self._has_ended:
                return
            if self._looker.ident is None:
                self._looker.start()
            self._waiters.add(waiter)
            self._changed.notify()
        waiter.news.wait(seconds)
        with self._changed:
            self._waiters.discard(waiter)

    def end(self) -> None:
        """Let everybody go who waits; nobody waits from now on."""
        with self._changed:
            self._has_ended = True
            for waiter in self._waiters:
                waiter.news.set()
            self._changed.notify()

    def _look(self) -> None:
        while self._somebody_waits():
            self._tell()
            time.sleep(LOOK_EVERY)

    def _somebody_waits(self) -> bool:
        """Sleep until somebody waits. False once all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiters or self._has_ended)
            return not self._has_ended

    def _tell(self) -> None:
        with self._changed:
            waiters = list(self._waiters)
        pulses = self._pulses({waiter.which for waiter in waiters})
        for waiter in waiters:
            if pulses.get(waiter.which) != waiter.seen:
                waiter.news.set()

    def _pulses(self, asked: set[SessionOrRound]) -> Mapping[SessionOrRound, str]:
        """What cannot be read is news: whoever asks again is told why."""
        found: dict[SessionOrRound, str] = {}
        with suppress(DBAPIError), only_reading(), self._new_session() as session:
            for which in asked:
                with suppress(NotFound):
                    found[which] = read_pulse(session, which)
        return found
