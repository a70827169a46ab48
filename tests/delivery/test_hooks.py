"""Messages to web hooks, against real receivers: what arrives, and where nothing ever goes."""

from __future__ import annotations

import socket
import ssl
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
import trustme

from planner.config import HookHost
from planner.delivery.errors import NotDelivered
from planner.delivery.hosts import is_public, target_of
from planner.delivery.http import post
from planner.delivery.signature import signature
from tests.support.receiver import Got, receiver, status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http.server import BaseHTTPRequestHandler

    from planner.delivery.hosts import Resolve, Target

BODY = b'{"event": "test"}'
HEADERS = {"Content-Type": "application/json"}
HERE = "127.0.0.1"


def to_here(port: int, path: str = "/planner", scheme: str = "http") -> Target:
    """A target on this machine, as an administrator lists it: with its port."""
    return target_of(f"{scheme}://hooks.test:{port}{path}", [HookHost("hooks.test", port)])


def answering(*addresses: str) -> Resolve:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def refusal(target: Target, resolve: Resolve = answering(HERE), time_limit: float = 5.0) -> NotDelivered:  # noqa: B008 - a plain function
    with pytest.raises(NotDelivered) as refused:
        post(target, BODY, HEADERS, resolve=resolve, time_limit=time_limit)
    return refused.value


def test_a_message_arrives_at_the_checked_machine_in_the_name_of_the_host() -> None:
    with receiver() as found:
        post(to_here(found.port, "/planner?team=a"), BODY, HEADERS, resolve=answering(HERE))

    (got,) = found.got
    assert (got.path, got.body) == ("/planner?team=a", BODY)
    assert got.headers["Host"] == f"hooks.test:{found.port}"
    assert got.headers["Content-Type"] == "application/json"


def test_where_the_first_address_leads_nowhere_the_next_is_tried() -> None:
    with receiver() as found:
        post(to_here(found.port), BODY, HEADERS, resolve=answering("127.0.0.2", "::1", HERE))

    assert len(found.got) == 1


def test_over_tls_the_certificate_is_that_of_the_host() -> None:
    authority = trustme.CA()
    trust, serving = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.configure_trust(trust)
    authority.issue_cert("hooks.test").configure_cert(serving)

    with receiver(serving) as found:
        post(to_here(found.port, scheme="https"), BODY, HEADERS, resolve=answering(HERE), trust=trust)
        other = target_of(f"https://other.test:{found.port}/", [HookHost("other.test", found.port)])
        with pytest.raises(NotDelivered, match=r"certificate is not valid for 'other\.test'"):
            post(other, BODY, HEADERS, resolve=answering(HERE), trust=trust)
        unknown = refusal(to_here(found.port, scheme="https"))

    assert [got.body for got in found.got] == [BODY]
    assert "CERTIFICATE_VERIFY_FAILED" in str(unknown)


def test_nobody_is_there() -> None:
    with socket.socket() as unused:
        unused.bind((HERE, 0))
        error = refusal(to_here(unused.getsockname()[1]))

    assert (str(error), error.is_final, error.is_unreachable) == ("hooks.test: nobody is there", False, True)


@pytest.mark.parametrize("number", [400, 404, 410, 500, 503])
def test_an_answer_other_than_2xx_is_a_refusal(number: int) -> None:
    with receiver() as found:
        found.answers = [status(number)]
        error = refusal(to_here(found.port))

    assert (str(error), error.is_final, error.is_unreachable) == (
        f"hooks.test answered {number}",
        False,
        False,
    )


@pytest.mark.parametrize("number", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/inside", "http://10.0.0.1/", "/other"])
def test_a_redirect_is_never_followed(number: int, to: str) -> None:
    with receiver() as found:
        found.answers = [status(number, Location=to.format(port=found.port))]
        error = refusal(to_here(found.port))

    assert str(error) == f"hooks.test answered {number}, and redirects are not followed"
    assert [got.path for got in found.got] == ["/planner"]


def test_a_receiver_that_does_not_answer_is_left_after_the_limit() -> None:
    with receiver() as found:
        found.answers = [lambda _handler: (found.ended.wait(10), None)[1]]
        began = time.monotonic()
        error = refusal(to_here(found.port), time_limit=0.2)
        took = time.monotonic() - began
        found.ended.set()

    assert (error.is_unreachable, took < 2) == (True, True)


def test_a_receiver_that_sends_a_byte_now_and_then_is_left_after_the_limit() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not found.ended.wait(0.02):
            handler.wfile.write(b"x")

    with receiver() as found:
        found.answers = [drip]
        began = time.monotonic()
        error = refusal(to_here(found.port), time_limit=0.3)
        took = time.monotonic() - began

    assert (error.is_unreachable, took < 2) == (True, True)


def test_of_a_long_answer_only_the_beginning_is_read() -> None:
    sent: list[int] = []

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 100_000)
            sent.append(100_000)

    with receiver() as found:
        found.answers = [flood]
        post(to_here(found.port), BODY, HEADERS, resolve=answering(HERE))

    assert sum(sent) < 50_000_000


