"""A Chromium for the tests that drive a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from planner.bootstrap.console import SetupError, follow, say, succeeds
from planner.bootstrap.system import apt_get, distribution, install_system_packages

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
WITHOUT_BROWSER = 'To leave the browser tests out: python3 -m planner test -m "not browser"'
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def ready_browser(python: Path) -> str:
    """Return the path of a Chromium that starts, installed where we may. Raises SetupError."""
    _ready_driver(python)
    found = find_browser() or _installed_by_playwright(python)
    if not found and apt_get() and distribution() == "debian":
        # Without a font every text is measured as nothing.
        install_system_packages("chromium", "fonts-dejavu-core")
        found = find_browser()
    if not found:
        say("letting Playwright install Chromium …")
        help_of_system = ["--with-deps"] if apt_get() else []
        follow([python, "-m", "playwright", "install", *help_of_system, "chromium"])
        found = _installed_by_playwright(python)
    if not found:
        raise SetupError(
            "there is no Chromium for the browser tests, and none could be installed.\n"
            "Install Chromium or Chrome, or set PLANNER_CHROMIUM to one, and run the same command again.\n"
            f"{WITHOUT_BROWSER}"
        )
    return found


def _ready_driver(python: Path) -> None:
    """Let Playwright's own program start: it wants one library that a minimal Debian or Ubuntu lacks."""
    ask: list[str | Path] = [python, "-m", "playwright", "--version"]
    if succeeds(ask):
        return
    if apt_get():
        install_system_packages("libatomic1")
    worked, lines = follow(ask)
    if not worked:
        raise SetupError("\n".join([*lines[-5:], "", f"Playwright does not start. {WITHOUT_BROWSER}"]))


def find_browser() -> str:
    """Return the path of a Chromium on this machine that starts, or ""."""
    chosen = os.environ.get("PLANNER_CHROMIUM", "")
    places = [chosen] if chosen else [*(shutil.which(name) or "" for name in NAMES), MACOS]
    # Some distributions install a stand-in of that name that only asks for another package.
    return next((place for place in places if place and succeeds([place, "--version"])), "")


def _installed_by_playwright(python: Path) -> str:
    asked = subprocess.run(
        [python, "-c", ASK_PLAYWRIGHT],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        encoding="utf-8",
    )
    place = asked.stdout.strip()
    return place if place and succeeds([place, "--version"]) else ""
