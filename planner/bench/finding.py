"""The command `planner bench search`: how long the first result takes in a large organisation."""

from __future__ import annotations

import tempfile
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_migrate import upgrade

from planner.bench.measuring import Stopwatch
from planner.bench.organisations import FIRST_PERSON, clustered
from planner.bench.printing import as_json, as_table
from planner.bench.running import SizeResult, bench_app, bring_in, first_morning, page, sign_in
from planner.interchange.json import write_organisation
from planner.services.actor import Actor
from planner.storage.db import db

if TYPE_CHECKING:
    from flask import Flask

FIVE_THOUSAND = 1667  # teams, with three dependencies each
ASKED = {
    "page: a word that all share": "/search?q=team",
    "page: one dependency": "/search?q=part+77+of+what",
    "page: two teams": "/search?q=team+00005+team+00735",
    "page: nothing": "/search?q=zzz",
    "page: a sentence": "/search?q=Refund+file+from+Team+00005+by+2+Mar",
}
PALETTE = {
    "palette: one letter": "/search/palette?q=t",
    "palette: a word that all share": "/search/palette?q=team",
    "palette: a sentence": "/search/palette?q=Refund+file+from+Team+00005+by+2+Mar",
}
AS_HTMX = {"HX-Request": "true", "HX-Target": "palette-list"}


@click.command(help="What a search costs, page and palette, asked as a product owner.")
@click.option("--teams", default=FIVE_THOUSAND, show_default=True, type=click.IntRange(min=8))
@click.option("--database", default="", help="An empty database. Default: SQLite in a temporary folder.")
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def search(teams: int, database: str, in_json: bool) -> None:
    results = [measure_search(teams, database)]
    click.echo(as_json(results) if in_json else as_table(results))


def measure_search(teams: int, database: str) -> SizeResult:
    """Generate an organisation of that many teams, load it into the empty database, and search in it."""
    draft = clustered(teams)
    with tempfile.TemporaryDirectory() as folder:
        app = bench_app(Path(folder), database)
        with app.app_context():
            upgrade()
            watch = Stopwatch(db.engine)
            bring_in(db.session(), Actor(at=first_morning()), write_organisation(draft))
            db.session.remove()
        _ask(app, watch)
        with app.app_context():
            db.engine.dispose()
    return SizeResult(teams, len(draft.dependencies), watch.calibration, tuple(watch.measured))


def _ask(app: Flask, watch: Stopwatch) -> None:
    """Measure the first search after somebody asked for something, then each one the second time."""
    client = app.test_client()
    sign_in(client, FIRST_PERSON)
    first = next(iter(ASKED.values()))
    page(client, first)
    asked = client.post("/dependencies", data={"s": "Refund file from Team 00005 by 2 Mar", "live": "yes"})
    if asked.status_code != HTTPStatus.SEE_OTHER:
        raise RuntimeError(f"asking answered {asked.status}")
    watch.step("page: the first after a change", partial(page, client, first))
    for name, address in ASKED.items():
        page(client, address)
        watch.step(name, partial(page, client, address))
    for name, address in PALETTE.items():
        page(client, address, headers=AS_HTMX)
        watch.step(name, partial(page, client, address, headers=AS_HTMX))
