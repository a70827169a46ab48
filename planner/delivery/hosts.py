"""Where a web hook may go: to hosts that are listed, and never by a name into the own network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from planner.delivery.errors import NotDelivered

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    from planner.config import HookHost

    Address = IPv4Address | IPv6Address

Resolve = Callable[[str, int], Sequence[str]]
"""From a name and a port to the addresses behind it, as text."""

USUAL_PORT = {"https": 443, "http": 80}
# addresses that carry another one inside, which a router on the way would take out
CARRIERS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
ADDRESS_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Target:
    """An address of the web that may be told something. `may_be_private`: also inside the own network."""

    scheme: str
    host: str
    port: int
    path: str
    may_be_private: bool

    @property
    def host_header(self) -> str:
        """The host as a receiver expects to read it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == USUAL_PORT[self.scheme] else f"{name}:{self.port}"


def target_of(address: str, listed: Sequence[HookHost]) -> Target:
    """Return the target behind an address. Raises ValueError with a sentence when it is not allowed."""
    if not address.isascii() or not address.isprintable() or any(c in address for c in ' "<>\\^`{|}'):
        raise ValueError("holds characters that no web address has; copy it again")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("is no web address; write it like https://hooks.example.org/planner") from None
    if parts.scheme not in USUAL_PORT or not parts.hostname:
        raise ValueError("is no web address; write it like https://hooks.example.org/planner")
    if parts.username is not None or parts.fragment:
        raise ValueError("holds a name, a password or a mark; leave that out, the secret signs what is sent")
    host, port = parts.hostname, port or USUAL_PORT[parts.scheme]
    allowed = [one for one in listed if one.name == host and one.port in {None, port}]
    is_exact = any(one.port == port for one in allowed)
    if not is_exact and (not allowed or parts.scheme != "https" or port != USUAL_PORT["https"]):
        raise ValueError(f"goes to {host}:{port}, which is not listed; ask who runs the planner to list it")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, may_be_private=is_exact)


def checked_addresses(target: Target, resolve: Resolve) -> tuple[str, ...]:
    """Return the addresses behind a target, asked for once. Raises NotDelivered.

    One that lies inside spoils all: who answers for the name means no good, or does not know.
    """
    try:
        found = tuple(dict.fromkeys(resolve(target.host, target.port)))
    except OSError as error:
        why = f"{target.host} is not known: {error.strerror or 'no answer'}"
        raise NotDelivered(why, is_unreachable=True) from error
    if not found:
        raise NotDelivered(f"{target.host} is not known: it has no address", is_unreachable=True)
    if not target.may_be_private and not all(is_public(ip_address(one)) for one in found):
        raise NotDelivered(
            f"{target.host} leads into the own network, which its entry in the list does not allow"
        )
    return found


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the internet at large, and to one machine there."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        inside = address.scope_id is not None or address.is_site_local
        if inside or any(address in carrier for carrier in CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask this machine for the addresses of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
