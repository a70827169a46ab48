"""The way in: a scene becomes a picture, a picture becomes a file.

picture = draw_scene(Free(sketch_of_teams(team_map(organisation, dependencies, today=today))))
png = export(picture, Format.PNG, size=Size.SLIDE, theme=Theme.LIGHT, drawn_on=today)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock

from planner.render.curve import drawn_chart
from planner.render.dot import picture_dot
from planner.render.engine import Engine
from planner.render.geometry import Point
from planner.render.labels import label_spots
from planner.render.layout import arrange, links_of
from planner.render.matrix import drawn_grid
from planner.render.routing import Arrangement
from planner.render.scene import Chart, Free, Grid, Placed, Ranked, Scene
from planner.render.shaping import at_places, in_columns
from planner.render.sketch import Band, Sketch
from planner.render.svg import Shapes, drawn

DRAWING_VERSION = "9"  # raise it when drawings change, so that stored pictures are drawn anew
PREFIX = "map"
"""What every id in a drawing begins with."""


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
    """A drawing for a page: `svg` follows the theme; `dot` gives the same in any Graphviz."""

    svg: str
    dot: str
    positions: Positions
    sketch: Sketch


class Studio:
    """Draws pictures with one engine, never the same picture twice at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._under_way: dict[str, Future[Picture]] = {}

    def awaken(self) -> None:
        self._engine.awaken()

    def draw(self, scene: Scene, *, positions: Positions | None, tidy: bool) -> Picture:
        """Return the picture; a second caller with the same content waits for the first."""
        key = scene_key(scene, positions=positions, tidy=tidy)
        with self._lock:
            future = self._under_way.get(key)
            is_mine = future is None
            future = self._under_way.setdefault(key, Future())
        if is_mine:
            try:
                future.set_result(self._drawn(scene, positions, tidy=tidy))
            except BaseException as failure:  # noqa: BLE001  # handed to every caller that waits
                future.set_exception(failure)
            finally:
                with self._lock:
                    del self._under_way[key]
        return future.result()

    def _drawn(self, scene: Scene, positions: Positions | None, *, tidy: bool) -> Picture:
        if isinstance(scene, Grid | Chart):
            svg = drawn_grid(scene, PREFIX) if isinstance(scene, Grid) else drawn_chart(scene, PREFIX)
            return Picture(svg, picture_dot(scene.sketch, {}), Positions({}), scene.sketch)
        sketch = scene.sketch
        arrangement, bands = self._arranged(scene, positions, tidy=tidy)
        labels = label_spots(sketch, arrangement.geometry)
        routes = {ends: (spline, labels[ends]) for ends, spline in arrangement.splines.items()}
        dot = picture_dot(sketch, arrangement.places, routes, bands)
        shapes = Shapes(arrangement.places, arrangement.splines, labels, bands)
        svg = drawn(sketch, shapes, prefix=PREFIX)
        stored = Positions(arrangement.places, links_of(sketch))
        return Picture(svg, dot, stored, sketch)

    def _arranged(
        self, scene: Free | Ranked | Placed, positions: Positions | None, *, tidy: bool
    ) -> tuple[Arrangement, tuple[Band, ...]]:
        if isinstance(scene, Ranked):
            return in_columns(scene)
        if isinstance(scene, Placed):
            return at_places(scene, self._engine), scene.bands
        known = positions or Positions({})
        return arrange(
            scene.sketch,
            self._engine,
            earlier=known.places or None,
            earlier_links=known.links,
            tidy=tidy,
        ), ()


_studio = Studio(Engine())


def use_engine(engine: Engine) -> None:
    """Draw with another engine from now on, e.g. `Engine(native_dot="/usr/bin/dot")`."""
    global _studio  # noqa: PLW0603  # one engine a process; the app chooses it once at its start
    _studio = Studio(engine)


def awaken() -> None:
    """Let the drawing process start, because a picture that may need it is on its way."""
    _studio.awaken()


def scene_key(scene: Scene, *, positions: Positions | None = None, tidy: bool = False) -> str:
    """Return a name for the picture by all that it is made from: equal keys, equal pictures."""
    kept = positions.as_dict() if positions and isinstance(scene, Free) else None
    facts = repr((DRAWING_VERSION, scene, kept, tidy))  # values print themselves whole and in one order
    return hashlib.sha256(facts.encode("utf-8", "backslashreplace")).hexdigest()


def draw_scene(scene: Scene, *, positions: Positions | None = None, tidy: bool = False) -> Picture:
    """Return the picture of a scene.

    With the positions of an earlier picture boxes that look for their places stay where they are; `tidy`
    lays everything out anew. Raises TooSlow or CannotDraw; the table says the same as the picture.
    """
    return _studio.draw(scene, positions=positions, tidy=tidy)
