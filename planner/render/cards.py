"""Hand-overs as cards and teams as boxes, in the one encoding of all pictures: glyph, word and colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from types import MappingProxyType

from planner.domain.model import DependencyState
from planner.domain.pictures.cards import Card, short_day
from planner.render.sketch import BOX_MARGIN_X, Arrow, Box, LegendEntry, Line, Piece, Shape
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean, fitted
from planner.render.theme import area_colour, area_glyph

NAME_SIZE, WORDS_SIZE = 11.0, 9.5
AREA_ROOM = 13.0  # what the glyph of an area or an arrow takes of a line
PAGE_WIDTH = 815.0  # points within the margins: a page of 1280 pixels need not scroll
WORDS_ROOM_MIN, WORDS_ROOM_MAX = 100.0, 170.0
AREA_NONE = "No area"
_S = DependencyState
_SIGNS = MappingProxyType(
    {
        _S.ASKED: ("?", "warn"),
        _S.COUNTERED: ("↔", "warn"),
        _S.AGREED: ("✓", "ok"),
        _S.REOPENED: ("↔", "warn"),
        _S.DELIVERED: ("→", "ok"),
        _S.CONFIRMED: ("✓", "ok"),
        _S.DECLINED: ("×", "ink-3"),
        _S.WITHDRAWN: ("×", "ink-3"),
    }
)

Href = Callable[[str], str]


def state_pieces(card: Card) -> tuple[Piece, ...]:
    """Return how a card stands: a sign and a word in one colour."""
    if card.is_late:
        return Piece(glyph="late", token="risk"), Piece(text="late", token="risk")  # noqa: S106  # a colour
    sign, token = _SIGNS[card.dependency.state]
    return Piece(text=sign, token=token), Piece(text=card.state, token=token)


def paper(card: Card) -> tuple[str, str]:
    """Return the fill and the border of a card by how it stands."""
    if card.is_late:
        return "risk-soft", "risk"
    return ("warn-soft", "warn") if card.is_open else ("surface", "line-2")


def card_box(
    card: Card,
    *words: Line,
    href: str,
    number: int | None = None,
    room: float = 0.0,
    pen: float = 1.2,
    border: str = "",
    words_room: float = inf,
) -> Box:
    """Return a card: its name above, cut to its room, below it `words` with the state at their end."""
    fill, edge = paper(card)
    name = Line((Piece(text=fitted(card.what, NAME_SIZE, SEMIBOLD, words_room) or "?"),), NAME_SIZE, SEMIBOLD)
    said = f"{card.what}: {card.provider.name} → {card.consumer.name}, {card.when} ({card.state})"
    return Box(
        id=card.id if number is None else number,
        lines=(name, *words),
        tooltip=clean(said, TOOLTIP_CHARACTERS),
        css=f"node card {card.state.replace(' ', '-')}",
        href=href,
        fill=fill,
        border=border or edge,
        pen=pen,
        shape=Shape.CARD,
        is_dashed=card.is_open and not card.is_late,
        room=room,
    )


def room_of_words(columns: int, page: float, *, between: float) -> float:
    """How wide the words of a card may be, so that all columns stand side by side on a page."""
    columns = max(1, columns)
    column = (page - between * (columns - 1)) / columns
    return min(WORDS_ROOM_MAX, max(WORDS_ROOM_MIN, column - 2 * BOX_MARGIN_X))


def narrow_lines(card: Card, areas: Sequence[str], room: float) -> tuple[Line, ...]:
    """Return giver, receiver, and the day with how the card stands, each on a line that fits the room."""
    giver = fitted(card.provider.name, WORDS_SIZE, REGULAR, room - AREA_ROOM)
    receiver = fitted(card.consumer.name, WORDS_SIZE, REGULAR, room - AREA_ROOM)
    gives = (area_piece(card.provider.area, areas), Piece(text=giver, token="ink-2"))  # noqa: S106  # a colour
    receives = (Piece(text=f"→ {receiver}", token="ink-2"),)  # noqa: S106  # a colour
    day = (Piece(text=short_day(card.day) if card.day else "no date", token="ink-2"),)  # noqa: S106  # a colour
    return (
        Line(gives, WORDS_SIZE, REGULAR),
        Line(receives, WORDS_SIZE, REGULAR),
        Line(day, WORDS_SIZE, REGULAR, state_pieces(card)),
    )


def when_line(card: Card) -> Line:
    return Line((Piece(text=card.when, token="ink-2"),), WORDS_SIZE, REGULAR, state_pieces(card))  # noqa: S106  # a colour


def team_box(
    number: int, name: str, area: str, owners: str, areas: Sequence[str], *, href: str, room: float = 0.0
) -> Box:
    """Return a team as on the team map: area by tint and glyph, name, who decides."""
    colour = area_token(area, areas)
    lines = [Line((area_piece(area, areas), Piece(text=clean(name) or "?")), 11.5, SEMIBOLD)]
    if owners:
        lines.append(Line((Piece(text=clean(owners), token="ink-2"),), WORDS_SIZE, REGULAR))  # noqa: S106  # a colour
    facts = [part for part in (name, area, owners) if part]
    return Box(
        id=number,
        lines=tuple(lines),
        tooltip=clean(" · ".join(dict.fromkeys(facts)), TOOLTIP_CHARACTERS),
        css="node team",
        href=href,
        fill=f"{colour}-f",
        border=colour,
        room=room,
    )


def area_piece(area: str, areas: Sequence[str]) -> Piece:
    return Piece(glyph=area_glyph(_place(area, areas)), token=area_token(area, areas))


def area_token(area: str, areas: Sequence[str]) -> str:
    return area_colour(_place(area, areas))


def _place(area: str, areas: Sequence[str]) -> int:
    wanted = area or AREA_NONE
    return areas.index(wanted) if wanted in areas else 0


def legend_of_areas(shown: Iterable[str], areas: Sequence[str]) -> list[LegendEntry]:
    """Return the areas that occur, with their glyphs."""
    wanted = {area or AREA_NONE for area in shown}
    return [
        LegendEntry(clean(area), area_token(area, areas), glyph=area_glyph(_place(area, areas)))
        for area in areas
        if area in wanted
    ]


def legend_of_states(cards: Iterable[Card]) -> list[LegendEntry]:
    """Return the states that occur in words; each card says its own."""
    cards = list(cards)
    entries = [
        (
            any(card.is_late for card in cards),
            LegendEntry("promised later than needed, or overdue", "risk", "late"),
        ),
        (
            any(card.is_open and not card.is_late for card in cards),
            LegendEntry("dashed: no yes yet", "warn", arrow=Arrow.NONE, is_dashed=True),
        ),
    ]
    return [entry for holds, entry in entries if holds]
