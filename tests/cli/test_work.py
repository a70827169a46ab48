"""Real worker processes: they search, end when they are told, and lose nothing when they are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import serving
from planner.bench.organisations import clustered
from planner.config import HookHost, utc_now
from planner.services import hooks
from planner.services.consolidation.searches import search_for
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.exchange import store_draft
from planner.services.mail import post
from planner.services.organisation import read_organisation
from planner.services.work.sending import mail_by, send_next_mail
from planner.services.work.working import work_once
from planner.storage import jobs
from planner.storage.db import db
from planner.storage.jobs import JobState
from planner.storage.models import MailRow
from planner.storage.outbox import PAUSES
from tests.conftest import SECRET, settings_for
from tests.factories import MONDAY, OPERATOR
from tests.support.mail_server import mail_server
from tests.support.receiver import receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.mail_server import Inbox

pytestmark = pytest.mark.slow
DEADLINE = 60.0  # seconds, for machines that are busy
SHORT, LONG = 10, 200  # teams whose search takes two seconds, or half a minute


@contextmanager
def planner(url: str, home: Path, *words: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the product, and end it at the latest with the block."""
    environment = {
        **os.environ,
        "PLANNER_HOME": str(home),
        "PLANNER_DATABASE_URL": url,
        "PLANNER_SECRET_KEY": SECRET,
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "planner.cli", *words], env=environment, stdin=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that another process does; it is the state that ends the wait, not the time."""
    deadline = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < deadline, "that never came"
        time.sleep(0.05)  # another process has no event that we could wait for


def state_is(state: JobState) -> Callable[[], bool]:
    def look() -> bool:
        with Session(db.engine) as session:
            job = jobs.read(session, 1, utc_now())
        return job is not None and job.state is state

    return look


def somebody_works() -> bool:
    with Session(db.engine) as session:
        job = jobs.read(session, 1, utc_now())
    return job is not None and job.has_workers


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked_for(session: Session, *, teams: int) -> None:
    store_draft(session, OPERATOR, clustered(teams), tag="test:loaded", summary="Loaded")
    found = answer(session, read_organisation(session), SuggestionRequest(), MONDAY.date())
    assert search_for(session, found, MONDAY) is not None
    session.commit()


def test_a_worker_makes_the_search_and_ends_when_it_is_told(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    asked_for(session, teams=SHORT)

    with planner(database_url, tmp_path, "work") as worker:
        wait_until(state_is(JobState.DONE))
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(DEADLINE) == 0
    assert not somebody_works()


def test_a_worker_that_is_told_to_end_puts_its_search_down(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    asked_for(session, teams=LONG)

    with planner(database_url, tmp_path, "work") as worker:
        wait_until(state_is(JobState.RUNNING))
        worker.send_signal(signal.SIGINT)

        assert worker.wait(DEADLINE) == 0
    assert state_is(JobState.WAITING)()


def test_a_worker_beside_a_server_ends_when_the_server_is_killed(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    asked_for(session, teams=LONG)

    with planner(database_url, tmp_path, "work", "--beside") as worker:
        wait_until(state_is(JobState.RUNNING))
        assert worker.stdin is not None
        worker.stdin.close()

        assert worker.wait(DEADLINE) == 0
        worker.stdin = None
    assert state_is(JobState.WAITING)()


def test_a_server_brings_a_worker_that_ends_with_it(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    asked_for(session, teams=SHORT)

    with planner(database_url, tmp_path, "serve", "--port", str(unused_port())) as server:
        wait_until(state_is(JobState.DONE))
        assert somebody_works()
        server.terminate()
        server.wait(DEADLINE)

    wait_until(lambda: not somebody_works())


def test_what_a_killed_worker_was_at_is_done_by_the_next(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    asked_for(session, teams=SHORT)
    with planner(database_url, tmp_path, "work") as worker:
        wait_until(lambda: not state_is(JobState.WAITING)())
        worker.kill()
        worker.wait()
    assert state_is(JobState.RUNNING)()

    later = utc_now() + 2 * jobs.SILENT_AFTER
    assert work_once(lambda: Session(db.engine), clock=lambda: later)

    assert state_is(JobState.DONE)()


def mail_at(inbox: Inbox) -> str:
    return f"smtp://localhost:{inbox.address.port}?starttls=0"


def is_sent(number: int) -> Callable[[], bool]:
    def look() -> bool:
        with Session(db.engine) as session:
            return session.scalar(select(MailRow.sent_at).where(MailRow.id == number)) is not None

    return look


def leave_a_mail(session: Session) -> None:
    post(session, to="olive@example.org", subject="Sign in", text="Here\n", now=utc_now())
    session.commit()


def test_a_worker_sends_mail_while_it_searches(session: Session, database_url: str, tmp_path: Path) -> None:
    asked_for(session, teams=LONG)

    with mail_server() as inbox, planner(database_url, tmp_path, "work", PLANNER_SMTP=mail_at(inbox)):
        wait_until(state_is(JobState.RUNNING))
        leave_a_mail(session)
        wait_until(is_sent(1))
        still_searching = state_is(JobState.RUNNING)()

    assert (still_searching, inbox.texts) == (True, [("olive@example.org", "Sign in", "Here\n")])


def test_a_server_that_says_nothing_keeps_no_search_waiting(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    leave_a_mail(session)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"smtp://127.0.0.1:{silent.getsockname()[1]}?starttls=0"
        with planner(database_url, tmp_path, "work", PLANNER_SMTP=address), silent.accept()[0]:
            asked_for(session, teams=SHORT)
            wait_until(state_is(JobState.DONE))

    assert not is_sent(1)()


def test_two_workers_send_every_mail_once(session: Session, database_url: str, tmp_path: Path) -> None:
    for _ in range(20):
        leave_a_mail(session)

    with (
        mail_server() as inbox,
        planner(database_url, tmp_path, "work", PLANNER_SMTP=mail_at(inbox)),
        planner(database_url, tmp_path, "work", PLANNER_SMTP=mail_at(inbox)),
    ):
        wait_until(lambda: all(is_sent(number)() for number in range(1, 21)))

    names = [mail["Message-ID"] for mail in inbox.mails]
    assert (len(names), len(set(names))) == (20, 20)


def test_a_mail_whose_worker_is_killed_is_sent_by_the_next(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    leave_a_mail(session)

    with (
        mail_server() as inbox,
        planner(database_url, tmp_path, "work", PLANNER_SMTP=mail_at(inbox)) as worker,
    ):
        inbox.on_mail = worker.kill  # it is taken, and nobody is left to note it
        worker.wait(DEADLINE)
        lost = not is_sent(1)()
        inbox.on_mail = bool
        settings = replace(settings_for(database_url, tmp_path), smtp=inbox.address)
        later = utc_now() + PAUSES[0]
        assert send_next_mail(session, mail_by(settings), lambda: later)

    assert (lost, is_sent(1)()) == (True, True)
    assert [mail["Message-ID"] for mail in inbox.mails] == [inbox.mails[0]["Message-ID"]] * 2


def test_a_worker_tells_web_hooks(session: Session, database_url: str, tmp_path: Path) -> None:
    with receiver() as found:
        host = f"localhost:{found.port}"
        listed = (HookHost("localhost", found.port),)
        hooks.add_hook(session, OPERATOR, address=f"http://{host}/", secret="s" * 24, listed=listed)
        hooks.try_hook(session, OPERATOR, 1)
        with planner(database_url, tmp_path, "work", PLANNER_HOOK_HOSTS=host):
            wait_until(lambda: bool(found.got))

    assert [json.loads(got.body)["event"] for got in found.got] == ["test"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_worker_that_did_not_hear_is_told_to_end_again() -> None:
    telling = serving.Telling()
    before = signal.signal(signal.SIGINT, telling.tell)
    try:
        lost_in_a_callback()

        with pytest.raises(KeyboardInterrupt):
            time.sleep(DEADLINE)
    finally:
        telling.hear()
        signal.signal(signal.SIGINT, before)


def lost_in_a_callback() -> None:
    """Let the signal come while the interpreter calls back: what is raised there goes nowhere."""
    held = {1, 2}
    reference = weakref.ref(held, lambda _gone: signal.raise_signal(signal.SIGINT))
    del held
    assert reference() is None
