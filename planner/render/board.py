"""The board as a scene: a row a team, a column a band, cards where they meet, no strings."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.pictures.board import Board
from planner.domain.pictures.cards import Card
from planner.domain.text import counted
from planner.render.cards import (
    AREA_ROOM,
    PAGE_WIDTH,
    WORDS_SIZE,
    Href,
    area_piece,
    area_token,
    card_box,
    legend_of_areas,
    legend_of_states,
    room_of_words,
    state_pieces,
)
from planner.render.geometry import Point
from planner.render.items import head_of
from planner.render.scene import Placed
from planner.render.sketch import Band, Box, LegendEntry, Line, Piece, Shape, Sketch
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean, fitted

GAP, PADDING, HEAD = 6.0, 5.0, 28.0
ROW_MIN = 30.0
COLUMN_MIN = 110.0
TEAM_NUMBERS = 1_000_000_000  # above every id of a card, as boxes are known by number


def scene_of_board(board: Board, *, card_href: Href, team_href: Href) -> Placed:
    """Return the cards of a board at their places, with strips for its columns and lines for its rows."""
    teams = [_team(board, place, team_href) for place in range(len(board.rows))]
    beside = PAGE_WIDTH - max((box.width for box in teams), default=0.0) - GAP - 2 * PADDING
    words = room_of_words(len(board.bands), beside, between=2 * PADDING + GAP)
    cards = {
        card.id: _card(card, board, words, card_href)
        for row in board.rows
        for cell in row.cells
        for card in cell
    }
    room = max([box.width for box in cards.values()] + [COLUMN_MIN])
    cards = {number: replace(box, room=room) for number, box in cards.items()}
    side = max((box.width for box in teams), default=0.0)
    places, rows = _places(board, cards, teams, side, room)
    sketch = Sketch(
        title=clean(board.title, TOOLTIP_CHARACTERS),
        description=_description(board, len(cards)),
        boxes=(*(cards[number] for number in sorted(cards)), *(replace(box, room=side) for box in teams)),
        wires=(),
        subtitle=clean(board.subtitle, TOOLTIP_CHARACTERS),
        left_out=board.left_out,
        legend=_legend(board),
    )
    return Placed(sketch, places, bands=_bands(board, rows, side, room))


def _card(card: Card, board: Board, room: float, card_href: Href) -> Box:
    said = fitted(f"for {clean(card.consumer.name)}", WORDS_SIZE, REGULAR, room - AREA_ROOM)
    who = (area_piece(card.consumer.area, board.areas), Piece(text=said, token="ink-2"))  # noqa: S106  # a colour
    lines = Line(who, WORDS_SIZE, REGULAR), Line(state_pieces(card), WORDS_SIZE, SEMIBOLD)
    return card_box(card, *lines, href=card_href(str(card.id)), words_room=room)


def _team(board: Board, place: int, team_href: Href) -> Box:
    team = board.rows[place].team
    name = (area_piece(team.area, board.areas), Piece(text=clean(team.name, 24)))
    colour = area_token(team.area, board.areas)
    return Box(
        id=TEAM_NUMBERS + place,
        lines=(Line(name, 10.5, SEMIBOLD),),
        tooltip=clean(" · ".join(filter(None, (team.name, team.area))), TOOLTIP_CHARACTERS),
        css="node team",
        href=team_href(team.key),
        fill=f"{colour}-f",
        border=f"{colour}-f",
        shape=Shape.CARD,
    )


def _places(
    board: Board, cards: dict[int, Box], teams: list[Box], side: float, room: float
) -> tuple[dict[int, Point], list[tuple[float, float]]]:
    """Return where boxes stand, and the middle and the height of each row, from the top downwards."""
    places: dict[int, Point] = {}
    rows = []
    top = -HEAD
    for row, team in zip(board.rows, teams, strict=True):
        stacks = [sum(cards[card.id].height + GAP for card in cell) for cell in row.cells]
        high = max([ROW_MIN, *stacks]) + PADDING
        places[team.id] = (side / 2, top - high / 2)
        for column, cell in enumerate(row.cells):
            y = top - PADDING
            for card in cell:
                box = cards[card.id]
                places[card.id] = (_middle(column, side, room), y - box.height / 2)
                y -= box.height + GAP
        rows.append((top - high / 2, high))
        top -= high + GAP
    return places, rows


def _middle(column: int, side: float, room: float) -> float:
    return side + GAP + (room + 2 * PADDING + GAP) * column + PADDING + room / 2


def _bands(board: Board, rows: list[tuple[float, float]], side: float, room: float) -> tuple[Band, ...]:
    """A cell for each row in each column, and a head over each column."""
    wide = room + 2 * PADDING
    heads = [
        Band(_middle(column, side, room), -HEAD / 2, max(wide, 1.0), HEAD - 4, head_of(band))
        for column, band in enumerate(board.bands)
    ]
    cells = [
        Band(_middle(column, side, room), y, wide, high)
        for y, high in rows
        for column in range(len(board.bands))
    ]
    return (*heads, *cells)


def _description(board: Board, cards: int) -> str:
    sentences = [
        f"{counted(cards, 'card')} of {counted(len(board.rows), 'team')} "
        f"in {counted(len(board.bands), 'band')} of time.",
        board.left_out,
        "Each card stands with the team that gives it. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(board: Board) -> tuple[LegendEntry, ...]:
    cards = [card for row in board.rows for cell in row.cells for card in cell]
    shown = [card.consumer.area for card in cards] + [row.team.area for row in board.rows]
    return (*legend_of_areas(shown, board.areas), *legend_of_states(cards))
