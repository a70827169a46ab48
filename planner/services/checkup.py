"""What may be wrong with an installation, and what to do about each thing."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from planner.config import EARLIER_SECRETS, SignIn
from planner.delivery.errors import NotDelivered
from planner.delivery.smtp import try_server
from planner.render.engine import CannotDraw, Engine, Job
from planner.storage import jobs
from planner.storage.models import ChangeRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from planner.config import Settings

MEGABYTE = 1024 * 1024
ROOM_LEAST = 200 * MEGABYTE
AHEAD_MOST = timedelta(minutes=5)
MENDED_IN = (3, 51, 3)
"""From this version on SQLite does not damage a database that several processes write with a log (WAL)."""


class Verdict(StrEnum):
    """How a check went. Only what is broken makes the whole broken."""

    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, and what to do where it is not fine."""

    what: str
    verdict: Verdict
    found: str
    todo: str = ""


def check_up(session: Session, settings: Settings, *, head: str) -> Iterator[Finding]:
    """Give one finding after the other; `head` is the version of tables that this planner wants.

    Where the database cannot be reached, what needs it is left out.
    """
    reachable = _database(session)
    yield reachable
    if reachable.verdict is not Verdict.BROKEN:
        tables = _tables(session, head)
        yield tables
        yield _integrity(session)
        if tables.verdict is Verdict.FINE:
            yield _worker(session, settings)
            yield _clock(session, settings)
    yield _graphviz(settings)
    yield _mail(settings)
    yield from _settings(settings)
    yield _room(settings)


def _database(session: Session) -> Finding:
    name = session.get_bind().dialect.name
    try:
        session.execute(text("SELECT 1"))
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        return Finding(
            "database", Verdict.BROKEN, reason, "Is it running, and is PLANNER_DATABASE_URL right?"
        )
    if name == "sqlite" and sqlite3.sqlite_version_info < MENDED_IN:
        return Finding(
            "database",
            Verdict.LOOK,
            f"SQLite {sqlite3.sqlite_version} is reached",
            "Take a backup every day, and PostgreSQL when many write at once: this SQLite may, very rarely, "
            "damage a database that several processes write.",
        )
    return Finding("database", Verdict.FINE, f"{name} is reached")


def _tables(session: Session, head: str) -> Finding:
    try:
        there = session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        session.rollback()
        there = None
    if there == head:
        return Finding("tables", Verdict.FINE, f"at {head}")
    return Finding("tables", Verdict.BROKEN, f"at {there or 'nothing'}, not at {head}", "planner db upgrade")


def _integrity(session: Session) -> Finding:
    if session.get_bind().dialect.name != "sqlite":
        return Finding("integrity", Verdict.FINE, "is looked after by PostgreSQL")
    found = list(session.scalars(text("PRAGMA integrity_check(3)")))
    lost = session.execute(text("PRAGMA foreign_key_check")).all()
    if found == ["ok"] and not lost:
        return Finding("integrity", Verdict.FINE, "every page and every reference is sound")
    said = found[0] if found != ["ok"] else f"{len(lost)} rows belong to nothing"
    return Finding("integrity", Verdict.BROKEN, said, "Stop the server and restore the last backup.")


def _worker(session: Session, settings: Settings) -> Finding:
    if jobs.has_workers(session, settings.clock()):
        return Finding("worker", Verdict.FINE, "one gives signs of life")
    todo = "Start `planner serve`, which brings one, or `planner work`; without one no mail goes out."
    return Finding("worker", Verdict.LOOK, "none gives signs of life", todo)


def _clock(session: Session, settings: Settings) -> Finding:
    newest, now = session.scalar(select(func.max(ChangeRow.at))), settings.clock()
    if newest is not None and newest > now + AHEAD_MOST:
        todo = "Set the clock of this machine: what is new would look old."
        return Finding("clock", Verdict.BROKEN, f"{now:%Y-%m-%d %H:%M} UTC, before the last change", todo)
    return Finding("clock", Verdict.FINE, f"{now:%Y-%m-%d %H:%M} UTC")


def _graphviz(settings: Settings) -> Finding:
    engine = Engine(native_dot=settings.dot or None, workers=1)
    try:
        engine.draw(Job("digraph { a -> b }", "dot", "svg"))
    except (CannotDraw, OSError) as error:
        todo = f"Look at PLANNER_DOT ({settings.dot})." if settings.dot else "Install planner anew."
        return Finding("drawing", Verdict.BROKEN, str(error), f"{todo} Tables are shown meanwhile.")
    finally:
        engine.close()
    return Finding("drawing", Verdict.FINE, f"by {settings.dot or 'the Graphviz that planner brings'}")


def _mail(settings: Settings) -> Finding:
    if settings.smtp is None:
        todo = "Set PLANNER_SMTP to send mail."
        return Finding("mail", Verdict.LOOK, "is written to a folder, no server is set", todo)
    try:
        try_server(settings.smtp)
    except NotDelivered as error:
        return Finding("mail", Verdict.BROKEN, str(error), "Look at PLANNER_SMTP and at the mail server.")
    return Finding("mail", Verdict.FINE, f"{settings.smtp.host} answers and lets us in")


def _settings(settings: Settings) -> Iterator[Finding]:
    is_secure = settings.address.startswith("https://")
    if settings.sign_in is SignIn.CHOOSE:
        yield Finding(
            "sign-in", Verdict.LOOK, "anybody may be anybody", "Set PLANNER_SIGN_IN=accounts after the trial."
        )
    if not settings.address:
        yield Finding("address", Verdict.LOOK, "is not set, so mails hold no links", "Set PLANNER_ADDRESS.")
    if is_secure and not settings.secure_cookies:
        yield Finding(
            "cookies",
            Verdict.BROKEN,
            "travel without HTTPS too, though the address is HTTPS",
            "Set PLANNER_SECURE_COOKIES=1.",
        )
    if settings.secure_cookies and settings.address and not is_secure:
        yield Finding(
            "cookies",
            Verdict.BROKEN,
            "travel over HTTPS alone, though the address is not HTTPS: nobody can sign in",
            "Set PLANNER_ADDRESS to https://… or leave PLANNER_SECURE_COOKIES out.",
        )
    for key in (settings.home / "secret.key", settings.home / EARLIER_SECRETS):
        if key.exists() and key.stat().st_mode & 0o077:
            yield Finding("secret", Verdict.BROKEN, f"others can read {key}", f"chmod 600 {key}")


def _room(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    if free < ROOM_LEAST:
        todo = "Make room: without it nothing can be saved."
        return Finding("room", Verdict.BROKEN, f"{free // MEGABYTE} MB are free at {settings.home}", todo)
    return Finding("room", Verdict.FINE, f"{free // MEGABYTE:,} MB are free")
