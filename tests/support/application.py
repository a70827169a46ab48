"""The application as tests use it: with a database of its own each time, and made as seldom as possible."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from sqlalchemy import event, make_url

from planner.app import create_app
from planner.config import utc_now
from planner.storage.db import db
from planner.web.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from jinja2.bccache import Bucket
    from sqlalchemy import Dialect

    from planner.config import Settings

FOR_TESTS = {"TESTING": True, "WTF_CSRF_ENABLED": False}


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Give an application, whose forms are sent without their token, inside its context.

    One that an earlier test has done with is used again, on another database: to make one anew, to find
    out anew how to ask each question, and to throw the last one away took longer than most tests.
    """
    app = _made_before(settings) or _begun(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    _free.append((_kind(settings), app))


def make_app(settings: Settings) -> Flask:
    """Return a new application whose forms are sent without their token."""
    return knowing_templates(create_app(settings, FOR_TESTS))


def knowing_templates(app: Flask) -> Flask:
    """Let an application take each template as it was compiled for the first one in this process."""
    app.jinja_env.bytecode_cache = COMPILED
    return app


def _made_before(settings: Settings) -> Flask | None:
    kind = _kind(settings)
    for place, (another, app) in enumerate(_free):
        if another == kind:
            del _free[place]
            _begin_anew(app, settings)
            return app
    return None


def _kind(settings: Settings) -> Settings:
    """Return what an application is made of: all but where its data lies and what time it is."""
    server = make_url(settings.database_url).get_backend_name()
    return replace(settings, home=Path(), database_url=server, clock=utc_now)


def _begun(settings: Settings) -> Flask:
    app = make_app(settings)
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _record: Any, words: list[Any], parameters: dict[str, Any]) -> None:
        words[:], found = dialect.create_connect_args(engine.url)
        parameters.clear()
        parameters.update(found)

    return app


def _begin_anew(app: Flask, settings: Settings) -> None:
    """Put back what a test may have changed, and lead the application to another database."""
    app.config.update(FOR_TESTS, PROPAGATE_EXCEPTIONS=None, SQLALCHEMY_DATABASE_URI=settings.database_url)
    app.instance_path = str(settings.home)
    app.extensions["planner"] = replace(app.extensions["planner"], settings=settings, meter=Meter())
    with app.app_context():
        db.engine.url = make_url(settings.database_url)


_free: list[tuple[Settings, Flask]] = []


class _Compiled(BytecodeCache):
    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()
