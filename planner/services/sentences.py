"""From what people type to dependencies: read, shown for checking, and only then recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from planner.domain.errors import Problem
from planner.domain.paste import read_paste
from planner.domain.reading import Parts, Role, Status, Token, Vocabulary, read_parts
from planner.domain.sentence import read_sentence, similar_to
from planner.domain.text import SENTENCE_LONGEST, fold
from planner.domain.transfer import DependencyDraft

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from planner.domain.model import DependencyId, Organisation, PersonId, TeamId
    from planner.domain.names import Match
    from planner.domain.reading import Reading
    from planner.services.actor import Actor

NEW_TEAM = "new:"
"""Before the name of a team that does not exist yet, where a team's key is expected."""


@dataclass(frozen=True)
class ReadLine:
    """One sentence as understood, for the preview under the field and for the button's word."""

    tokens: tuple[Token, ...]
    problems: tuple[Problem, ...]
    status: Status
    provider: str = ""
    asked: tuple[str, ...] = ()
    similar: DependencyId | None = None

    @property
    def is_ready(self) -> bool:
        return self.status is Status.READY and self.similar is None


@dataclass(frozen=True)
class CheckRow:
    """One line of the table to correct, in the words of its cells; teams and goals by key.

    A team that is not known stands as "new:Name" once somebody said that it is new.
    """

    number: int
    what: str = ""
    consumer: str = ""
    provider: str = ""
    by: str = ""
    goal: str = ""
    kind: str = ""
    taken: bool = True
    consumer_read: str = ""
    provider_read: str = ""
    consumer_candidates: tuple[str, ...] = ()
    provider_candidates: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    similar: DependencyId | None = None
    repeats: int | None = None

    @property
    def sign(self) -> tuple[str, str]:
        """Return glyph and word of how this line stands."""
        if self.problems:
            return ("?", "to check")
        if NEW_TEAM in (self.consumer[: len(NEW_TEAM)], self.provider[: len(NEW_TEAM)]):
            return ("+", "adds a team")
        if self.repeats:
            return ("≈", f"like line {self.repeats}")
        return ("≈", f"like #{self.similar}") if self.similar else ("✓", "new")


def vocabulary_for(
    organisation: Organisation, actor: Actor | None, today: date, team: str = ""
) -> Vocabulary:
    """Return the names that can be meant; "we" is the team given by key, else one the actor decides for."""
    return Vocabulary(
        teams=organisation.teams,
        goals=organisation.goals,
        horizons=organisation.horizons,
        today=today,
        my_team=_my_team(organisation, actor, team),
    )


def read_line(
    organisation: Organisation, actor: Actor | None, text: str, today: date, *, team: str = ""
) -> ReadLine | None:
    """Return how one sentence reads; None for nothing but space."""
    if not text.strip():
        return None
    vocabulary = vocabulary_for(organisation, actor, today, team)
    reading = read_sentence(text, vocabulary)
    provider = vocabulary.team.get(reading.provider.id) if reading.provider.id is not None else None
    return ReadLine(
        tokens=reading.tokens,
        problems=reading.problems,
        status=reading.status,
        provider=provider.name if provider else "",
        asked=_owners(organisation, reading.provider.id),
        similar=similar_to(reading, organisation.dependencies),
    )


def check_lines(
    organisation: Organisation, actor: Actor | None, text: str, today: date, *, team: str = ""
) -> tuple[CheckRow, ...]:
    """Return every line of a sentence or a paste as a row of the table to check."""
    vocabulary = vocabulary_for(organisation, actor, today, team)
    return _with_repeats(
        _unread(line.number, line.text, line.reading)
        if line.reading.status is Status.UNREADABLE and not line.reading.what
        else _row(organisation, vocabulary, line.number, line.reading)
        for line in read_paste(text, vocabulary)
    )


def check_again(
    organisation: Organisation, actor: Actor | None, rows: Sequence[CheckRow], today: date
) -> tuple[CheckRow, ...]:
    """Return the rows with what is still open about each, after somebody corrected cells."""
    vocabulary = vocabulary_for(organisation, actor, today)
    return _with_repeats(_checked(organisation, vocabulary, row) for row in rows)


def _with_repeats(rows: Iterable[CheckRow]) -> tuple[CheckRow, ...]:
    """The rows, each that says the same as an earlier one with the number of that line."""
    first: dict[tuple[str, str, str], int] = {}
    found = []
    for row in rows:
        said = (row.consumer, row.provider, fold(row.what))
        earlier = first.setdefault(said, row.number)
        found.append(replace(row, repeats=earlier if earlier != row.number else None))
    return tuple(found)


def drafts_of(
    organisation: Organisation, actor: Actor | None, rows: Sequence[CheckRow], today: date
) -> tuple[list[DependencyDraft], list[str]]:
    """Return drafts of the taken rows and the names of teams to add. Rows must have no problem."""
    vocabulary = vocabulary_for(organisation, actor, today)
    drafts = [_draft(organisation, vocabulary, row) for row in rows if row.taken]
    named = [key for draft in drafts for key in (draft.consumer, draft.provider)]
    known = {team.key for team in organisation.teams}
    return drafts, [name for name in dict.fromkeys(named) if name not in known]


