"""What somebody needs, in one sentence or a paste of many lines: read, and recorded once nothing is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from planner.domain.errors import InvalidInput, Problem
from planner.services.accounts.tokens import Scope
from planner.services.dependencies import record_dependencies
from planner.services.sentences import NEW_TEAM, CheckRow, check_lines, drafts_of
from planner.web import context
from planner.web.api.dependencies import Lines, Recorded
from planner.web.api.operations import One, operation
from planner.web.api.records import do, expect_known, maybe, one, team_keys
from planner.web.api.telling import told
from planner.web.api.types import AtMost, Key, Name, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXT_LONGEST = 200_000


@dataclass(frozen=True, kw_only=True)
class NewText:
    """One need a line: “Payments needs a token from Identity by 2 March”. `team`: who “we” is, by key."""

    text: Annotated[str, Text(TEXT_LONGEST, 1)]
    team: Key | None = None


@dataclass(frozen=True, kw_only=True)
class NewNeeds(NewText):
    """The same, to be recorded. `new_teams`: the names of teams in it that are new; `criteria`: of each."""

    new_teams: Annotated[tuple[Name, ...], AtMost(200)] = ()
    criteria: Lines = ()


@dataclass(frozen=True, kw_only=True)
class LineProblem:
    """What is still open about a line, and about which part of it."""

    where: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ReadNeed:
    """One line as it was understood; teams and goal by key, a team that is new as “new:Name”.

    `similar`: the number of a dependency that says the same; `repeats`: the line that did.
    """

    line: int
    what: str
    consumer: str
    provider: str
    by: str
    goal: str
    kind: str
    consumer_candidates: tuple[str, ...]
    provider_candidates: tuple[str, ...]
    similar: int | None
    repeats: int | None
    problems: tuple[LineProblem, ...]


@dataclass(frozen=True, kw_only=True)
class ReadText:
    """Every line, as it was understood. Nothing is saved."""

    lines: tuple[ReadNeed, ...]


@operation("POST", "/sentences/read", scope=Scope.READ)
def read_sentences(body: NewText) -> One[ReadText]:
    """Read a sentence or a paste, and say what is still open about each line."""
    return one(ReadText(lines=tuple(told(ReadNeed, row, line=row.number) for row in _rows(body))))


@operation("POST", "/sentences", status=201)
def record_sentences(body: NewNeeds) -> One[Recorded]:
    """Record every line as a dependency, all of them or none.

    Refused while anything is open about a line, a team is not there and not among the new ones, or a line
    says what is there already. `POST /dependencies` takes what you have settled.
    """
    rows = _rows(body)
    problems = [problem for row in rows for problem in _open_about(row, body.new_teams)]
    if problems or not rows:
        raise InvalidInput(*(problems or [Problem("/text", "has no line that can be read")]))
    drafts, new_teams = drafts_of(context.organisation(), context.actor(), rows, context.today())
    keys, change = do(
        record_dependencies, [replace(draft, criteria=body.criteria) for draft in drafts], new_teams=new_teams
    )
    return one(Recorded(keys=tuple(keys)), change=change)


def _rows(body: NewText) -> Sequence[CheckRow]:
    expect_known(team=(maybe(body.team), team_keys()))
    return check_lines(
        context.organisation(), context.actor(), body.text, context.today(), team=body.team or ""
    )


def _open_about(row: CheckRow, new_teams: Iterable[str]) -> list[Problem]:
    found = [f"{one.where} {one.message}".strip() for one in row.problems]
    for team in (row.consumer, row.provider):
        name = team.removeprefix(NEW_TEAM)
        if team.startswith(NEW_TEAM) and name not in new_teams:
            found.append(f"there is no team “{name}”; name it in new_teams if it is one")
    if row.similar or row.repeats:
        found.append(f"says the same as {f'#{row.similar}' if row.similar else f'line {row.repeats}'}")
    return [Problem("/text", f"line {row.number}: {words}") for words in found]