def test_what_is_no_answer_of_the_web_is_a_refusal() -> None:
    with receiver() as found:
        found.answers = [lambda handler: (handler.wfile.write(b"220 mail.example.org ESMTP\r\n"), None)[1]]
        error = refusal(to_here(found.port))

    assert error.is_unreachable


OUTSIDE = "93.184.215.14"
HOSTS = [HookHost("hooks.example.org"), HookHost("hooks.intern", 8443)]


@pytest.mark.parametrize(
    "inside",
    [
        *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),  # noqa: S104 - nothing binds to it
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1"),
        *("2002:7f00:1::", "2001:0:7f00:1::"),
    ],
)
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(inside: str) -> None:
    target = target_of("https://hooks.example.org/", HOSTS)
    expected = "hooks.example.org leads into the own network, which its entry in the list does not allow"

    for addresses in ([inside], [OUTSIDE, inside], [inside, OUTSIDE]):
        assert str(refusal(target, answering(*addresses))) == expected
    assert not is_public(ip_address(inside))


@pytest.mark.parametrize(
    "outside", [OUTSIDE, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
)
def test_addresses_of_the_internet_are_public(outside: str) -> None:
    assert is_public(ip_address(outside))


def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return [OUTSIDE] if len(asked) == 1 else [HERE]

    def no_network(address: tuple[str, int], *_rest: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    # the one place where a connection is made: the address outside must not be tried by a test
    monkeypatch.setattr(socket, "create_connection", no_network)
    error = refusal(target_of("https://hooks.example.org/", HOSTS), rebinding)

    assert (asked, connected) == (["hooks.example.org"], [OUTSIDE])
    assert str(error) == "hooks.example.org: nobody is there"


def test_a_name_that_nobody_knows_is_told() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    target = target_of("https://hooks.example.org/", HOSTS)

    assert str(refusal(target, unknown)) == "hooks.example.org is not known: Name or service not known"
    assert str(refusal(target, answering())) == "hooks.example.org is not known: it has no address"


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://hooks.example.org/a",
            "https://HOOKS.example.org/a",
            "https://hooks.example.org:443/a?b=c",
        ),
        *("https://hooks.intern:8443/a", "http://hooks.intern:8443/a"),
    ],
)
def test_a_listed_host_may_be_told(address: str) -> None:
    target = target_of(address, HOSTS)

    assert target.may_be_private == (target.port == 8443)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://other.example.org/", "goes to other.example.org:443, which is not listed"),
        ("https://hooks.example.org.evil.example/", "which is not listed"),
        ("https://hooks.example.org:8443/", "goes to hooks.example.org:8443, which is not listed"),
        ("http://hooks.example.org/", "goes to hooks.example.org:80, which is not listed"),
        ("https://hooks.intern/", "goes to hooks.intern:443, which is not listed"),
        ("http://hooks.intern:8444/", "which is not listed"),
        ("https://hooks.example.org@evil.example/", "holds a name, a password or a mark"),
        ("https://user:pass@hooks.example.org/", "holds a name, a password or a mark"),
        ("https://hooks.example.org/#top", "holds a name, a password or a mark"),
        ("https://evil.example\\@hooks.example.org/", "holds characters that no web address has"),
        ("https://hooks.example.org/a b", "holds characters that no web address has"),
        ("https://hooks.example.org/\r\nX: y", "holds characters that no web address has"),
        ("https://höoks.example.org/", "holds characters that no web address has"),
        ("ftp://hooks.example.org/", "is no web address"),
        ("file:///etc/passwd", "is no web address"),
        ("hooks.example.org", "is no web address"),
        ("https://", "is no web address"),
        ("https://hooks.example.org:x/", "is no web address"),
        ("https://hooks.example.org:99999/", "is no web address"),
        ("https://[::1/", "is no web address"),
        ("https://127.0.0.1/", "goes to 127.0.0.1:443, which is not listed"),
        ("https://2130706433/", "goes to 2130706433:443, which is not listed"),
        ("https://[::1]/", "goes to ::1:443, which is not listed"),
    ],
)
def test_every_other_address_is_refused_with_its_reason(address: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"^(goes|holds|is) ") as refused:
        target_of(address, HOSTS)

    assert why in str(refused.value)


def test_the_signature_is_that_of_the_document() -> None:
    assert signature("a secret of twenty-four!", 1770019200, b'{"event": "test"}') == (
        "t=1770019200,v1=77d58a6a38050e0c91190ad2ec2d27ab6ec65c49c6f5f0af1af44082cfa39a93"
    )


def test_a_receiver_sees_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # proxies of the environment are not asked

    with receiver() as found:
        post(to_here(found.port), BODY, HEADERS, resolve=answering(HERE))

    assert [(type(got), got.path) for got in found.got] == [(Got, "/planner")]
