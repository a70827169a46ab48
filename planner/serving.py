"""The processes that run: the web server, and beside it the workers that search."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
from _thread import interrupt_main
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread, Timer, main_thread
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session
from waitress import create_server

from planner.services.errands import errands_of
from planner.services.watch import Watch
from planner.services.working import work
from planner.storage.db import db
from planner.web.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

WORKING = 8  # requests at a time: one interpreter does no more, and each holds a connection to the database
WAITING = 256  # screens whose question waits for news, each on a thread that sleeps
CONNECTIONS_MOST = 2000  # browsers keep theirs open; who comes beyond it waits unanswered
FIRST_PORT = 8000
PORTS_TRIED = 20
LOOK_EVERY = 0.5  # seconds between two looks whether a worker lives
TIME_TO_END = 5.0  # seconds that a worker has to put its job down
TOLD_AGAIN_AFTER = 1.0  # seconds until a worker that is told to end, and has not heard, is told anew
START_AGAIN_AFTER = 2.0  # seconds, when a worker has died
NICENESS = 5  # a search takes what pages leave
PACKAGE_ROOT = Path(__file__).resolve().parents[1]


class CannotServe(Exception):
    """The address cannot be used; the message says why and what to do."""


def serve(app: Flask, host: str, port: int) -> None:
    """Answer at an address until Ctrl+C. Raises CannotServe."""
    watch = let_screens_wait(app)
    try:
        # what proxies write is read by the application, which knows how many of them are ours
        server = create_server(
            app,
            host=host,
            port=port,
            threads=WORKING + WAITING,
            connection_limit=CONNECTIONS_MOST,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise CannotServe(f"Port {port} cannot be used ({error.strerror}); choose another.") from error
    signal.signal(signal.SIGINT, partial(_interrupt, watch))
    sys.stdout.write(f"The planner is at http://{host}:{port}/ (Ctrl+C stops it)\n")
    sys.stdout.flush()
    _leave_alone_what_stays()
    server.run()  # until it is interrupted; then it waits for what is being answered
    server.close()


def _interrupt(watch: Watch, _number: int, _frame: object) -> None:
    """End as Ctrl+C ends: who waits for news is let go first, since the server waits for them."""
    watch.end()
    raise KeyboardInterrupt


def let_screens_wait(app: Flask) -> Watch:
    """Answer screens of a session that runs as soon as there is something new, instead of again and again.

    The server needs a thread for each of them. Who is left waiting is let go by `end` of what is returned.
    """
    with app.app_context():
        watch = Watch(partial(Session, db.engine))
    app.wsgi_app = Patience(app.wsgi_app, watch, working=WORKING, waiting=WAITING)  # type: ignore[method-assign]
    return watch


def _leave_alone_what_stays() -> None:
    """Look no more for garbage among what the application is made of: each look through two hundred thousand
    things stopped every page for a tenth of a second."""
    gc.collect()
    gc.freeze()


def free_port() -> int:
    """Return the first port from 8000 on that nobody uses. Raises CannotServe."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotServe(f"No port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED} is free; use --port.")


@contextmanager
def workers_beside(number: int) -> Iterator[None]:
    """Keep so many workers running in processes of their own; they end with this one, however it ends."""
    ending = Event()
    keepers = [Thread(target=_keep_one, args=(ending,)) for _ in range(number)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        ending.set()
        for keeper in keepers:
            keeper.join()


def _keep_one(ending: Event) -> None:
    """Run a worker, and another one where it dies, until the end is near."""
    while not ending.is_set():
        process = subprocess.Popen(
            [sys.executable, "-m", "planner.cli", "work", "--beside"],
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _search_path()},
        )
        while process.poll() is None and not ending.wait(LOOK_EVERY):
            pass
        _end(process)
        ending.wait(START_AGAIN_AFTER)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let a worker put its job down; one that does not is killed, and its job is taken over in time."""
    if process.stdin:
        process.stdin.close()  # which is what it ends at
    try:
        process.wait(TIME_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _search_path() -> str:
    return os.pathsep.join(filter(None, (str(PACKAGE_ROOT), os.environ.get("PYTHONPATH", ""))))


def work_until_told(app: Flask, *, is_beside: bool) -> None:
    """Do jobs and send mail until Ctrl+C or SIGTERM, or until the server that started this ends."""
    telling = Telling()
    signal.signal(signal.SIGINT, telling.tell)
    signal.signal(signal.SIGTERM, telling.tell)
    if is_beside:
        Thread(target=_end_with_input, daemon=True).start()
        if hasattr(os, "nice"):
            os.nice(NICENESS)
    with app.app_context():
        engine = db.engine
    settings = app.extensions["planner"].settings
    with suppress(KeyboardInterrupt):
        work(partial(Session, engine), errands_of(settings), heard=telling.hear)


class Telling:
    """Ends the work where it is, and disturbs nothing once that is heard.

    Until then it is told again: an exception that is raised while the interpreter calls back, as from a weak
    reference, is lost.
    """

    def __init__(self) -> None:
        self._is_heard = False
        self._again: Timer | None = None

    def tell(self, number: int, _frame: object) -> None:
        if self._is_heard:
            return
        self._forget()
        self._again = Timer(TOLD_AGAIN_AFTER, _wake, (number,))
        self._again.daemon = True
        self._again.start()
        raise KeyboardInterrupt

    def hear(self) -> None:
        """Tell no more."""
        self._is_heard = True
        self._forget()

    def _forget(self) -> None:
        if self._again is not None:
            self._again.cancel()


def _wake(number: int) -> None:
    """Send a signal to the main thread, also where it sleeps; where that cannot be, when it wakes up."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread().ident or 0, number)
    else:
        signal.raise_signal(number)


def _end_with_input() -> None:
    """The server holds the other end: it closes when the server ends, even when it is killed."""
    sys.stdin.buffer.read()
    interrupt_main()
