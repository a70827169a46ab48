"""The command `planner bench pictures`: what each picture costs, cold and kept, beside Graphviz alone."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import graphviz
from flask_migrate import upgrade
from sqlalchemy import delete

from planner.bench.organisations import FIRST_DAY, clustered
from planner.bench.running import bench_app, bring_in, first_morning
from planner.domain.transfer import GoalDraft
from planner.interchange.json import write_organisation
from planner.render.dot import inches, picture_dot
from planner.render.engine import Engine, Job
from planner.render.pictures import use_engine
from planner.render.scene import Chart, Free, Grid, Ranked
from planner.services.actor import Actor
from planner.services.example import load_example
from planner.services.organisation import read_organisation
from planner.services.pictures.picture_sessions import find_dial
from planner.services.pictures.pictures import KINDS, MapRequest, draw_map, question_of
from planner.storage.db import db
from planner.storage.models import MapPositionRow, ResultRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation
    from planner.domain.transfer import Draft
    from planner.services.pictures.pictures import DrawnMap

SIZES = (0, 300, 3000)
GOALS_EACH = 30  # dependencies of a goal: otherwise nothing waits for anything
ROUNDS, KEPT_ROUNDS, STARTS = 5, 5, 3  # the best of so many counts: other work only ever adds
HEADINGS = ("picture", "cold ms", "kept ms", "svg kB", "bare ms", "ratio", "started ms", "bare ms", "ratio")


@dataclass(frozen=True, slots=True)
class PictureCost:
    """What one picture cost, in seconds: the best of a few times.

    `cold` is all of it with the drawing process awake, `bare` one run of Graphviz for the same graph in the
    same process, `ratio` the one by the other. `started` are both with the process started for them, as a
    `dot` on the command line is. Grids and empty pictures are no graphs: 0 for the bare runs.
    """

    teams: int
    picture: str
    cold: float
    kept: float
    kilobytes: float
    bare: float
    ratio: float
    started: float
    bare_started: float
    started_ratio: float


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
            engine = Engine()
            use_engine(engine)
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


def _cost(teams: int, name: str, engine: Engine) -> PictureCost:
    request = MapRequest(view=name)
    drawn, job = _cold(request)[1], _bare_job(request)
    cold = min(_cold(request)[0] for _ in range(ROUNDS))
    bare = min(_seconds(lambda: engine.draw(job)) for _ in range(ROUNDS)) if job else 0.0
    kept = min(_kept(request) for _ in range(KEPT_ROUNDS))
    started, bare_started = [], []
    for _ in range(STARTS):
        engine.close()
        started.append(_cold(request)[0])
        engine.close()
        bare_started.append(_seconds(lambda: engine.draw(job)) if job else 0.0)
    return PictureCost(
        teams=teams,
        picture=name,
        cold=cold,
        kept=kept,
        kilobytes=len(drawn.picture.svg.encode()) / 1000,
        bare=bare,
        ratio=cold / bare if bare else 0.0,
        started=min(started),
        bare_started=min(bare_started),
        started_ratio=min(started) / min(bare_started) if job else 0.0,
    )


def _cold(request: MapRequest) -> tuple[float, DrawnMap]:
    """Draw with nothing kept, no places remembered and the organisation just read."""
    session = db.session()
    for made in ("picture:", "dial:"):
        session.execute(delete(ResultRow).where(ResultRow.key.startswith(made)))
    session.execute(delete(MapPositionRow))
    session.commit()
    return _timed(lambda: _drawn(session, request))


def _drawn(session: Session, request: MapRequest) -> DrawnMap:
    """Draw, with the curve found first as its page offers it."""
    organisation = _again(session)
    if request.view == "dial":
        find_dial(session, organisation, request.chosen.horizon, FIRST_DAY)
    return draw_map(session, organisation, request, FIRST_DAY)


def _again(session: Session) -> Organisation:
    """The organisation as somebody finds it who comes after others, but before any picture."""
    return replace(read_organisation(session))


def _kept(request: MapRequest) -> float:
    session = db.session()
    return _timed(lambda: draw_map(session, read_organisation(session), request, FIRST_DAY))[0]


def _bare_job(request: MapRequest) -> Job | None:
    """Return one run of Graphviz for the same graph, as somebody would ask for it: text in, drawing out.

    It finds the places where we search for them, the order in the columns of bands, or the ways between
    given places. None for what is no graph.
    """
    session = db.session()
    question = question_of(session, read_organisation(session), request, FIRST_DAY)
    scene = KINDS[request.view].build(question).scene
    if isinstance(scene, Grid | Chart) or not scene.sketch.boxes:
        return None
    if isinstance(scene, Free):
        return Job(picture_dot(scene.sketch, {}), "neato", "svg")
    if isinstance(scene, Ranked):
        return Job(_ranked_dot(scene), "dot", "svg")
    return Job(picture_dot(scene.sketch, scene.places), "nop2", "svg")


def _ranked_dot(scene: Ranked) -> str:
    """Columns as ranks, for `dot` to order."""
    graph = graphviz.Digraph("picture")
    graph.attr("graph", rankdir="LR", newrank="true", ranksep="0.5", nodesep="0.15", splines="true")
    graph.attr("node", shape="box", fixedsize="true", label="")
    size = {box.id: box for box in scene.sketch.boxes}
    for column in scene.columns:
        with graph.subgraph() as rank:
            rank.attr(rank="same")
            for number in column:
                box = size[number]
                rank.node(f"n{number}", width=inches(box.width), height=inches(box.height))
    for wire in scene.sketch.wires:
        graph.edge(f"n{wire.tail}", f"n{wire.head}")
    return str(graph.source)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


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
        f"| {one.picture} | {one.cold * 1000:.0f} | {one.kept * 1000:.1f} | {one.kilobytes:.0f} "
        f"| {one.bare * 1000:.0f} | {one.ratio:.1f} "
        f"| {one.started * 1000:.0f} | {one.bare_started * 1000:.0f} | {one.started_ratio:.2f} |"
        for one in costs
    ]
    head = f"| {' | '.join(HEADINGS)} |"
    return "\n".join([f"**{title}**", "", head, f"|---|{'--:|' * (len(HEADINGS) - 1)}", *lines])
