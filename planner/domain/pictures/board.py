"""The board of teams by cadence: each hand-over in the row of the team that gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.domain.model import Team
from planner.domain.pictures.bands import TimeBand, band_of, bands_for
from planner.domain.pictures.cards import Card, PictureTable, card_table, cards_of, most_telling
from planner.domain.pictures.scope import Scope
from planner.domain.text import counted

CARDS_MAX = (90, 45, 20)
TEAMS_MAX = (30, 20, 10)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A team with its cards in each band."""

    team: Team
    cells: tuple[tuple[Card, ...], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Rows by area and name, as many cells each as there are bands."""

    title: str
    subtitle: str
    bands: tuple[TimeBand, ...]
    rows: tuple[BoardRow, ...]
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable


def board(scope: Scope) -> Board:
    """Return who hands over what in which band; teams that give nothing have no row."""
    cards = cards_of(scope.organisation, scope.dependencies, scope.today)
    giving = Counter(card.provider.id for card in cards)
    busiest = sorted(giving, key=lambda team: (-giving[team], team))[: TEAMS_MAX[scope.detail]]
    drawn = most_telling([card for card in cards if card.provider.id in busiest], CARDS_MAX[scope.detail])
    bands = bands_for(scope.organisation, drawn)
    teams = sorted({card.provider.id for card in drawn})
    rows = [_row(scope.organisation.team[team], drawn, bands) for team in teams]
    return Board(
        title=f"Board of {scope.organisation.name}" if scope.organisation.name else "Board",
        subtitle=scope.subtitle,
        bands=bands,
        rows=tuple(sorted(rows, key=lambda row: (row.team.area, row.team.name.casefold(), row.team.id))),
        areas=scope.areas,
        left_out=_left_out(len(drawn), len(cards), len(teams), len(giving)),
        table=card_table("Every card of the board", cards, drawn),
    )


def _row(team: Team, cards: Iterable[Card], bands: tuple[TimeBand, ...]) -> BoardRow:
    own = [card for card in cards if card.provider.id == team.id]
    by_day = sorted(own, key=lambda card: (card.day or date.max, card.id))
    return BoardRow(
        team,
        tuple(tuple(card for card in by_day if band_of(bands, card) == place) for place in range(len(bands))),
    )


def _left_out(cards: int, all_cards: int, teams: int, all_teams: int) -> str:
    if cards == all_cards:
        return ""
    return (
        f"Showing {cards} of {counted(all_cards, 'card')} and {teams} of {counted(all_teams, 'team')}: "
        "those that give most; late, open and next due first."
    )
