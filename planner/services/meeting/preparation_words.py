"""The sentences of a preparation: why something stands where it does, and what another order costs whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from planner.domain.ballots import Result
    from planner.domain.proposed_plan import KeptSeat
    from planner.domain.ranking import Ranked


def place_words(place: Ranked, found: Sequence[Result], titles: Mapping[int, str]) -> str:
    """Say why a place of the ranking stands where it does."""
    if place.is_knot:
        return "These need one another in a circle. Split one of them: agree on the interface first."
    one = found[place.ids[0] - 1]
    if one.importance is None:
        return "Nobody has voted on it."
    weeks = "no estimate, taken as 1 week" if one.weeks is None else _weeks(one.weeks)
    why = f"Importance {number_words(one.importance)} over {weeks}: {float(place.ratio):.3g} a week."
    if place.pulled_by is not None:
        why += f" It comes first for “{titles[place.pulled_by]}”, which needs it."
    return why


def price_words(
    before: Sequence[KeptSeat], after: Sequence[KeptSeat], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Say for whom the window of a session moves, a sentence each."""
    return tuple(
        f"{names.get(now['person'], 'Somebody')}: minute {now['start']} to {now['end']} "
        f"instead of {was['start']} to {was['end']}."
        for was, now in zip(before, after, strict=True)
        if (was["start"], was["end"]) != (now["start"], now["end"])
    )


def number_words(value: Fraction) -> str:
    """Write a number of halves as people do."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _weeks(value: Fraction) -> str:
    return f"{number_words(value)} week{'' if value == 1 else 's'}"
