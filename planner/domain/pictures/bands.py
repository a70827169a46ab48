"""The bands of a picture in time: the cadence that people recorded, or a regular one where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.model import Horizon, HorizonId, Organisation
from planner.domain.pictures.cards import Card, short_day

BANDS_MAX = 8
STEPS = (14, 28, 91, 182, 364)  # days: two weeks, four, a quarter, half a year, a year
NO_DATE = "No date"


@dataclass(frozen=True, slots=True)
class TimeBand:
    """A stretch of time with a name; `starts_on` is None for what has no date."""

    name: str
    starts_on: date | None = None
    horizon_id: HorizonId | None = None

    @property
    def since(self) -> str:
        return f"from {short_day(self.starts_on)}" if self.starts_on else ""


def bands_for(organisation: Organisation, cards: Sequence[Card]) -> tuple[TimeBand, ...]:
    """Return the bands that hold every card, in order; at most eight, and one for what has no date."""
    days = [card.day for card in cards if card.day]
    recorded = _recorded(organisation.horizons)
    bands = _around(recorded, days) if len(recorded) > 1 else ()
    if not bands or len(bands) > BANDS_MAX:
        bands = _regular(days)
    undated = any(band_of(bands, card) is None for card in cards)
    return (*bands, TimeBand(NO_DATE)) if undated else bands


def band_of(bands: Sequence[TimeBand], card: Card) -> int | None:
    """Return the place of a card's band: by its day, by its horizon where it has none."""
    found = None
    for place, band in enumerate(bands):
        if band.starts_on is None:
            return place if found is None else found
        if card.day is None:
            if band.horizon_id is not None and band.horizon_id == card.dependency.horizon_id:
                return place
        elif found is None or band.starts_on <= card.day:
            found = place
    return found


def _recorded(horizons: Sequence[Horizon]) -> list[TimeBand]:
    """The shortest horizons that do not overlap: sprints rather than the quarter around them."""
    dated = [(one.starts_on, one.ends_on, one) for one in horizons if one.starts_on and one.ends_on]
    chosen: list[tuple[date, date, Horizon]] = []
    for start, end, horizon in sorted(dated, key=lambda one: (one[1] - one[0], one[0], one[2].id)):
        if all(end < other[0] or start > other[1] for other in chosen):
            chosen.append((start, end, horizon))
    return [TimeBand(one.name, start, one.id) for start, _, one in sorted(chosen, key=lambda one: one[0])]


def _around(recorded: Sequence[TimeBand], days: Sequence[date]) -> tuple[TimeBand, ...]:
    """The recorded bands from the first to the last that holds a day."""
    if not days:
        return tuple(recorded[:BANDS_MAX])
    starts = [band.starts_on for band in recorded if band.starts_on]
    first = max((place for place, start in enumerate(starts) if start <= min(days)), default=0)
    last = max((place for place, start in enumerate(starts) if start <= max(days)), default=0)
    return tuple(recorded[first : last + 1])


def _regular(days: Sequence[date]) -> tuple[TimeBand, ...]:
    if not days:
        return ()
    start = min(days) - timedelta(days=min(days).weekday())
    span = (max(days) - start).days + 1
    step = next((step for step in STEPS if span <= step * BANDS_MAX), STEPS[-1])
    count = min(BANDS_MAX, -(-span // step))
    firsts = [start + timedelta(days=step * number) for number in range(count)]
    return tuple(TimeBand(_name(step), first) for first in firsts)


def _name(step: int) -> str:
    return f"{step // 7} weeks" if step < STEPS[2] else f"{round(step / 30.4)} months"
