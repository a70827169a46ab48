"""Who looks on while a search runs: they hear how far it is, and may ask it to stop."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]
TOLD = 200  # times at most that somebody hears of progress and is asked whether to go on


class Watch:
    """Counts the rounds of a whole search. `stopped` once somebody asked for that; it stays so."""

    def __init__(self, total: int, *, progress: Progress | None = None, stop: Stop | None = None) -> None:
        self.total = total
        self.done = 0
        self.stopped = False
        self._progress = progress
        self._stop = stop

    def tick(self, rounds: int = 1) -> bool:
        """Count rounds; return whether to go on."""
        before = self.done
        self.done += rounds
        if self.done * TOLD // self.total > before * TOLD // self.total:
            if self._progress:
                self._progress(min(self.done, self.total), self.total)
            if self._stop and self._stop():
                self.stopped = True
        return not self.stopped
