"""What the set-up says, and how it gives up."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class SetupError(Exception):
    """The machine cannot be made ready; the message says what is missing and what to do."""


def say(text: str) -> None:
    """Print one line of progress on the error stream: what planner itself prints stays alone."""
    print(f"planner: {text}", file=sys.stderr, flush=True)


def succeeds(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> bool:
    """Return whether the command exists and ends with status 0. Its output is thrown away."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def follow(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None
) -> tuple[bool, list[str]]:
    """Run the command, telling each download as it begins; return whether it succeeded and all it printed.

    Raises SetupError when the command cannot be started.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as problem:
        raise SetupError(f"{command[0]} cannot be started: {problem}") from problem
    lines = []
    with process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if line.lstrip().startswith("Downloading "):
                say("  " + line.strip())
    return process.returncode == 0, lines
