"""The before and after pictures of a suggestion: a dot a person, a box a session, a line a seat.

Two rows need no layout engine, so these are written at once, in the same colours and words as all pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from planner.domain.session_picture import SessionBox, SessionMap, Sitter, order_of_people
from planner.render.markup import element, number, text_line
from planner.render.sketch import Line, Piece
from planner.render.text import FONT, SEMIBOLD, clean, fitted
from planner.render.theme import Theme, area_colour, paint

WIDTH, HEIGHT = 426.0, 160.0
DOT_RADIUS_MAX, DOT_ROW = 7.0, 14.0
SQUARE_MAX, BOX_HEIGHT, SESSION_ROW = 16.0, 30.0, 140.0
NAMED_SESSIONS_MAX = 5
NAME_SIZE, MARGIN = 10.5, 8.0


def before_and_after(before: SessionMap, after: SessionMap) -> tuple[str, str]:
    """Return both pictures as inline SVG, with the people in the same order in both."""
    order = order_of_people(after)
    return session_thumbnail(before, order=order, prefix="before"), session_thumbnail(
        after, order=order, prefix="after", is_highlighted=True
    )


def session_thumbnail(
    sessions: SessionMap,
    *,
    order: Sequence[str] | None = None,
    prefix: str = "sessions",
    is_highlighted: bool = False,
) -> str:
    """Return one picture as inline SVG; up to five sessions are named, people never are.

    Hollow dots are people who sit in no session. `order` puts the people in a row by their ids.
    """
    known = {person.id: person for person in sessions.people}
    row = [known[person] for person in order or order_of_people(sessions) if person in known]
    xs = dict(zip((person.id for person in row), _spread(len(row)), strict=True))
    drawn = [
        *_lines(sessions, xs, is_highlighted=is_highlighted),
        *_dots(row, xs, sessions),
        *_boxes(sessions, is_highlighted=is_highlighted),
    ]
    return _document(sessions, prefix, drawn)


def _spread(count: int) -> list[float]:
    """Return the centres of `count` equal columns."""
    column = (WIDTH - 2 * MARGIN) / max(1, count)
    return [MARGIN + column * (place + 0.5) for place in range(count)]


def _lines(sessions: SessionMap, xs: Mapping[str, float], *, is_highlighted: bool) -> list[str]:
    token, pen = ("accent", "1.7") if is_highlighted else ("line-2", "0.9")
    top = SESSION_ROW - _box_size(sessions)[1] / 2
    outline = "".join(
        f"M{number(xs[person])},{number(DOT_ROW)}L{number(end)},{number(top)}"
        for box, centre in zip(sessions.sessions, _spread(len(sessions.sessions)), strict=True)
        for person, end in _ends(box, centre, xs, _box_size(sessions)[0])
    )
    stroke = {"stroke": paint(token, Theme.CSS), "stroke-width": pen, "fill": "none"}
    return [element("path", {"d": outline, **stroke})] if outline else []


def _ends(box: SessionBox, centre: float, xs: Mapping[str, float], wide: float) -> list[tuple[str, float]]:
    """Return where each sitter's line meets the box: side by side, in the order of the dots."""
    sitters = sorted(box.sitters & xs.keys(), key=lambda person: xs[person])
    room = wide * 0.4
    step = room / max(1, len(sitters) - 1)
    return [
        (person, centre - room / 2 * (len(sitters) > 1) + step * place)
        for place, person in enumerate(sitters)
    ]


def _dots(row: Sequence[Sitter], xs: Mapping[str, float], sessions: SessionMap) -> list[str]:
    seated = frozenset[str]().union(*(box.sitters for box in sessions.sessions))
    radius = min(DOT_RADIUS_MAX, (WIDTH - 2 * MARGIN) / max(1, len(row)) * 0.4)
    return [
        _dot(person, xs[person.id], radius, sessions.areas, is_seated=person.id in seated) for person in row
    ]


def _dot(person: Sitter, x: float, radius: float, areas: Sequence[str], *, is_seated: bool) -> str:
    colour = paint(area_colour(areas.index(person.area)) if person.area in areas else "ink-3", Theme.CSS)
    place = {"cx": number(x), "cy": number(DOT_ROW), "r": number(radius)}
    fill = colour if is_seated else paint("surface", Theme.CSS)
    return element("circle", {**place, "fill": fill, "stroke": colour, "stroke-width": "1.4"})


def _box_size(sessions: SessionMap) -> tuple[float, float]:
    column = (WIDTH - 2 * MARGIN) / max(1, len(sessions.sessions))
    if len(sessions.sessions) <= NAMED_SESSIONS_MAX:
        return min(column - 6, 180.0), BOX_HEIGHT
    side = min(SQUARE_MAX, column * 0.7)
    return side, side


def _boxes(sessions: SessionMap, *, is_highlighted: bool) -> list[str]:
    return [
        _box(box, centre, sessions, is_highlighted=is_highlighted)
        for box, centre in zip(sessions.sessions, _spread(len(sessions.sessions)), strict=True)
    ]


def _box(box: SessionBox, centre: float, sessions: SessionMap, *, is_highlighted: bool) -> str:
    wide, high = _box_size(sessions)
    is_named = len(sessions.sessions) <= NAMED_SESSIONS_MAX
    outline = element(
        "rect",
        {
            "x": number(centre - wide / 2),
            "y": number(SESSION_ROW - high / 2),
            "width": number(wide),
            "height": number(high),
            "rx": "8" if is_named else "1.5",
            "fill": paint("accent-soft" if is_highlighted else "surface", Theme.CSS),
            "stroke": paint("accent" if is_highlighted else "ink-3", Theme.CSS),
            "stroke-width": "1.5" if is_highlighted else "1.2",
        },
    )
    title = f"<title>{escape(clean(box.title, 80))}: {len(box.sitters)}</title>"
    name = text_line(_fitting(box.title, wide - 12), (centre, SESSION_ROW)) if is_named else ""
    return element("g", {"class": "session"}, title, outline, name)


def _fitting(title: str, room: float) -> Line:
    """Return the title, cut until it fits its box."""
    return Line((Piece(text=fitted(title, NAME_SIZE, SEMIBOLD, room)),), NAME_SIZE, SEMIBOLD)


def _document(sessions: SessionMap, prefix: str, drawn: Sequence[str]) -> str:
    people, held = len(sessions.people), len(sessions.sessions)
    said = f"{people} people in a row on top, {held} sessions below, {sessions.seats} lines between them."
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "picture",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "viewBox": f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        "width": number(WIDTH * 4 / 3),
        "height": number(HEIGHT * 4 / 3),
        "font-family": FONT,
    }
    title = element("title", {"id": f"{prefix}-title"}, escape(clean(sessions.title, 80)))
    return element("svg", attributes, title, element("desc", {"id": f"{prefix}-desc"}, said), *drawn)
