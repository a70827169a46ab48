"""The commands `planner bench week`, `planner bench crowd` and `planner bench live`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from planner.bench.people.live_running import measure_live
from planner.bench.people.running import measure_crowd
from planner.bench.people.week import measure_week

with_processes = click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="How many answer."
)


@click.command(help="What my week costs beside the same page where there is nothing at all.")
@click.option("--teams", default=1000, show_default=True, type=click.IntRange(min=2))
@click.option("--dependencies", default=5000, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def week(teams: int, dependencies: int, in_json: bool) -> None:
    result = measure_week(teams, dependencies)
    if in_json:
        click.echo(json.dumps(asdict(result)))
        return
    click.echo(f"{teams} teams, {dependencies} dependencies")
    click.echo(f"rows shown: {result.rows}, queries: {result.queries}")
    click.echo(f"time of the page: {result.ratio:.1f} times that of an empty one")


@click.command(help="Many people at once on a real server: is anything lost, and how long do writes take?")
@click.option("--people", default=200, show_default=True, type=click.IntRange(min=1))
@click.option("--writers", default=50, show_default=True, type=click.IntRange(min=1))
@click.option("--dependencies", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=1))
@click.option("--database", default="", help="An empty database. Default: SQLite in a temporary folder.")
@with_processes
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def crowd(
    people: int,
    writers: int,
    dependencies: int,
    seconds: float,
    database: str,
    processes: int,
    in_json: bool,
) -> None:
    result = measure_crowd(
        people=people,
        writers=writers,
        dependencies=dependencies,
        seconds=seconds,
        database=database,
        processes=processes,
    )
    if in_json:
        click.echo(json.dumps(asdict(result)))
        return
    click.echo(f"{people} people, {writers} of them writing to {dependencies} dependencies")
    click.echo(f"requests: {result.requests}, of them broken (5xx): {result.broken}")
    click.echo(f"writes taken: {result.taken}, refused as somebody was faster: {result.conflicts}")
    click.echo(f"taken writes that are not in the records: {result.lost}")
    click.echo(
        f"99 of a hundred writes within {result.write_p99 * 1000:.0f} ms, "
        f"{result.ratio:.1f} times an empty POST to Flask among as many writers"
    )


@click.command(help="People in sessions that run: how soon does a decision reach each screen, is any lost?")
@click.option("--people", default=200, show_default=True, type=click.IntRange(min=2))
@click.option("--sessions", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--minutes", default=5.0, show_default=True, type=click.FloatRange(min=0.2))
@click.option("--database", default="", help="An empty database. Default: SQLite in a temporary folder.")
@with_processes
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def live(people: int, sessions: int, minutes: float, database: str, processes: int, in_json: bool) -> None:
    if people % sessions:
        raise click.UsageError("--people must be a multiple of --sessions, so that each has as many.")
    found = measure_live(
        people=people, sessions=sessions, seconds=minutes * 60, database=database, processes=processes
    )
    if in_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"{found.screens} screens in {found.sessions} sessions, server killed and started once")
    click.echo(f"decisions: {found.acts}, lost or doubled, in the records or on a screen: {found.lost}")
    click.echo(f"questions of screens: {found.polls}, broken (5xx): {found.broken}")
    click.echo(
        f"from the act to a screen: half within {found.p50 * 1000:.0f} ms, 95 of a hundred within "
        f"{found.p95 * 1000:.0f} ms, 99 within {found.p99 * 1000:.0f} ms, the longest {found.longest:.1f} s"
    )
    click.echo(
        f"the server was away for {found.down:.1f} s; without what was sent meanwhile 95 of a hundred within "
        f"{found.p95_up * 1000:.0f} ms"
    )
