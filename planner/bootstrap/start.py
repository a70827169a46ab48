"""Make the machine ready, then hand over to the command line or to the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from planner.bootstrap.browser import ready_browser
from planner.bootstrap.console import SetupError
from planner.bootstrap.environment import Checkout, Lock, ready_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "--trace", "no:xdist")


def main(arguments: Sequence[str]) -> int:
    """Run `planner ARGUMENTS` where everything it needs is installed; return its exit status.

    In a checkout that is `.venv`, made on first use; an installed package is used as it is.
    """
    checkout = Checkout(Path(__file__).resolve().parents[2])
    try:
        if not (checkout.folder / Lock.RUNTIME).is_file():
            return _hand_over([sys.executable, "-m", "planner.cli", *arguments])
        if arguments[:1] == ["test"]:
            return _test(checkout, arguments[1:])
        python = ready_environment(checkout, Lock.RUNTIME)
        return _hand_over([str(python), "-m", "planner.cli", *arguments])
    except SetupError as problem:
        sys.stderr.write(f"planner: {problem}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _test(checkout: Checkout, arguments: Sequence[str]) -> int:
    python = ready_environment(checkout, Lock.DEVELOPMENT)
    if not any("not browser" in argument for argument in arguments):
        os.environ["PLANNER_CHROMIUM"] = ready_browser(python)
    os.chdir(checkout.folder)
    return _hand_over([str(python), "-m", "pytest", *spread(arguments), *arguments])


def spread(arguments: Sequence[str]) -> list[str]:
    """Return the options that use every core to the end, unless the caller already said how to run."""
    said = any(argument.startswith(ONE_PROCESS) for argument in arguments)
    return [] if said else ["-n", "auto", "--dist", "worksteal"]


def _hand_over(command: list[str]) -> int:
    """Become the command, so that signals and the exit status are its own."""
    if os.name != "nt":  # there, exec would return to the shell at once
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    return subprocess.run(command, check=False).returncode
