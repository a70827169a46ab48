"""The plan that people have decided on: kept beside what is best now, for one question each."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.consolidation.keeping import by_keys, come_round, from_keys
from planner.domain.consolidation.model import Plan, Rules
from planner.domain.errors import NotFound, StaleVersion
from planner.domain.text import counted
from planner.services.changes import expect_version, recorded
from planner.services.permissions import Right, require
from planner.storage.models import KeptPlanRow

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.consolidation.suggestions import Answer, Question
    from planner.storage.audit import OpenChange

ANOTHER_PLAN = "The plan is not the one that you looked at any more. Look at what is there now, then keep it."


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan that was kept, told with the numbers of now; `version` is that of its record."""

    plan: Plan
    kept_at: datetime
    kept_by: str
    version: int


def read_kept_plan(session: Session, question: Question) -> KeptPlan | None:
    """Return the plan that is kept for this question, None when there is none; one query."""
    row = session.scalar(_row_of(question))
    if row is None:
        return None
    plan = come_round(question.organisation, from_keys(question.organisation, row.plan), question.today)
    return KeptPlan(plan, row.kept_at, row.kept_by, row.version)


def keep_plan(session: Session, actor: Actor, *, answer: Answer, shown: str) -> OpenChange:
    """Keep the plan of this answer in place of the one before.

    `shown` is the mark of the plan that the actor saw. Raises StaleVersion when it is another one now.
    """
    require(actor, Right.ARRANGE)
    plan = answer.solution.plan
    if mark_of(plan) != shown:
        raise StaleVersion(ANOTHER_PLAN)
    values = by_keys(answer.question.organisation, plan)
    summary = f"Kept a plan of {counted(len(plan.sessions), 'session')}"
    with recorded(session, actor, "plan:kept", summary) as change:
        row = session.scalar(_row_of(answer.question))
        if row is None:
            row = KeptPlanRow(question=name_of(answer.question))
            session.add(row)
        row.plan, row.kept_at, row.kept_by = values, actor.at, actor.name
    return change


def remove_kept_plan(
    session: Session, actor: Actor, *, question: Question, version: int | None
) -> OpenChange:
    """Forget the plan that is kept for this question. Raises NotFound, and StaleVersion."""
    require(actor, Right.ARRANGE)
    row = session.scalar(_row_of(question))
    if row is None:
        raise NotFound("No plan is kept for this question.")
    expect_version(row, version)
    with recorded(session, actor, "plan:removed", "Removed the kept plan") as change:
        session.delete(row)
    return change


def mark_of(plan: Plan) -> str:
    """Return a name for a plan, to tell whether it is still the one that was looked at."""
    facts = [(one.items, sorted(one.attendees), one.slot, one.place) for one in plan.sessions]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _row_of(question: Question) -> Select[tuple[KeptPlanRow]]:
    return select(KeptPlanRow).where(KeptPlanRow.question == name_of(question))


def name_of(question: Question) -> str:
    """Return the filter and the rules as one word; a rule counts where it differs from its default."""
    rules, defaults = asdict(question.rules), asdict(Rules())
    own = {name: value for name, value in rules.items() if value != defaults[name]}
    facts = [question.request.horizon, sorted(question.request.states), own]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
