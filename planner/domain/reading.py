"""What one line was read as, and what is still open about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from planner.domain.dates import (
    EXPECTED,
    DateReading,
    Due,
    HorizonIndex,
    index_horizons,
    is_no_date,
    read_date,
    show_day,
)
from planner.domain.errors import Problem
from planner.domain.model import DependencyKind, GoalId, Horizon, HorizonId, SharedGoal, Team, TeamId
from planner.domain.names import Match, NameIndex, index_names
from planner.domain.words import comparable

MAX_WHAT = 200
"""Characters of what is needed: as much as one row of a list shows."""
_LONGEST_DAY = 5
"""Words: "Friday the 2nd of March"."""
MY_TEAM = frozenset(
    {"we", "i", "us", "me", "we're", "i'm", "we are", "i am", "our team", "my team", "ourselves"}
)
_KINDS = {
    "shared": DependencyKind.SHARED,
    "pooled": DependencyKind.SHARED,
    "backandforth": DependencyKind.BACK_AND_FORTH,
    "reciprocal": DependencyKind.BACK_AND_FORTH,
    "handover": DependencyKind.HAND_OVER,
    "sequential": DependencyKind.HAND_OVER,
}


class Status(StrEnum):
    """How far a line was understood; only a ready one may be saved unasked."""

    READY = "ready"
    QUESTION = "question"
    UNREADABLE = "unreadable"


class Role(StrEnum):
    """What a piece of a sentence is."""

    CONSUMER = "consumer"
    WHAT = "what"
    PROVIDER = "provider"
    DATE = "date"
    GOAL = "goal"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the sentence as understood, for the preview; uncertain ones are asked about."""

    role: Role
    text: str
    is_certain: bool = True


@dataclass(frozen=True)
class Vocabulary:
    """The names that can be meant, on the day `today`, when a person of `my_team` writes."""

    teams: tuple[Team, ...]
    goals: tuple[SharedGoal, ...]
    horizons: tuple[Horizon, ...]
    today: date
    my_team: TeamId | None = None
    remembered: dict[str, DateReading | None] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def team_names(self) -> NameIndex[TeamId]:
        return index_names((team.id, (team.name, team.key)) for team in self.teams)

    @cached_property
    def goal_names(self) -> NameIndex[GoalId]:
        return index_names(
            (goal.id, (goal.key, goal.outcome, goal.outcome.split(":")[0])) for goal in self.goals
        )

    @cached_property
    def horizon_names(self) -> HorizonIndex:
        return index_horizons(self.horizons)

    @cached_property
    def team(self) -> dict[TeamId, Team]:
        return {team.id: team for team in self.teams}

    @cached_property
    def goal(self) -> dict[GoalId, SharedGoal]:
        return {goal.id: goal for goal in self.goals}

    def find_team(self, text: str) -> Match[TeamId]:
        """The team with this name; "we" and "us" are my team."""
        if self.my_team is not None and comparable(text) in MY_TEAM:
            return Match(text, self.my_team)
        return self.team_names.find(text)

    def exact_team(self, text: str) -> TeamId | None:
        """The team that this certainly names, or None."""
        if self.my_team is not None and comparable(text) in MY_TEAM:
            return self.my_team
        return self.team_names.exact(text)

    def date(self, text: str) -> DateReading | None:
        """The day that the words name; None when they do not speak of a day."""
        if text not in self.remembered:
            self.remembered[text] = read_date(text, today=self.today, horizons=self.horizon_names)
        return self.remembered[text]


