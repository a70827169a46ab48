"""A hand-over as a card: what it is, between whom, when, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from planner.domain.model import Dependency, DependencyState, Organisation, Team

_S = DependencyState
STATE_WORDS = MappingProxyType(
    {
        _S.ASKED: "asked",
        _S.COUNTERED: "countered",
        _S.AGREED: "agreed",
        _S.REOPENED: "reopened",
        _S.DELIVERED: "handed over",
        _S.CONFIRMED: "confirmed",
        _S.DECLINED: "declined",
        _S.WITHDRAWN: "withdrawn",
    }
)
OPEN = frozenset({_S.ASKED, _S.COUNTERED, _S.REOPENED})
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class PictureTable:
    """The same as a picture in rows; every row is as long as the headings."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A hand-over on a picture; `day` is the promise, or the need while nothing is promised."""

    dependency: Dependency
    provider: Team
    consumer: Team
    day: date | None
    is_late: bool

    @property
    def id(self) -> int:
        return int(self.dependency.id)

    @property
    def what(self) -> str:
        return self.dependency.what

    @property
    def is_open(self) -> bool:
        """True while the other side has not said yes."""
        return self.dependency.state in OPEN

    @property
    def state(self) -> str:
        """How it stands, in a word; late comes before the rest."""
        return "late" if self.is_late else STATE_WORDS[self.dependency.state]

    @property
    def when(self) -> str:
        """The day in words, with the need where the promise is later."""
        needed, promised = self.dependency.needed_by, self.dependency.promised_for
        if needed and promised and promised > needed:
            return f"{short_day(promised)}, needed {short_day(needed)}"
        return short_day(self.day) if self.day else "no date"


def short_day(day: date) -> str:
    """Return a day as it stands on a card: "2 Mar"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def cards_of(organisation: Organisation, dependencies: Iterable[Dependency], today: date) -> tuple[Card, ...]:
    """Return a card for each dependency between two recorded teams, in order of their ids."""
    team = organisation.team
    return tuple(
        Card(
            one,
            team[one.provider_id],
            team[one.consumer_id],
            one.promised_for or one.needed_by,
            one.is_late(today),
        )
        for one in sorted(dependencies, key=lambda one: one.id)
        if one.provider_id in team and one.consumer_id in team and one.provider_id != one.consumer_id
    )


def most_telling(cards: Sequence[Card], most: int, *, first: frozenset[int] = frozenset()) -> list[Card]:
    """Return at most so many cards: those of `first`, then late, then open, then the next due; by id."""
    ranked = sorted(
        cards,
        key=lambda card: (
            card.id not in first,
            not card.is_late,
            not card.is_open,
            card.day or date.max,
            card.id,
        ),
    )
    return sorted(ranked[:most], key=lambda card: card.id)


CARD_HEADINGS = ("What", "Gives", "Receives", "When", "State")


def card_table(caption: str, cards: Iterable[Card], drawn: Iterable[Card]) -> PictureTable:
    """Return all cards as rows, by day; what is not drawn says so."""
    shown = {card.id for card in drawn}
    rows = [
        (
            card.what,
            card.provider.name,
            card.consumer.name,
            card.when,
            card.state if card.id in shown else f"{card.state}, not drawn",
        )
        for card in sorted(cards, key=lambda card: (card.day or date.max, card.id))
    ]
    return PictureTable(caption, CARD_HEADINGS, tuple(rows))
