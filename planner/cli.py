"""The command line: `planner COMMAND`. Everything a page can do about a whole organisation."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from flask_migrate import check, downgrade, upgrade
from sqlalchemy.exc import DBAPIError

from planner import __version__, serving
from planner.app import create_app
from planner.bench.consolidation.command import consolidation
from planner.bench.finding import search
from planner.bench.importing import import_bench
from planner.bench.people.command import crowd, live, week
from planner.bench.pictures import pictures
from planner.bench.printing import as_json, as_table
from planner.bench.running import measure_apart
from planner.config import BadSetting, SignIn, read_settings, utc_now
from planner.domain.errors import InvalidInput, PlannerError
from planner.domain.importing import Direction
from planner.interchange.tools import Source
from planner.operating.commands import backup, doctor, expect_file, restore, write_out
from planner.operating.drawing import kind_of, picture_options, request_of
from planner.services import exchange
from planner.services.accounts.accounts import has_administrator
from planner.services.accounts.joining import first_link
from planner.services.actor import Actor
from planner.services.changes import undo
from planner.services.consolidation import suggestion_text
from planner.services.consolidation.suggestions import SuggestionRequest, search_here, suggest
from planner.services.example import is_empty, load_example
from planner.services.finding import rebuild_search
from planner.services.importing import import_text
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import WRITING, import_now, read_ahead
from planner.services.organisation import read_organisation
from planner.services.pictures.picture_sessions import find_dial
from planner.services.pictures.pictures import CannotDraw, MapRequest, draw_map, picture_file
from planner.serving import FIRST_PORT, CannotServe, free_port
from planner.storage.db import db, reading_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from flask import Flask
    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation

BENCH_SIZES = (10, 100, 1000)


@click.group(help="Record what teams need from one another, and meet less, together.")
@click.version_option(__version__, prog_name="planner")
def main() -> None:
    """Show what went wrong in one sentence, never as a trace."""


with_workers = click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(0, 64),
    help="Processes beside this one that make the long searches and send mail.",
)


@main.command(help="Migrate, load the example organisation, and serve it on this machine.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 8000, or the next free one.")
@click.option("--empty", is_flag=True, help="Start without the example organisation.")
@with_workers
def demo(port: int | None, empty: bool, workers: int) -> None:
    app = _app(SignIn.CHOOSE)
    with app.app_context():
        upgrade()
        if has_administrator(db.session()):
            raise click.ClickException(
                "People have accounts here; in a trial anybody is anybody. Use `planner serve`."
            )
        if not empty and is_empty(db.session()):
            load_example(db.session(), _operator())
        click.echo("Drawing the map and looking for shared sessions …")
        _warm_up(db.session())
        db.session.remove()
    _serve(app, "127.0.0.1", port, workers=workers)


@main.command(help="Serve the planner; migrate first with `planner db upgrade`.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=FIRST_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many answer at the port: one for each core, when many people come at once.",
)
@with_workers
@click.option("--beside", "sockets", multiple=True, type=int, hidden=True, help="Sockets to answer at.")
def serve(host: str, port: int, processes: int, workers: int, sockets: tuple[int, ...]) -> None:
    if sockets:
        serving.answer_beside(_app(), sockets)
        return
    with _session(reads=True) as session:
        is_empty(session)  # says now, not on the first page, that tables are missing
    _print_first_link(f"http://{host}:{port}")
    _serve(_app(), host, port, workers=workers, processes=processes)


@main.command(help="Make the long searches and send the mail; any number of these may run, on any machine.")
@click.option("--beside", is_flag=True, hidden=True, help="End when standard input ends.")
def work(beside: bool) -> None:
    with _session(reads=True) as session:
        is_empty(session)
    serving.work_until_told(_app(), is_beside=beside)


@main.group(help="Who may sign in.")
def accounts() -> None:
    """Hold the commands about accounts."""


@accounts.command(name="first-link", help="Print a one-time link with which the first administrator begins.")
def print_first_link() -> None:
    if not _print_first_link(f"http://127.0.0.1:{FIRST_PORT}"):
        raise click.ClickException("There is an administrator already; they can invite, and make others one.")


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


@database.command(name="reindex", help="Write anew the words by which everything is found.")
def reindex_words() -> None:
    with _session() as session:
        click.echo(f"{rebuild_search(session)} records can be found by their words.")


@main.command(
    name="import",
    help="Bring in what FILES hold: records of planner, or the items and links of another tool.",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--cycle", help="Only the dependencies of this horizon and what they touch, e.g. v1.37.")
@click.option("--list", "kind", type=click.Choice(exchange.LISTS), help="The table is this list of planner.")
@click.option("--source", default="", help="Where it comes from; default: the name of the tool.")
@click.option("--turn", multiple=True, metavar="TYPE", help="Read this type of link the other way round.")
@click.option("--leave-out", multiple=True, metavar="TYPE", help="Leave this type of link out.")
@click.option(
    "--team", "teams", multiple=True, metavar="NAME=KEY", help="The team NAME is the one with KEY here."
)
@click.option(
    "--over", is_flag=True, help="Take the file's word also where people changed or agreed something."
)
@click.option("--preview", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "in_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="Print the totals without the remarks.")
def import_file(files: tuple[Path, ...], **options: Any) -> None:
    sources = [_source(file) for file in files]
    with _session() as session:
        choices = _import_choices(session, sources, **options)
        if options["preview"]:
            seen = read_ahead(session, _operator(), sources, choices)
            click.echo(
                import_text.look_as_json(seen) if options["in_json"] else import_text.look_as_text(seen)
            )
            return
        report = import_now(session, _operator(), sources, choices, tell=_tell_import)
    click.echo(
        import_text.report_as_json(report)
        if options["in_json"]
        else import_text.report_as_text(report, with_remarks=not options["quiet"])
    )


def _source(file: Path) -> Source:
    size = file.stat().st_size

    def opened() -> BinaryIO:
        return file.open("rb")

    return Source(file.name, size, opened, lambda done: _tell_import("reading", done, size))


def _import_choices(session: Session, sources: Sequence[Source], **options: Any) -> Choices:
    """What the options say. A link can only be turned where it is known which way it goes."""
    teams = dict(pair.rpartition("=")[::2] for pair in options["teams"])
    choices = Choices(
        source=options["source"],
        teams=teams,
        take_all=options["over"],
        horizon=options["cycle"] or "",
        kind=options["kind"] or "",
    )
    named = (*options["turn"], *options["leave_out"])
    if not named:
        return choices
    known = {k.name: k.direction for k in read_ahead(session, _operator(), sources, choices).kinds}
    if unknown := sorted(set(named) - known.keys()):
        listed = ", ".join(known) or "none"
        raise click.ClickException(f"There is no type of link “{unknown[0]}” in this file; it has {listed}.")
    turned = {name: Direction(known[name]).turned for name in options["turn"]}
    return replace(choices, directions=turned | dict.fromkeys(options["leave_out"], Direction.NEITHER))


def _tell_import(phase: str, done: int, total: int) -> None:
    """Write how far an import is over what was written before, where somebody looks at a terminal."""
    if not sys.stderr.isatty():
        return
    line = f"{phase.capitalize()}, {100 * done // total if total else 100} %"
    if phase == WRITING:
        line += f" of {total:,} rows; Ctrl C takes all of it back"
    click.echo(f"\r{line:<60}\r", nl=False, err=True)


@main.command(name="export", help="Write the whole organisation as JSON, to standard output or a file.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--list", "kind", type=click.Choice(exchange.LISTS), help="Only this list, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="With --to: print what was written as JSON.")
def export_file(to: Path | None, kind: str | None, as_json: bool) -> None:
    expect_file(to, as_json=as_json and kind is not None)  # the whole of it is JSON anyway
    with _session(reads=True) as session:
        if kind is None:
            data = exchange.export_everything(session)
        else:
            data = exchange.export_list(session, kind, None, _today(read_organisation(session)))
    write_out(data, to, as_json=as_json)


@main.command(
    name="map", help="Draw a picture to a file; its name says the kind, such as map.svg or map.pdf."
)
@picture_options
def draw_picture(to: Path | None, kind: str | None, as_json: bool, **words: Any) -> None:
    expect_file(to, as_json=as_json)
    wanted = kind_of(to, kind)
    with _session() as session:
        organisation = read_organisation(session)
        today = _today(organisation)
        asked = request_of(organisation, words)
        if asked.view == "dial":
            find_dial(session, organisation, asked.chosen.horizon, today)
        try:
            drawn = draw_map(session, organisation, asked, today)
        except CannotDraw as error:
            raise click.ClickException(f"{error} Ask for less of it, with --level or --team.") from error
        data = picture_file(drawn, wanted, words["size"], words["theme"], today)
    write_out(data, to, as_json=as_json)


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
@click.option(
    "--effort",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 100),
    help="How long to search: 0 gives the first plan at once. Ctrl+C gives the best so far.",
)
def suggest_sessions(
    cycle: str | None,
    state: tuple[str, ...],
    rules: tuple[str, ...],
    as_json: bool,
    is_timed: bool,
    effort: float,
) -> None:
    with _session(reads=True) as session, _interruptible() as is_interrupted:
        asked = SuggestionRequest.from_words(horizon=cycle or "", states=state, rules=rules)
        organisation, started = read_organisation(session), perf_counter()
        found = search_here(
            session,
            organisation,
            asked,
            _today(organisation),
            effort=effort,
            progress=_say_progress if sys.stderr.isatty() else None,
            stop=is_interrupted,
        )
    if is_timed:
        click.echo(
            f"{perf_counter() - started:.2f} s; a plan that is kept already is not solved again", err=True
        )
    text = suggestion_text.as_json(found) if as_json else suggestion_text.as_table(found, organisation)
    click.echo(text)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl+C as a wish, so that the best so far can be printed; the second one ends us."""
    asked = Event()

    def hear(_number: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _say_progress(done: int, total: int) -> None:
    """Write how far the search is over what was written before; nothing stays."""
    line = f"Searching, {100 * done // total} %. Ctrl+C gives the best so far." if done < total else ""
    click.echo(f"\r{line:<60}" + ("\r" if not line else ""), nl=False, err=True)


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


for command in (consolidation, week, crowd, live, search, pictures, import_bench):
    bench.add_command(command)
for command in (backup, restore, doctor):
    main.add_command(command)


def _app(sign_in: SignIn | None = None) -> Flask:
    try:
        settings = read_settings()
        return create_app(replace(settings, sign_in=sign_in) if sign_in else settings)
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


def _print_first_link(address: str) -> bool:
    """Print a link for the first administrator where people have accounts and none administers yet."""
    settings = read_settings()
    if settings.sign_in is not SignIn.ACCOUNTS:
        return False
    with _session() as session:
        token = first_link(session, utc_now())
    if token is not None:
        click.echo("Nobody administers this installation yet. This link is for the one who will, once,")
        click.echo(f"within a day: {settings.address or address}/first/{token}")
    return token is not None


def _today(organisation: Organisation) -> date:
    return organisation.day_of(utc_now())


def _operator() -> Actor:
    return Actor(at=utc_now())


def _serve(app: Flask, host: str, port: int | None, *, workers: int, processes: int = 1) -> None:
    try:
        serving.serve(app, host, port or free_port(), workers=workers, processes=processes)
    except CannotServe as error:
        raise click.ClickException(str(error)) from error


def _warm_up(session: Session) -> None:
    """Compute what the first page shows, so that it is there at once."""
    organisation = read_organisation(session)
    today = _today(organisation)
    suggest(session, organisation, SuggestionRequest(), today)
    with suppress(CannotDraw):  # then the page says so, and has the table
        draw_map(session, organisation, MapRequest(), today)


if __name__ == "__main__":
    main()
