"""The real server, as somebody who installs it meets it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Terminal

pytestmark = pytest.mark.slow
LONGEST = 60  # seconds that an answer may take, for machines that are busy
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, **settings: str) -> Iterator[tuple[str, str]]:
    """Serve an installation and return its address and what it printed before it was ready."""
    port = free_port()
    command = [sys.executable, "-m", "planner.cli", "serve", "--port", str(port), "--workers", "0"]
    environment = {**os.environ, "PLANNER_HOME": str(home), **settings}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed: list[str] = []
    try:
        for line in process.stdout:
            printed.append(line)
            if "The planner is at" in line:
                break
        yield f"http://127.0.0.1:{port}", "".join(printed)
    finally:
        process.terminate()
        process.communicate()


def test_the_first_start_prints_the_link_with_which_the_first_person_begins(terminal: Terminal) -> None:
    with served(terminal.home) as (address, printed), requests.Session() as browser:
        (link,) = re.findall(rf"{address}/first/[\w-]+", printed)
        page = browser.get(link, timeout=LONGEST).text
        typed = {
            "name": "Fay First",
            "team": "Ferries",
            "email": "fay@example.org",
            "password": "four quiet words",
        }

        answer = browser.post(link, {**typed, "csrf_token": TOKEN.findall(page)[0]}, timeout=LONGEST)
        again = requests.get(link, timeout=LONGEST)

    assert (answer.status_code, again.status_code) == (200, 404)
    assert "You are Fay First." in answer.text
    assert [person.name for person in terminal.organisation().people] == ["Fay First"]


@pytest.mark.parametrize(("proxies", "last"), [("0", 429), ("1", 422)])
def test_what_a_proxy_says_of_a_visitor_is_believed_only_where_there_is_one(
    terminal: Terminal, proxies: str, last: int
) -> None:
    statuses = []
    with served(terminal.home, PLANNER_PROXIES=proxies) as (address, _printed), requests.Session() as browser:
        token = TOKEN.findall(browser.get(f"{address}/sign-in", timeout=LONGEST).text)[0]
        for number in range(21):
            typed = {"email": f"{number}@x.org", "password": "wrong, wrong", "csrf_token": token}
            headers = {"X-Forwarded-For": f"10.0.0.{number}"}
            statuses.append(
                browser.post(f"{address}/sign-in", typed, headers=headers, timeout=LONGEST).status_code
            )

    assert statuses == [422] * 20 + [last]
