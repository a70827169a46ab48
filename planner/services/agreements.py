"""Agreeing on a plan that was shared: answered, adopted on trial, kept or given up; people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm.attributes import flag_modified

from planner.domain.agreement import (
    NOT_YET,
    RULES,
    ProposalAct,
    ProposalState,
    Role,
    Stance,
    missing,
    roles_of,
    state_after,
    trial_end,
    why_not,
)
from planner.domain.conditions import WISH_WORDS, Wish
from planner.domain.errors import InvalidInput, NotNow, Problem
from planner.domain.text import clean, counted
from planner.services import scheduling
from planner.services.actor import key_of
from planner.services.changes import asked_before, expect_version, recorded
from planner.services.consolidation.proposals import (
    answers_to,
    existing_proposal,
    of_question,
    read_news,
    standing_of,
    tell_concerned,
)
from planner.services.keys import existing
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.shared_sessions import rows_of
from planner.services.teams import with_people
from planner.storage.models import AnswerRow, TeamSessionRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.agreement import Standing
    from planner.domain.model import Organisation, PersonId
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import ProposalRow

WORDS_LONGEST = 1000
OBJECTED = "There is an objection to a plan that concerns you."
ADOPTED = "A plan that concerns you is adopted, on trial."
RIGHTS = {
    ProposalAct.ANSWER: Right.ANSWER_PROPOSAL,
    ProposalAct.ADOPT: Right.ADOPT_PROPOSAL,
    ProposalAct.WITHDRAW: Right.WITHDRAW_PROPOSAL,
    ProposalAct.KEEP: Right.ANSWER_PROPOSAL,
    ProposalAct.REVERT: Right.ANSWER_PROPOSAL,
}
IN_FORCE = (ProposalState.TRIAL.value, ProposalState.KEPT.value)


def answer_proposal(
    session: Session,
    actor: Actor,
    proposal_id: int,
    *,
    stance: Stance,
    words: str,
    wish: Wish | None = None,
    about: str = "",
    version: int | None,
    key: str | None,
) -> OpenChange:
    """Say for oneself what one thinks of a plan, or something else than before.

    `wish` is what would make it fine, `about` the key of the dependency that one would come for alone.
    Raises NotFound, NotAllowed, NotNow, StaleVersion, and InvalidInput for a condition or an objection
    without words, unless the wish says it, and for an item that is in no session of the plan.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    row, _standing, organisation = _may(session, actor, proposal_id, ProposalAct.ANSWER, version=version)
    words = clean(words, where="words", longest=WORDS_LONGEST, required=False)
    wish, about = _wished(row, stance, wish, about)
    if stance.needs_words and not words and (wish is None or wish.needs_words):
        raise InvalidInput(Problem("words", "is empty; say on what condition, or what speaks against it"))
    said = ": ".join(filter(None, (SAID[stance], "" if wish is None else WISH_WORDS[wish], words)))
    me = key_of(organisation, actor)
    before = next((one for one in answers_to(session, row.id) if one.person == me), None)
    with recorded(session, actor, "proposal:answered", f"Said to the plan: {said}", key=key) as change:
        kept = before or AnswerRow(proposal_id=row.id, person=me)
        kept.stance, kept.words, kept.answered_at = stance.value, words, actor.at
        kept.wish, kept.about = "" if wish is None else wish.value, about
        session.add(kept)
        if stance is Stance.OBJECT:
            # who adopts at the same moment must not pass an objection by
            flag_modified(row, "state")
            tell_concerned(session, organisation, row, OBJECTED, change)
    return change


def _wished(row: ProposalRow, stance: Stance, wish: Wish | None, about: str) -> tuple[Wish | None, str]:
    """What is kept of a wish: only a condition has one, and only one of them is about an item."""
    if stance is not Stance.FINE_IF or wish is None:
        return None, ""
    if wish is not Wish.ONLY_FOR or not about:
        return wish, ""
    if about not in {key for one in row.plan["sessions"] for key in one["items"]}:
        raise InvalidInput(Problem("about", "is in no session of this plan; choose an item from the list"))
    return wish, about


