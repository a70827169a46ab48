"""A program that talks to the interface with a token, as tests need it."""

from __future__ import annotations

from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from planner.services.accounts.tokens import Scope, make_token
from tests.factories import MONDAY, make_actor

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

EVERYTHING = tuple(Scope)
A_MONTH = timedelta(days=30)


def token_of(
    session: Session,
    key: str,
    scopes: tuple[Scope, ...] = EVERYTHING,
    *,
    is_trial: bool = True,
    now: datetime = MONDAY,
) -> str:
    """Make a token of a person that works for a month."""
    actor = replace(make_actor(session, key), at=now)
    token = make_token(
        session, actor, name="A script", scopes=scopes, until=now.date() + A_MONTH, is_trial=is_trial
    )
    session.rollback()
    return token


class Program:
    """It keeps no cookie, and sends its token with everything."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client = app.test_client(use_cookies=False)
        self.token = token

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request; `If_Match` among the headers is If-Match."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        options: dict[str, Any] = {"method": method, "headers": sent}
        if body is not None:
            options["json"] = body
        # a context of its own, as in a server: Flask would lend the test's to every request
        return Context().run(self.client.open, f"/api/v1{address}", **options)

    def send_files(self, address: str, *files: tuple[str, bytes], **headers: str) -> TestResponse:
        """Send files, each with its name, as a form; each time cut anew, as programs do."""
        cut = uuid4().hex
        parts = [
            f'--{cut}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
            + content
            for name, content in files
        ]
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"multipart/form-data; boundary={cut}",
        }
        # by hand, because the test client leaves its copy of a large file open
        body = b"\r\n".join([*parts, f"--{cut}--\r\n".encode()])
        return Context().run(self.client.post, f"/api/v1{address}", data=body, headers=sent)

    def read(self, address: str) -> Any:
        """Return what a GET answers, which must go well."""
        answer = self.send("GET", address)
        assert answer.status_code == 200, answer.text
        return answer.get_json()
