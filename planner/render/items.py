"""Items in time and the longest chain as a scene: bands from left to right, cards in them."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.pictures.bands import TimeBand
from planner.domain.pictures.items import ItemPlan
from planner.domain.text import counted
from planner.render.cards import (
    PAGE_WIDTH,
    Href,
    card_box,
    legend_of_areas,
    legend_of_states,
    narrow_lines,
    room_of_words,
)
from planner.render.columns import COLUMN_GAP
from planner.render.scene import Ranked
from planner.render.sketch import Arrow, Box, LegendEntry, Line, Piece, Sketch, Wire
from planner.render.text import SEMIBOLD, TOOLTIP_CHARACTERS, clean

HEAD_SIZE = 12.0
ROWS_MAX = 14  # cards in a column, unless more of them are linked
CHAIN_PEN, CARD_PEN = 3.0, 2.2


def scene_of_items(plan: ItemPlan, *, card_href: Href) -> Ranked:
    """Return the cards of a plan in the columns of its bands; the longest chain is drawn bold."""
    chain = frozenset(zip(plan.chain, plan.chain[1:], strict=False))
    boxes = _boxes(plan, card_href)
    names = {card.id: clean(card.what) for card in plan.cards}
    sketch = Sketch(
        title=clean(plan.title, TOOLTIP_CHARACTERS),
        description=_description(plan),
        boxes=boxes,
        wires=tuple(_wire(pair, names, is_chain=pair in chain) for pair in plan.feeds),
        subtitle=clean(plan.subtitle, TOOLTIP_CHARACTERS),
        left_out=plan.left_out,
        legend=_legend(plan, has_chain=bool(chain & set(plan.feeds))),
    )
    columns = _columns(plan)
    return Ranked(
        sketch,
        tuple(column for band in columns for column in band),
        tuple(map(head_of, plan.bands)),
        tuple(map(len, columns)),
        tuple(sorted(chain)),
    )


def _columns(plan: ItemPlan) -> list[list[tuple[int, ...]]]:
    """Return the columns of each band: one, or several where it is full; what is linked stays together."""
    linked = frozenset(one for pair in plan.feeds for one in pair)
    found = []
    for at in range(len(plan.bands)):
        cards = sorted(one for one in plan.band if plan.band[one] == at)
        first = [one for one in cards if one in linked]
        loose = [one for one in cards if one not in linked]
        free = max(0, ROWS_MAX - len(first))
        rest = loose[free:]
        more = [tuple(rest[start : start + ROWS_MAX]) for start in range(0, len(rest), ROWS_MAX)]
        found.append([tuple(sorted([*first, *loose[:free]])), *more])
    return found


def head_of(band: TimeBand) -> Line:
    """Return the words at the top of a band."""
    pieces = [Piece(text=clean(band.name, 22))]
    if band.since:
        pieces.append(Piece(text=band.since, token="ink-2"))  # noqa: S106  # a colour
    return Line(tuple(pieces), HEAD_SIZE, SEMIBOLD)


def _boxes(plan: ItemPlan, card_href: Href) -> tuple[Box, ...]:
    """Cards of one band are as wide as one another, so that they stand in a column."""
    columns = sum(map(len, _columns(plan)))
    room = room_of_words(columns, PAGE_WIDTH, between=COLUMN_GAP)
    plain = {
        card.id: card_box(
            card,
            *narrow_lines(card, plan.areas, room),
            href=card_href(str(card.id)),
            words_room=room,
            pen=CARD_PEN if card.id in plan.chain else 1.2,
            border="" if card.is_late or card.id not in plan.chain else "ink",
        )
        for card in plan.cards
    }
    widest = {
        at: max([box.width for one, box in plain.items() if plan.band[one] == at], default=0.0)
        for at in range(len(plan.bands))
    }
    return tuple(replace(box, room=widest[plan.band[number]]) for number, box in sorted(plain.items()))


def _wire(pair: tuple[int, int], names: dict[int, str], *, is_chain: bool) -> Wire:
    return Wire(
        tail=pair[0],
        head=pair[1],
        tooltip=f"{names[pair[0]]} must be there before {names[pair[1]]}",
        css="edge chain" if is_chain else "edge",
        token="ink" if is_chain else "ink-3",
        pen=CHAIN_PEN if is_chain else 1.25,
    )


def _description(plan: ItemPlan) -> str:
    late = sum(1 for card in plan.cards if card.is_late)
    unanswered = sum(1 for card in plan.cards if card.is_open)
    sentences = [
        f"{counted(len(plan.cards), 'hand-over')} in {counted(len(plan.bands), 'band')} of time, "
        f"{late} late, {unanswered} open.",
        plan.left_out,
        "An arrow leads from what must be there first. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(plan: ItemPlan, *, has_chain: bool) -> tuple[LegendEntry, ...]:
    areas = legend_of_areas((card.provider.area for card in plan.cards), plan.areas)
    feeds = [LegendEntry("must be there first", "ink-3", arrow=Arrow.ONE)] if plan.feeds else []
    bold = (
        [LegendEntry("bold: the longest chain", "ink", arrow=Arrow.ONE, is_heavy=True)] if has_chain else []
    )
    return (*areas, *feeds, *bold, *legend_of_states(plan.cards))
