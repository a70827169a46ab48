"""The real server, as somebody who installs it meets it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import requests

from planner.app import create_app
from planner.services.meeting import live
from planner.storage.db import db
from tests.factories import make_cast, make_shared

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
    with serving(home, **settings) as (address, printed, _process):
        yield address, printed


@contextmanager
def serving(home: Path, *words: str, **settings: str) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    port = free_port()
    command = [sys.executable, "-m", "planner.cli", "serve", "--port", str(port), "--workers", "0", *words]
    environment = {**os.environ, "PLANNER_HOME": str(home), **settings}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed: list[str] = []
    try:
        for line in process.stdout:
            printed.append(line)
            if "The planner is at" in line:
                break
        yield f"http://127.0.0.1:{port}", "".join(printed), process
    finally:
        process.terminate()
        process.communicate()


def answers_to(address: str, sent: str) -> list[str]:
    """Return the first line of every answer to what is sent in one go, until the other side hangs up."""
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), LONGEST) as connection:
        connection.sendall(sent.replace("\n", "\r\n").encode())
        received = b"".join(iter(lambda: connection.recv(4096), b""))
    return re.findall(r"^HTTP/1\.[01] \d+", received.decode(), re.MULTILINE)


def test_nothing_is_smuggled_in_behind_a_request_of_two_lengths(terminal: Terminal) -> None:
    begin, behind = "POST /sign-in HTTP/1.1\nHost: localhost\n", "GET /sign-in HTTP/1.1\nHost: localhost\n\n"

    with served(terminal.home) as (address, _printed):
        both = answers_to(address, f"{begin}Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n{behind}")
        twice = answers_to(address, f"{begin}Content-Length: 3\nContent-Length: 5\n\nabcde{behind}")

    assert (both, twice) == (["HTTP/1.1 400"], ["HTTP/1.1 400"])


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
    assert ">Fay First</a>." in answer.text
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


def test_screens_that_wait_hear_of_news_and_let_the_server_end(terminal: Terminal) -> None:
    with create_app().app_context():
        make_cast(db.session())
        olive = make_shared(db.session())

        with (
            serving(terminal.home, PLANNER_SIGN_IN="choose") as (address, _printed, process),
            ThreadPoolExecutor() as pool,
        ):
            waiting = [pool.submit(hear, address) for _ in range(20)]
            live.start_meeting(db.session(), olive, 1, key=None)
            heard = [one.result(LONGEST) for one in waiting]
            process.send_signal(signal.SIGINT)
            ended = process.wait(LONGEST)
        db.session.remove()
        db.engine.dispose()

    assert (heard, ended) == (["Settlement file"] * 20, 0)


def hear(address: str) -> str:
    """Ask as a screen does until an item is on, and return which."""
    pulse = ""
    while True:
        piece = requests.get(
            f"{address}/sessions/shared/1/screen",
            {"seen": pulse},
            headers={"HX-Request": "true", "HX-Target": "live"},
            timeout=LONGEST,
        ).text
        pulse = (re.findall(r"seen=(\w+)", piece) or [pulse])[0]
        if 'id="timer"' in piece:
            return str(re.findall(r"<h1[^>]*>([^<]+)</h1>", piece)[0])


@pytest.mark.skipif(os.name != "posix", reason="sockets are handed over on POSIX systems alone")
def test_several_processes_answer_at_one_port_and_end_together(terminal: Terminal) -> None:
    with serving(terminal.home, "--processes", "2") as (address, _printed, process):
        port = int(address.rpartition(":")[2])
        process.send_signal(signal.SIGSTOP)
        by_the_other = requests.get(f"{address}/sign-in", timeout=LONGEST).status_code
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        ended = process.wait(LONGEST)

        socket.create_server(("127.0.0.1", port)).close()  # free again: the other has ended with it

    assert (by_the_other, ended) == (200, 0)


def test_a_port_that_is_taken_is_said(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = terminal.run("serve", "--port", str(port), code=1).output

    assert f"Port {port} cannot be used: Address already in use" in said
