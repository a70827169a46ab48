"""How often something is done in a minute, counted in this process: what only reads must write nothing.

What is counted by the hour or the day is counted in the database (`services/accounts/attempts.py`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING

from planner.services.accounts.attempts import TooOften

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = 60  # seconds
CALLERS_MOST = 10_000


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


class Work(Enum):
    """What takes the machine a while, with how often a minute one person may ask for it and what is said."""

    PICTURE = (30, "30 pictures were drawn anew for you in a minute. Those that are kept are still shown.")
    FILE = (60, "60 files were made for you in a minute.")


def expect_patience(meter: Meter, work: Work, person: int) -> None:
    """Count one more of somebody's. Raises TooOften, which says when to go on."""
    most, said = work.value
    left = meter.count(f"{work.name} {person}", most)
    if left.remaining < 0:
        raise TooOften(timedelta(seconds=left.seconds), said)
