"""The `.venv` beside the package: made on first use, brought up to date when a lock file changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from planner.bootstrap.console import SetupError, say
from planner.bootstrap.installer import base_python, install


class Lock(StrEnum):
    """A hashed lock file; the second holds everything that is in the first."""

    RUNTIME = "requirements.lock"
    DEVELOPMENT = "requirements-dev.lock"


@dataclass(frozen=True)
class Checkout:
    """A folder that holds the package, its lock files and, once made, its environment."""

    folder: Path

    @property
    def environment(self) -> Path:
        return self.folder / ".venv"

    @property
    def python(self) -> Path:
        where = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        return self.environment.joinpath(*where)

    @property
    def stamp(self) -> Path:
        return self.environment / "planner-stamp"


def ready_environment(checkout: Checkout, lock: Lock) -> Path:
    """Return the interpreter of an environment in which everything in the lock file is installed.

    Costs two small reads when nothing changed since the last time. Raises SetupError.
    """
    found = _read_stamp(checkout)
    if {_foundation(checkout), _digest(checkout, lock)} <= found:
        return checkout.python
    try:
        _build(checkout, lock, found)
    except OSError as problem:
        raise SetupError(f"{checkout.environment} cannot be written: {problem}") from problem
    return checkout.python


def _build(checkout: Checkout, lock: Lock, found: set[str]) -> None:
    began = time.monotonic()
    if _foundation(checkout) not in found:
        _create(checkout)
    say(f"installing what {lock.value} names (once; a minute or so on a slow line) …")
    install(checkout.folder / lock, into=checkout.python)
    held = [Lock.RUNTIME] if lock is Lock.RUNTIME else [Lock.RUNTIME, Lock.DEVELOPMENT]
    _write_stamp(checkout, _foundation(checkout), *(_digest(checkout, each) for each in held))
    say(f"ready after {time.monotonic() - began:.0f} s")


def _create(checkout: Checkout) -> None:
    say(f"making {checkout.environment} …")
    done = subprocess.run(
        [base_python(), "-m", "venv", "--without-pip", "--clear", checkout.environment],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise SetupError(f"{checkout.environment} could not be made.\n{done.stdout.strip()}")
    _put_on_path(checkout)
    _write_stamp(checkout, _foundation(checkout))


def _put_on_path(checkout: Checkout) -> None:
    """Let every program of the environment import the package of the checkout, edits included."""
    done = subprocess.run(
        [checkout.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    )
    Path(done.stdout.strip(), "planner-checkout.pth").write_text(f"{checkout.folder}\n", encoding="utf-8")


def _foundation(checkout: Checkout) -> str:
    """Return what an environment is bound to: a folder and a Python. It must be remade if one changes."""
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return f"{version} {Path(base_python()).resolve()} {checkout.folder}"


def _digest(checkout: Checkout, lock: Lock) -> str:
    return f"{lock.value} {hashlib.sha256((checkout.folder / lock).read_bytes()).hexdigest()}"


def _read_stamp(checkout: Checkout) -> set[str]:
    if not (checkout.python.exists() and checkout.stamp.exists()):
        return set()
    return set(checkout.stamp.read_text(encoding="utf-8").splitlines())


def _write_stamp(checkout: Checkout, *lines: str) -> None:
    checkout.stamp.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
