"""The command line: `planner COMMAND`. Everything a page can do about a whole organisation."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click
from flask_migrate import check, downgrade, upgrade
from sqlalchemy.exc import DBAPIError
from waitress import create_server

from planner import __version__
from planner.app import create_app
from planner.bench.consolidation.command import consolidation
from planner.bench.printing import as_json, as_table
from planner.bench.running import measure_apart
from planner.config import BadSetting, utc_now
from planner.domain.errors import InvalidInput, PlannerError
from planner.services import exchange, suggestion_text
from planner.services.actor import Actor
from planner.services.changes import undo
from planner.services.example import is_empty, load_example
from planner.services.organisation import read_organisation
from planner.services.pictures import CannotDraw, MapRequest, draw_map
from planner.services.suggestions import SuggestionRequest, suggest
from planner.storage.db import db, reading_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

THREADS = 8
FIRST_PORT = 8000
PORTS_TRIED = 20
BENCH_SIZES = (10, 100, 1000)


@click.group(help="Record what teams need from one another, and meet less, together.")
@click.version_option(__version__, prog_name="planner")
def main() -> None:
    """Show what went wrong in one sentence, never as a trace."""


@main.command(help="Migrate, load the example organisation, and serve it on this machine.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 8000, or the next free one.")
@click.option("--empty", is_flag=True, help="Start without the example organisation.")
def demo(port: int | None, empty: bool) -> None:
    app = _app()
    with app.app_context():
        upgrade()
        if not empty and is_empty(db.session()):
            load_example(db.session(), _operator())
        click.echo("Drawing the map and looking for shared sessions …")
        _warm_up(db.session())
        db.session.remove()
    _serve(app, "127.0.0.1", port or _free_port())


@main.command(help="Serve the planner; migrate first with `planner db upgrade`.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=FIRST_PORT, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    with _session(reads=True) as session:
        is_empty(session)  # says now, not on the first page, that tables are missing
    _serve(_app(), host, port)


@main.group(name="db", help="The tables of the database.")
def database() -> None:
    """Hold the commands of migration."""


@database.command(name="upgrade", help="Bring the tables to this version.")
@click.argument("revision", default="head")
def upgrade_tables(revision: str) -> None:
    with _app().app_context():
        upgrade(revision=revision)


@database.command(name="downgrade", help="Take the tables one version back.")
@click.argument("revision", default="-1")
def downgrade_tables(revision: str) -> None:
    with _app().app_context():
        downgrade(revision=revision)


@database.command(name="check", help="Fail when the tables differ from what the code expects.")
def check_tables() -> None:
    with _app().app_context():
        check()


@main.command(
    name="import", help="Load a whole organisation from JSON, all of it or one cycle, or a list from CSV."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cycle", help="Only the dependencies of this horizon and what they touch, e.g. v1.37.")
@click.option("--list", "kind", type=click.Choice(exchange.LISTS), help="The file is this list as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="Print the totals without the remarks.")
def import_file(file: Path, cycle: str | None, kind: str | None, as_json: bool, quiet: bool) -> None:
    with _session() as session:
        report = exchange.import_file(
            session, _operator(), file.read_bytes(), filename=file.name, kind=kind or "", cycle=cycle
        )
    if as_json:
        click.echo(json.dumps(_report_values(report), indent=2))
        return
    for remark in () if quiet else report.remarks:
        click.echo(f"{remark.where}: {remark.verdict.value}: {remark.message}")
    added = ", ".join(f"{number} {noun}" for noun, number in report.added.items()) or "nothing"
    click.echo(
        f"{report.taken} records read, added {added}, {report.changed} changed, "
        f"{len(report.remarks)} remarks."
    )


@main.command(name="export", help="Write the whole organisation as JSON, to standard output or a file.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path))
def export_file(to: Path | None) -> None:
    with _session(reads=True) as session:
        data = exchange.export_organisation(session)
    if to is None:
        sys.stdout.buffer.write(data)
    else:
        to.write_bytes(data)


@main.command(help="Remove every record. The history stays and `planner undo` brings all back.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def wipe(yes: bool) -> None:
    if not yes:
        click.confirm("Remove every team, person, session and dependency?", abort=True)
    with _session() as session:
        change = exchange.remove_everything(session, _operator())
    click.echo(f"Removed. `planner undo {change.id}` brings it back." if change.id else "There was nothing.")


@main.command(name="undo", help="Take a change back, by its number in the history.")
@click.argument("change", type=click.IntRange(1))
def undo_change(change: int) -> None:
    with _session() as session:
        click.echo(undo(session, _operator(), change).summary)


@main.command(name="suggest", help="Print the suggested shared sessions, before and after.")
@click.option("--cycle", help="Only the dependencies of this horizon.")
@click.option("--state", multiple=True, help="Only dependencies in this state; may be given again.")
@click.option("--rule", "rules", multiple=True, metavar="NAME=VALUE", help="Change a rule for this run.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--time", "is_timed", is_flag=True, help="Say on standard error how long the answer took.")
def suggest_sessions(
    cycle: str | None, state: tuple[str, ...], rules: tuple[str, ...], as_json: bool, is_timed: bool
) -> None:
    with _session(reads=True) as session:
        asked = SuggestionRequest.from_words(horizon=cycle or "", states=state, rules=rules)
        organisation, started = read_organisation(session), perf_counter()
        found = suggest(session, organisation, asked, utc_now().date())
    if is_timed:
        click.echo(
            f"{perf_counter() - started:.2f} s; a plan that is kept already is not solved again", err=True
        )
    text = suggestion_text.as_json(found) if as_json else suggestion_text.as_table(found, organisation)
    click.echo(text)


@main.group(
    invoke_without_command=True,
    help="Measure time, memory, queries and bytes on generated organisations.",
)
@click.option(
    "--teams",
    "sizes",
    multiple=True,
    type=click.IntRange(min=2),
    help="May be given again. Default: 10, 100, 1000.",
)
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def bench(context: click.Context, sizes: tuple[int, ...], in_json: bool) -> None:
    if context.invoked_subcommand:
        return
    results = [measure_apart(teams) for teams in sizes or BENCH_SIZES]
    click.echo(as_json(results) if in_json else as_table(results))


bench.add_command(consolidation)


def _app() -> Flask:
    try:
        return create_app()
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _session(*, reads: bool = False) -> Iterator[Session]:
    """Give a database session; errors of the product become one sentence and exit code 1.

    A command that `reads` lets others write meanwhile.
    """
    with _app().app_context():
        reading_only.set(reads)
        try:
            yield db.session()
        except InvalidInput as error:
            lines = [f"{p.where}: {p.message}" if p.where else p.message for p in error.problems]
            raise click.ClickException("\n".join(lines)) from error
        except PlannerError as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(
                f"The database refuses ({reason}). Is it there, and was `planner db upgrade` run?"
            ) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def _operator() -> Actor:
    return Actor(at=utc_now())


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise click.ClickException(
        f"No port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED} is free; use --port."
    )


def _serve(app: Flask, host: str, port: int) -> None:
    try:
        server = create_server(app, host=host, port=port, threads=THREADS)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be used ({error.strerror}); choose another."
        ) from error
    click.echo(f"The planner is at http://{host}:{port}/ (Ctrl+C stops it)")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


def _warm_up(session: Session) -> None:
    """Compute what the first page shows, so that it is there at once."""
    organisation, today = read_organisation(session), utc_now().date()
    suggest(session, organisation, SuggestionRequest(), today)
    with suppress(CannotDraw):  # then the page says so, and has the table
        draw_map(session, organisation, MapRequest(organisation.active_dependencies), today)


def _report_values(report: exchange.ImportReport) -> dict[str, object]:
    return {
        "read": report.taken,
        "added": report.added,
        "changed": report.changed,
        "remarks": [
            {"where": r.where, "verdict": r.verdict.value, "message": r.message} for r in report.remarks
        ],
    }


if __name__ == "__main__":
    main()