@dataclass(frozen=True, slots=True)
class Parts:
    """The words of each part of a sentence; None where the part was not given."""

    what: str
    provider: str | None = None
    consumer: str | None = None
    by: str | None = None
    goal: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One dependency as understood. Every problem names its field; a ready reading has none."""

    consumer: Match[TeamId]
    provider: Match[TeamId]
    what: str
    due: DateReading | None
    goal: Match[GoalId] | None
    kind: DependencyKind
    problems: tuple[Problem, ...]
    status: Status
    tokens: tuple[Token, ...]

    @property
    def needed_by(self) -> date | None:
        return self.due.due.day if self.due and self.due.due else None

    @property
    def horizon_id(self) -> HorizonId | None:
        return self.due.due.horizon_id if self.due and self.due.due else None


def read_parts(parts: Parts, vocabulary: Vocabulary, *, notes: Iterable[Problem] = ()) -> Reading:
    """The reading of parts that were already told apart; `notes` are doubts about the telling."""
    consumer = _consumer(parts, vocabulary)
    provider = vocabulary.find_team(parts.provider) if parts.provider else Match("")
    due = _due(parts, vocabulary)
    goal = vocabulary.goal_names.find(parts.goal) if parts.goal else None
    kind = kind_called(parts.kind) if parts.kind else DependencyKind.HAND_OVER
    doubts = (
        *_team_problems("consumer", consumer, vocabulary),
        *_team_problems("provider", provider, vocabulary),
        *_self_problems(consumer, provider, vocabulary),
        *_due_problems(due),
        *_goal_problems(goal, vocabulary),
        *notes,
    )
    faults = (*_what_problems(parts.what), *_kind_problems(parts.kind))
    is_lost = bool(faults) or (due is not None and due.due is None and not due.candidates)
    status = Status.UNREADABLE if is_lost else Status.QUESTION if doubts else Status.READY
    tokens = _tokens(parts, vocabulary, consumer=consumer, provider=provider, due=due, goal=goal)
    return Reading(
        consumer, provider, parts.what, due, goal, kind or DependencyKind.HAND_OVER,
        (*faults, *doubts), status, tokens,
    )  # fmt: skip


def unreadable(problem: Problem) -> Reading:
    """A reading that holds nothing but the reason."""
    nobody: Match[TeamId] = Match("")
    return Reading(
        nobody, nobody, "", None, None, DependencyKind.HAND_OVER, (problem,), Status.UNREADABLE, ()
    )


def kind_called(text: str) -> DependencyKind | None:
    """The kind with this name, however it is written (#shared, back and forth, Hand-over)."""
    return _KINDS.get("".join(character for character in comparable(text) if character.isalpha()))


def _consumer(parts: Parts, vocabulary: Vocabulary) -> Match[TeamId]:
    if parts.consumer:
        return vocabulary.find_team(parts.consumer)
    return Match("", vocabulary.my_team)


def _due(parts: Parts, vocabulary: Vocabulary) -> DateReading | None:
    if parts.by is None or is_no_date(parts.by):
        return None
    found = vocabulary.date(parts.by)
    if found is not None:
        return found
    return _day_at_front(parts.by, vocabulary) or DateReading(
        parts.by, message=f"“{parts.by}” is no day; {EXPECTED}"
    )


def _day_at_front(text: str, vocabulary: Vocabulary) -> DateReading | None:
    """The day with which "6 Mar so that we can launch" begins, as a question."""
    words = text.split()
    for end in range(min(len(words) - 1, _LONGEST_DAY), 0, -1):
        found = vocabulary.date(" ".join(words[:end]))
        if found is not None and (found.due or found.candidates):
            candidates = (found.due,) if found.due else found.candidates
            shown = " or ".join(show_due(due, vocabulary) for due in candidates)
            return DateReading(text, None, candidates, f"read “{text}”; is the day {shown}?")
    return None


def _team_problems(where: str, match: Match[TeamId], vocabulary: Vocabulary) -> tuple[Problem, ...]:
    if match.id is not None:
        return ()
    others = [team.name for team in vocabulary.teams if team.id != vocabulary.my_team]
    if match.read and not others and not match.candidates:
        return (Problem(where, f"no other team is recorded yet; say that “{match.read}” is new"),)
    example = others[0] if others else "Partner API"
    if not match.read:
        verb = "needs" if where == "consumer" else "gives"
        return (Problem(where, f"which team {verb} it? Expected the name of a team, such as {example}"),)
    names = [vocabulary.team[id_].name for id_ in match.candidates]
    return (Problem(where, _unknown("team", match.read, names=names, example=example)),)


def _unknown(noun: str, read: str, *, names: list[str], example: str) -> str:
    if names:
        likely = " or ".join(names)
        return f"read “{read}”, which is not exactly the name of one {noun}; is it {likely}, or a new {noun}?"
    return f"no {noun} is called “{read}”; expected a known {noun}, such as {example}, or say that it is new"


def _self_problems(
    consumer: Match[TeamId], provider: Match[TeamId], vocabulary: Vocabulary
) -> tuple[Problem, ...]:
    if consumer.id is None or consumer.id != provider.id:
        return ()
    name = vocabulary.team[consumer.id].name if consumer.id in vocabulary.team else "the team"
    return (Problem("provider", f"{name} would need it from itself; expected two different teams"),)


def _due_problems(due: DateReading | None) -> tuple[Problem, ...]:
    return () if due is None or due.due is not None else (Problem("needed_by", due.message),)


def _goal_problems(goal: Match[GoalId] | None, vocabulary: Vocabulary) -> tuple[Problem, ...]:
    if goal is None or goal.id is not None:
        return ()
    example = vocabulary.goals[0].outcome if vocabulary.goals else "none yet"
    names = [vocabulary.goal[id_].outcome for id_ in goal.candidates]
    return (Problem("goal", _unknown("goal", goal.read, names=names, example=example)),)


def _what_problems(what: str) -> tuple[Problem, ...]:
    if not what:
        return (Problem("what", "nothing is named that is needed; expected: <what> from <team> by <day>"),)
    if len(what) > MAX_WHAT:
        return (Problem("what", f"{len(what)} characters are too long; expected at most {MAX_WHAT}"),)
    return ()


def _kind_problems(kind: str | None) -> tuple[Problem, ...]:
    if not kind or kind_called(kind):
        return ()
    return (Problem("kind", f"read “{kind}”; expected hand-over, shared or back-and-forth"),)


def _tokens(
    parts: Parts,
    vocabulary: Vocabulary,
    *,
    consumer: Match[TeamId],
    provider: Match[TeamId],
    due: DateReading | None,
    goal: Match[GoalId] | None,
) -> tuple[Token, ...]:
    """The pieces in the order of the canonical sentence; what is not known is left out."""
    tokens = [_team_token(Role.CONSUMER, consumer, vocabulary)]
    tokens.append(Token(Role.WHAT, parts.what, bool(parts.what)))
    tokens.append(_team_token(Role.PROVIDER, provider, vocabulary))
    if due is not None:
        tokens.append(Token(Role.DATE, _shown(due, vocabulary), due.due is not None))
    if goal is not None:
        known = goal.id is not None
        tokens.append(
            Token(Role.GOAL, vocabulary.goal[goal.id].outcome if goal.id is not None else goal.read, known)
        )
    if parts.kind:
        kind = kind_called(parts.kind)
        tokens.append(Token(Role.KIND, kind or parts.kind, kind is not None))
    return tuple(token for token in tokens if token.text)


def _team_token(role: Role, match: Match[TeamId], vocabulary: Vocabulary) -> Token:
    team = None if match.id is None else vocabulary.team.get(match.id)
    return Token(role, team.name if team else match.read, match.id is not None)


def _shown(due: DateReading, vocabulary: Vocabulary) -> str:
    if due.due is None:
        return due.read
    return show_due(due.due, vocabulary)


def show_due(due: Due, vocabulary: Vocabulary) -> str:
    """Fri 6 Mar 2026, with the horizon's name before it when it was named by one."""
    names = [horizon.name for horizon in vocabulary.horizons if horizon.id == due.horizon_id]
    days = [show_day(due.day)] if due.day else []
    return ", ".join(names + days)
