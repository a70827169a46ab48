"""The process in which Graphviz runs: one JSON request a line in, one JSON answer a line out.

Request: {"jobs": [{"dot": ..., "engine": ..., "format": ...}]}. Answer: {"results": [...]} with an
"output" or an "error" for each job. The parent keeps the time and kills the process that overruns; the
limits set here hold even when the parent is gone. The process ends when its input ends.

    python -m planner.render.worker [path of a native dot]
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

try:
    import resource
except ImportError:  # systems without POSIX limits: the parent's time limit remains
    resource = None  # type: ignore[assignment]  # the module is optional

VENDOR = Path(__file__).parent / "vendor" / "viz-js"
MEMORY_MAX = 1536 * 2**20  # bytes of private data; V8 reserves terabytes of addresses, so not RLIMIT_AS
JOB_CPU_SECONDS = 10
START_SECONDS = 5.0

Draw = Callable[[str, str, str], str]


class JobFailed(Exception):
    """Graphviz could not draw this text."""


def main(arguments: list[str], requests: TextIO, answers: TextIO) -> None:
    """Answer requests until the input ends; a path as first argument chooses the native program."""
    _limit_memory()
    engine = _native(arguments[0]) if arguments else _viz_js()
    with engine as draw:
        for line in requests:
            results = [_result(draw, job) for job in json.loads(line)["jobs"]]
            answers.write(json.dumps({"results": results}) + "\n")
            answers.flush()


def _result(draw: Draw, job: dict[str, str]) -> dict[str, str]:
    _limit_cpu()
    try:
        return {"output": draw(job["dot"], job["engine"], job["format"])}
    except JobFailed as failure:
        return {"error": str(failure)}


@contextmanager
def _viz_js() -> Iterator[Draw]:
    from py_mini_racer import MiniRacer  # noqa: PLC0415  # 80 MB of V8, not needed beside a native dot

    with MiniRacer() as context:  # closed explicitly: Python 3.13 hangs at its end otherwise
        for name in ("shims.js", "viz-global.js"):
            context.eval((VENDOR / name).read_text(encoding="utf-8") + "\n;0")
        context.eval("startViz();0")
        _wait(lambda: bool(context.eval("isVizReady()")))

        def draw(dot: str, engine: str, output: str) -> str:
            answer = context.call("drawViz", dot, engine, output)
            if answer["status"] != "success":
                raise JobFailed("; ".join(str(error.get("message", error)) for error in answer["errors"]))
            return str(answer["output"])

        yield draw


def _wait(is_ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if time.monotonic() > deadline:
            raise TimeoutError("viz.js did not start")
        time.sleep(0.005)  # WebAssembly compiles in the background of V8


@contextmanager
def _native(program: str) -> Iterator[Draw]:
    def draw(dot: str, engine: str, output: str) -> str:
        ran = subprocess.run(  # noqa: S603  # a list of constants and a path from the settings, no shell
            [program, f"-K{engine}", f"-T{output}"],
            input=dot,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if ran.returncode != 0:
            raise JobFailed(ran.stderr.strip()[:500] or f"dot ended with {ran.returncode}")
        return ran.stdout

    yield draw


def _limit_memory() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_cpu() -> None:
    """Give the next job its own seconds of CPU by moving the soft limit ahead of what is used up."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + JOB_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin, sys.stdout)
