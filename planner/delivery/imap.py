"""Mail from a mailbox: read and left as it is, encrypted unless the setting says otherwise."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.config import Security
from planner.delivery.errors import NotDelivered
from planner.delivery.limits import cut_off

if TYPE_CHECKING:
    from planner.config import ImapServer

TIME_LIMIT = 8.0  # seconds for each answer of the server
WHOLE_LIMIT = 45.0  # seconds from its greeting to the end
MAILS_AT_ONCE = 50
LARGEST = 1_000_000
UID = re.compile(rb"UID (\d+)")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
PLAIN_NAME = re.compile(r"[A-Za-z0-9./_-]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a mailbox was read: the number of the last mail, while numbers mean the same."""

    validity: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail by its number; `data` is None where it is too large to be read."""

    number: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The next mails of a mailbox, oldest first."""

    validity: int
    mails: tuple[Mail, ...]


def fetch_new(server: ImapServer, mark: Mark, *, trust: ssl.SSLContext | None = None) -> Fetched:
    """Return the mails after a mark, at most fifty; nothing in the mailbox is changed. Raises NotDelivered.

    `trust` decides which servers are believed; by default those that this machine's authorities vouch for.
    """
    trust = trust or ssl.create_default_context()
    try:
        connection = _connected(server, trust)
        with cut_off(connection.socket(), WHOLE_LIMIT):
            try:
                return _read(connection, server, mark)
            finally:
                with suppress(OSError):  # where it has said goodbye, it is closed already
                    connection.shutdown()
    except (imaplib.IMAP4.error, OSError, EOFError) as error:
        reason = "no answer in time" if isinstance(error, TimeoutError) else _plain(error)
        raise NotDelivered(f"{server.host}:{server.port}: {reason}", is_unreachable=True) from error


def _connected(server: ImapServer, trust: ssl.SSLContext) -> imaplib.IMAP4:
    if server.security is Security.TLS:
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=trust, timeout=TIME_LIMIT)
    connection = imaplib.IMAP4(server.host, server.port, timeout=TIME_LIMIT)
    if server.security is Security.STARTTLS:
        connection.starttls(ssl_context=trust)
    return connection


def _read(connection: imaplib.IMAP4, server: ImapServer, mark: Mark) -> Fetched:
    connection.login(server.user, server.password)
    name = server.folder if PLAIN_NAME.fullmatch(server.folder) else f'"{server.folder}"'
    _expect(connection.select(name, readonly=True)[0], "it has no such folder")
    _kind, found = connection.response("UIDVALIDITY")
    validity = int(found[0]) if found and found[0] else 0
    last = mark.last if mark.validity == validity else 0
    status, listed = connection.uid("FETCH", f"{last + 1}:*", "(UID RFC822.SIZE)")
    _expect(status, "it does not list its mails")
    sizes = sorted(size for line in listed if (size := _number_and_size(line)) and size[0] > last)
    mails = [_mail(connection, number, size) for number, size in sizes[:MAILS_AT_ONCE]]
    connection.logout()
    return Fetched(validity, tuple(mails))


def _mail(connection: imaplib.IMAP4, number: int, size: int) -> Mail:
    if size > LARGEST:
        return Mail(number, None)
    status, answer = connection.uid("FETCH", str(number), "(BODY.PEEK[])")
    _expect(status, "it does not give a mail")
    data = next((one[1] for one in answer if isinstance(one, tuple)), b"")
    return Mail(number, None if len(data) > LARGEST else data)


def _number_and_size(line: object) -> tuple[int, int] | None:
    text = line[0] if isinstance(line, tuple) else line
    if not isinstance(text, bytes) or not (number := UID.search(text)):
        return None
    size = SIZE.search(text)
    return int(number[1]), int(size[1]) if size else 0


def _expect(status: str, otherwise: str) -> None:
    if status != "OK":
        raise imaplib.IMAP4.error(otherwise)


def _plain(error: Exception) -> str:
    """What went wrong on one line of printable characters."""
    text = error.args[0] if error.args else ""
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(error)
    return "".join(c if c.isprintable() else " " for c in words)[:200].strip() or type(error).__name__
