"""Graphviz behind a wall: a few long-lived worker processes with limits of time and memory.

A worker starts with the first picture, is killed with its whole process group when it overruns, and is
replaced before the next one. It inherits no environment, so it knows no secrets.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from planner.domain.errors import PlannerError

TIMEOUT_SECONDS = 8.0
QUEUE_SECONDS = 20.0
REQUESTS_PER_WORKER = 300  # WebAssembly memory never shrinks, so a worker is renewed now and then
GRACE_SECONDS = 1.0

_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class CannotDraw(PlannerError):
    """The picture could not be drawn; the table says the same."""


class TooSlow(CannotDraw):
    """The picture took longer than its limit; a smaller one may work."""


class Crowded(TooSlow):
    """Nobody had time for the picture, so it was not begun; in a moment it may well be drawn."""


@dataclass(frozen=True, slots=True)
class Job:
    """DOT text, a Graphviz engine ("nop2", "dot") and an output format ("json0", "svg")."""

    dot: str
    engine: str
    format: str


class Worker:
    """One process; not safe for two threads at once."""

    def __init__(self, native_dot: str | None = None) -> None:
        self.requests = 0
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module, no shell
            [sys.executable, "-m", "planner.render.worker", *([native_dot] if native_dot else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            encoding="utf-8",
            start_new_session=True,
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, jobs: Sequence[Job], timeout: float) -> list[str]:
        """Return the output of every job.

        Raises TooSlow when all together take longer than `timeout` seconds, CannotDraw when a job
        fails or the process dies; after either of the two the process may be gone.
        """
        self.requests += 1
        overrun = threading.Event()
        timer = threading.Timer(timeout, self._overran, (overrun,))
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchange(jobs)
        finally:
            timer.cancel()
        if overrun.is_set():
            self.kill()
            raise TooSlow(f"The picture took longer than {timeout:g} seconds and was given up.")
        if not answer:
            self.kill()
            raise CannotDraw("The drawing process ended without an answer.")
        return _outputs(json.loads(answer)["results"])

    def _exchange(self, jobs: Sequence[Job]) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            return ""
        request = {"jobs": [{"dot": job.dot, "engine": job.engine, "format": job.format} for job in jobs]}
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except (BrokenPipeError, ValueError):
            return ""  # died or was closed while we wrote; the caller says so

    def _overran(self, overrun: threading.Event) -> None:
        overrun.set()
        _kill_group(self._process)

    def kill(self) -> None:
        """End the process and whatever it started, at once; afterwards it is known to be gone."""
        _kill_group(self._process)
        self._reap()

    def close(self) -> None:
        """Let the process end by itself; kill it when it does not."""
        if self._process.stdin is not None and self.is_alive:
            self._process.stdin.close()
            try:
                self._process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                _kill_group(self._process)
        self._reap()

    def _reap(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # unread bytes of a request whose reader is gone


class Engine:
    """A pool of workers that any number of threads may ask."""

    def __init__(
        self, *, native_dot: str | None = None, workers: int = 2, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._native_dot = native_dot
        self._timeout = timeout
        self._workers = workers
        self._reset()
        atexit.register(self.close)

    def draw(self, *jobs: Job) -> list[str]:
        """Return the output of each job, drawn one after the other by one worker.

        Raises TooSlow, Crowded or CannotDraw. All jobs share one time limit.
        """
        with self._worker() as worker:
            return worker.ask(jobs, self._timeout)

    def awaken(self) -> None:
        """Let a worker start while its first request is still being prepared; waits for nothing.

        Where all of them are drawing or the next one is awake, nothing happens.
        """
        if self._owner != os.getpid():
            self._reset()  # after a fork the pipes belong to the parent
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            return
        try:
            worker = self._ready(worker)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End all idle workers; the engine can be used again afterwards."""
        if self._owner != os.getpid():
            return
        for worker in self._all_idle():
            if worker is not None:
                worker.close()
            self._idle.put(None)

    def _all_idle(self) -> list[Worker | None]:
        """Take every worker that is not drawing; the others end when their input ends with us."""
        idle: list[Worker | None] = []
        while True:
            try:
                idle.append(self._idle.get_nowait())
            except queue.Empty:
                return idle

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._idle: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(self._workers):
            self._idle.put(None)

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        if self._owner != os.getpid():
            self._reset()  # after a fork the pipes belong to the parent
        try:
            worker = self._idle.get(timeout=QUEUE_SECONDS)
        except queue.Empty:
            raise Crowded("Too many pictures are being drawn at this moment.") from None
        try:
            worker = self._ready(worker)
            yield worker
        finally:
            self._idle.put(worker)

    def _ready(self, worker: Worker | None) -> Worker:
        if worker is not None and worker.is_alive and worker.requests < REQUESTS_PER_WORKER:
            return worker
        if worker is not None:
            worker.close()
        return Worker(self._native_dot)


def _outputs(results: Sequence[dict[str, str]]) -> list[str]:
    for result in results:
        if "error" in result:
            raise CannotDraw(f"Graphviz could not draw the picture: {result['error']}")
    return [result["output"] for result in results]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONIOENCODING": "utf-8"}


def _kill_group(process: subprocess.Popen[str]) -> None:
    if process.returncode is not None:
        return  # reaped: the number may belong to somebody else by now
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it ended by itself in the meantime
    else:
        process.kill()
