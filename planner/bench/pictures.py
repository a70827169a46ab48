"""The command `planner bench pictures`: what each picture costs, cold and kept, beside Graphviz alone."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_migrate import upgrade
from sqlalchemy import delete

from planner.bench.organisations import FIRST_DAY, clustered
from planner.bench.running import bench_app, bring_in, first_morning
from planner.domain.transfer import GoalDraft
from planner.interchange.json import write_organisation
from planner.render.engine import Engine, Job
from planner.render.pictures import use_engine
from planner.services.actor import Actor
from planner.services.example import load_example
from planner.services.organisation import read_organisation
from planner.services.pictures import KINDS, MapRequest, draw_map
from planner.storage.db import db
from planner.storage.models import ResultRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.domain.transfer import Draft
    from planner.services.pictures import DrawnMap

SIZES = (0, 300, 3000)
GOALS_EACH = 30  # dependencies of a goal: otherwise nothing waits for anything
KEPT_ROUNDS = 5
HEADINGS = ("picture", "cold s", "kept ms", "svg kB", "bare s", "ratio")


@dataclass(frozen=True, slots=True)
class PictureCost:
    """What one picture cost: `bare` are the seconds within Graphviz of the cold drawing, `ratio` all of it
    beside them. Grids need no Graphviz: 0 for both."""

    teams: int
    picture: str
    cold: float
    kept: float
    kilobytes: float
    bare: float
    ratio: float


class TimedEngine(Engine):
    """Counts the seconds that Graphviz works, the way to its process included."""

    seconds = 0.0

    def draw(self, *jobs: Job) -> list[str]:
        began = time.perf_counter()
        try:
            return super().draw(*jobs)
        finally:
            self.seconds += time.perf_counter() - began


@click.command(help="What every picture costs: the example (0) and organisations of any size.")
@click.option("--teams", "sizes", multiple=True, type=click.IntRange(min=0), help="May be given again.")
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def pictures(sizes: tuple[int, ...], in_json: bool) -> None:
    costs = [cost for teams in sizes or SIZES for cost in measure_pictures(teams)]
    click.echo(json.dumps([asdict(one) for one in costs], indent=2) if in_json else _table(costs))


def measure_pictures(teams: int) -> list[PictureCost]:
    """Draw every picture of an organisation of that many teams; 0 is the example."""
    with tempfile.TemporaryDirectory() as folder:
        app = bench_app(Path(folder))
        with app.app_context():
            upgrade()
            actor = Actor(at=first_morning())
            if teams:
                bring_in(db.session(), actor, write_organisation(_with_goals(clustered(teams))))
            else:
                load_example(db.session(), actor)
            engine = TimedEngine()
            use_engine(engine)
            _wake(engine)
            costs = [_cost(teams, name, engine) for name in KINDS]
            engine.close()
            db.session.remove()
            db.engine.dispose()
    return costs


def _with_goals(draft: Draft) -> Draft:
    """Give every so many dependencies a goal, so that there are chains and goals to draw."""
    count = -(-len(draft.dependencies) // GOALS_EACH)
    goals = tuple(GoalDraft(f"goal-{number:04}", f"Outcome {number}") for number in range(count))
    needs = tuple(
        replace(one, goal=goals[number // GOALS_EACH].key) for number, one in enumerate(draft.dependencies)
    )
    return replace(draft, goals=goals, dependencies=needs)


def _wake(engine: TimedEngine) -> None:
    """Start the drawing processes before anything is measured, as a server that has run for a minute."""
    engine.draw(Job("digraph { a -> b }", "dot", "svg"))


def _cost(teams: int, name: str, engine: TimedEngine) -> PictureCost:
    session = db.session()
    session.execute(delete(ResultRow))
    session.commit()
    organisation, request = read_organisation(session), MapRequest(view=name)
    engine.seconds = 0.0
    cold, drawn = _timed(lambda: draw_map(session, organisation, request, FIRST_DAY))
    bare = engine.seconds
    draw_map(session, organisation, request, FIRST_DAY)
    kept = min(
        _timed(lambda: draw_map(session, organisation, request, FIRST_DAY))[0] for _ in range(KEPT_ROUNDS)
    )
    ratio = cold / bare if bare else 0.0
    return PictureCost(teams, name, cold, kept, len(drawn.picture.svg.encode()) / 1000, bare, ratio)


def _timed(act: Callable[[], DrawnMap]) -> tuple[float, DrawnMap]:
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def _table(costs: Sequence[PictureCost]) -> str:
    """Return a Markdown table for each size."""
    sizes = dict.fromkeys(cost.teams for cost in costs)
    return "\n\n".join(_table_of(teams, [one for one in costs if one.teams == teams]) for teams in sizes)


def _table_of(teams: int, costs: Sequence[PictureCost]) -> str:
    title = f"{teams} teams" if teams else "The example, 14 teams"
    lines = [
        f"| {one.picture} | {one.cold:.2f} | {one.kept * 1000:.1f} | {one.kilobytes:.0f} "
        f"| {one.bare:.2f} | {one.ratio:.1f} |"
        for one in costs
    ]
    head = f"| {' | '.join(HEADINGS)} |"
    return "\n".join([f"**{title}**", "", head, "|---|--:|--:|--:|--:|--:|", *lines])
