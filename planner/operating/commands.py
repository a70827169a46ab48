"""`planner backup`, `planner restore` and `planner doctor`."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from dataclasses import replace as replace_in
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from planner.app import create_app
from planner.config import BadSetting, read_settings
from planner.domain.errors import PlannerError
from planner.paths import MIGRATIONS
from planner.services.checkup import Finding, Verdict, check_up
from planner.services.copies import back_up
from planner.services.copies import restore as restore_copy
from planner.services.organisation import read_organisation
from planner.storage.copies import CannotCopy
from planner.storage.db import db, reading_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.config import Settings
    from planner.services.copies import Copy

MEGABYTE = 1024 * 1024
SIGNS = {Verdict.FINE: "✓", Verdict.LOOK: "!", Verdict.BROKEN: "✕"}
in_json = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command(help="Copy the whole database to a file, while people go on working.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@in_json
def backup(file: Path, replace: bool, as_json: bool) -> None:
    settings = _settings()
    try:
        made = back_up(settings.database_url, file, replace=replace, told=_teller("Copying"))
    except PlannerError as error:
        raise click.ClickException(str(error)) from error
    _print(made, "Copied to {file}, {size}. Keep secret.key of the data folder too.", as_json=as_json)


@click.command(help="Put a backup in the place of the database. The server must not be running.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where records are; they are kept beside it.")
@in_json
def restore(file: Path, replace: bool, as_json: bool) -> None:
    settings = _settings()
    scripts = _scripts()
    known = [script.revision for script in scripts.walk_revisions()]
    try:
        taken = restore_copy(
            settings.database_url,
            file,
            known=known,
            bring_up=partial(_bring_up, settings),
            replace=replace,
            told=_teller("Restoring"),
        )
    except PlannerError as error:
        raise click.ClickException(str(error)) from error
    more = f" What was there is {taken.replaced}." if taken.replaced else ""
    if taken.came_as:
        more += " It came from an earlier version and was brought to this one."
    _print(taken, f"Restored {{file}}, {{size}}.{more}", as_json=as_json)


@click.command(help="Look whether all is well; the exit code is 1 where something is broken.")
@in_json
def doctor(as_json: bool) -> None:
    settings = _settings()
    with create_app(settings).app_context():
        reading_only.set(False)  # drawing keeps what it drew
        findings = []
        for finding in check_up(db.session(), settings, head=_scripts().get_current_head() or ""):
            findings.append(finding)
            if not as_json:
                click.echo(_line(finding))
        db.session.remove()
        db.engine.dispose()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], indent=2, ensure_ascii=False))
    if any(one.verdict is Verdict.BROKEN for one in findings):
        sys.exit(1)


def expect_file(to: Path | None, *, as_json: bool) -> None:
    """Refuse to tell what was written where nothing is written but standard output."""
    if as_json and to is None:
        raise click.UsageError("--json tells what was written to a file; say --to as well.")


def write_out(data: bytes, to: Path | None, *, as_json: bool) -> None:
    """Write to a file, whole or not at all, and say so to a program; without one to standard output."""
    if to is None:
        _print_out(data)
        return
    beside = to.with_name(f".{to.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(to)
    except OSError as error:
        raise click.ClickException(f"{to} could not be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    if as_json:
        click.echo(json.dumps({"file": str(to), "bytes": len(data)}, indent=2))


def _print_out(data: bytes) -> None:
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # whoever reads has seen enough
    except OSError as error:
        raise click.ClickException(f"Not all could be written ({error.strerror}).") from error


def _bring_up(settings: Settings, database_url: str) -> None:
    """Bring the tables of a copy to this version and read all of it once. Raises CannotCopy."""
    app = create_app(replace_in(settings, database_url=database_url))
    with app.app_context():
        try:
            upgrade()
            read_organisation(db.session())
        except (SQLAlchemyError, SystemExit) as error:
            raise CannotCopy(
                f"The copy could not be brought to this version ({type(error).__name__}). "
                "Nothing was changed; restore it with the planner that made it."
            ) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def _settings() -> Settings:
    try:
        return read_settings()
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def _line(finding: Finding) -> str:
    todo = f" {finding.todo}" if finding.todo else ""
    return f"{SIGNS[finding.verdict]} {finding.what}: {finding.found}.{todo}"


def _print(copy: Copy, sentence: str, *, as_json: bool) -> None:
    if as_json:
        values = {name: str(one) if isinstance(one, Path) else one for name, one in asdict(copy).items()}
        click.echo(json.dumps(values, indent=2))
        return
    click.echo(sentence.format(file=copy.file, size=f"{copy.bytes / MEGABYTE:.1f} MB"))


def _teller(doing: str) -> Callable[[int, int], None] | None:
    """How far it is, on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, whole: int) -> None:
        line = f"{doing}, {100 * done // max(1, whole)} %" if done < whole else ""
        click.echo(f"\r{line:<30}" + ("\r" if not line else ""), nl=False, err=True)

    return tell
