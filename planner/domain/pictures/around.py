"""Around one team: what it waits for on the left, what it owes on the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.model import Dependency, Organisation, Team, TeamId
from planner.domain.pictures.cards import Card, PictureTable, card_table, cards_of, most_telling
from planner.domain.pictures.scope import Scope
from planner.domain.text import counted

SIDE_MAX = (16, 10, 5)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`waits` and `owes` are the cards that are drawn; the numbers count all of them."""

    title: str
    subtitle: str
    team: Team
    owners: str
    waits: tuple[Card, ...]
    owes: tuple[Card, ...]
    waits_for: int
    owes_to: int
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable


def around(scope: Scope, team_id: TeamId) -> Surroundings:
    """Return what one team of the organisation waits for and owes."""
    cards = cards_of(scope.organisation, scope.dependencies, scope.today)
    waits = [card for card in cards if card.consumer.id == team_id]
    owes = [card for card in cards if card.provider.id == team_id]
    shown_waits = _by_partner(most_telling(waits, SIDE_MAX[scope.detail]), is_giver=True)
    shown_owes = _by_partner(most_telling(owes, SIDE_MAX[scope.detail]), is_giver=False)
    team = scope.organisation.team[team_id]
    drawn, all_ = len(shown_waits) + len(shown_owes), len(waits) + len(owes)
    return Surroundings(
        title=f"Around {team.name}",
        subtitle=scope.subtitle,
        team=team,
        owners=owners_of(scope.organisation, team_id),
        waits=shown_waits,
        owes=shown_owes,
        waits_for=len(waits),
        owes_to=len(owes),
        areas=scope.areas,
        left_out=""
        if drawn == all_
        else f"Showing {drawn} of {counted(all_, 'hand-over')}: late, open, due.",
        table=card_table("What it waits for and owes", [*waits, *owes], [*shown_waits, *shown_owes]),
    )


def busiest_team(organisation: Organisation, dependencies: Iterable[Dependency]) -> TeamId | None:
    """Return the team with most hand-overs, None where there are none: the one to begin with."""
    handed = dict.fromkeys(organisation.team, 0)
    for one in dependencies:
        for end in (one.provider_id, one.consumer_id):
            if end in handed:
                handed[end] += 1
    best = min(handed, key=lambda team: (-handed[team], team), default=None)
    return best if best is not None and handed[best] else None


def owners_of(organisation: Organisation, team_id: TeamId) -> str:
    """Return who decides for a team, the first by name and how many more."""
    owners = [organisation.person[one].name for one in organisation.product_owners[team_id]]
    return (owners[0] + (f" +{len(owners) - 1}" if len(owners) > 1 else "")) if owners else ""


def _by_partner(cards: Sequence[Card], *, is_giver: bool) -> tuple[Card, ...]:
    """Cards of the same partner side by side, the partners in order of their first day."""

    def partner(card: Card) -> TeamId:
        return card.provider.id if is_giver else card.consumer.id

    first: dict[TeamId, date] = {}
    for card in cards:
        day = card.day or date.max
        first[partner(card)] = min(first.get(partner(card), day), day)
    return tuple(
        sorted(cards, key=lambda card: (first[partner(card)], partner(card), card.day or date.max, card.id))
    )
