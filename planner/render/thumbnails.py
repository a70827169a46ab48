"""The before and after pictures of a suggestion: a dot a person, a box a session, a line a seat.

Two rows need no layout engine, so these are written at once, in the same colours and words as all pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil

from planner.domain.session_picture import SessionBox, SessionMap, Sitter, order_of_people
from planner.render.markup import ROOT, element, number, text_lines
from planner.render.sketch import Line, Piece
from planner.render.text import SEMIBOLD, clean, fitted, width
from planner.render.theme import Theme, area_colour, paint

WIDTH, HEIGHT = 426.0, 160.0
DOT_RADIUS_MAX, DOT_ROW = 7.0, 14.0
SQUARE_MAX, BOX_HEIGHT, SESSION_ROW = 16.0, 36.0, 140.0
NAMED_SESSIONS_MAX = 5
NAME_SIZE, MARGIN = 10.5, 8.0
CROWD = 100
"""More dots or boxes than this stand less than four pixels apart: they are drawn as one shape a colour."""
CROWD_LINES_MOST = 600


def before_and_after(before: SessionMap, after: SessionMap) -> tuple[str, str]:
    """Return both pictures as inline SVG, with the people in the same order and as many lines left out."""
    order, one_in = order_of_people(after), lines_drawn(before, after)
    return session_thumbnail(before, order=order, prefix="before", one_in=one_in), session_thumbnail(
        after, order=order, prefix="after", one_in=one_in, is_highlighted=True
    )


def lines_drawn(*sessions: SessionMap) -> int:
    """Return of how many lines one is drawn in these pictures: 1 where all are."""
    return max(1, *(ceil(one.seats / CROWD_LINES_MOST) for one in sessions))


def session_thumbnail(
    sessions: SessionMap,
    *,
    order: Sequence[str] | None = None,
    prefix: str = "sessions",
    one_in: int = 1,
    is_highlighted: bool = False,
) -> str:
    """Return one picture as inline SVG; up to five sessions are named, people never are.

    Hollow dots are people who sit in no session, in a crowd they are pale. `order` puts the people in a row
    by their ids. Of the lines one in so many is drawn.
    """
    known = {person.id: person for person in sessions.people}
    row = [known[person] for person in order or order_of_people(sessions) if person in known]
    xs = dict(zip((person.id for person in row), _spread(len(row)), strict=True))
    is_crowd = max(len(row), len(sessions.sessions)) > CROWD
    drawn = [
        *_lines(sessions, xs, one_in, is_highlighted=is_highlighted),
        *(_crowd_of_dots if is_crowd else _dots)(row, xs, sessions),
        *(_crowd_of_boxes if is_crowd else _boxes)(sessions, is_highlighted=is_highlighted),
    ]
    return _document(sessions, prefix, drawn, one_in)


def _spread(count: int) -> list[float]:
    """Return the centres of `count` equal columns."""
    column = (WIDTH - 2 * MARGIN) / max(1, count)
    return [MARGIN + column * (place + 0.5) for place in range(count)]


def _lines(sessions: SessionMap, xs: Mapping[str, float], one_in: int, *, is_highlighted: bool) -> list[str]:
    token, pen = ("accent", "1.7") if is_highlighted else ("line-2", "0.9")
    top = SESSION_ROW - _box_size(sessions)[1] / 2
    seats = [
        (xs[person], end)
        for box, centre in zip(sessions.sessions, _spread(len(sessions.sessions)), strict=True)
        for person, end in _ends(box, centre, xs, _box_size(sessions)[0])
    ]
    # in a crowd a tenth of a pixel is not seen, and a wide pen would fill the picture
    is_crowd = len(seats) > CROWD_LINES_MOST / 2
    written = round if is_crowd else number
    outline = "".join(
        f"M{written(start)},{number(DOT_ROW)}L{written(end)},{written(top)}" for start, end in seats[::one_in]
    )
    stroke = {"stroke": paint(token, Theme.CSS), "stroke-width": "0.7" if is_crowd else pen, "fill": "none"}
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


def _crowd_of_dots(row: Sequence[Sitter], xs: Mapping[str, float], sessions: SessionMap) -> list[str]:
    """One shape for each colour, the pale ones of people without a session first."""
    seated = frozenset[str]().union(*(box.sitters for box in sessions.sessions))
    places: dict[str, set[int]] = {"line-2": set()}
    for person in row:
        is_tinted = person.area in sessions.areas
        token = area_colour(sessions.areas.index(person.area)) if is_tinted else "ink-3"
        places.setdefault(token if person.id in seated else "line-2", set()).add(round(xs[person.id]))
    return [_crowd(places[token], DOT_ROW, 2.4, token, "round") for token in places if places[token]]


def _crowd(places: set[int], row: float, size: float, token: str, ends: str) -> str:
    """Dots or squares of one colour in a row."""
    outline = "".join(f"M{place},{number(row)}h0" for place in sorted(places))
    pen = {"stroke": paint(token, Theme.CSS), "stroke-width": number(size), "stroke-linecap": ends}
    return element("path", {"d": outline, **pen})


def _crowd_of_boxes(sessions: SessionMap, *, is_highlighted: bool) -> list[str]:
    places = {round(centre) for centre in _spread(len(sessions.sessions))}
    side = max(1.5, _box_size(sessions)[0])
    token = "accent" if is_highlighted else "ink-3"
    return [_crowd(places, SESSION_ROW, side, token, "square")] if places else []


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
    name = text_lines(_name(box.title, wide - 12), (centre, SESSION_ROW)) if is_named else ""
    return element("g", {"class": "session"}, title, outline, name)


def _name(title: str, room: float) -> tuple[Line, ...]:
    """Return the title in one line or two, as many whole words as fit in the first, the rest cut."""
    words = clean(title, 80).split()
    fits = [width(" ".join(words[:many]), NAME_SIZE, SEMIBOLD) <= room for many in range(1, len(words) + 1)]
    first = max(1, sum(fits))
    lines = filter(None, (" ".join(words[:first]), " ".join(words[first:])))
    return tuple(
        Line((Piece(text=fitted(line, NAME_SIZE, SEMIBOLD, room)),), NAME_SIZE, SEMIBOLD) for line in lines
    )


def _document(sessions: SessionMap, prefix: str, drawn: Sequence[str], one_in: int) -> str:
    people, held = len(sessions.people), len(sessions.sessions)
    said = f"{people} people in a row on top, {held} sessions below, {sessions.seats} lines between them."
    said += f" One line in {one_in} is drawn." if one_in > 1 else ""
    attributes = {
        **ROOT,
        "class": "picture",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "viewBox": f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        "width": number(WIDTH * 4 / 3),
        "height": number(HEIGHT * 4 / 3),
    }
    title = element("title", {"id": f"{prefix}-title"}, escape(clean(sessions.title, 80)))
    return element("svg", attributes, title, element("desc", {"id": f"{prefix}-desc"}, said), *drawn)
