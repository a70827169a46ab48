"""The command `planner bench import`: a large export beside the least that could be done with it."""

from __future__ import annotations

import csv
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import click
from flask_migrate import upgrade
from sqlalchemy import Engine, insert

from planner.bench.measuring import peak_megabytes
from planner.bench.running import bench_app, first_morning
from planner.config import MEGABYTE
from planner.interchange.limits import ROWS
from planner.interchange.tools import Source
from planner.services.actor import Actor
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import import_now
from planner.storage.db import db
from planner.storage.models import DependencyRow, TeamRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEAMS = 300
HEADER = (
    *("Issue key", "Summary", "Status", "Team", "Due date"),
    *("Inward issue link (Blocks)", "Outward issue link (Blocks)"),
)
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Reading a file and writing what it holds. `cpu` is this process's own part of the
    seconds, `before_mb` the memory before the first byte."""

    way: str
    file_mb: float
    rows: int
    seconds: float
    cpu: float
    rows_a_second: int
    before_mb: float
    peak_mb: float


@click.command(name="import", help="What a large export costs, as a ratio to csv and bare SQLAlchemy Core.")
@click.option("--rows", default=ROWS, show_default=True, type=click.IntRange(2, ROWS))
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def import_bench(rows: int, in_json: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "jira.csv"
        write_export(file, rows)
        answer = Path(folder) / "jira.json"
        write_answer(answer, rows)
        bare, ours, as_json = (
            _apart(_bare, file, rows),
            _apart(_ours, file, rows),
            _apart(_ours, answer, rows),
        )
    ratio = ours.cpu / bare.cpu  # busy neighbours change it little
    if in_json:
        figures = {"bare": asdict(bare), "import": asdict(ours), "import_json": asdict(as_json)}
        click.echo(json.dumps({**figures, "ratio": round(ratio, 2)}))
        return
    for cost in (bare, ours, as_json):
        click.echo(
            f"{cost.way}, {cost.file_mb:.0f} MB: "
            f"{cost.rows:,} rows in {cost.seconds:.2f} s ({cost.cpu:.2f} s CPU), "
            f"{cost.rows_a_second:,} rows a second, "
            f"memory {cost.before_mb:.0f} MB before, {cost.peak_mb:.0f} MB at most"
        )
    click.echo(
        f"The import takes {ratio:.1f} times the CPU of the bare one: "
        "it checks, notes each row in the history, and indexes its words."
    )


def write_export(file: Path, rows: int) -> None:
    """Write an export as Jira would: every second item blocks the one before it, both of them say so."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(HEADER)
        for number, needs, gives, due in _needs(rows):
            table.writerow((f"A-{number}", f"Checkout step {number}", "To Do", needs, due, f"B-{number}", ""))
            table.writerow((f"B-{number}", f"File number {number}", "To Do", gives, due, "", f"A-{number}"))


def write_answer(file: Path, rows: int) -> None:
    """Write the same as Jira's interface for programs would, with some of the fields that nobody asks for."""
    with file.open("w", encoding="utf-8") as stream:
        stream.write(f'{{"expand": "schema,names", "startAt": 0, "total": {rows}, "issues": [')
        for number, needs, gives, due in _needs(rows):
            stream.write(",\n" if number else "\n")
            ends = ((f"A-{number}", f"Checkout step {number}", needs, "inward", f"B-{number}"),
                    (f"B-{number}", f"File number {number}", gives, "outward", f"A-{number}"))  # fmt: skip
            stream.write(",\n".join(json.dumps(_issue(*end, due)) for end in ends))
        stream.write("\n]}\n")


def _issue(key: str, summary: str, team: str, side: str, other: str, due: str) -> dict[str, Any]:
    link = {"type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}}
    fields = {
        "summary": summary,
        "components": [{"self": f"https://jira.example.org/rest/api/3/component/{team}", "name": team}],
        "duedate": due,
        "description": f"What {summary} is about, as somebody wrote it down. " * 4,
        "status": {"name": "To Do", "statusCategory": {"name": "To Do", "key": "new"}},
        "priority": {"name": "Medium", "iconUrl": "https://jira.example.org/images/medium.svg"},
        "issuelinks": [{"id": key, **link, f"{side}Issue": {"key": other, "fields": {"summary": other}}}],
    }
    return {
        "id": key,
        "self": f"https://jira.example.org/rest/api/3/issue/{key}",
        "key": key,
        "fields": fields,
    }


def _needs(rows: int) -> Iterator[tuple[int, str, str, str]]:
    for number in range(rows // 2):
        needs, gives = f"team {number % TEAMS}", f"team {(number * 7 + 1) % TEAMS}"
        if needs == gives:
            gives = f"team {(number + 1) % TEAMS}"
        yield number, needs, gives, f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"


def _apart(measured: Callable[[Path, int], Cost], file: Path, rows: int) -> Cost:
    """Measure in a new process, so that nothing is warm and no memory is somebody else's."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measured, file, rows).result()


def _measure(way: str, file: Path, rows: int, act: Callable[[], object]) -> Cost:
    size = round(file.stat().st_size / MEGABYTE, 1)
    before, started, began = peak_megabytes() or 0.0, perf_counter(), process_time()
    act()
    seconds, cpu = perf_counter() - started, process_time() - began
    return Cost(
        way,
        size,
        rows,
        round(seconds, 3),
        round(cpu, 3),
        round(rows / seconds),
        before,
        peak_megabytes() or 0.0,
    )


def _ours(file: Path, rows: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        app = bench_app(Path(folder), "")
        with app.app_context():
            upgrade()
            source = Source(file.name, file.stat().st_size, partial(file.open, "rb"))  # type: ignore[arg-type]
            operator = Actor(at=first_morning())
            session = db.session()
            act = partial(import_now, session, operator, [source], Choices())
            cost = _measure(f"import of {file.name}", file, rows, act)
            db.session.remove()
            db.engine.dispose()
    return cost


def _bare(file: Path, rows: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        app = bench_app(Path(folder), "")
        with app.app_context():
            upgrade()
            cost = _measure("csv and Core", file, rows, partial(_insert_bare, db.engine, file))
            db.engine.dispose()
    return cost


def _insert_bare(engine: Engine, file: Path) -> None:
    """Read with the csv module and insert with SQLAlchemy Core: no check, no history, no search."""
    with file.open(newline="", encoding="utf-8") as stream, engine.begin() as connection:
        rows = csv.reader(stream)
        next(rows)
        teams = [
            {"id": n + 1, "key": f"t{n}", "name": f"t{n}", "name_folded": f"t{n}", "area": "", "purpose": ""}
            for n in range(TEAMS)
        ]
        connection.execute(insert(TeamRow), [{**team, "version": 1} for team in teams])
        pairs = _pairs(rows)
        while part := list(islice(pairs, AT_ONCE)):
            connection.execute(insert(DependencyRow), part)


def _pairs(rows: Iterator[list[str]]) -> Iterator[dict[str, Any]]:
    for first, second in zip(rows, rows, strict=False):
        yield {
            "version": 1,
            "key": f"{first[0]}~{second[0]}",
            "consumer_id": int(first[3].split()[1]) + 1,
            "provider_id": int(second[3].split()[1]) + 1,
            "what": second[1],
            "state": "asked",
            "item": first[1],
            "kind": "hand-over",
            "round": 1,
            "criteria": [],
            "conditions": [],
            "proposed_what": "",
            "reason": "",
            "heard": "",
            "unmet": [],
        }
