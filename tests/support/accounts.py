"""People with accounts, and the links they get, as tests need them."""

from __future__ import annotations

from contextvars import Context
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from planner.services.accounts.accounts import add_account
from planner.services.accounts.passwords import hash_password
from planner.services.accounts.sign_ins import open_sign_in
from planner.services.changes import one_transaction
from planner.storage.db import db
from planner.storage.models import AccountRow, MailRow, PersonRow
from planner.web.context import TOKEN
from tests.factories import MONDAY, Cast, make_cast
from tests.support.application import make_app
from tests.support.page import Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

PASSWORD = "four quiet words tonight"


@dataclass(frozen=True)
class House:
    """An installation in which the whole cast has accounts; the owner administers."""

    app: Flask
    session: Session
    cast: Cast
    others: list[Flask] = field(default_factory=list)

    def with_settings(self, **changes: Any) -> House:
        """Return the same installation, running with other settings."""
        settings = replace(self.app.extensions["planner"].settings, **changes)
        app = make_app(settings)
        self.others.append(app)
        return replace(self, app=app)

    def close(self) -> None:
        """Give back the connections of every application that was started besides the first."""
        for app in self.others:
            with app.app_context():
                db.engine.dispose()

    def browser(self, key: str = "") -> Browser:
        """Return the browser of a person who is signed in, or of nobody."""
        browser = Browser(self.app)
        if key:
            token = open_sign_in(self.session, person_id(self.session, key), device="A browser", now=MONDAY)
            carry(browser, token)
        return browser


def carry(browser: Browser, token: str) -> None:
    """Give a browser the cookie of a sign-in."""

    def put() -> None:
        with browser.client.session_transaction() as cookie:
            cookie[TOKEN] = token

    Context().run(put)


def make_house(app: Flask, session: Session) -> House:
    """Save the fixed people, each with the address NAME@example.org and the same password."""
    cast = make_cast(session)
    for key in (cast.owner, cast.partner, cast.outsider):
        make_account(session, key, is_administrator=key == cast.owner)
    return House(app, session, cast)


def make_account(session: Session, key: str, **overrides: Any) -> None:
    values = {"email": f"{key}@example.org", "password": None, "now": MONDAY, **overrides}
    number = person_id(session, key)
    with one_transaction(session):
        add_account(session, number, **values)
        changed = update(AccountRow).where(AccountRow.person_id == number)
        session.execute(changed.values(password_hash=_hash_of_password()))


@cache
def _hash_of_password() -> str:
    """Computed once a run: it is slow on purpose."""
    return hash_password(PASSWORD)


def person_id(session: Session, key: str) -> int:
    found = session.scalar(select(PersonRow.id).where(PersonRow.key == key))
    session.rollback()
    assert found is not None, key
    return found


def mails(session: Session) -> list[tuple[str, str, str]]:
    """Return recipient, subject and text of every mail that was written, oldest first."""
    session.rollback()
    rows = session.scalars(select(MailRow).order_by(MailRow.id))
    found = [(row.recipient, row.subject, row.body) for row in rows]
    session.rollback()  # so that it keeps nobody from writing
    return found


def link_in(text: str) -> str:
    """Return the path of the one link in a text of ours."""
    (link,) = (word for word in text.split() if word.startswith("http://localhost/"))
    return link.removeprefix("http://localhost")
