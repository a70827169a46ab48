"""Items in time: which hand-over feeds which, in the bands of the cadence, and the longest chain of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.domain.graph import longest_chains, waits
from planner.domain.model import Organisation
from planner.domain.pictures.bands import TimeBand, band_of, bands_for
from planner.domain.pictures.cards import Card, PictureTable, card_table, cards_of, most_telling
from planner.domain.pictures.scope import Scope
from planner.domain.text import counted

CARDS_MAX = (60, 30, 12)  # at each level of detail, the finest first


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """Cards by band; `feeds` are pairs (sooner, later) of card ids, `chain` the longest row of them."""

    title: str
    subtitle: str
    cards: tuple[Card, ...]
    bands: tuple[TimeBand, ...]
    band: Mapping[int, int]
    feeds: tuple[tuple[int, int], ...]
    chain: tuple[int, ...]
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable


def items_in_time(scope: Scope) -> ItemPlan:
    """Return what must be ready before what; on a coarser level of detail fewer cards, and which."""
    cards = cards_of(scope.organisation, scope.dependencies, scope.today)
    chain = _longest(cards)
    drawn = most_telling(cards, CARDS_MAX[scope.detail], first=frozenset(chain))
    said = "" if len(drawn) == len(cards) else _said(len(drawn), len(cards))
    title = f"Items in time of {scope.organisation.name}" if scope.organisation.name else "Items in time"
    return _plan(scope.organisation, cards, drawn, chain, title, scope.subtitle, said, scope.areas)


def longest_chain(scope: Scope) -> ItemPlan:
    """Return the longest chain with what feeds it directly; nothing where there is no chain of three."""
    cards = cards_of(scope.organisation, scope.dependencies, scope.today)
    chain = _longest(cards)
    near = {sooner for sooner, later in _feeds(cards) if later in chain}
    close = [card for card in cards if card.id in near or card.id in chain]
    drawn = most_telling(close, CARDS_MAX[scope.detail], first=frozenset(chain))
    said = "" if len(drawn) == len(close) else _said(len(drawn), len(close))
    title = f"The longest chain, {counted(len(chain), 'hand-over')}" if chain else "The longest chain"
    return _plan(scope.organisation, close, drawn, chain, title, scope.subtitle, said, scope.areas)


def _plan(
    organisation: Organisation,
    cards: Sequence[Card],
    drawn: Sequence[Card],
    chain: tuple[int, ...],
    title: str,
    subtitle: str,
    left_out: str,
    areas: tuple[str, ...],
) -> ItemPlan:
    bands = bands_for(organisation, drawn)
    band = {card.id: band_of(bands, card) or 0 for card in drawn}
    feeds = tuple((a, b) for a, b in _feeds(drawn) if band[a] <= band[b])
    table = card_table("Every hand-over of the picture", cards, drawn)
    return ItemPlan(title, subtitle, tuple(drawn), bands, band, feeds, chain, areas, left_out, table)


def _feeds(cards: Iterable[Card]) -> list[tuple[int, int]]:
    """The direct ones alone: what is fed through another card needs no line of its own."""
    before = {int(one): frozenset(map(int, all_)) for one, all_ in waits(c.dependency for c in cards).items()}
    return sorted(
        (sooner, later)
        for later, all_ in before.items()
        for sooner in all_
        if not any(sooner in before[other] for other in all_)
    )


def _longest(cards: Iterable[Card]) -> tuple[int, ...]:
    chains = longest_chains(card.dependency for card in cards).values()
    best = min(chains, key=lambda chain: (-len(chain), [one.id for one in chain]), default=())
    return tuple(int(one.id) for one in best)


def _said(drawn: int, all_: int) -> str:
    return (
        f"Showing {drawn} of {counted(all_, 'hand-over')}: the longest chain, then late, open, and next due."
    )
