"""Put the packages of a lock file into an environment, with whichever installer this machine has."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from planner.bootstrap.console import SetupError, follow, succeeds
from planner.bootstrap.system import apt_get, install_system_packages

if TYPE_CHECKING:
    from pathlib import Path

TOLD_OF_A_FAILURE = 12  # lines of the installer's own output that are shown
ADVICE = (
    (("No space left on device",), "The disk is full. Free about 1 GB, then run the same command again."),
    (
        ("DO NOT MATCH THE HASHES", "Hash mismatch"),
        "A package that was downloaded is not the one that was locked, so it was not installed. "
        "Empty the installer's cache (python3 -m pip cache purge), then run the same command again.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "certificate verify failed", "invalid peer certificate"),
        "The certificate of the package index is not trusted here. Install the system's certificates "
        "(Debian: ca-certificates), or set PIP_CERT to the ones your network uses.",
    ),
    (
        (
            "NewConnectionError",
            "NameResolutionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "ProxyError",
            "dns error",
            "error sending request",
            "No matching distribution found",
        ),
        "The package index could not be reached. Check the network, or the proxy and index that pip "
        "is set to use, then run the same command again.",
    ),
)


def base_python() -> str:
    """Return the interpreter that environments are made from, also when asked inside one."""
    return getattr(sys, "_base_executable", None) or sys.executable


def install(lock: Path, *, into: Path) -> None:
    """Install exactly what the lock file names, hashes checked, for the interpreter `into`.

    Raises SetupError with the end of the installer's output and what to do about it.
    """
    _run([*_installer(into), "--require-hashes", "-r", lock])


def install_file(package: Path, *, into: Path) -> None:
    """Install one package file alone, without what it depends on. Raises SetupError like `install`."""
    _run([*_installer(into), "--no-deps", package])


def _run(command: list[str | Path]) -> None:
    worked, lines = follow(command, environment=_installer_environment())
    if not worked:
        told = [line for line in lines if line][-TOLD_OF_A_FAILURE:]
        raise SetupError("\n".join([*told, "", advice("\n".join(lines))]))


def advice(output: str) -> str:
    """Return what to do about a failed installation, told from the installer's output."""
    for marks, sentence in ADVICE:
        if any(mark in output for mark in marks):
            return sentence
    return "The packages could not be installed; the lines above are the installer's own."


def _installer(python: Path) -> tuple[str | Path, ...]:
    if succeeds([base_python(), "-m", "pip", "--version"]):
        return (base_python(), "-m", "pip", "--python", python, "install", "--progress-bar", "off")
    own_pip = (python, "-m", "pip", "install", "--progress-bar", "off")
    if succeeds([python, "-m", "ensurepip"]):
        return own_pip
    if uv := shutil.which("uv"):
        return (uv, "pip", "install", "--python", python)
    # Debian takes pip out of its Python and keeps it in a package of its own.
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if apt_get():
        install_system_packages(f"python{version}-venv")
        if succeeds([python, "-m", "ensurepip"]):
            return own_pip
    raise SetupError(
        f"this Python ({base_python()}) has no pip, and there is no uv.\n"
        f"Install one of them and run the same command again. Debian, Ubuntu: "
        f"sudo apt-get install python{version}-venv; Fedora: sudo dnf install python3-pip."
    )


def _installer_environment() -> dict[str, str]:
    """Return the environment less the settings that would send packages to another place."""
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"}
    kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
    return kept | {
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
