"""The way in: a map becomes a picture, a picture becomes a file.

picture = draw_team_map(team_map(organisation, dependencies, today=today))
png = export(picture, Format.PNG, size=Size.SLIDE, theme=Theme.LIGHT, drawn_on=today)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from threading import Lock

from planner.domain.picture import TeamMap
from planner.render.dot import picture_dot
from planner.render.engine import Engine, Job
from planner.render.geometry import Point
from planner.render.labels import label_spots
from planner.render.layout import arrange, links_of
from planner.render.measure import crossings
from planner.render.sketch import Sketch
from planner.render.svg import dressed
from planner.render.teams import sketch_of_teams

DRAWING_VERSION = "2"  # raise it when drawings change, so that stored pictures are drawn anew


@dataclass(frozen=True)
class Positions:
    """Where boxes stand (centres in points, y upwards) and the links they were laid out for."""

    places: Mapping[int, Point]
    links: frozenset[tuple[int, int]] = frozenset()

    def as_dict(self) -> dict[str, object]:
        """Return plain lists and strings for storage as JSON, sorted."""
        return {
            "places": {str(number): list(self.places[number]) for number in sorted(self.places)},
            "links": [list(pair) for pair in sorted(self.links)],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Positions:
        """Read what `as_dict` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        places, links = stored["places"], stored["links"]
        if not isinstance(places, Mapping) or not isinstance(links, list):
            raise TypeError("stored positions hold a mapping of places and a list of links")
        return cls(
            {int(number): (float(x), float(y)) for number, (x, y) in places.items()},
            frozenset((int(a), int(b)) for a, b in links),
        )


@dataclass(frozen=True)
class Picture:
    """A drawing for a page: `svg` follows the theme; `dot` gives the same with `neato -n2`."""

    svg: str
    dot: str
    positions: Positions
    crossings: int
    sketch: Sketch


class Studio:
    """Draws pictures with one engine, never the same picture twice at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._under_way: dict[str, Future[Picture]] = {}

    def draw(self, sketch: Sketch, *, positions: Positions | None, tidy: bool, prefix: str) -> Picture:
        """Return the picture; a second caller with the same content waits for the first."""
        key = _key(sketch, positions, tidy=tidy, prefix=prefix)
        with self._lock:
            future = self._under_way.get(key)
            is_mine = future is None
            future = self._under_way.setdefault(key, Future())
        if is_mine:
            self._fulfil(future, key, sketch, positions, tidy=tidy, prefix=prefix)
        return future.result()

    def _fulfil(
        self,
        future: Future[Picture],
        key: str,
        sketch: Sketch,
        positions: Positions | None,
        *,
        tidy: bool,
        prefix: str,
    ) -> None:
        try:
            future.set_result(self._drawn(sketch, positions, tidy=tidy, prefix=prefix))
        except BaseException as failure:  # noqa: BLE001  # handed to every caller that waits
            future.set_exception(failure)
        finally:
            with self._lock:
                del self._under_way[key]

    def _drawn(self, sketch: Sketch, positions: Positions | None, *, tidy: bool, prefix: str) -> Picture:
        arrangement = arrange(
            sketch,
            self._engine,
            earlier=positions.places if positions else None,
            earlier_links=positions.links if positions else frozenset(),
            tidy=tidy,
        )
        labels = label_spots(sketch, arrangement.geometry)
        routes = {ends: (spline, labels[ends]) for ends, spline in arrangement.splines.items()}
        dot = picture_dot(sketch, arrangement.places, routes)
        (drawn,) = self._engine.draw(Job(dot, "nop2", "svg"))
        svg = dressed(drawn, sketch, labels=labels, prefix=prefix)
        stored = Positions(arrangement.places, links_of(sketch))
        return Picture(svg, dot, stored, crossings(arrangement.geometry), sketch)


def _key(sketch: Sketch, positions: Positions | None, *, tidy: bool, prefix: str) -> str:
    facts = [DRAWING_VERSION, asdict(sketch), positions.as_dict() if positions else None, tidy, prefix]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


_studio = Studio(Engine())


def use_engine(engine: Engine) -> None:
    """Draw with another engine from now on, e.g. `Engine(native_dot="/usr/bin/dot")`."""
    global _studio  # noqa: PLW0603  # one engine a process; the app chooses it once at its start
    _studio = Studio(engine)


def picture_key(team_map: TeamMap, *, positions: Positions | None = None, tidy: bool = False) -> str:
    """Return a name for the picture by its content: equal keys, equal pictures."""
    return _key(sketch_of_teams(team_map), positions, tidy=tidy, prefix="map")


def draw_team_map(
    team_map: TeamMap, *, positions: Positions | None = None, tidy: bool = False, prefix: str = "map"
) -> Picture:
    """Return the picture of a team map.

    With the positions of an earlier picture teams stay where they are; `tidy` lays everything out anew.
    Raises TooSlow or CannotDraw; the rows of the map say the same as the picture.
    """
    return _studio.draw(sketch_of_teams(team_map), positions=positions, tidy=tidy, prefix=prefix)
