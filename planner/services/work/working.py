"""A worker: it does one job after the other until it is told to end."""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, NoReturn
from uuid import uuid4

from sqlalchemy.exc import DBAPIError

from planner.config import utc_now
from planner.services.consolidation import searches
from planner.services.desk import take_one
from planner.services.importing import import_work, imports
from planner.storage import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.desk import Handler

    OpenSession = Callable[[], Session]
    Errand = Callable[[Session], bool]

HANDLERS: Mapping[str, Handler] = {
    searches.KIND: searches.run_search,
    imports.KIND: import_work.run_import,
}
"""What each kind of job is done by; another kind is a line here."""
LOOK_EVERY = 1.0  # seconds between two looks for work
BEAT_EVERY = 5.0  # seconds between two signs of life
TRY_AGAIN_AFTER = 5.0  # seconds, when the database is not there
TIME_TO_PUT_DOWN = 1.0  # seconds that an errand has at the end; what it was at is begun again elsewhere

log = logging.getLogger(__name__)


def work_once(
    open_session: OpenSession, *, worker_id: str = "worker", clock: Callable[[], datetime] = utc_now
) -> bool:
    """Take one job and do it; return whether there was one."""
    with open_session() as session:
        return take_one(session, HANDLERS, worker_id=worker_id, clock=clock)


def work(
    open_session: OpenSession, errands: Sequence[Errand] = (), *, heard: Callable[[], None] = lambda: None
) -> NoReturn:
    """Do job after job until an exception such as KeyboardInterrupt ends it, and call `heard` then.

    What it was at waits for another worker. Errands are short work that is done meanwhile, each in a
    thread of its own: they return whether there may be more of the same.
    """
    worker_id = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    with _beating(open_session, worker_id), _running(open_session, errands):
        try:
            _work_on(open_session, worker_id)
        finally:
            heard()


def _work_on(open_session: OpenSession, worker_id: str) -> NoReturn:
    while True:
        try:
            pause = 0.0 if work_once(open_session, worker_id=worker_id) else LOOK_EVERY
        except DBAPIError:
            log.exception("the database did not answer")
            pause = TRY_AGAIN_AFTER
        time.sleep(pause)


@contextmanager
def _beating(open_session: OpenSession, worker_id: str) -> Iterator[None]:
    """Give signs of life from a thread of its own, because a job has no time for them."""
    ended = Event()
    heart = Thread(target=_beat_until, args=(open_session, worker_id, ended), daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()
        with open_session() as session:
            jobs.leave(session, worker_id)
            session.commit()


def _beat_until(open_session: OpenSession, worker_id: str, ended: Event) -> None:
    while True:
        try:
            with open_session() as session:
                jobs.beat(session, worker_id, utc_now())
                session.commit()
        except DBAPIError as error:
            log.warning("no sign of life: %s", type(error).__name__)
        if ended.wait(BEAT_EVERY):
            return


@contextmanager
def _running(open_session: OpenSession, errands: Sequence[Errand]) -> Iterator[None]:
    """Run errands until the end of the block; one that waits for a slow answer is not waited for long."""
    ended = Event()
    runners = [Thread(target=_run_until, args=(open_session, e, ended), daemon=True) for e in errands]
    for runner in runners:
        runner.start()
    try:
        yield
    finally:
        ended.set()
        for runner in runners:
            runner.join(TIME_TO_PUT_DOWN)


def _run_until(open_session: OpenSession, errand: Errand, ended: Event) -> None:
    pause = 0.0
    while not ended.wait(pause):
        try:
            with open_session() as session:
                pause = 0.0 if errand(session) else LOOK_EVERY
        except Exception:  # whatever an errand may raise, the next one may go well
            log.exception("an errand failed")
            pause = TRY_AGAIN_AFTER
