"""A real mail server on this machine, which takes, refuses or keeps waiting as a test asks."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from planner.config import Security, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    import trustme

USER, PASSWORD = "planner", "a password of this server"


@dataclass
class Inbox:
    """What has arrived, and what is answered to the next mails; taken when nothing else is said.

    on_mail: called when a mail is there, before the sender hears that it was taken.
    """

    address: SmtpServer
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    on_mail: Callable[[], object] = bool

    @property
    def texts(self) -> list[tuple[str, str, str]]:
        """To whom, subject and text of each mail."""
        return [(m["To"], m["Subject"], m.get_content().replace("\r\n", "\n")) for m in self.mails]


class _Handler:
    """Called by the server for each step of a conversation."""

    def __init__(self) -> None:
        self.inbox: Inbox | None = None

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - interface
        _server, _session, envelope, address, _options = given
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - interface
        assert self.inbox is not None
        answer = self.inbox.answers.pop(0) if self.inbox.answers else "250 OK"
        if answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.inbox.mails.append(message)
            self.inbox.on_mail()
        return answer


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(
    *, authority: trustme.CA | None = None, security: Security = Security.NONE
) -> Iterator[Inbox]:
    """Run a server; with an authority it speaks TLS, and takes mail of who signs in alone."""
    handler = _Handler()
    options: dict[str, Any] = {}
    if authority is not None:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(trust)
        options = {"authenticator": _authenticate}
        if security is Security.TLS:
            options |= {"ssl_context": trust, "auth_require_tls": False}
        else:
            options |= {"tls_context": trust, "require_starttls": True, "auth_required": True}
    port = free_port()
    controller = Controller(handler, hostname="localhost", port=port, **options)
    controller.start()
    try:
        signs_in = (USER, PASSWORD) if authority else ("", "")
        handler.inbox = Inbox(SmtpServer("localhost", port, security, *signs_in))
        yield handler.inbox
    finally:
        controller.stop()
