"""Around one team as a scene: givers, what they give, the team, what it gives, receivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.domain.model import Team
from planner.domain.pictures.around import Surroundings
from planner.domain.pictures.cards import Card
from planner.domain.text import counted
from planner.render.cards import (
    Href,
    area_piece,
    area_token,
    card_box,
    legend_of_areas,
    legend_of_states,
    team_box,
    when_line,
)
from planner.render.geometry import Point
from planner.render.scene import Placed
from planner.render.sketch import Arrow, Box, LegendEntry, Line, Piece, Sketch, Wire
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean

CENTRE = 1
ROW_GAP, COLUMN_GAP = 12.0, 33.0
CENTRE_ROOM, CENTRE_HIGH = 150.0, 104.0


def scene_of_surroundings(near: Surroundings, *, card_href: Href, team_href: Href) -> Placed:
    """Return one team in the middle with its cards and partners on both sides."""
    left, right = _Side(near, near.waits, is_left=True), _Side(near, near.owes, is_left=False)
    sides = [side.boxes(card_href, team_href) for side in (left, right)]
    centre = _centre(near, team_href)
    columns = _columns(sides[0], sides[1], centre)
    cards = [*near.waits, *near.owes]
    sketch = Sketch(
        title=clean(near.title, TOOLTIP_CHARACTERS),
        description=_description(near),
        boxes=(centre, *(box for side in sides for column in side for box in column)),
        wires=(*left.wires(), *right.wires()),
        subtitle=clean(near.subtitle, TOOLTIP_CHARACTERS),
        left_out=near.left_out,
        legend=_legend(near, cards),
    )
    return Placed(sketch, columns)


class _Side:
    """The cards of one side; boxes are numbered card by card, so that each keeps its number."""

    def __init__(self, near: Surroundings, cards: Sequence[Card], *, is_left: bool) -> None:
        self._near, self._cards, self._is_left = near, cards, is_left
        self._first = 10 if is_left else 10 + 2 * len(near.waits)

    def _number(self, place: int) -> int:
        return self._first + 2 * place

    def boxes(self, card_href: Href, team_href: Href) -> tuple[list[Box], list[Box]]:
        """Return the cards and the partners, each partner once for all its cards that stand together."""
        cards = [
            card_box(card, when_line(card), href=card_href(str(card.id)), number=self._number(place))
            for place, card in enumerate(self._cards)
        ]
        partners = [self._partner(place, team_href) for place in self._first_of_each()]
        return _as_wide(cards), _as_wide(partners)

    def _first_of_each(self) -> list[int]:
        keys = [self._team(card).id for card in self._cards]
        return [place for place, key in enumerate(keys) if place == 0 or keys[place - 1] != key]

    def _team(self, card: Card) -> Team:
        return card.provider if self._is_left else card.consumer

    def _partner(self, place: int, team_href: Href) -> Box:
        team = self._team(self._cards[place])
        return team_box(
            self._number(place) + 1, team.name, team.area, "", self._near.areas, href=team_href(team.key)
        )

    def wires(self) -> list[Wire]:
        found, partner = [], 0
        firsts = set(self._first_of_each())
        for place, card in enumerate(self._cards):
            partner = place if place in firsts else partner
            ends = self._number(partner) + 1, self._number(place), CENTRE
            tail, middle, head = ends if self._is_left else ends[::-1]
            found += [_wire(card, tail, middle, Arrow.NONE), _wire(card, middle, head, Arrow.ONE)]
        return found


def _as_wide(boxes: list[Box]) -> list[Box]:
    room = max((box.width for box in boxes), default=0.0)
    return [replace(box, room=room) for box in boxes]


def _wire(card: Card, tail: int, head: int, arrow: Arrow) -> Wire:
    return Wire(
        tail=tail,
        head=head,
        tooltip=clean(f"{card.provider.name} → {card.consumer.name}: {card.what}", TOOLTIP_CHARACTERS),
        css=f"edge {card.state.replace(' ', '-')}",
        token="risk" if card.is_late else "ink-3",
        pen=2.0 if card.is_late else 1.4,
        arrow=arrow,
        is_dashed=card.is_open and not card.is_late,
    )


def _centre(near: Surroundings, team_href: Href) -> Box:
    team, colour = near.team, area_token(near.team.area, near.areas)
    counts = f"waits for {near.waits_for} · owes {near.owes_to}"
    lines = [
        Line(
            (area_piece(team.area, near.areas), Piece(text=clean(team.area or "No area"), token=colour)),
            10,
            REGULAR,
        ),
        Line((Piece(text=clean(team.name)),), 16, SEMIBOLD),
        *([Line((Piece(text=clean(near.owners), token="ink-2"),), 10, REGULAR)] if near.owners else []),  # noqa: S106
        Line((Piece(text=counts, token="ink-2"),), 10, REGULAR),  # noqa: S106  # a colour
    ]
    return Box(
        id=CENTRE,
        lines=tuple(lines),
        tooltip=clean(f"{team.name}, {counts}", TOOLTIP_CHARACTERS),
        css="node team focus",
        href=team_href(team.key),
        fill=f"{colour}-f",
        border=colour,
        pen=2.2,
        room=CENTRE_ROOM,
        room_high=CENTRE_HIGH,
    )


Side = tuple[list[Box], list[Box]]


def _columns(left: Side, right: Side, centre: Box) -> dict[int, Point]:
    """Five columns: partners, cards, the team, cards, partners; each partner beside its cards."""
    places: dict[int, Point] = {CENTRE: (0.0, 0.0)}
    for (cards, partners), sign in ((left, -1), (right, 1)):
        x = sign * (centre.width / 2 + COLUMN_GAP + (cards[0].width / 2 if cards else 0))
        heights = [box.height + ROW_GAP for box in cards]
        y = (sum(heights) - ROW_GAP) / 2
        for box in cards:
            places[box.id] = (x, y - box.height / 2)
            y -= box.height + ROW_GAP
        _beside(partners, cards, places, x, sign)
    return places


def _beside(partners: list[Box], cards: list[Box], places: dict[int, Point], x: float, sign: int) -> None:
    if not cards:
        return
    away = x + sign * (cards[0].width / 2 + COLUMN_GAP + partners[0].width / 2)
    starts = [box.id - 1 for box in partners]
    for index, box in enumerate(partners):
        end = starts[index + 1] if index + 1 < len(starts) else cards[-1].id + 1
        own = [places[card.id][1] for card in cards if starts[index] <= card.id < end]
        places[box.id] = (away, sum(own) / len(own))


def _description(near: Surroundings) -> str:
    sentences = [
        f"{clean(near.team.name)} waits for {counted(near.waits_for, 'hand-over')} and owes {near.owes_to}.",
        near.left_out,
        "Arrows point to who receives. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(near: Surroundings, cards: Sequence[Card]) -> tuple[LegendEntry, ...]:
    shown = [near.team.area, *(card.provider.area for card in cards), *(card.consumer.area for card in cards)]
    arrows = [LegendEntry("hand-over, to who receives", "ink-3", arrow=Arrow.ONE)] if cards else []
    return (*legend_of_areas(shown, near.areas), *arrows, *legend_of_states(cards))
