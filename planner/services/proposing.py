"""Proposing a plan: from the suggestion that somebody looks at to a version that everybody can answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from planner.domain.agreement import ProposalAct, ProposalState, Standing, state_after, state_on
from planner.domain.errors import NotNow, StaleVersion
from planner.domain.proposed_plan import facts_of, host_teams, plan_values, replaced_sessions
from planner.services.changes import asked_before, recorded
from planner.services.kept_plans import ANOTHER_PLAN, counted, mark_of, name_of
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.proposals import of_question, tell_concerned
from planner.services.suggestions import words_of
from planner.storage.models import ProposalRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.suggestions import Answer
    from planner.storage.audit import OpenChange


def share_plan(
    session: Session, actor: Actor, *, answer: Answer, shown: str, key: str | None
) -> tuple[int, OpenChange]:
    """Propose the plan of this answer to everybody it concerns; return its number and the change.

    It takes the place of what is shared for the same question and not adopted. `shown` is the mark of the
    plan that the actor saw, `key` that of the form: sent again it changes nothing. Raises StaleVersion when
    the plan is another one now, NotNow when it has no session or waits for answers already.
    """
    require(actor, Right.PROPOSE)
    question, plan = answer.question, answer.solution.plan
    organisation = read_organisation(session)
    earlier = of_question(session, name_of(question))
    again = asked_before(session, actor, key)
    if again is not None:
        return earlier[-1].id if earlier else 0, again
    if mark_of(plan) != shown:
        raise StaleVersion(ANOTHER_PLAN)
    if not plan.sessions:
        raise NotNow("There is no session in this plan, so there is nothing to agree on.")
    row = _shared(actor, answer, number=len(earlier) + 1)
    waiting = _waiting(earlier, actor)
    if waiting is not None and waiting.plan == row.plan:
        raise NotNow(
            f"This plan is proposed already; answers to it are on the page of proposal {waiting.id}."
        )
    summary = f"Proposed a plan of {counted(len(plan.sessions))} to everybody"
    with recorded(session, actor, "proposal:shared", summary, key=key) as change:
        if waiting is not None:
            waiting.state = state_after(ProposalAct.REPLACE, ProposalState.SHARED).value
        session.add(row)
        session.flush()
        told = f"A plan of {counted(len(plan.sessions))} is proposed, and your answer is asked for."
        tell_concerned(session, organisation, row, told, change)
    return row.id, change


def _shared(actor: Actor, answer: Answer, *, number: int) -> ProposalRow:
    question, suggestion, plan = answer.question, answer.suggestion, answer.solution.plan
    organisation, selection = question.organisation, question.selection
    return ProposalRow(
        question=name_of(question),
        number=number,
        words=words_of(question.request),
        plan=plan_values(organisation, plan, suggestion),
        facts=facts_of(organisation, question.task),
        figures={"before": asdict(suggestion.before), "after": asdict(suggestion.after)},
        host_teams=list(host_teams(organisation, selection, plan)),
        replaces=[one.key for one in replaced_sessions(organisation, selection)],
        cadence_days=suggestion.cadence_days,
        state=ProposalState.SHARED.value,
        shared_by_id=actor.person_id,
        shared_by=actor.name,
        shared_at=actor.at,
    )


def _waiting(rows: Sequence[ProposalRow], actor: Actor) -> ProposalRow | None:
    """The version that waits for answers, None where none does or its time has passed."""
    found = (one for one in rows if one.state == ProposalState.SHARED)
    waiting = next(found, None)
    if waiting is None:
        return None
    standing = Standing(ProposalState(waiting.state), waiting.shared_at.date())
    return waiting if state_on(standing, actor.at.date()) is ProposalState.SHARED else None
