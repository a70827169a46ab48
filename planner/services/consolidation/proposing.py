"""Proposing a plan: from the suggestion that somebody looks at to a version that everybody can answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from planner.domain.agreement import ProposalAct, ProposalState, Standing, state_after, state_on
from planner.domain.errors import NotNow, StaleVersion
from planner.domain.proposed_plan import facts_of, host_teams, plan_values, replaced_sessions
from planner.domain.text import counted
from planner.services.changes import asked_before, recorded
from planner.services.consolidation.kept_plans import ANOTHER_PLAN, mark_of, name_of
from planner.services.consolidation.proposals import existing_proposal, of_question, tell_concerned
from planner.services.consolidation.suggestions import words_of
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.storage.models import ProposalRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation
    from planner.services.actor import Actor
    from planner.services.consolidation.suggestions import Answer
    from planner.storage.audit import OpenChange


ANOTHER_VERSION = (
    "Somebody else has shared another version of this plan meanwhile. Look at it, then adjust that one."
)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What people have adjusted of a plan: a word each, the plan that it was, and the facts of that one."""

    words: tuple[str, ...] = ()
    base: dict[str, Any] | None = None
    facts: dict[str, Any] | None = None


UNTOUCHED = ByHand()


def share_plan(
    session: Session,
    actor: Actor,
    *,
    answer: Answer,
    shown: str,
    key: str | None,
    by_hand: ByHand = UNTOUCHED,
    seen: int | None = None,
) -> tuple[int, OpenChange]:
    """Propose the plan of this answer to everybody it concerns; return its number and the change.

    It takes the place of what is shared for the same question and not adopted. `shown` is the mark of the
    plan that the actor saw, `seen` how many versions there were, None where none was looked at, `key` that
    of the form: sent again it changes nothing. Raises StaleVersion when the plan is another one now, or
    somebody has shared a version meanwhile; NotNow when it has no session or waits for answers already.
    """
    require(actor, Right.PROPOSE)
    question, plan = answer.question, answer.solution.plan
    organisation = read_organisation(session)
    earlier = of_question(session, name_of(question))
    again = asked_before(session, actor, key)
    if again is not None:
        return earlier[-1].id if earlier else 0, again
    if seen is not None and seen != len(earlier):
        raise StaleVersion(ANOTHER_VERSION)
    if mark_of(plan) != shown:
        raise StaleVersion(ANOTHER_PLAN)
    if not plan.sessions:
        raise NotNow("There is no session in this plan, so there is nothing to agree on.")
    row = _shared(actor, answer, by_hand, number=len(earlier) + 1)
    waiting = _waiting(earlier, actor)
    if waiting is not None and waiting.plan == row.plan:
        raise NotNow(
            f"This plan is proposed already; answers to it are on the page of proposal {waiting.id}."
        )
    summary = f"Proposed a plan of {counted(len(plan.sessions), 'session')} to everybody"
    with recorded(session, actor, "proposal:shared", summary, key=key) as change:
        _put_in_place_of(session, organisation, row, waiting, change)
    return row.id, change


def restore_version(
    session: Session, actor: Actor, proposal_id: int, *, seen: int, key: str | None
) -> tuple[int, OpenChange]:
    """Propose an earlier version again, as it was, under the next number; return that and the change.

    What has changed since is told on its page. Raises as `share_plan` does, and NotFound.
    """
    require(actor, Right.PROPOSE)
    old = existing_proposal(session, proposal_id)
    every = of_question(session, old.question)
    again = asked_before(session, actor, key)
    if again is not None:
        return every[-1].id, again
    if seen != len(every):
        raise StaleVersion(ANOTHER_VERSION)
    waiting = _waiting(every, actor)
    if waiting is not None and waiting.plan == old.plan:
        raise NotNow(f"Version {waiting.number} is this plan, and waits for answers already.")
    row = _again(actor, old, number=len(every) + 1)
    organisation = read_organisation(session)
    summary = f"Restored version {old.number} of the plan as version {row.number}"
    with recorded(session, actor, "proposal:restored", summary, key=key) as change:
        _put_in_place_of(session, organisation, row, waiting, change)
    return row.id, change


def _put_in_place_of(
    session: Session,
    organisation: Organisation,
    row: ProposalRow,
    waiting: ProposalRow | None,
    change: OpenChange,
) -> None:
    """Add a version; what waited for answers waits no more, and everybody concerned is told."""
    if waiting is not None:
        waiting.state = state_after(ProposalAct.REPLACE, ProposalState.SHARED).value
    session.add(row)
    session.flush()
    sessions = counted(len(row.plan["sessions"]), "session")
    told = f"A plan of {sessions} is proposed, and your answer is asked for."
    tell_concerned(session, organisation, row, told, change)


AS_IT_WAS = (
    "question",
    "words",
    "plan",
    "facts",
    "figures",
    "adjustments",
    "base",
    "host_teams",
    "replaces",
    "cadence_days",
)


def _again(actor: Actor, old: ProposalRow, *, number: int) -> ProposalRow:
    return ProposalRow(
        **{column: getattr(old, column) for column in AS_IT_WAS},
        number=number,
        state=ProposalState.SHARED.value,
        shared_by_id=actor.person_id,
        shared_by=actor.name,
        shared_at=actor.at,
    )


def _shared(actor: Actor, answer: Answer, by_hand: ByHand, *, number: int) -> ProposalRow:
    question, suggestion, plan = answer.question, answer.suggestion, answer.solution.plan
    organisation, selection = question.organisation, question.selection
    return ProposalRow(
        question=name_of(question),
        number=number,
        words=words_of(question.request),
        plan=plan_values(organisation, plan, suggestion),
        facts=by_hand.facts or facts_of(organisation, question.task),
        adjustments=list(by_hand.words),
        base=by_hand.base,
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
    return waiting if state_on(standing, actor.today) is ProposalState.SHARED else None
