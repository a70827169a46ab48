"""A message to an address of the web: to the machine that was checked, no redirects, a limit on all of it."""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from planner.delivery.errors import NotDelivered
from planner.delivery.hosts import checked_addresses, resolve_by_system
from planner.delivery.limits import cut_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.delivery.hosts import Resolve, Target

TIME_LIMIT = 10.0  # seconds from the first packet to the end of the answer
ADDRESSES_TRIED = 4  # of a name that has more
ANSWER_READ = 4096  # bytes; nobody needs the rest
TAKEN = range(200, 300)
REDIRECT = range(300, 400)


class _CheckedConnection(HTTPConnection):
    """Speaks with the first machine that answers behind checked addresses, in the name of the host."""

    def __init__(
        self, target: Target, addresses: Sequence[str], time_limit: float, trust: ssl.SSLContext | None
    ) -> None:
        super().__init__(target.host, target.port, timeout=time_limit)
        self._target = target
        self._addresses = addresses
        self._time_limit = time_limit
        self._trust = trust

    def connect(self) -> None:
        plain = _first_that_answers(self._addresses, self.port, self._time_limit)
        if self._target.scheme == "http":
            self.sock = plain
            return
        trust = self._trust or ssl.create_default_context()
        try:
            self.sock = trust.wrap_socket(plain, server_hostname=self._target.host)
        except BaseException:
            plain.close()
            raise


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolve: Resolve = resolve_by_system,
    time_limit: float = TIME_LIMIT,
    trust: ssl.SSLContext | None = None,
) -> None:
    """Send a body and wait until the other end has taken it. Raises NotDelivered.

    The name is asked for once and the machine that was checked is the one that is spoken to, so that a
    name that changes its mind leads nowhere. Every answer but 2xx is a refusal.
    """
    addresses = checked_addresses(target, resolve)[:ADDRESSES_TRIED]
    connection = _CheckedConnection(target, addresses, time_limit, trust)
    try:
        status = _status(connection, target, body, headers, time_limit)
    except (OSError, HTTPException, ValueError) as error:
        raise NotDelivered(f"{target.host}: {_reason(error)}", is_unreachable=True) from error
    finally:
        connection.close()
    if status in REDIRECT:
        raise NotDelivered(f"{target.host} answered {status}, and redirects are not followed")
    if status not in TAKEN:
        raise NotDelivered(f"{target.host} answered {status}")


def _first_that_answers(addresses: Sequence[str], port: int, time_limit: float) -> socket.socket:
    """Return a connection to one of the addresses; a name often has one that leads nowhere from here."""
    refused: OSError | None = None
    for address in addresses:
        try:
            connected = socket.create_connection((address, port), time_limit / len(addresses))
        except OSError as error:
            refused = error
        else:
            connected.settimeout(time_limit)
            return connected
    raise refused or OSError("no address")


def _status(
    connection: HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str], time_limit: float
) -> int:
    connection.connect()
    with cut_off(connection.sock, time_limit):
        connection.request("POST", target.path, body, {**headers, "Host": target.host_header})
        answer = connection.getresponse()
        answer.read(ANSWER_READ)
    return answer.status


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "nobody is there"
    return " ".join(str(error).split()) or type(error).__name__
