"""Sessions before and after as a scene: today's left, teams in the middle, the suggested ones right."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.pictures.sessions import SessionChange, SessionTeam, Sitting
from planner.domain.text import counted
from planner.render.cards import Href, legend_of_areas, team_box
from planner.render.geometry import Point
from planner.render.scene import Placed
from planner.render.sketch import Arrow, Band, Box, LegendEntry, Line, Piece, Shape, Sketch, Wire
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean

ROW_GAP, ROW_GAP_MAX, COLUMN_GAP = 8.0, 44.0, 120.0
HEAD_SIZE, HEAD_ROOM = 12.0, 38.0
BAND_SIDE, BAND_BOTTOM = 11.0, 12.0
BEFORE_PEN, AFTER_PEN = 1.25, 2.2
TITLE_LETTERS = 30
TEAM_NUMBERS, AFTER_NUMBERS = 1_000_000_000, 2_000_000_000  # boxes are known by number

Column = tuple[list[Box], Line]


def scene_of_sessions(change: SessionChange, *, team_href: Href) -> Placed:
    """Return both sides around the teams; a line says that somebody of the team sits in the session."""
    columns: list[Column] = [
        ([_session(one, place) for place, one in enumerate(change.before)], _head_before(change)),
        ([_team(change, one, team_href) for one in change.teams], _head("Teams", "")),
        (
            [_session(one, AFTER_NUMBERS + place, is_after=True) for place, one in enumerate(change.after)],
            _head_after(change),
        ),
    ]
    columns = [(_as_wide(boxes), head) for boxes, head in columns]
    places, bands = _placed(columns)
    sketch = Sketch(
        title=clean(change.title, TOOLTIP_CHARACTERS),
        description=_description(change),
        boxes=tuple(box for boxes, _ in columns for box in boxes),
        wires=_wires(change),
        subtitle=clean(change.subtitle, TOOLTIP_CHARACTERS),
        left_out=change.left_out,
        legend=_legend(change),
    )
    return Placed(sketch, places, bands=bands if sketch.boxes else ())


def _session(one: Sitting, number: int, *, is_after: bool = False) -> Box:
    people = Piece(text=counted(one.people, "person", "people"), token="ink-2")  # noqa: S106
    return Box(
        id=number,
        lines=(
            Line((Piece(text=clean(one.title, TITLE_LETTERS) or "?"),), 11, SEMIBOLD),
            Line((people,), 9.5, REGULAR),
        ),
        tooltip=clean(f"{one.title}: {people.text}", TOOLTIP_CHARACTERS),
        css="node session",
        fill="accent-soft" if is_after else "surface",
        border="accent" if is_after else "line-2",
        pen=2.0 if is_after else 1.2,
        shape=Shape.CARD,
    )


def _team(change: SessionChange, one: SessionTeam, team_href: Href) -> Box:
    number = TEAM_NUMBERS + int(one.team.id)
    box = team_box(
        number, one.team.name, one.team.area, one.owners, change.areas, href=team_href(one.team.key)
    )
    free = (Piece(text="✓ free", token="ok"),) if one.is_free and change.after else ()  # noqa: S106  # a colour
    name, *more = box.lines
    return replace(box, lines=(replace(name, tail=free), *more), shape=Shape.CARD)


def _head(word: str, said: str) -> Line:
    pieces = [Piece(text=word)] + ([Piece(text=said, token="ink-2")] if said else [])  # noqa: S106  # a colour
    return Line(tuple(pieces), HEAD_SIZE, SEMIBOLD)


def _head_before(change: SessionChange) -> Line:
    return _head("Today, assumed" if change.is_assumed else "Today", counted(change.seats_before, "seat"))


def _head_after(change: SessionChange) -> Line:
    return _head("Suggested", counted(change.seats_after, "seat"))


def _as_wide(boxes: list[Box]) -> list[Box]:
    wide = max((box.width for box in boxes), default=0.0)
    return [replace(box, room=wide) for box in boxes]


def _placed(columns: list[Column]) -> tuple[dict[int, Point], tuple[Band, ...]]:
    """Columns of boxes around one level, each in a band as high as the highest."""
    high = max(sum(box.height + ROW_GAP for box in boxes) for boxes, _ in columns)
    places: dict[int, Point] = {}
    bands, x = [], 0.0
    for boxes, head in columns:
        wide = max([box.width for box in boxes] + [head.width]) + 2 * BAND_SIDE
        x += wide / 2
        places |= _column(boxes, x, high)
        tall = high + HEAD_ROOM + BAND_BOTTOM
        bands.append(Band(x, (HEAD_ROOM - BAND_BOTTOM) / 2, wide, tall, head))
        x += wide / 2 + COLUMN_GAP
    return places, tuple(bands)


def _column(boxes: list[Box], x: float, high: float) -> dict[int, Point]:
    """Spread over the height, as long as that does not pull them far apart."""
    own = sum(box.height for box in boxes)
    gap = min(ROW_GAP_MAX, max(ROW_GAP, (high - own) / max(1, len(boxes))))
    y = (own + gap * (len(boxes) - 1)) / 2
    places = {}
    for box in boxes:
        places[box.id] = (x, y - box.height / 2)
        y -= box.height + gap
    return places


def _wires(change: SessionChange) -> tuple[Wire, ...]:
    name = {int(one.team.id): clean(one.team.name) for one in change.teams}
    before = [
        _wire(place, TEAM_NUMBERS + team, f"{name[team]} sits in {clean(change.before[place].title)}")
        for place, team in change.lines_before
    ]
    after = [
        _wire(
            TEAM_NUMBERS + team, AFTER_NUMBERS + place, f"{name[team]} in {clean(change.after[place].title)}"
        )
        for place, team in change.lines_after
    ]
    heavy = [replace(wire, token="accent", pen=AFTER_PEN) for wire in after]  # noqa: S106  # a colour
    return (*before, *heavy)


def _wire(tail: int, head: int, tooltip: str) -> Wire:
    return Wire(
        tail,
        head,
        clean(tooltip, TOOLTIP_CHARACTERS),
        token="line-2",  # noqa: S106  # a colour
        pen=BEFORE_PEN,
        arrow=Arrow.NONE,
    )


def _description(change: SessionChange) -> str:
    sentences = [
        f"{counted(len(change.before), 'session')} today with {change.seats_before} seats in all, "
        f"{counted(len(change.after), 'session')} suggested with {change.seats_after}.",
        change.left_out,
        "A line says that somebody of the team sits in the session. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(change: SessionChange) -> tuple[LegendEntry, ...]:
    lines = [
        (change.lines_before, LegendEntry("sits in it today", "line-2", arrow=Arrow.NONE)),
        (
            change.lines_after,
            LegendEntry("heavy line: would sit in it", "accent", arrow=Arrow.NONE, is_heavy=True),
        ),
    ]
    areas = legend_of_areas((one.team.area for one in change.teams), change.areas)
    return (*areas, *(entry for drawn, entry in lines if drawn))
