"""The processes that run: the web server, more of them at the same port, and the workers that search."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
from _thread import interrupt_main
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread, Timer, main_thread
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer
from waitress.utilities import Error

from planner.services.meeting.watch import Watch
from planner.services.work.errands import errands_of
from planner.services.work.working import work
from planner.storage.db import db
from planner.web.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

WORKING = 8  # requests at a time: one interpreter does no more, and each holds a connection to the database
WAITING = 256  # screens whose question waits for news, each on a thread that sleeps
SWITCH_AFTER = 0.0005  # seconds that a thread computes while others wait: after each query it has to wait
CONNECTIONS_MOST = 2000  # browsers keep theirs open; who comes beyond it waits unanswered
LEFT_TO_PAGES = 25 * 1024 * 1024  # bytes beyond the largest file: a page says that those are too many
FIRST_PORT = 8000
PORTS_TRIED = 20
LOOK_EVERY = 0.5  # seconds between two looks whether a worker lives
TIME_TO_END = 5.0  # seconds that a worker has to put its job down
TOLD_AGAIN_AFTER = 1.0  # seconds until a worker that is told to end, and has not heard, is told anew
START_AGAIN_AFTER = 2.0  # seconds, when a worker has died
NICENESS = 5  # a search takes what pages leave
CAN_SHARE_SOCKETS = os.name == "posix"
PACKAGE_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Command:
    """What a process beside this one does, and the sockets of ours that it takes over, by number."""

    words: tuple[str, ...]
    sockets: tuple[int, ...] = ()


WORK = Command(("work", "--beside"))


class CannotServe(Exception):
    """The address cannot be used; the message says why and what to do."""


class NoRoom(Error):  # type: ignore[misc] # waitress carries no types
    """What somebody sends cannot be kept until all of it is there."""

    code = 507
    reason = "Insufficient Storage"


class _Careful(HTTPRequestParser):  # type: ignore[misc] # as above
    """Refuses a request that says in two ways how long it is, is longer than any may be, or has no room.

    A proxy that believes the other length takes what is behind it for the next request of somebody else.
    What is refused is kept nowhere, and read to its end: a browser that still sends does not hear the answer.
    """

    _unread: int | None = None

    def received(self, data: bytes) -> int:
        if self._unread is None:
            try:
                taken = int(super().received(data))
            except OSError:
                self._unread = self.content_length - self.body_bytes_received
                self.error = NoRoom("No room is left to save anything. Nothing was saved.")
            else:
                if self.content_length >= self.adj.max_request_body_size:
                    self._unread, self.completed = self.content_length, False
                return taken
        self._unread -= len(data)
        self.completed = self._unread <= 0
        return len(data)

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude one another")


class _Channel(HTTPChannel):  # type: ignore[misc] # as above
    parser_class = _Careful


def serve(app: Flask, host: str, port: int, *, workers: int, processes: int = 1) -> None:
    """Answer at an address until Ctrl+C, by so many processes, with workers beside. Raises CannotServe."""
    if processes > 1 and not CAN_SHARE_SOCKETS:
        raise CannotServe("On this system one process serves a port. Leave --processes out.")
    sockets = _listening(host, port)
    numbers = tuple(one.fileno() for one in sockets)
    answer = Command(("serve", *(f"--beside={number}" for number in numbers)), numbers)
    with _beside([WORK] * workers + [answer] * (processes - 1)):
        _answer(app, sockets, ready=f"The planner is at http://{host}:{port}/ (Ctrl+C stops it)\n")


def answer_beside(app: Flask, numbers: Sequence[int]) -> None:
    """Answer at sockets that the process which started this one has opened, until that one ends."""
    Thread(target=_end_with_input, daemon=True).start()
    _answer(app, [socket.socket(fileno=number) for number in numbers])


def _listening(host: str, port: int) -> list[socket.socket]:
    """Return a bound socket for each address that the host has. Raises CannotServe."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        wanted = dict.fromkeys((family, address) for family, _kind, _protocol, _name, address in found)
        return [socket.create_server(address[:2], family=family) for family, address in wanted]
    except OSError as error:
        raise CannotServe(f"Port {port} cannot be used: {error.strerror}. Choose another.") from error


def _answer(app: Flask, sockets: Sequence[socket.socket], *, ready: str = "") -> None:
    watch = let_screens_wait(app)
    connections: dict[int, object] = {}
    # what proxies write is read by the application, which knows how many of them are ours
    server = create_server(
        app,
        map=connections,
        sockets=sockets,
        threads=WORKING + WAITING,
        max_request_body_size=app.extensions["planner"].settings.upload_limit + LEFT_TO_PAGES,
        connection_limit=CONNECTIONS_MOST,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,
    )
    for one in connections.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = _Channel

    def end(_number: int, _frame: object) -> None:
        # an exception would be lost where it is raised while the interpreter calls back
        watch.end()
        connections.clear()  # the server goes on while there are any

    signal.signal(signal.SIGINT, end)
    _leave_alone_what_stays()
    sys.stdout.write(ready)
    sys.stdout.flush()
    sys.setswitchinterval(SWITCH_AFTER)
    server.run()
    server.task_dispatcher.shutdown()  # who is being answered has some seconds


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
def _beside(commands: Sequence[Command]) -> Iterator[None]:
    """Keep commands running in processes of their own; they end with this one, however it ends."""
    ending = Event()
    keepers = [Thread(target=_keep, args=(command, ending)) for command in commands]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        ending.set()
        for keeper in keepers:
            keeper.join()


def _keep(command: Command, ending: Event) -> None:
    """Run a command, and again where it dies, until the end is near."""
    while not ending.is_set():
        process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-m", "planner.cli", *command.words],
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _search_path()},
            pass_fds=command.sockets,
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
