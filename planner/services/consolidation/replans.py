"""The suggestion beside the plan that is kept: two ways to go on, and what each changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.consolidation.change_words import ChangeWriter, price, summary
from planner.domain.consolidation.changes import differences
from planner.domain.consolidation.solver import replan
from planner.services.consolidation import plans
from planner.services.consolidation.kept_plans import KeptPlan, mark_of, read_kept_plan
from planner.services.consolidation.suggestions import ITEMS_AT_ONCE, Answer, described, solving
from planner.services.shelf import Shelf

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Plan
    from planner.services.consolidation.suggestions import Question

_answers: Shelf[str, Answer] = Shelf(16)
"""The last answers near a kept plan, by the name of their question."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the kept plan, in sentences; `price` compares the two ways to go on."""

    summary: str
    sentences: tuple[str, ...]
    price: str = ""

    @property
    def is_nothing(self) -> bool:
        return not self.sentences


@dataclass(frozen=True, slots=True)
class PlanView:
    """The answer that a page shows, and how it stands to the plan that is kept.

    mark: the name of the plan shown. is_near: it is the one close to the kept plan. is_awaited: that one
    is still being worked out, and the best now stands in.
    """

    answer: Answer
    mark: str
    kept: KeptPlan | None = None
    changes: Changes | None = None
    is_near: bool = False

    @property
    def is_awaited(self) -> bool:
        return self.is_near and not self.answer.is_final


def best_now(session: Session, best: Answer) -> PlanView:
    """Return the best plan, with what it changes of the kept one where there is one."""
    return _view(best, read_kept_plan(session, best.question))


def close_to_kept(session: Session, best: Answer) -> PlanView:
    """Return the plan close to the kept one; the best now where none is kept.

    Where very much has changed it takes a worker to find it: until then the best now stands in.
    """
    kept = read_kept_plan(session, best.question)
    if kept is None:
        return _view(best, None)
    near = near_answer(session, best, kept.plan)
    view = replace(_view(near, kept), is_near=True)
    if view.changes is None or not near.is_final:
        return view
    anew = differences(kept.plan, best.solution.plan)
    told = price(near=near.solution.cost, scratch=best.solution.cost, changed=anew.sessions_changed)
    return replace(view, changes=replace(view.changes, price=told))


def near_question(question: Question, earlier: Plan) -> Question:
    """Return the question for a plan close to an earlier one."""
    name = hashlib.sha256(f"{question.key} near {mark_of(earlier)}".encode()).hexdigest()
    return replace(question, near=earlier, key=name)


def _view(answer: Answer, kept: KeptPlan | None) -> PlanView:
    plan = answer.solution.plan
    return PlanView(answer, mark_of(plan), kept, None if kept is None else changes_from(answer, kept.plan))


def changes_from(answer: Answer, before: Plan) -> Changes:
    """Return what the plan of this answer changes of an earlier one."""
    question = answer.question
    found = differences(before, answer.solution.plan)
    titles = [one.title for one in answer.suggestion.sessions]
    return Changes(summary(found), ChangeWriter(question.organisation, titles).sentences(found))


def near_answer(session: Session, best: Answer, earlier: Plan) -> Answer:
    """Return the answer close to an earlier plan.

    Where very much has changed a worker has to find it: until then the best now stands in, not final.
    """
    question = near_question(best.question, earlier)
    known = _answers.get(question.key)
    if known is not None and known.question.organisation is question.organisation:
        return known
    solution = plans.kept_final(session, question.key)
    if solution is None and _pieces(question, earlier) > ITEMS_AT_ONCE:
        return replace(best, question=question, is_final=False)
    if solution is None:
        with solving:
            solution = replan(question.task, earlier)
        plans.keep_final(session, question.key, solution)
    found = Answer(question, solution, True, described(question, solution))
    _answers.put(question.key, found)
    return found


def _pieces(question: Question, earlier: Plan) -> int:
    """How many things there are to fit in: new items, and sessions that are not what they were."""
    now = {item.id: item.people for item in question.task.items}
    fresh = now.keys() - {item for one in earlier.sessions for item in one.items}
    changed = [
        one
        for one in earlier.sessions
        if frozenset().union(*(now.get(item, frozenset()) for item in one.items)) != one.attendees
        or not now.keys() >= set(one.items)
    ]
    return len(fresh) + len(changed)
