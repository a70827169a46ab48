"""Pictures for pages and files: drawn once for what they show, then kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from planner.domain.team_map import team_map
from planner.render.dot import GLYPH_LETTERS
from planner.render.engine import CannotDraw as CannotDraw  # noqa: PLC0414  # pages know services alone
from planner.render.image import Format, Size, export
from planner.render.pictures import Picture, Positions, draw_team_map, picture_key
from planner.render.sketch import Arrow, LegendEntry
from planner.render.teams import sketch_of_teams
from planner.render.theme import Theme
from planner.storage.results import fetch, fetch_positions, keep, keep_positions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency, Organisation, TeamId
    from planner.domain.picture import DetailLevel, TeamMap

VIEW = "teams"


@dataclass(frozen=True)
class MapRequest:
    """Which part of the organisation a map shows, and how."""

    dependencies: Sequence[Dependency]
    in_words: str = ""
    focus: TeamId | None = None
    depth: int = 1
    level: DetailLevel | None = None

    @property
    def is_everything(self) -> bool:
        """True for the map that people know: its positions are the ones remembered."""
        return not self.in_words and self.focus is None and self.level is None


@dataclass(frozen=True)
class DrawnMap:
    """The map and its picture; the table of the page is `map.rows`."""

    map: TeamMap
    picture: Picture

    @property
    def svg(self) -> Markup:
        """The drawing for a page: our own markup, every text in it escaped when it was drawn."""
        return Markup(self.picture.svg)  # noqa: S704

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """Sign and word of everything that occurs in the picture, for text beside it."""
        return tuple((_sign(entry), entry.word) for entry in self.picture.sketch.legend)


def _sign(entry: LegendEntry) -> str:
    if entry.glyph:
        return GLYPH_LETTERS[entry.glyph]
    if entry.arrow is Arrow.SHARED:
        return "○──○"
    return "- - ▸" if entry.is_dashed else "──▸"


def draw_map(
    session: Session,
    organisation: Organisation,
    request: MapRequest,
    today: date,
    *,
    team_href: Callable[[TeamId], str] | None = None,
    area_href: Callable[[str], str] | None = None,
    tidy: bool = False,
) -> DrawnMap:
    """Return the map with teams where people remember them; `tidy` lays them out anew.

    Raises CannotDraw when the drawing takes too long; the rows of the map stand without it.
    """
    chosen = team_map(
        organisation,
        request.dependencies,
        today=today,
        focus=request.focus,
        depth=request.depth,
        level=request.level,
        subtitle=request.in_words,
        team_href=team_href,
        area_href=area_href,
    )
    return DrawnMap(chosen, _picture(session, chosen, request, tidy=tidy))


def map_only(organisation: Organisation, request: MapRequest, today: date) -> TeamMap:
    """Return what the map would show, without drawing it."""
    return team_map(
        organisation,
        request.dependencies,
        today=today,
        focus=request.focus,
        depth=request.depth,
        level=request.level,
        subtitle=request.in_words,
    )


def map_file(drawn: DrawnMap, kind: str, size: str, theme: str, drawn_on: date) -> bytes:
    """Return the map as a file: `kind` svg, png, pdf or dot; unknown sizes and themes take the default."""
    return export(
        drawn.picture,
        Format(kind),
        size=Size(size) if size in set(Size) else Size.SLIDE,
        theme=Theme(theme) if theme in set(Theme) else Theme.LIGHT,
        drawn_on=drawn_on,
    )


def _picture(session: Session, chosen: TeamMap, request: MapRequest, *, tidy: bool) -> Picture:
    stored = fetch_positions(session, VIEW)
    positions = Positions.from_dict(stored) if stored else None
    key = "picture:" + picture_key(chosen, positions=positions)
    kept = None if tidy else fetch(session, key)
    if kept is not None:
        return _picture_from(kept, chosen)
    picture = draw_team_map(chosen, positions=positions, tidy=tidy)
    if request.is_everything and picture.positions != positions:
        keep_positions(session, VIEW, picture.positions.as_dict())
        key = "picture:" + picture_key(chosen, positions=picture.positions)
    keep(session, key, _as_bytes(picture))
    return picture


def _as_bytes(picture: Picture) -> bytes:
    return json.dumps(
        {
            "svg": picture.svg,
            "dot": picture.dot,
            "positions": picture.positions.as_dict(),
            "crossings": picture.crossings,
        }
    ).encode()


def _picture_from(kept: bytes, chosen: TeamMap) -> Picture:
    values = json.loads(kept)
    return Picture(
        svg=values["svg"],
        dot=values["dot"],
        positions=Positions.from_dict(values["positions"]),
        crossings=values["crossings"],
        sketch=sketch_of_teams(chosen),
    )
