"""Blind votes before a session: when they are seen, by whom, and what they say.

A vote is about a matter of the agenda, by its name. Nothing here shows a vote that is not opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median

from planner.domain.errors import InvalidInput, Problem
from planner.domain.perspectives import (
    SCALE,
    View,
    Viewpoint,
    concordance,
    perspective_gap,
    viewpoint_gap,
)
from planner.domain.ranking import Rankable, Ranking, rank

ROUNDS = 2
PUBLIC_FROM = 5
"""From so many votes on others than the people of the session may read what came out."""
WEEKS = (1, 2, 3, 5, 8, 13)
"""What can be said of how long something takes; nobody knows it closer."""
UNSAID_WEEKS = Fraction(1)
"""How long something counts where nobody said it."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person says of one matter: importance 1 to 5, from where they look, how long it takes."""

    matter: str
    importance: int
    viewpoint: Viewpoint | None = None
    weeks: int | None = None


@dataclass(frozen=True)
class Ballot:
    """One round of votes, by person; a round is closed from the moment it is opened for all to read."""

    round: int = 1
    opened_at: datetime | None = None
    votes: Mapping[str, tuple[Vote, ...]] | None = None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None

    @property
    def voted(self) -> frozenset[str]:
        """The keys of those who have voted."""
        return frozenset(self.votes or {})


@dataclass(frozen=True, slots=True)
class Result:
    """What the votes on one matter say. `importance` and `weeks` are medians."""

    matter: str
    count: int
    importance: Fraction | None
    weeks: Fraction | None
    gap: Fraction | None
    viewpoint_gap: Fraction | None
    scores: tuple[int, ...]

    @property
    def is_public(self) -> bool:
        """True where so many have voted that nobody outside learns of a single one."""
        return self.count >= PUBLIC_FROM


def check_votes(votes: Iterable[Vote], matters: Collection[str]) -> tuple[Vote, ...]:
    """Return the votes, one for each matter. Raises InvalidInput with everything that is wrong."""
    votes = tuple(votes)
    problems = [problem for vote in votes for problem in _problems(vote, matters)]
    twice = len(votes) - len({vote.matter for vote in votes})
    if twice:
        problems.append(Problem("votes", f"name {twice} of the matters twice; expected one vote for each"))
    if not votes:
        problems.append(Problem("votes", "are empty; say for one thing at least how important it is"))
    if problems:
        raise InvalidInput(*problems)
    return votes


def _problems(vote: Vote, matters: Collection[str]) -> Iterable[Problem]:
    if vote.matter not in matters:
        yield Problem("votes", f"name “{vote.matter[:60]}”, which is not on this agenda any more")
    if not 1 <= vote.importance <= SCALE:
        yield Problem("votes", f"say {vote.importance}; expected an importance from 1 to {SCALE}")
    if vote.weeks is not None and vote.weeks not in WEEKS:
        listed = ", ".join(map(str, WEEKS))
        yield Problem("votes", f"say {vote.weeks} weeks; expected one of {listed}")


def results(ballot: Ballot, matters: Iterable[str]) -> tuple[Result, ...]:
    """Return what came out for each matter, in the order given. Of a blind ballot nothing: ()."""
    if not ballot.is_open:
        return ()
    given = [vote for votes in (ballot.votes or {}).values() for vote in votes]
    return tuple(_result(matter, [vote for vote in given if vote.matter == matter]) for matter in matters)


def _result(matter: str, votes: Sequence[Vote]) -> Result:
    scores = [vote.importance for vote in votes]
    weeks = [Fraction(vote.weeks) for vote in votes if vote.weeks is not None]
    return Result(
        matter=matter,
        count=len(votes),
        importance=median(map(Fraction, scores)) if scores else None,
        weeks=median(weeks) if weeks else None,
        gap=perspective_gap(scores),
        viewpoint_gap=viewpoint_gap(View(vote.importance, vote.viewpoint) for vote in votes),
        scores=tuple(sorted(scores)),
    )


def agreement(ballot: Ballot, matters: Sequence[str], *, at_least: int = 2) -> Fraction | None:
    """Return how far those who voted on everything order it alike (Kendall's W).

    None while it is blind, and where fewer than `at_least` have voted on everything.
    """
    if not ballot.is_open:
        return None
    rows = []
    for votes in (ballot.votes or {}).values():
        said = {vote.matter: vote.importance for vote in votes}
        if said.keys() >= set(matters):
            rows.append([said[matter] for matter in matters])
    return concordance(rows) if len(rows) >= at_least else None


def most_divided_first(found: Iterable[Result]) -> tuple[str, ...]:
    """Return the matters by importance times gap, the largest first: what is worth talking about.

    Equal ones stay in their order; what nobody voted on comes last.
    """
    by_need = sorted(found, key=lambda one: -(one.importance or 0) * (one.gap or 0))
    return tuple(one.matter for one in sorted(by_need, key=lambda one: one.importance is None))


@dataclass(frozen=True, slots=True)
class Ranks:
    """What a matter brings to the ranking besides its votes."""

    needs: frozenset[str] = frozenset()
    needed_by: date | None = None


def ranking_of(found: Sequence[Result], known: Mapping[str, Ranks]) -> Ranking:
    """Return the matters ranked by median importance over median weeks; ids are places in `found`, from 1.

    What nobody voted on is worth nothing, what nobody gave weeks takes one.
    """
    number = {one.matter: at for at, one in enumerate(found, 1)}
    return rank(
        Rankable(
            id=number[one.matter],
            cost_of_delay=one.importance or Fraction(),
            weeks=one.weeks or UNSAID_WEEKS,
            needs=frozenset(number[name] for name in known[one.matter].needs if name in number),
            needed_by=known[one.matter].needed_by,
        )
        for one in found
    )
