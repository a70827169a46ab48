"""The steps that are measured, for one size in a process of its own."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from http import HTTPStatus
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from flask_migrate import upgrade

from planner.app import create_app
from planner.bench.measuring import Measurement, Stopwatch
from planner.bench.organisations import FIRST_DAY, FIRST_PERSON, clustered
from planner.config import Settings
from planner.domain.team_map import team_map
from planner.interchange.json import write_organisation
from planner.interchange.tools import source_of
from planner.services.actor import Actor
from planner.services.consolidation.suggestions import SuggestionRequest, suggest
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import import_now
from planner.services.organisation import read_organisation
from planner.services.pictures.pictures import MapRequest, draw_map
from planner.storage.db import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

SECRET = "known to everybody: this database lives for one measurement"  # noqa: S105 - it guards nothing
PAGES = {
    "page: dependencies": "/dependencies",
    "page: my week": "/",
    "page: map": "/map",
    "page: suggestion": "/sessions/suggestion",
}


@dataclass(frozen=True, slots=True)
class SizeResult:
    """What one size cost. `calibration` is the CPU seconds of the fixed loop in the same process."""

    teams: int
    dependencies: int
    calibration: float
    steps: tuple[Measurement, ...]


def measure_apart(teams: int) -> SizeResult:
    """Measure in a new process, so that memory and caches of one size are not those of another."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, teams).result()


def measure(teams: int) -> SizeResult:
    """Generate an organisation of that many teams, load it into an empty database, and use it."""
    draft = clustered(teams)
    data = write_organisation(draft)
    with tempfile.TemporaryDirectory() as folder:
        app = bench_app(Path(folder))
        with app.app_context():
            upgrade()
            watch = Stopwatch(db.engine)
            _services(watch, data)
            db.session.remove()
        _pages(watch, app)
        with app.app_context():
            db.engine.dispose()
    return SizeResult(teams, len(draft.dependencies), watch.calibration, tuple(watch.measured))


def bring_in(session: Session, actor: Actor, data: bytes) -> None:
    """Import an organisation of ours."""
    import_now(session, actor, [source_of(data)], Choices())


def bench_app(home: Path, database: str = "") -> Flask:
    """Return the application on this database or one of its own in the folder, on the first morning."""
    settings = Settings(home, database or f"sqlite:///{home / 'planner.db'}", SECRET, clock=first_morning)
    return create_app(settings, {"WTF_CSRF_ENABLED": False})


def first_morning() -> datetime:
    return datetime.combine(FIRST_DAY, time(8), UTC)


def _services(watch: Stopwatch, data: bytes) -> None:
    session = db.session()
    actor = Actor(at=first_morning())
    watch.step("import", lambda: bring_in(session, actor, data))
    watch.step("read", lambda: read_organisation(session))
    organisation = read_organisation(session)
    active = [d for d in organisation.dependencies if d.state.is_active]

    def draw() -> object:
        return draw_map(session, organisation, MapRequest(), FIRST_DAY)

    def ask() -> object:
        return suggest(session, organisation, SuggestionRequest(), FIRST_DAY)

    watch.step("map: links", lambda: team_map(organisation, active, today=FIRST_DAY))
    watch.step("map: drawn, cold", draw)
    watch.step("map: drawn, kept", draw)
    watch.step("suggestion, cold", ask)
    watch.step("suggestion, kept", ask)


def _pages(watch: Stopwatch, app: Flask) -> None:
    """Ask for each page twice and measure the second time, when its templates are compiled."""
    client = app.test_client()
    sign_in(client, FIRST_PERSON)
    for name, address in PAGES.items():
        page(client, address)
        watch.step(name, partial(page, client, address))


def sign_in(client: FlaskClient, person: str) -> None:
    client.post("/sign-in", data={"person": person, "next": "/"})


def page(client: FlaskClient, address: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return what a page answers. Raises RuntimeError for anything but a page."""
    answer = client.get(address, headers=headers)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {answer.status}")
    return bytes(answer.data)
