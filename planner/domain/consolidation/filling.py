"""First fit: sessions are filled one after the other as bins are.

Savings see whom a session brings together, not how full it gets. Around a hub whom everybody needs all
pairs save alike, and what counts is how few sessions hold all: bin packing (Johnson 1973). Long and short
come mixed: with the longest first, sessions of short ones would be full of people before of minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from planner.domain.consolidation.pricing import Group, Pricer, people_bits

TRIED = 48  # of one person's sessions, those begun last


def fill(groups: Sequence[Group], pricer: Pricer, *, seed: int) -> list[Group]:
    """The groups, mixed by a seed, each put into the first session of its people where that saves."""
    filling = _Filling(pricer)
    for group in Random(seed).sample(groups, len(groups)):  # noqa: S311 - repeatable, not secret
        filling.put(group)
    return filling.sessions


class _Filling:
    def __init__(self, pricer: Pricer) -> None:
        self.sessions: list[Group] = []
        self._pricer = pricer
        self._of: dict[int, list[int]] = {}  # from a person's bit to their sessions

    def put(self, group: Group) -> None:
        for number in self._near(group):
            held = self.sessions[number]
            wider = self._pricer.combine(held, group)
            if wider is not None and wider.cost < held.cost + group.cost:
                self.sessions[number] = wider
                self._enter(number, group.people & ~held.people)
                return
        self.sessions.append(group)
        self._enter(len(self.sessions) - 1, group.people)

    def _near(self, group: Group) -> Sequence[int]:
        return sorted(
            {number for bit in people_bits(group.people) for number in self._of.get(bit, ())[-TRIED:]}
        )

    def _enter(self, number: int, people: int) -> None:
        for bit in people_bits(people):
            self._of.setdefault(bit, []).append(number)
