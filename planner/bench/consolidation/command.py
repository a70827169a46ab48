"""The command `planner bench consolidation`."""

from __future__ import annotations

from pathlib import Path

import click

from planner.bench.consolidation.families import FAMILIES
from planner.bench.consolidation.instances import PUBLISHED, published_files, published_folder
from planner.bench.consolidation.printing import as_json, as_tables
from planner.bench.consolidation.results import CaseResult
from planner.bench.consolidation.running import Case, measure_apart
from planner.domain.consolidation.model import Attendance
from planner.domain.errors import InvalidInput

SIZED = "clustered"  # the family whose sizes can be asked for
SMALL_FILE = 6_000  # bytes: what is quick


@click.command(help="Compare our plans with those of simpler and of well-known methods.")
@click.option(
    "--family", "families", multiple=True, type=click.Choice([*FAMILIES, PUBLISHED]), help="Default: all."
)
@click.option(
    "--teams", "sizes", multiple=True, type=click.IntRange(min=2), help="Sizes of the clustered family."
)
@click.option(
    "--attendance",
    "modes",
    multiple=True,
    type=click.Choice([each.value for each in Attendance]),
    help="Default: both.",
)
@click.option("--effort", type=click.FloatRange(min=0), default=1.0, show_default=True)
@click.option(
    "--instances",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Published instances. Default: those of the shared data, where it is.",
)
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--quick", is_flag=True, help="Small instances only.")
def consolidation(
    families: tuple[str, ...],
    sizes: tuple[int, ...],
    modes: tuple[str, ...],
    effort: float,
    folder: Path | None,
    in_json: bool,
    quick: bool,
) -> None:
    chosen = families or (*FAMILIES, PUBLISHED)
    generated = [(name, n) for name in chosen if name != PUBLISHED for n in _sizes(name, sizes, quick)]
    files = _files(folder or published_folder(), quick) if PUBLISHED in chosen else []
    cases = [
        case
        for mode in [Attendance(each) for each in modes or tuple(Attendance)]
        for case in (
            *(Case(mode, name, teams, effort=effort) for name, teams in generated),
            *(Case(mode, PUBLISHED, file=file, effort=effort) for file in files),
        )
    ]
    results = [_measured(case) for case in cases]
    click.echo(as_json(results, effort) if in_json else as_tables(results))


def _measured(case: Case) -> CaseResult:
    """Measure one case and say on standard error that it is done, for a run that takes long."""
    result = measure_apart(case)
    click.echo(f"{result.instance}, {result.attendance}", err=True)
    return result


def _sizes(family: str, asked: tuple[int, ...], quick: bool) -> tuple[int, ...]:
    if family == SIZED and asked:
        return asked
    return FAMILIES[family].quick if quick else FAMILIES[family].sizes


def _files(folder: Path | None, quick: bool) -> list[Path]:
    if folder is None:
        return []
    try:
        files = published_files(folder)
    except InvalidInput as error:
        raise click.ClickException(str(error)) from error
    return [file for file in files if not quick or file.stat().st_size < SMALL_FILE]
