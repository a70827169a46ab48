"""A poll for a time: which hours come nearest to everybody's, what people say to them, and which is best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from planner.domain.away import is_away
from planner.domain.calendars import windows
from planner.domain.model import MINUTES_PER_DAY
from planner.domain.series import Presence

STEP = 30
"""Minutes between two starts that are looked at."""
OPTIONS_MOST = 5
NOBODY = -1
"""In place of somebody who has most to bear, where all are within their hours."""


class Choice(StrEnum):
    """What somebody says to a time."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a time stands: who can, who can if need be, who cannot, and who has not said; people by key."""

    starts_at: datetime
    yes: tuple[str, ...]
    maybe: tuple[str, ...]
    no: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int, int, datetime]:
        """The smaller the better: first nobody left out, then nobody unheard, then no burden, then early."""
        return len(self.no), len(self.silent), len(self.maybe), self.starts_at


def options(presences: Sequence[Presence], days: Iterable[date]) -> tuple[datetime, ...]:
    """The starts on these days (UTC) that come nearest to the hours of everybody, at most five, in order.

    The best of each day; where nothing lies within all hours, also the best that asks most of somebody else,
    so that nobody alone gets up early. Never when somebody is away.
    """
    if not presences:
        return ()
    found: list[tuple[tuple[int, int, datetime], int]] = []
    for day in days:
        found += _of_day(presences, day)
    if any(who == NOBODY for _price, who in found):
        found = [one for one in found if one[1] == NOBODY]
    found.sort()
    fairest: dict[int, datetime] = {}
    for (_most, _sum, start), who in found:
        fairest.setdefault(who, start)
    chosen = list(fairest.values())[:OPTIONS_MOST]
    for (_most, _sum, start), _who in found:
        if len(chosen) < OPTIONS_MOST and start.date() not in {one.date() for one in chosen}:
            chosen.append(start)
    return tuple(sorted(chosen))


def _of_day(presences: Sequence[Presence], day: date) -> list[tuple[tuple[int, int, datetime], int]]:
    """The best start of a day for each person who has most to bear: its price, and who that is."""
    hours = [windows(one.hours, day, later=one.part[0]) for one in presences]
    midnight = datetime.combine(day, time(), UTC)
    best: dict[int, tuple[int, int, datetime]] = {}
    for minute in range(0, MINUTES_PER_DAY, STEP):
        start = midnight + timedelta(minutes=minute)
        if any(_is_away(one, start) for one in presences):
            continue
        prices = [_price(one, spans, minute) for one, spans in zip(presences, hours, strict=True)]
        known = [price for price in prices if price is not None]
        if len(known) < len(prices):
            continue  # somebody does not work on this day at all
        who = max(range(len(known)), key=lambda n: (known[n], -n)) if max(known) else NOBODY
        price = (max(known), sum(known), start)
        best[who] = min(best.get(who, price), price)
    return [(price, who) for who, price in best.items()]


def _price(one: Presence, spans: Iterable[tuple[int, int]], minute: int) -> int | None:
    """How many minutes somebody would be there outside of their hours, by the nearest; None without hours."""
    begin, end = minute + one.part[0], minute + one.part[1]
    return min((max(low - begin, end - high, 0) for low, high in spans), default=None)


def _is_away(one: Presence, start: datetime) -> bool:
    return is_away(one.away, start + timedelta(minutes=one.part[0]), one.part[1] - one.part[0])


def standings(
    starts: Iterable[datetime],
    answers: Mapping[tuple[str, datetime], Choice],
    people: Collection[str],
) -> tuple[Standing, ...]:
    """How each time stands with these people, in order of time."""

    def saying(choice: Choice | None, start: datetime) -> tuple[str, ...]:
        return tuple(one for one in people if answers.get((one, start)) == choice)

    return tuple(
        Standing(
            start,
            saying(Choice.YES, start),
            saying(Choice.MAYBE, start),
            saying(Choice.NO, start),
            saying(None, start),
        )
        for start in sorted(starts)
    )


def may_take_turns(found: Sequence[Standing], first: datetime, second: datetime) -> bool:
    """Return whether everybody has agreed to both of these times, if need be: then one bears each in turn."""
    both = [one for one in found if one.starts_at in {first, second}]
    return len(both) == 2 and not any(one.no or one.silent for one in both)


def best_of(found: Sequence[Standing]) -> Standing | None:
    """The time that suits most; None while nobody has said anything."""
    heard = [one for one in found if one.yes or one.maybe]
    return min(heard, key=lambda one: one.rank, default=None)
