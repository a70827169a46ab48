"""What a fist of five says of how sure people are that something can be done.

It holds where three fingers or more are shown on average, and whoever shows two or fewer has been heard:
has written what is missing. Nothing is forbidden by it; it is said, and people decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from planner.domain.meeting.votes import FIST_MOST, Method, Poll

ENOUGH = 3
LOW = 2


@dataclass(frozen=True, slots=True)
class Confidence:
    """mean: fingers on average. low: how many show two or fewer; unheard: of these, who wrote no reason."""

    mean: Fraction
    low: int
    unheard: int

    @property
    def holds(self) -> bool:
        return self.mean >= ENOUGH and not self.unheard


def confidence_of(poll: Poll) -> Confidence | None:
    """Return what a fist of five says; None for other votes, and where nobody has voted."""
    if poll.method is not Method.FIST or not poll.votes:
        return None
    low = [one for one in poll.votes if one.numbers[0] <= LOW]
    return Confidence(
        mean=Fraction(sum(one.numbers[0] for one in poll.votes), len(poll.votes)),
        low=len(low),
        unheard=sum(not one.reason for one in low),
    )


def confidence_words(found: Confidence | None) -> str:
    """Say it in two sentences, "" where there is nothing to say."""
    if found is None:
        return ""
    mean = f"{float(found.mean):.1f} of {FIST_MOST} on average."
    if found.unheard:
        who = "One person shows" if found.unheard == 1 else f"{found.unheard} people show"
        has = "has" if found.unheard == 1 else "have"
        return f"{mean} {who} {LOW} or fewer and {has} not said what is missing: hear them before you commit."
    if found.mean < ENOUGH:
        return f"{mean} That is too little to commit to: change it, or make it smaller."
    return f"{mean} Enough to commit to{', and every doubt is heard' if found.low else ''}."
