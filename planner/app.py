"""create_app(): the one place where settings, database, services and pages are joined."""

from __future__ import annotations

import errno
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_htmx import HTMX
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from planner.config import MEGABYTE, Settings, read_settings
from planner.paths import MIGRATIONS, assets
from planner.render.engine import Engine
from planner.render.pictures import use_engine
from planner.storage.db import db, has_no_room, has_no_server, lost_a_race, reading_only
from planner.web import register
from planner.web.api.operations import OPERATIONS
from planner.web.context import Context
from planner.web.errors import busy, no_room, no_server

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.web.errors import Answer

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# forms that are sent and change no record: they must not make others wait while they work
ONLY_READING = {
    *("map.tidy", "dependencies.check", "searches.make_now", "help.keys", "imports.stop"),
    *(f"api.{one.name}" for one in OPERATIONS if one.only_reads),
}
TAKES_FILES = frozenset({"imports.create", "api.create_import"})

# what is asked for like a page and signs somebody in, or counts who tries a code
WRITES = frozenset({"openid.back", "live.code"})
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
REQUEST_LIMIT = 21 * MEGABYTE
ON_THE_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def create_app(settings: Settings | None = None, overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the web application; `overrides` are Flask settings of a test. Raises BadSetting."""
    settings = settings or read_settings()
    app = Flask(
        "planner",
        template_folder=str(assets("templates")),
        static_folder=str(assets("static")),
        instance_path=str(settings.home),
    )
    app.config.update(_flask_settings(settings), **(overrides or {}))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    CSRFProtect(app)
    HTMX(app)
    app.extensions["planner"] = Context(settings=settings, session=db.session)
    if settings.openid:
        from planner.web import provider  # noqa: PLC0415 - slow to import, and few have a provider

        provider.register(app, settings.openid)
    if settings.proxies:
        # only so many are ours: what stands before them in the header is what a visitor wrote
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    if settings.dot:
        use_engine(Engine(native_dot=settings.dot))
    _mark_reading_requests(app)
    _let_large_files_in(app, settings.upload_limit)
    register(app)
    app.register_error_handler(DBAPIError, _answer_for_the_database)
    app.register_error_handler(OSError, _answer_for_the_disk)
    return app


def _answer_for_the_database(error: DBAPIError) -> Answer:
    """Say what is wrong with the database itself; anything else is our fault, and is logged as such."""
    if lost_a_race(error):
        return busy()
    if has_no_room(error):
        log.error("no room is left for the database")
        return no_room()
    if has_no_server(error):
        log.error("the database does not answer")
        return no_server()
    raise error


def _answer_for_the_disk(error: OSError) -> Answer:
    """Say that what was sent could not be kept while it was looked at; anything else is our fault."""
    if error.errno in NO_ROOM:
        log.error("no room is left for what people send: %s", error.strerror)
        return no_room()
    raise error


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.earlier_secrets),
        # forms that were open when the secret changed; what is signed anew is signed with the last of them
        "WTF_CSRF_SECRET_KEY": [*settings.earlier_secrets, settings.secret_key],
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True},
        "MAX_CONTENT_LENGTH": REQUEST_LIMIT,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "TRUSTED_HOSTS": _trusted_hosts(settings),
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure_cookies else "planner-session",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        # a board left open over lunch must not lose an edit
        "WTF_CSRF_TIME_LIMIT": None,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
    }


def _trusted_hosts(settings: Settings) -> list[str] | None:
    """Return the hosts to answer to: those that are set, or that of our own address, or any in a trial."""
    if settings.trusted_hosts:
        return list(settings.trusted_hosts)
    own = urlsplit(settings.address).hostname
    return [own, *ON_THE_MACHINE] if own else None


def _let_large_files_in(app: Flask, limit: int) -> None:
    """Let what takes files from other tools be larger than all else that is sent."""

    @app.before_request
    def widen() -> None:
        if request.endpoint in TAKES_FILES:
            request.max_content_length = limit + MEGABYTE


def _mark_reading_requests(app: Flask) -> None:
    """Let SQLite open a writing transaction only for requests that write."""

    @app.before_request
    def mark() -> None:
        reads = request.method in SAFE_METHODS and request.endpoint not in WRITES
        reading_only.set(reads or request.endpoint in ONLY_READING)