def _my_team(organisation: Organisation, actor: Actor | None, key: str) -> TeamId | None:
    named = next((team.id for team in organisation.teams if team.key == key), None)
    if named is not None or actor is None:
        return named
    mine = sorted(actor.decides_for) or sorted(actor.member_of)
    return mine[0] if mine else None


def _owners(organisation: Organisation, team_id: TeamId | None) -> tuple[str, ...]:
    people: tuple[PersonId, ...] = organisation.product_owners.get(team_id, ()) if team_id is not None else ()
    return tuple(organisation.person[person].name for person in people)


def _unread(number: int, text: str, reading: Reading) -> CheckRow:
    """A line of which nothing was understood stands in the first cell as it came, to be sorted by hand."""
    return CheckRow(number, what=text.strip()[:SENTENCE_LONGEST], problems=reading.problems)


def _row(organisation: Organisation, vocabulary: Vocabulary, number: int, reading: Reading) -> CheckRow:
    keys = {team.id: team.key for team in organisation.teams}
    goals = {goal.id: goal.key for goal in organisation.goals}
    row = CheckRow(
        number=number,
        what=reading.what,
        consumer=_team_cell(reading.consumer, keys),
        provider=_team_cell(reading.provider, keys),
        by=_date_cell(reading),
        goal=goals.get(reading.goal.id, "") if reading.goal and reading.goal.id is not None else "",
        kind=reading.kind.value,
        consumer_read=reading.consumer.read,
        provider_read=reading.provider.read,
    )
    checked = _checked(organisation, vocabulary, row)
    # what the reading doubts beyond the cells, such as two ways to split it, is asked once
    cells = {"consumer", "provider", "needed_by", "what", "kind"}
    doubts = tuple(p for p in reading.problems if p.where not in cells)
    return replace(checked, problems=(*checked.problems, *doubts))


def _team_cell(match: Match[TeamId], keys: dict[TeamId, str]) -> str:
    """A team that is known; one that nothing is like is offered as new; else the question stays open."""
    if match.id is not None:
        return keys[match.id]
    return NEW_TEAM + match.read if match.read and not match.candidates else ""


def _date_cell(reading: Reading) -> str:
    dates = [token.text for token in reading.tokens if token.role is Role.DATE]
    if reading.needed_by is not None and reading.horizon_id is None:
        return reading.needed_by.isoformat()
    return reading.due.read if reading.due else (dates[0] if dates else "")


def _parts(organisation: Organisation, row: CheckRow) -> Parts:
    names = {team.key: team.name for team in organisation.teams}
    goals = {goal.key: goal.key for goal in organisation.goals}
    return Parts(
        what=row.what.strip(),
        # an empty cell still asks about the name that was read there
        provider=names.get(row.provider, row.provider.removeprefix(NEW_TEAM)) or row.provider_read or None,
        consumer=names.get(row.consumer, row.consumer.removeprefix(NEW_TEAM)) or row.consumer_read or None,
        by=row.by.strip() or None,
        goal=goals.get(row.goal),
        kind=row.kind or None,
    )


def _checked(organisation: Organisation, vocabulary: Vocabulary, row: CheckRow) -> CheckRow:
    reading = read_parts(_parts(organisation, row), replace(vocabulary, my_team=None))
    settled = {
        cell
        for cell, value in (("consumer", row.consumer), ("provider", row.provider))
        if value.startswith(NEW_TEAM) and value != NEW_TEAM
    }
    problems = tuple(p for p in reading.problems if p.where not in settled)
    if row.consumer.startswith(NEW_TEAM) and row.consumer == row.provider:
        problems = (*problems, Problem("provider", "a team cannot need something from itself"))
    keys = {team.id: team.key for team in organisation.teams}
    return replace(
        row,
        problems=problems,
        similar=similar_to(reading, organisation.dependencies),
        consumer_candidates=tuple(keys[i] for i in reading.consumer.candidates),
        provider_candidates=tuple(keys[i] for i in reading.provider.candidates),
    )


def _draft(organisation: Organisation, vocabulary: Vocabulary, row: CheckRow) -> DependencyDraft:
    reading = read_parts(_parts(organisation, row), replace(vocabulary, my_team=None))
    horizons = {horizon.id: horizon.name for horizon in organisation.horizons}
    return DependencyDraft(
        key="",
        consumer=row.consumer.removeprefix(NEW_TEAM),
        provider=row.provider.removeprefix(NEW_TEAM),
        what=row.what.strip(),
        needed_by=reading.needed_by,
        goal=row.goal or None,
        horizon=horizons.get(reading.horizon_id) if reading.horizon_id is not None else None,
        kind=reading.kind,
    )
