"""A server in a process of its own, a crowd in front of it, and the count afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask_migrate import upgrade
from sqlalchemy import func, select

from planner.app import create_app
from planner.bench.people import crowd
from planner.config import Settings, utc_now
from planner.domain.transfer import DependencyDraft, Draft, MemberDraft, PersonDraft, TeamDraft
from planner.services.actor import Actor
from planner.services.exchange import store_draft
from planner.services.organisation import read_organisation
from planner.storage.db import db
from planner.storage.models import ChangeRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
SECRET = "known to everybody: this database lives for one measurement"  # noqa: S105 - it guards nothing
EMPTY_SECONDS = 10.0
START_LIMIT = 60.0  # seconds until a server has to answer
SERVER = [sys.executable, "-m", "planner.cli", "serve", "--workers", "0", "--processes"]
EMPTY_SERVER = """
import sys
from flask import Flask
from waitress import serve
app = Flask("empty")
app.add_url_rule("/", view_func=lambda: ("", 204), methods=["GET", "POST"])
serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, connection_limit=2000)
"""


@dataclass(frozen=True, slots=True)
class CrowdResult:
    """Counts of requests and writes; seconds that 99 of a hundred writes took, also in empty POSTs."""

    requests: int
    broken: int
    taken: int
    conflicts: int
    lost: int
    write_p99: float
    ratio: float


def measure_crowd(
    *, people: int, writers: int, dependencies: int, seconds: float, database: str, processes: int = 1
) -> CrowdResult:
    """Let so many people use a real server for so long, and count what they were told was saved."""
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder) / 'planner.db'}"
        first, before = _prepared(Path(folder), url, writers, dependencies)
        with _served([*SERVER, str(processes)], environment_of(Path(folder), url)) as port:
            crowd_ = _people(port, people, writers, range(first, first + dependencies))
            crowd.together(crowd_, seconds)
        counted, changes = _recorded(Path(folder), url)
    tallies = [person.tally for person, _act in crowd_]
    empty = _empty_post(writers, min(seconds, EMPTY_SECONDS))
    return _result(tallies, counted=counted, changes=changes - before, empty=empty)


def environment_of(home: Path, url: str) -> dict[str, str]:
    """Return the settings of a server for one measurement."""
    return {
        "PLANNER_HOME": str(home),
        "PLANNER_DATABASE_URL": url,
        "PLANNER_SECRET_KEY": SECRET,
        "PLANNER_SIGN_IN": "choose",
    }


def _result(tallies: list[crowd.Tally], *, counted: int, changes: int, empty: float) -> CrowdResult:
    told = sum(t.counted for t in tallies)
    taken = told + sum(t.acts for t in tallies)
    statuses = [(status, n) for t in tallies for status, n in t.statuses.items()]
    p99 = crowd.percentile([one for t in tallies for one in t.writes], 99)
    return CrowdResult(
        requests=sum(n for _status, n in statuses),
        broken=sum(n for status, n in statuses if status >= crowd.BROKEN),
        taken=taken,
        conflicts=sum(n for status, n in statuses if status == crowd.CONFLICT),
        lost=max(told - counted, taken - changes),
        write_p99=p99,
        ratio=p99 / empty,
    )


def _prepared(home: Path, url: str, writers: int, dependencies: int) -> tuple[int, int]:
    """Fill the database; return the id of the first dependency and how many changes there are."""
    owners = [PersonDraft(f"writer-{n}", f"Writer {n}") for n in range(writers)]
    seats = tuple(MemberDraft(owner.key, decides=True) for owner in owners)
    draft = Draft(
        people=(*owners, PersonDraft("reader", "Reader")),
        teams=(TeamDraft("a", "A", members=seats), TeamDraft("b", "B", members=seats)),
        dependencies=tuple(
            DependencyDraft(f"d{n}", "a", "b", f"Thing {n}", item="0") for n in range(dependencies)
        ),
    )
    with bench_app(home, url).app_context():
        upgrade()
        store_draft(db.session(), Actor(at=utc_now()), draft, tag="bench:loaded", summary="Loaded")
        first = min(d.id for d in read_organisation(db.session()).dependencies)
        changes = db.session.scalar(select(func.count()).select_from(ChangeRow)) or 0
        close()
    return first, changes


def _recorded(home: Path, url: str) -> tuple[int, int]:
    """Return the sum of the numbers that were counted up, and how many changes there are."""
    with bench_app(home, url).app_context():
        counted = sum(int(d.item) for d in read_organisation(db.session()).dependencies)
        changes = db.session.scalar(select(func.count()).select_from(ChangeRow)) or 0
        close()
    return counted, changes


def bench_app(home: Path, url: str) -> Flask:
    return create_app(Settings(home, url, SECRET))


def close() -> None:
    """Let go of the database."""
    db.session.remove()
    db.engine.dispose()


def _people(port: int, people: int, writers: int, numbers: range) -> list[crowd.Busy]:
    found: list[crowd.Busy] = []
    for number in range(people):
        person = crowd.Person(HOST, port)
        crowd.sign_in(person, f"writer-{number}" if number < writers else "reader")
        target = numbers[number % len(numbers)]
        act = (partial(crowd.count_up, number=target), partial(crowd.answer, number=target))[number % 2]
        found.append((person, act if number < writers else crowd.look_around))
    return found


def _empty_post(writers: int, seconds: float) -> float:
    """Return what 99 of a hundred empty POSTs took, in seconds, among as many writers."""
    with _served([sys.executable, "-c", EMPTY_SERVER], {}) as port:
        people = [(crowd.Person(HOST, port), crowd.post_nothing) for _ in range(writers)]
        crowd.together([*people], seconds)
    return crowd.percentile([one for person, _act in people for one in person.tally.writes], 99)


@contextmanager
def _served(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    """Start a server that takes a port as its last word, and give the port once it answers."""
    port = free_port()
    process = start_server(command, environment, port)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def start_server(command: list[str], environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """Start a server that takes a port as its last word; it may not answer yet."""
    where = ["--port", str(port)] if "serve" in command else [str(port)]
    python_path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(  # noqa: S603 - our own words
        [*command, *where],
        env={**os.environ, "PYTHONPATH": python_path, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_gone(port: int) -> None:
    """Wait until nobody answers any more: processes beside a server that was killed end a moment later."""
    with suppress(ConnectionError):
        while True:
            socket.create_connection((HOST, port), timeout=START_LIMIT).close()
            time.sleep(0.05)


def wait_for(port: int) -> None:
    """Wait until a server answers. Raises OSError when it does not in time."""
    ends = time.monotonic() + START_LIMIT
    while True:
        visitor = crowd.Person(HOST, port)
        try:
            visitor.get("/")
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            return
        finally:
            visitor.leave()
