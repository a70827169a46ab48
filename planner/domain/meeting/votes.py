"""Votes in a session: dots, fist of five and consent, each blind until all are shown at once.

A vote is about work. What is shown is how many said what, never who; an objection is shown by its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from planner.domain.errors import InvalidInput, NotNow, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from planner.domain.meeting.model import ItemId

PollId = NewType("PollId", int)
FIST_MOST = 5
CHOICES_MOST = 8
DOTS_MOST = 20
ROUNDS_MOST = 2
"""How often the same way of voting is used for one item; after that, people talk."""
CLOSED = "This vote is closed, so yours was not counted. What came out is on the page."


class Method(StrEnum):
    """The ways to vote: share out dots, show nought to five fingers, or say whether one can live with it."""

    DOTS = "dots"
    FIST = "fist"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said. numbers: the dots for each choice, the fist, or 1 for fine and 0 against it."""

    person: str
    numbers: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """A vote about one item. dots: how many each person has; cap: how many of them one choice may get."""

    id: PollId
    item_id: ItemId
    method: Method
    choices: tuple[str, ...] = ()
    dots: int = 3
    cap: int = 2
    is_revealed: bool = False
    votes: tuple[Vote, ...] = field(default=())

    def vote_of(self, person: str) -> Vote | None:
        """Return what a person said so far."""
        return next((one for one in self.votes if one.person == person), None)

    @property
    def tally(self) -> tuple[int, ...]:
        """How many dots each choice has, how often each fist from nought to five was shown, or how many
        object and how many are fine. Nothing of it may be shown before all is."""
        if self.method is Method.DOTS:
            return tuple(sum(one.numbers[at] for one in self.votes) for at in range(len(self.choices)))
        most = FIST_MOST if self.method is Method.FIST else 1
        return tuple(sum(one.numbers == (number,) for one in self.votes) for number in range(most + 1))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against it, without names, in alphabetical order so that none can be guessed."""
        return tuple(sorted(one.reason for one in self.votes if one.reason))


def called(poll: Poll, earlier: Sequence[Poll]) -> Poll:
    """Return the poll as it can be called after these. Raises InvalidInput, NotNow while another is open."""
    if any(not one.is_revealed for one in earlier):
        raise NotNow("A vote is open already. Show its result first.")
    if sum(one.item_id == poll.item_id and one.method is poll.method for one in earlier) >= ROUNDS_MOST:
        raise NotNow("There were two rounds of this vote. Talk, decide, or park it.")
    if poll.method is Method.DOTS:
        _expect_dots(poll)
    return poll


def cast(poll: Poll, vote: Vote) -> Poll:
    """Return the poll with this vote, in the place of an earlier one. Raises NotNow, InvalidInput."""
    if poll.is_revealed:
        raise NotNow(CLOSED)
    _CHECKS[poll.method](poll, vote)
    others = tuple(one for one in poll.votes if one.person != vote.person)
    return Poll(poll.id, poll.item_id, poll.method, poll.choices, poll.dots, poll.cap, votes=(*others, vote))


def is_complete(poll: Poll, voters: Collection[str]) -> bool:
    """Return whether everybody who is there and has a vote has voted; nobody there is not everybody."""
    return bool(voters) and set(voters) <= {one.person for one in poll.votes}


def _expect_dots(poll: Poll) -> None:
    problems = []
    if not 2 <= len(poll.choices) <= CHOICES_MOST:
        problems.append(Problem("choices", f"need two to {CHOICES_MOST} lines, one for each choice"))
    if not 1 <= poll.dots <= DOTS_MOST:
        problems.append(Problem("dots", f"must be 1 to {DOTS_MOST}"))
    elif not 1 <= poll.cap <= poll.dots:
        problems.append(Problem("cap", f"must be 1 to {poll.dots}, the dots that each person has"))
    if problems:
        raise InvalidInput(*problems)


def _check_dots(poll: Poll, vote: Vote) -> None:
    if len(vote.numbers) != len(poll.choices) or min(vote.numbers, default=0) < 0:
        raise InvalidInput(Problem("dots", "do not fit these choices; reload the page"))
    if max(vote.numbers) > poll.cap:
        raise InvalidInput(Problem("dots", f"are more than {poll.cap} on one choice; share them out"))
    if not 0 < sum(vote.numbers) <= poll.dots:
        raise InvalidInput(Problem("dots", f"are {sum(vote.numbers)}; give 1 to {poll.dots} altogether"))


def _check_fist(_poll: Poll, vote: Vote) -> None:
    if len(vote.numbers) != 1 or not 0 <= vote.numbers[0] <= FIST_MOST:
        raise InvalidInput(Problem("fist", f"must be 0 to {FIST_MOST}"))


def _check_consent(_poll: Poll, vote: Vote) -> None:
    if vote.numbers not in {(0,), (1,)}:
        raise InvalidInput(Problem("consent", "is missing; say fine, or object"))
    if vote.numbers == (0,) and not vote.reason:
        raise InvalidInput(Problem("reason", "is empty; say what speaks against it"))


_CHECKS = {Method.DOTS: _check_dots, Method.FIST: _check_fist, Method.CONSENT: _check_consent}
