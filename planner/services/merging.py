"""What an import would do to dependencies that are here already: who said what last decides.

A field that an import wrote last follows the file. A field that people changed since, and everything
that was answered, stays as it is unless somebody says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.model import DependencyState, TeamId
from planner.services.permissions import Right, may
from planner.storage.audit import insert_noted, update_noted
from planner.storage.models import ChangeRow, DependencyRow, EventRow, MembershipRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

IMPORTED = "organisation:imported"
"""The tag of every change that an import makes."""
FOLLOWED = ("consumer_id", "provider_id", "what", "needed_by", "horizon_id", "item")
"""The columns that follow the file; states and promises are people's own."""
ASKED_FOR = frozenset({"consumer_id", "provider_id", "what", "needed_by"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dependency as a file has it, with ids in place of keys. `silent`: columns that it does not tell."""

    key: str
    values: Mapping[str, Any]
    state: DependencyState
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the file has otherwise and that does not simply follow it.

    `may_take`: the actor could change it by hand. `is_agreed`: it was answered, else people changed it.
    """

    column: str
    here: Any
    there: Any
    may_take: bool
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one: a new row, some columns of an old one, or questions about it."""

    wanted: Wanted
    row: DependencyRow | None
    changes: Mapping[str, Any] = field(default_factory=dict)
    open: tuple[Difference, ...] = ()


class Merger:
    """Compares part after part; remembers who may do what and how many teams have people."""

    def __init__(
        self, session: Session, actor: Actor, take: frozenset[str], *, take_all: bool = False
    ) -> None:
        self._session, self._actor = session, actor
        self._take, self._take_all = take, take_all
        self._peopled = {TeamId(i) for i in session.scalars(select(MembershipRow.team_id).distinct())}

    def outcomes(self, part: Sequence[Wanted]) -> list[Outcome]:
        """Return what becomes of each, in order; three questions to the database at most."""
        keys = [wanted.key for wanted in part]
        found = self._session.scalars(select(DependencyRow).where(DependencyRow.key.in_(keys)))
        rows = {row.key: row for row in found}
        differing = [rows[w.key].id for w in part if w.key in rows and _differing(rows[w.key], w)]
        said = self._last_said(differing)
        return [self._outcome(wanted, rows.get(wanted.key), said) for wanted in part]

    def _outcome(self, wanted: Wanted, row: DependencyRow | None, said: Said) -> Outcome:
        if row is None:
            return Outcome(wanted, None)
        changes: dict[str, Any] = {}
        questions: list[Difference] = []
        for column in _differing(row, wanted):
            here, there = getattr(row, column), wanted.values[column]
            by_people, imported = said.get((row.id, column), (False, _NOTHING))
            is_agreed = row.state != DependencyState.ASKED and column in ASKED_FOR
            allowed = self._may(row, column, wanted)
            wants = self._take_all or wanted.key in self._take
            if allowed and (wants or not (by_people or is_agreed)):
                changes[column] = there
            elif imported is _NOTHING or imported != _plain(there):
                questions.append(Difference(column, here, there, allowed, is_agreed))
        return Outcome(wanted, row, changes, tuple(questions))

    def _last_said(self, numbers: Sequence[int]) -> Said:
        """For each column: whether people changed it after the last import, and what that one said."""
        if not numbers:
            return {}
        query = (
            select(EventRow.subject_id, EventRow.after, ChangeRow.tag)
            .join(ChangeRow, ChangeRow.id == EventRow.change_id)
            .where(EventRow.subject == "dependency", EventRow.subject_id.in_(numbers))
            .order_by(EventRow.id)
        )
        said: dict[tuple[int, str], tuple[bool, Any]] = defaultdict(lambda: (False, _NOTHING))
        for number, after, tag in self._session.execute(query):
            for column, value in (after or {}).items():
                before = said[number, column]
                said[number, column] = (False, value) if tag == IMPORTED else (True, before[1])
        return said

    def _may(self, row: DependencyRow, column: str, wanted: Wanted) -> bool:
        consumer, provider = TeamId(row.consumer_id), TeamId(row.provider_id)
        actor = self._actor
        if actor.is_operator:
            return True
        if not may(actor, Right.CHANGE_DEPENDENCY, self._with_people(consumer, provider)):
            return False
        if column not in ASKED_FOR:
            return True
        if not may(actor, Right.REWORD, self._with_people(consumer)):
            return False
        if row.state == DependencyState.ASKED:
            return True
        new = (TeamId(wanted.values["consumer_id"]), TeamId(wanted.values["provider_id"]))
        speaks = [may(actor, Right.ANSWER_AS_CONSUMER, [team]) for team in {consumer, new[0]}]
        speaks += [may(actor, Right.ANSWER_AS_PROVIDER, [team]) for team in {provider, new[1]}]
        return all(speaks)

    def _with_people(self, *teams: TeamId) -> list[TeamId]:
        """The teams that somebody is in; a team without people is open to all."""
        return [team for team in teams if team in self._peopled]


if TYPE_CHECKING:
    Said = Mapping[tuple[int, str], tuple[bool, Any]]

_NOTHING = object()


def _differing(row: DependencyRow, wanted: Wanted) -> list[str]:
    told = (column for column in FOLLOWED if column not in wanted.silent)
    return [column for column in told if getattr(row, column) != wanted.values[column]]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def apply(session: Session, outcomes: Iterable[Outcome], today: date) -> None:
    """Write a part at once and let go of its rows, so that memory does not grow with the file."""
    new: list[dict[str, Any]] = []
    rows: list[DependencyRow] = []
    changed: list[tuple[DependencyRow, Mapping[str, Any]]] = []
    for outcome in outcomes:
        row = outcome.row
        if row is None:
            new.append(_new(outcome.wanted, today))
            continue
        changes = dict(outcome.changes)
        if not ASKED_FOR.isdisjoint(changes):  # other words are a new round
            changes["round"] = row.round + 1
            changes |= {} if row.asked_on == today else {"asked_on": today}
        if changes:
            changed.append((row, changes))
        rows.append(row)
    update_noted(session, changed)
    insert_noted(session, DependencyRow, ("key",), new)
    for row in rows:
        session.expunge(row)


def _new(wanted: Wanted, today: date) -> dict[str, Any]:
    return {
        "key": wanted.key,
        "state": wanted.state.value,
        "kind": "hand-over",
        "asked_on": today if wanted.state is DependencyState.ASKED else None,
        **wanted.values,
    }
