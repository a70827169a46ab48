"""The versions of a proposed plan: who answered what to which, and what one changes against another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.agreement import ProposalState, Stance, state_on
from planner.domain.conditions import Wish, wish_and_words
from planner.domain.consolidation.adjustment_words import AdjustmentWriter, Wording
from planner.domain.consolidation.change_words import ChangeWriter, summary
from planner.domain.consolidation.changes import differences
from planner.domain.consolidation.keeping import from_keys
from planner.domain.errors import NotFound
from planner.domain.stand_ins import with_stand_ins
from planner.services.consolidation.proposals import existing_proposal, name_of_key, of_question, standing_of
from planner.storage.models import AnswerRow, ProposalRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Plan, Slot
    from planner.domain.model import Organisation


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered to a version."""

    name: str
    stance: Stance
    words: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a plan, in short; `state` is that of today."""

    id: int
    number: int
    state: ProposalState
    shared_by: str
    shared_at: datetime
    sessions: int
    adjustments: tuple[str, ...]
    said: tuple[Said, ...]

    def count(self, stance: str) -> int:
        """Return how many people have answered so."""
        return sum(one.stance.value == stance for one in self.said)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one version changes against another: in a line, for each session, and for whom."""

    before: Version
    after: Version
    summary: str
    sentences: tuple[str, ...]
    people: tuple[str, ...]


def read_versions(
    session: Session, organisation: Organisation, number: int, today: date, when: Callable[[Slot], str]
) -> tuple[Version, ...]:
    """Return every version of the plan of this proposal, newest first. Three queries. Raises NotFound."""
    rows = of_question(session, existing_proposal(session, number).question)
    query = select(AnswerRow).where(AnswerRow.proposal_id.in_([row.id for row in rows]))
    answers: dict[int, list[AnswerRow]] = {}
    for one in session.scalars(query.order_by(AnswerRow.id)):
        answers.setdefault(one.proposal_id, []).append(one)
    reader = _Reader(organisation, today, when)
    return tuple(reader.version(row, answers.get(row.id, ())) for row in reversed(rows))


def count_versions(session: Session, number: int) -> int:
    """Return how many versions there are of the plan of this proposal. Raises NotFound."""
    return len(of_question(session, existing_proposal(session, number).question))


def compare_versions(
    session: Session, organisation: Organisation, versions: Sequence[Version], *, before: int, after: int
) -> Comparison:
    """Return what the version of one number changes against that of another. One query. Raises NotFound."""
    known = {one.number: one for one in versions}
    if before not in known or after not in known:
        raise NotFound(f"There is no version {before if before not in known else after} of this plan.")
    query = select(ProposalRow).where(ProposalRow.id.in_({known[before].id, known[after].id}))
    rows = {row.number: row for row in session.scalars(query)}
    everybody = with_stand_ins(organisation)
    then, now = (from_keys(everybody, rows[number].plan) for number in (before, after))
    found = differences(then, now)
    writer = ChangeWriter(everybody, [one["title"] for one in rows[after].plan["sessions"]])
    people = _turnouts(everybody, then, now)
    return Comparison(known[before], known[after], summary(found), writer.sentences(found), people)


def _turnouts(organisation: Organisation, then: Plan, now: Plan) -> tuple[str, ...]:
    """ "Ravi Menon sits in 2 sessions, in 1 before", for everybody whose number changes."""
    counts = [Counter(person for one in plan.sessions for person in one.attendees) for plan in (then, now)]
    writer = AdjustmentWriter(organisation)
    changed = [name for name in counts[0].keys() | counts[1].keys() if counts[0][name] != counts[1][name]]
    lines = sorted((writer.person(name), name) for name in changed)
    return tuple(
        f"{person} sits in {_sessions(counts[1][name])}, in {counts[0][name] or 'none'} before"
        for person, name in lines
    )


def _sessions(count: int) -> str:
    return {0: "no session", 1: "1 session"}.get(count, f"{count} sessions")


class _Reader:
    def __init__(self, organisation: Organisation, today: date, when: Callable[[Slot], str]) -> None:
        self.organisation, self.today = organisation, today
        self.wording = Wording(organisation, today)
        self.writer = AdjustmentWriter(organisation, when)
        self.people = {person.key: person for person in organisation.people}

    def version(self, row: ProposalRow, answers: Sequence[AnswerRow]) -> Version:
        said = (
            Said(
                name_of_key(self.people, one.person),
                Stance(one.stance),
                wish_and_words(Wish(one.wish) if one.wish else None, one.words),
            )
            for one in answers
        )
        return Version(
            id=row.id,
            number=row.number,
            state=state_on(standing_of(self.organisation, row, answers), self.today),
            shared_by=row.shared_by,
            shared_at=row.shared_at,
            sessions=len(row.plan["sessions"]),
            adjustments=tuple(self._sentence(word) for word in row.adjustments),
            said=tuple(sorted(said, key=lambda one: one.name)),
        )

    def _sentence(self, word: str) -> str:
        choice = self.wording.read(word)
        return "Something about what is gone" if choice is None else self.writer.sentence(choice)