def adopt(
    session: Session, actor: Actor, proposal_id: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Begin the trial: the shared sessions are held, and the team sessions they replace are paused.

    A plan of the same question that was adopted before ends with it; sessions that go on move.
    Raises NotFound, NotAllowed, NotNow while something is missing, StaleVersion.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    row, standing, organisation = _may(session, actor, proposal_id, ProposalAct.ADOPT, version=version)
    before = next((one for one in of_question(session, row.question) if one.state in IN_FORCE), None)
    earlier = () if before is None else rows_of(session, before.id)
    summary = f"Adopted the plan of {counted(len(row.plan['sessions']), 'session')} on trial"
    with recorded(session, actor, "proposal:adopted", summary, key=key) as change:
        row.state = state_after(ProposalAct.ADOPT, standing.state).value
        row.adopted_on = actor.today
        row.trial_until = _trial_until(row, before, actor.today)
        if before is not None:
            before.state = ProposalState.REVISED.value
        scheduling.make_sessions(session, organisation, row, earlier=earlier, now=actor.at)
        scheduling.pause(session, row.id, row.replaces, instead_of=before.id if before else None)
        tell_concerned(session, organisation, row, ADOPTED, change)
    return change


def withdraw(
    session: Session, actor: Actor, proposal_id: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Take back what one has shared, before it is adopted. Raises as `adopt` does."""
    return _end(session, actor, proposal_id, ProposalAct.WITHDRAW, version=version, key=key)


def keep_for_good(
    session: Session, actor: Actor, proposal_id: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Stay with the shared sessions after the trial; they come round for another half year.

    Raises as `adopt` does, NotNow while the trial goes on.
    """
    return _end(session, actor, proposal_id, ProposalAct.KEEP, version=version, key=key)


def revert(
    session: Session, actor: Actor, proposal_id: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Bring the old team sessions back and cancel the shared ones that are ahead. Raises as `adopt` does."""
    return _end(session, actor, proposal_id, ProposalAct.REVERT, version=version, key=key)


def restore_session(session: Session, actor: Actor, key: str) -> OpenChange:
    """Let one team session be held again while the rest of the trial goes on. Raises NotFound, NotAllowed."""
    row = existing(Store(session), TeamSessionRow, key)
    require(actor, Right.CHANGE_SESSION, with_people(session, [row.host_id]))
    with recorded(session, actor, "session:restored", f"Restored the session {row.title}") as change:
        row.paused_by_id = None
    return change


def _end(
    session: Session,
    actor: Actor,
    proposal_id: int,
    act: ProposalAct,
    *,
    version: int | None,
    key: str | None,
) -> OpenChange:
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    row, standing, organisation = _may(session, actor, proposal_id, act, version=version)
    tag, summary, told = ENDINGS[act]
    with recorded(session, actor, tag, summary, key=key) as change:
        row.state = state_after(act, standing.state).value
        if act is ProposalAct.KEEP:
            scheduling.go_on(session, organisation, row.id, actor.at)
        if act is ProposalAct.REVERT:
            scheduling.cancel(rows_of(session, row.id), actor.at)
            scheduling.resume(session, row.id)
        tell_concerned(session, organisation, row, told, change)
    return change


def _may(
    session: Session, actor: Actor, proposal_id: int, act: ProposalAct, *, version: int | None
) -> tuple[ProposalRow, Standing, Organisation]:
    """The proposal, once this person may do this to it now. Raises NotFound, NotAllowed, and the others."""
    row = existing_proposal(session, proposal_id)
    organisation = read_organisation(session)
    today = actor.today
    adopts = act is ProposalAct.ADOPT and row.state == ProposalState.SHARED
    broken = (
        read_news(session, organisation, proposal_id, organisation.day_of(actor.at)).broken if adopts else ()
    )
    standing = standing_of(organisation, row, answers_to(session, row.id), broken=broken)
    require(actor, RIGHTS[act], _concerned(standing, act))
    expect_version(row, version)
    roles = RULES[act].roles if actor.is_operator else roles_of(standing, actor.person_id)
    refusal = why_not(standing, act, roles, today)
    if refusal == NOT_YET:
        refusal = " ".join(missing(standing, {one.id: one.name for one in organisation.people}))
    if refusal:
        raise NotNow(refusal)
    return row, standing, organisation


def _concerned(standing: Standing, act: ProposalAct) -> Collection[PersonId]:
    """Who has the right to this act."""
    people = {
        Role.SHARER: {standing.sharer} if standing.sharer is not None else set(),
        Role.HOST: standing.hosts,
        Role.ATTENDEE: standing.attendees,
        Role.OTHER: set(),
    }
    return {person for role in RULES[act].roles for person in people[role]}


def _trial_until(row: ProposalRow, before: ProposalRow | None, today: date) -> date:
    """Two cadences; where a newer plan comes into a trial, it is still the same trial."""
    if before is not None and before.state == ProposalState.TRIAL and before.trial_until is not None:
        return before.trial_until
    return trial_end(today, row.cadence_days)


SAID = {Stance.FINE: "fine", Stance.FINE_IF: "fine if", Stance.OBJECT: "objection"}
ENDINGS = {
    ProposalAct.WITHDRAW: (
        "proposal:withdrawn",
        "Withdrew the plan",
        "A plan that concerns you was withdrawn; nothing changes.",
    ),
    ProposalAct.KEEP: (
        "proposal:kept",
        "Kept the shared sessions after their trial",
        "The trial is over, and the shared sessions stay.",
    ),
    ProposalAct.REVERT: (
        "proposal:reverted",
        "Restored the old sessions",
        "The old sessions are back; the shared ones that were ahead are cancelled.",
    ),
}
