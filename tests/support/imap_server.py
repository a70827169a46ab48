"""A real IMAP server on this machine, with the mails that a test puts into it."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

from aioimaplib.imap_testing_server import ImapProtocol, Mail, MockImapServer

from planner.config import ImapServer, Security
from tests.support.mail_server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    import trustme

USER, PASSWORD = "planner", "word"  # the server splits what it reads at blanks


class _Protocol(ImapProtocol):
    """The library forgets which folder it was asked to show, and numbers mails anew each second."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.uidvalidity = 7

    def examine(self, tag: str, *args: str) -> None:
        self.user_mailbox = args[0]
        super().examine(tag, *args)


class _Server(MockImapServer):
    def listen(self, port: int, trust: ssl.SSLContext) -> Any:
        def converse() -> _Protocol:
            return _Protocol(self._server_state, 0, self.capabilities, self.loop)

        return self.loop.create_server(converse, "localhost", port, ssl=trust)


@dataclass(frozen=True)
class _Raw:
    """A mail as it is, also where no library could read it."""

    data: bytes

    def as_bytes(self) -> bytes:
        return self.data


@dataclass
class Mailbox:
    """Where it is, and what puts a mail into it."""

    address: ImapServer
    server: Any

    def receive(self, mail: bytes) -> None:
        """Put a mail into the mailbox, whatever it is."""
        self.server.receive(Mail(_Raw(mail)), imap_user=USER)


@contextmanager
def imap_server(authority: trustme.CA) -> Iterator[Mailbox]:
    """Run a server that speaks TLS."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(trust)
    loop = asyncio.new_event_loop()
    server = _Server(loop=loop)
    port = free_port()
    listening = loop.run_until_complete(server.listen(port, trust))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield Mailbox(ImapServer("localhost", port, Security.TLS, USER, PASSWORD), server)
    finally:
        loop.call_soon_threadsafe(listening.close)
        asyncio.run_coroutine_threadsafe(_put_down(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _put_down() -> None:
    """End every conversation that still goes on."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
