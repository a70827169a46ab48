"""Proposed plans that wait for one person: for an answer, for somebody to begin the trial, or to end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.agreement import ProposalAct, ProposalState, waits_for
from planner.services.consolidation.proposals import standing_of
from planner.storage.models import AnswerRow, ProposalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation
    from planner.services.actor import Actor

OPEN = (ProposalState.SHARED.value, ProposalState.TRIAL.value)


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan and what it waits for from this person. sits_in: how many of its sessions need them."""

    id: int
    version: int
    act: ProposalAct
    sessions: int
    sits_in: int
    is_host: bool
    shared_by: str


def read_waiting_plans(session: Session, organisation: Organisation, actor: Actor) -> tuple[WaitingPlan, ...]:
    """Return the plans that wait for this person, newest first. Two queries, one where none is open."""
    rows = session.scalars(
        select(ProposalRow).where(ProposalRow.state.in_(OPEN)).order_by(ProposalRow.id.desc())
    ).all()
    if not rows:
        return ()
    answers = session.scalars(
        select(AnswerRow).where(AnswerRow.proposal_id.in_(row.id for row in rows)).order_by(AnswerRow.id)
    ).all()
    found = (
        _waiting(organisation, row, [one for one in answers if one.proposal_id == row.id], actor)
        for row in rows
    )
    return tuple(one for one in found if one is not None)


def _waiting(
    organisation: Organisation, row: ProposalRow, answers: list[AnswerRow], actor: Actor
) -> WaitingPlan | None:
    me = next((one for one in organisation.people if one.id == actor.person_id), None)
    standing = standing_of(organisation, row, answers)
    act = None if me is None else waits_for(standing, me.id, actor.today)
    if me is None or act is None:
        return None
    seats = [seat["person"] for one in row.plan["sessions"] for seat in one["seats"]]
    return WaitingPlan(
        id=row.id,
        version=row.version,
        act=act,
        sessions=len(row.plan["sessions"]),
        sits_in=seats.count(me.key),
        is_host=me.id in standing.hosts,
        shared_by=row.shared_by,
    )
