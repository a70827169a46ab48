"""Packages of the operating system, where we may install them: Debian and its kin, as root or with sudo."""

from __future__ import annotations

import os
import platform
import shutil

from planner.bootstrap.console import SetupError, follow, say, succeeds


def apt_get() -> tuple[str, ...]:
    """Return the command that installs system packages without asking, or () when there is none."""
    if shutil.which("apt-get") is None:
        return ()
    if os.geteuid() == 0:
        return ("apt-get",)
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ("sudo", "-n", "apt-get")
    return ()


def install_system_packages(*names: str) -> None:
    """Install packages of the operating system. Raises SetupError with what apt-get said."""
    command = apt_get()
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    say(f"installing {' '.join(names)} with apt-get …")
    follow([*command, "update"], environment=quiet)
    worked, lines = follow([*command, "install", "-y", "--no-install-recommends", *names], environment=quiet)
    if not worked:
        raise SetupError("\n".join([*lines[-15:], "", f"apt-get could not install {' '.join(names)}."]))


def distribution() -> str:
    """Return the short name of the Linux distribution ("debian", "ubuntu"), or "" elsewhere."""
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""
