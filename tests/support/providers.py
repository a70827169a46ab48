"""Providers of OpenID Connect: a real one in a process of its own, and one of ours that can lie."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CLIENT, SECRET = "planner", "what planner and the provider share"
LONGEST_START = 30  # seconds, on a busy machine


@contextmanager
def real_provider(*people: dict[str, Any]) -> Iterator[str]:
    """Start a provider that knows these people by their claims, and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [word for claims in people for word in ("--user-claims", json.dumps(claims))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(LONGEST_START)


def _wait_for(port: int) -> None:
    """Return when somebody listens; trying again is what ends the wait, not a pause."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise AssertionError(f"nobody listens on {port}")


@dataclass
class Crafted:
    """What our own provider answers; a test changes one thing and nothing else.

    A code is the challenge and the nonce of the request, so that nothing has to be kept.
    """

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    signed: str = "RS256"
    answer: Response | None = None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))

    def code_for(self, location: str) -> tuple[str, str]:
        """Return the code and the state for a browser that was sent to this location."""
        asked = parse_qs(urlsplit(location).query)
        assert asked["code_challenge_method"] == ["S256"]
        return f"{asked['code_challenge'][0]}.{asked['nonce'][0]}", asked["state"][0]

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        answer = {
            "/.well-known/openid-configuration": self._metadata,
            "/jwks": self._keys,
            "/token": self._token,
        }[request.path](request)
        return answer(environ, start)

    def _metadata(self, _request: Request) -> Response:
        told = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }
        return _json(told)

    def _keys(self, _request: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})

    def _token(self, request: Request) -> Response:
        if self.answer is not None:
            return self.answer
        challenge, _dot, nonce = request.form["code"].partition(".")
        hashed = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(hashed).decode().rstrip("=") != challenge:
            return _json({"error": "invalid_grant"}, 400)
        token = {"access_token": "a", "token_type": "Bearer", "id_token": self._id_token(nonce)}
        return _json({name: value for name, value in token.items() if name not in self.left_out})

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": "a-7",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "olive-owner@example.org",
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if name not in self.left_out}
        return self._sign(claims)

    def _sign(self, claims: dict[str, Any]) -> str:
        if self.signed == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join([*(_plain(part) for part in parts), ""])
        if self.signed == "HS256":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
        key = self.key if self.signed == "RS256" else RSAKey.generate_key(2048, {"kid": "1"})
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


def _plain(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status, mimetype="application/json")


@contextmanager
def crafted_provider() -> Iterator[Crafted]:
    """Serve a provider of ours in a thread."""
    provider = Crafted()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
