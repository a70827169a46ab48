"""My week in a large organisation beside the same page where there is nothing at all."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask_migrate import upgrade

from planner.bench.measuring import count_queries
from planner.bench.organisations import clustered
from planner.bench.running import bench_app, first_morning, page, sign_in
from planner.domain.transfer import Draft, PersonDraft
from planner.services.actor import Actor
from planner.services.exchange import store_draft
from planner.storage.db import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from planner.domain.transfer import Draft

NOBODY = "nobody-yet"
ROUNDS = 15


@dataclass(frozen=True, slots=True)
class WeekResult:
    """rows: dependencies that the page lists. ratio: its CPU time in that of an empty page, medians."""

    rows: int
    queries: int
    ratio: float


def measure_week(teams: int, dependencies: int) -> WeekResult:
    """Measure the week of the product owner of the team that has the median of dependencies."""
    draft = clustered(teams, dependencies)
    alone = Draft(people=(PersonDraft(NOBODY, "Nobody Yet"),))
    with tempfile.TemporaryDirectory() as folder:
        full = _visitor(Path(folder) / "full", draft, _typical(draft))
        empty = _visitor(Path(folder) / "empty", alone, NOBODY)
        return _measured(full, empty)


def _visitor(home: Path, draft: Draft, person: str) -> FlaskClient:
    """Return a browser of this person in an organisation of its own."""
    home.mkdir()
    app = bench_app(home)
    with app.app_context():
        upgrade()
        store_draft(db.session(), Actor(at=first_morning()), draft, tag="bench:loaded", summary="Loaded")
        db.session.remove()
    client = app.test_client()
    sign_in(client, person)
    return client


def _typical(draft: Draft) -> str:
    """The product owner who has to do with as many dependencies as the median of all."""
    touched = Counter(key for d in draft.dependencies for key in (d.consumer, d.provider))
    ranked = sorted(touched, key=lambda key: (touched[key], key))
    middle = ranked[len(ranked) // 2]
    return next(team.members[0].person for team in draft.teams if team.key == middle)


def _measured(full: FlaskClient, empty: FlaskClient) -> WeekResult:
    page(empty, "/")
    page(full, "/")
    shown = page(full, "/")
    with full.application.app_context():
        engine = db.engine
    with count_queries(engine) as queries:
        page(full, "/")
    took = [(_cpu(partial(page, full, "/")), _cpu(partial(page, empty, "/"))) for _ in range(ROUNDS)]
    middle = ROUNDS // 2
    ratio = sorted(one for one, _ in took)[middle] / sorted(other for _, other in took)[middle]
    return WeekResult(rows=shown.count(b"data-row"), queries=len(queries), ratio=ratio)


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began
