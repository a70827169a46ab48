"""An import changes only what the same person could change by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.model import DependencyState
from planner.services.dependencies import CONSUMERS_ANSWERS
from planner.services.permissions import Right, require
from planner.services.teams import with_people
from planner.storage.models import DependencyRow, EventRow, GoalTeamRow, TeamSessionRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

LINKS = {"membership": "team", "goal_team": "goal", "attendance": "team_session"}
ANSWERS = frozenset({"state", "promised_for", "provider_id", "consumer_id"})


def require_changes(session: Session, actor: Actor, change_id: int | None) -> None:
    """Look at what a change did to records that were there before it. Raises NotAllowed."""
    if actor.is_operator or change_id is None:
        return
    events = session.scalars(select(EventRow).where(EventRow.change_id == change_id)).all()
    new = {(event.subject, event.subject_id) for event in events if event.act == "created"}
    for event in events:
        subject, subject_id = _owner(event)
        if (subject, subject_id) not in new:
            _require(session, actor, subject, subject_id, event)


def _owner(event: EventRow) -> tuple[str, int]:
    """The record that an event is about: for a link, the one that holds it."""
    owner = LINKS.get(event.subject)
    values = event.before or event.after or {}
    if owner is None or f"{owner.removeprefix('team_')}_id" not in values:
        return event.subject, event.subject_id
    return owner, int(values[f"{owner.removeprefix('team_')}_id"])


def _require(session: Session, actor: Actor, subject: str, subject_id: int, event: EventRow) -> None:
    if subject == "team":
        require(actor, Right.CHANGE_TEAM, with_people(session, [subject_id]))
    elif subject == "goal":
        teams = session.scalars(select(GoalTeamRow.team_id).where(GoalTeamRow.goal_id == subject_id))
        require(actor, Right.CHANGE_GOAL, with_people(session, list(teams)))
    elif subject == "team_session":
        hosts = session.scalars(select(TeamSessionRow.host_id).where(TeamSessionRow.id == subject_id))
        require(actor, Right.CHANGE_SESSION, with_people(session, list(hosts)))
    elif subject == "person":
        require(actor, Right.CHANGE_PERSON, [subject_id])
    elif subject == "dependency":
        _require_dependency(session, actor, subject_id, event.after or {})


def _require_dependency(session: Session, actor: Actor, dependency_id: int, after: dict[str, object]) -> None:
    row = session.get_one(DependencyRow, dependency_id)
    require(actor, Right.CHANGE_DEPENDENCY, with_people(session, [row.consumer_id, row.provider_id]))
    if ANSWERS.isdisjoint(after):
        return
    if DependencyState(row.state) in CONSUMERS_ANSWERS and "promised_for" not in after:
        require(actor, Right.ANSWER_AS_CONSUMER, [row.consumer_id])
    else:
        require(actor, Right.ANSWER_AS_PROVIDER, [row.provider_id])
