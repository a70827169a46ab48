"""An import changes only what the same person could change by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, not_, select

from planner.domain.model import DependencyState
from planner.services.permissions import Right, require
from planner.storage.models import (
    AttendanceRow,
    DependencyRow,
    EventRow,
    GoalTeamRow,
    MembershipRow,
    TeamSessionRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.db import Row

# for each kind of link its table, the record that holds it, and where it points to that record
LINKS: dict[str, tuple[type[Row], str, str]] = {
    "membership": (MembershipRow, "team", "team_id"),
    "goal_team": (GoalTeamRow, "goal", "goal_id"),
    "attendance": (AttendanceRow, "team_session", "session_id"),
}
ANSWERS = frozenset({"state", "promised_for"})
CONSUMERS_ANSWERS = frozenset({DependencyState.CONFIRMED, DependencyState.WITHDRAWN})
ASKED_FOR = frozenset({"consumer_id", "provider_id", "what", "needed_by", "criteria"})


def require_changes(session: Session, actor: Actor, change_id: int | None) -> None:
    """Look at what a change did to records that were there before it. Raises NotAllowed.

    Rights are asked of how things stood before: nobody joins a team to be allowed to change it.
    """
    if actor.is_operator or change_id is None:
        return
    # a new dependency is nobody's yet, and there may be a hundred thousand of them
    is_new = and_(EventRow.subject == "dependency", EventRow.act == "created")
    events = session.scalars(select(EventRow).where(EventRow.change_id == change_id, not_(is_new))).all()
    before = _Before(session, events)
    for event in events:
        subject, subject_id = before.owner(event)
        if (subject, subject_id) not in before.new:
            _require(before, actor, subject, subject_id, event)


class _Before:
    """What was recorded before a change, from what is there now and what the change did."""

    def __init__(self, session: Session, events: Sequence[EventRow]) -> None:
        self.session, self.events = session, events
        self.new = {(event.subject, event.subject_id) for event in events if event.act == "created"}

    def owner(self, event: EventRow) -> tuple[str, int]:
        """The record that an event is about: for a link, the one that holds it."""
        if event.subject not in LINKS:
            return event.subject, event.subject_id
        table, owner, column = LINKS[event.subject]
        values = event.before or event.after or {}
        if column in values:
            return owner, int(values[column])
        # an update notes only what differs, and a link never moves to another record
        return owner, int(getattr(self.session.get_one(table, event.subject_id), column))

    def teams_of_goal(self, goal_id: int) -> list[int]:
        links = self.session.scalars(select(GoalTeamRow).where(GoalTeamRow.goal_id == goal_id))
        kept = [link.team_id for link in links if ("goal_team", link.id) not in self.new]
        return [*kept, *(int(was["team_id"]) for was in self._gone("goal_team") if was["goal_id"] == goal_id)]

    def with_people(self, team_ids: Iterable[int]) -> list[int]:
        """The teams that somebody was in; a team without people is open to all."""
        rows = self.session.scalars(select(MembershipRow).where(MembershipRow.team_id.in_(list(team_ids))))
        kept = {row.team_id for row in rows if ("membership", row.id) not in self.new}
        left = {int(was["team_id"]) for was in self._gone("membership")}
        return [team_id for team_id in team_ids if team_id in kept | left]

    def _gone(self, subject: str) -> list[dict[str, Any]]:
        return [e.before or {} for e in self.events if e.subject == subject and e.act == "removed"]


def _require(before: _Before, actor: Actor, subject: str, subject_id: int, event: EventRow) -> None:
    if subject == "team":
        require(actor, Right.CHANGE_TEAM, before.with_people([subject_id]))
    elif subject == "goal":
        require(actor, Right.CHANGE_GOAL, before.with_people(before.teams_of_goal(subject_id)))
    elif subject == "team_session":
        host_id = before.session.get_one(TeamSessionRow, subject_id).host_id
        for host in {host_id, _was(event, "team_session", "host_id", host_id)}:
            require(actor, Right.CHANGE_SESSION, before.with_people([host]))
    elif subject == "person":
        require(actor, Right.CHANGE_PERSON, [subject_id])
    elif subject == "dependency":
        _require_dependency(before, actor, subject_id, event)


def _was(event: EventRow, subject: str, column: str, now: int) -> int:
    """The value of a column before the event, which notes only what differs."""
    return int((event.before or {}).get(column, now)) if event.subject == subject else now


def _require_dependency(before: _Before, actor: Actor, dependency_id: int, event: EventRow) -> None:
    row, after = before.session.get_one(DependencyRow, dependency_id), event.after or {}
    consumer = _was(event, "dependency", "consumer_id", row.consumer_id)
    provider = _was(event, "dependency", "provider_id", row.provider_id)
    require(actor, Right.CHANGE_DEPENDENCY, before.with_people([consumer, provider]))
    if not ASKED_FOR.isdisjoint(after):
        require(actor, Right.REWORD, before.with_people([consumer]))
        if (event.before or {}).get("state", row.state) != DependencyState.ASKED:
            _require_both_sides(
                actor, consumers={consumer, row.consumer_id}, providers={provider, row.provider_id}
            )
    if ANSWERS.isdisjoint(after):
        return
    if DependencyState(row.state) in CONSUMERS_ANSWERS and "promised_for" not in after:
        require(actor, Right.ANSWER_AS_CONSUMER, [consumer])
    else:
        require(actor, Right.ANSWER_AS_PROVIDER, [row.provider_id])


def _require_both_sides(actor: Actor, *, consumers: Iterable[int], providers: Iterable[int]) -> None:
    """What was answered changes only when both sides agree to it; one person may speak for both."""
    for team_id in consumers:
        require(actor, Right.ANSWER_AS_CONSUMER, [team_id])
    for team_id in providers:
        require(actor, Right.ANSWER_AS_PROVIDER, [team_id])
