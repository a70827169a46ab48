"""Time, queries, bytes and memory of one step."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Engine, event

CALIBRATION_ROUNDS = 3
CALIBRATION_STEPS = 300_000


@dataclass(frozen=True, slots=True)
class Measurement:
    """One step. `cpu` is this process's own part of the seconds, `ratio` the same in calibration loops,
    which neither a faster machine nor busy neighbours change much; `peak_mb` the most memory so far."""

    step: str
    seconds: float
    cpu: float
    ratio: float
    queries: int
    size: int | None
    peak_mb: float | None


class Stopwatch:
    """Measures steps one after the other in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.calibration = calibrate()
        self.measured: list[Measurement] = []

    def step(self, name: str, act: Callable[[], object]) -> None:
        """Do something and keep what it cost; bytes that it returns are counted."""
        with count_queries(self._engine) as queries:
            began, began_cpu = time.perf_counter(), time.process_time()
            result = act()
            seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
        size = len(result) if isinstance(result, bytes) else None
        ratio = cpu / self.calibration
        self.measured.append(Measurement(name, seconds, cpu, ratio, len(queries), size, peak_megabytes()))


def calibrate() -> float:
    """Return the CPU seconds of a fixed loop on this machine, the fastest of three."""
    return min(_loop() for _ in range(CALIBRATION_ROUNDS))


def _loop() -> float:
    began = time.process_time()
    table: dict[int, int] = {}
    for number in range(CALIBRATION_STEPS):
        table[number % 1009] = table.get(number % 997, 0) + number
    return time.process_time() - began


@contextmanager
def count_queries(engine: Engine) -> Iterator[list[str]]:
    """Give a list that every statement sent to the database is added to."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def peak_megabytes() -> float | None:
    """Return the most memory this process has held so far; None where the system does not tell."""
    if find_spec("resource") is None:
        return None
    resource = import_module("resource")
    peak = int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
