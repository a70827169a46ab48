"""The command `planner bench pictures`: what each picture costs, cold and kept, beside Graphviz alone."""

from __future__ import annotations

import gc
import json
import subprocess
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
from planner.services.pictures.picture_sessions import find_dial
from planner.services.pictures.pictures import KINDS, MapRequest, draw_map, table_of
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
ROUNDS = 7  # the best of so many counts: other work only ever adds
ONCE = frozenset({"dial"})  # its searches take much longer than all else
NO_GRAPHS = frozenset({"matrix", "dial"})
HEADINGS = ("picture", "first ms", "changed", "found", "drawn", "Graphviz", "ratio", "kept", "kB")


@dataclass(frozen=True, slots=True)
class PictureCost:
    """What one picture cost, in seconds: the best of a few times.

    `first`: nothing is kept and no place remembered. `changed`: as after a change, when places are. Of that
    `found` is finding out what there is to draw, `drawn` the rest, up to the picture that is kept. `bare`:
    one run of Graphviz for the DOT file of the picture, and `ratio` that of `drawn` to it; 0 for what is no
    graph and for empty pictures. `kept`: the picture asked for again.
    """

    teams: int
    picture: str
    first: float
    changed: float
    found: float
    bare: float
    kept: float
    kilobytes: float

    @property
    def drawn(self) -> float:
        return self.changed - self.found

    @property
    def ratio(self) -> float:
        return self.drawn / self.bare if self.bare else 0.0


@click.command(help="What every picture costs: the example (0) and organisations of any size.")
@click.option("--teams", "sizes", multiple=True, type=click.IntRange(min=0), help="May be given again.")
@click.option(
    "--dot", type=click.Path(exists=True, dir_okay=False), help="An installed Graphviz to compare with."
)
@click.option("--awake", is_flag=True, help="Compare with our own while its process is awake for both.")
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON.")
def pictures(sizes: tuple[int, ...], dot: str | None, awake: bool, in_json: bool) -> None:
    costs = [cost for teams in sizes or SIZES for cost in measure_pictures(teams, dot, awake=awake)]
    if in_json:
        facts = [{**asdict(one), "drawn": one.drawn, "ratio": one.ratio} for one in costs]
        click.echo(json.dumps(facts, indent=2))
    else:
        click.echo(_table(costs))


def measure_pictures(
    teams: int, dot: str | None = None, *, awake: bool = False, rounds: int = ROUNDS
) -> list[PictureCost]:
    """Draw every picture of an organisation of that many teams; 0 is the example.

    They are compared with the program `dot`, started for each run as on a command line, while our own drawing
    process is awake; or with the Graphviz that we bring, its process started or `awake` for both.
    """
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
            beside = _installed(dot) if dot else _our_own(engine, awake=awake)
            costs = [_cost(teams, name, beside, 1 if name in ONCE else rounds) for name in KINDS]
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


@dataclass(frozen=True)
class _Beside:
    """One run of Graphviz for a DOT text, and what is done before that and before each drawing of ours."""

    run: Callable[[str], object]
    before: Callable[[], None]


def _our_own(engine: Engine, *, awake: bool) -> _Beside:
    return _Beside(lambda text: engine.draw(Job(text, "dot", "svg")), _nothing if awake else engine.close)


def _installed(dot: str) -> _Beside:
    def run(text: str) -> object:
        # the program that who measures has named, and no shell
        return subprocess.run([dot, "-Tsvg"], input=text.encode(), capture_output=True, check=True)  # noqa: S603

    return _Beside(run, _nothing)


def _nothing() -> None:
    """What is done before a run of a program that is started anyway, or of a process that stays awake."""


def _cost(teams: int, name: str, beside: _Beside, rounds: int) -> PictureCost:
    request = MapRequest(view=name)
    drawn = _drawn(request)
    first = min(_timed(request, _forget_all, beside) for _ in range(rounds))
    changed = min(_timed(request, _forget_pictures, beside) for _ in range(rounds))
    text = drawn.picture.dot if drawn.picture.sketch.boxes and name not in NO_GRAPHS else ""
    return PictureCost(
        teams=teams,
        picture=name,
        first=first,
        changed=changed,
        found=min(_finding(request) for _ in range(rounds)),
        bare=min(_bare(text, beside) for _ in range(rounds)) if text else 0.0,
        kept=min(_seconds(lambda: _shown(request)) for _ in range(ROUNDS)),
        kilobytes=len(drawn.picture.svg.encode()) / 1000,
    )


def _forget_pictures(session: Session) -> None:
    for made in ("picture:", "dial:"):
        session.execute(delete(ResultRow).where(ResultRow.key.startswith(made)))
    session.commit()


def _forget_all(session: Session) -> None:
    session.execute(delete(MapPositionRow))
    _forget_pictures(session)


def _bare(text: str, beside: _Beside) -> float:
    beside.before()
    return _seconds(lambda: beside.run(text))


def _timed(request: MapRequest, forget: Callable[[Session], None], beside: _Beside) -> float:
    """The seconds of a picture that is drawn, the organisation just read."""
    session = db.session()
    forget(session)
    beside.before()
    organisation = _again(session)
    return _seconds(lambda: _drawn(request, organisation))


def _finding(request: MapRequest) -> float:
    """The seconds that finding out what to draw takes, the organisation just read."""
    session = db.session()
    organisation = _again(session)
    return _seconds(lambda: table_of(session, organisation, request, FIRST_DAY))


def _drawn(request: MapRequest, organisation: Organisation | None = None) -> DrawnMap:
    """Draw, with the curve found first as its page offers it."""
    session = db.session()
    organisation = organisation or read_organisation(session)
    if request.view == "dial":
        find_dial(session, organisation, request.chosen.horizon, FIRST_DAY)
    return _shown(request, organisation)


def _shown(request: MapRequest, organisation: Organisation | None = None) -> DrawnMap:
    session = db.session()
    return draw_map(session, organisation or read_organisation(session), request, FIRST_DAY)


def _again(session: Session) -> Organisation:
    """The organisation as somebody finds it who comes after others, but before any picture."""
    return replace(read_organisation(session))


def _seconds(act: Callable[[], object]) -> float:
    """As `timeit` does, while no garbage is collected: whose turn that is, is chance."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began
    finally:
        gc.enable()


def _table(costs: Sequence[PictureCost]) -> str:
    """Return a Markdown table for each size."""
    sizes = dict.fromkeys(cost.teams for cost in costs)
    return "\n\n".join(_table_of(teams, [one for one in costs if one.teams == teams]) for teams in sizes)


def _table_of(teams: int, costs: Sequence[PictureCost]) -> str:
    title = f"{teams} teams" if teams else "The example, 14 teams"
    head = f"| {' | '.join(HEADINGS)} |"
    return "\n".join([f"**{title}**", "", head, f"|---|{'--:|' * (len(HEADINGS) - 1)}", *map(_row, costs)])


def _row(one: PictureCost) -> str:
    millis = [f"{1000 * seconds:.1f}" for seconds in (one.first, one.changed, one.found, one.drawn)]
    beside = [f"{1000 * one.bare:.1f}", f"{one.ratio:.2f}"] if one.bare else ["", ""]
    others = [f"{1000 * one.kept:.1f}", f"{one.kilobytes:.0f}"]
    return f"| {' | '.join([one.picture, *millis, *beside, *others])} |"
