"""A person in front of the browser: where they are, what they sent, what the browser complained of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from planner.storage.db import db
from planner.storage.models import PersonRow

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

# a form that came back with its errors, or the way to the door, is an answer; the browser notes it as failed
# what a screen still asks when somebody presses a button or leaves it is given up; htmx notes that twice
EXPECTED = re.compile(r"status of 4(01|04|09|22)|^htmx:(afterRequest|sendAbort)")
PATIENCE = 20_000
"""Milliseconds until something that does not appear counts as missing; machines that test are busy."""


@dataclass(frozen=True)
class Site:
    """An installation that answers at an address."""

    app: Flask
    address: str

    def cookie_of(self, key: str) -> str:
        """Return the session cookie of the person of this key."""
        with self.app.app_context():
            person_id = db.session.scalar(select(PersonRow.id).where(PersonRow.key == key))
            db.session.remove()
        cookies = self.app.session_interface
        assert isinstance(cookies, SecureCookieSessionInterface)
        serializer = cookies.get_signing_serializer(self.app)
        assert serializer is not None, "no secret"
        return str(serializer.dumps({"person": person_id, "_permanent": True}))


class Visit:
    """One window on a site, signed in when a person is named."""

    def __init__(self, browser: Browser, site: Site, person: str, *, script: bool) -> None:
        self.site = site
        self.context = browser.new_context(
            base_url=site.address, java_script_enabled=script, viewport={"width": 1280, "height": 800}
        )
        self.context.set_default_timeout(PATIENCE)
        if person:
            name = site.app.config["SESSION_COOKIE_NAME"]
            self.context.add_cookies([{"name": name, "value": site.cookie_of(person), "url": site.address}])
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._count)

    def open(self, path: str) -> Page:
        """Open a page and return the window that shows it."""
        self.page.goto(path)
        return self.page

    @property
    def forms_sent(self) -> list[str]:
        return [one for one in self.requests if one.startswith("POST ")]

    @property
    def path(self) -> str:
        """Return where the window is, with its query, as a reader sees it in the address bar."""
        return self.page.url.removeprefix(self.site.address)

    def leave(self) -> None:
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self.complaints.append(f"{self.path}: {message.text}")

    def _count(self, request: Request) -> None:
        """Note whole pages, not what htmx fetches into one; where a form leads to is part of the form."""
        if request.is_navigation_request() and request.redirected_from is None:
            self.requests.append(f"{request.method} {request.url.removeprefix(self.site.address)}")
