"""Who is told that an import, an undo or a removal touched what is theirs: one notice for each of them.

Such a change may touch thousands of rows; it is one act all the same, and one sentence with counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from planner.domain.model import PersonId
from planner.domain.notice_words import touched
from planner.domain.notices import Notice, NoticeKind
from planner.services import notice_rows
from planner.services.merging import IMPORTED
from planner.storage.models import (
    DependencyRow,
    EventRow,
    GoalTeamRow,
    MembershipRow,
    PersonRow,
    TeamRow,
    TeamSessionRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from planner.storage.audit import OpenChange
    from planner.storage.db import Row

    Touched = Counter[tuple[str, str]]
    """How many of each noun were created, updated or removed."""

UNDONE = "change:undone"
REMOVED = ":removed"
TEAMS_OF: dict[str, tuple[type[Row], tuple[str, ...]]] = {
    "dependency": (DependencyRow, ("consumer_id", "provider_id")),
    "team": (TeamRow, ("id",)),
    "team_session": (TeamSessionRow, ("host_id",)),
    "goal_team": (GoalTeamRow, ("team_id",)),
}
"""For each kind of row the columns that say whose it is."""


def tell_touched(session: Session, change: OpenChange) -> None:
    """Write who is told of a change, within it: those who decide for a team that it touched.

    Nobody hears of what they did themselves, or of the change that brought them in.
    """
    if change.tag not in {IMPORTED, UNDONE} and not change.tag.endswith(REMOVED):
        return
    session.flush()
    if change.id is None:
        return
    owners = _owners(session, change.id)
    if change.actor_id is not None:
        owners.pop(change.actor_id, None)
    if not owners:
        return
    found: defaultdict[int, Touched] = defaultdict(Counter)
    for noun, act, teams, number in _touched(session, change.id):
        for person_id, own in owners.items():
            if not own.isdisjoint(teams):
                found[person_id][noun, act] += number
    mails = _mails(session, found)
    told = [
        Notice(PersonId(one), NoticeKind.CHANGED, None, touched(change.summary, found[one]))
        for one in sorted(mails)
    ]
    with_mail = {PersonId(one) for one, email in mails.items() if email}
    notice_rows.keep(session, told, with_mail, at=change.at, change_id=change.id)


def _mails(session: Session, people: defaultdict[int, Touched]) -> dict[int, str | None]:
    """The addresses of those who are still there."""
    query = select(PersonRow.id, PersonRow.email).where(PersonRow.id.in_(people))
    return dict(session.execute(query).tuples().all()) if people else {}


def _owners(session: Session, change_id: int) -> dict[int, set[int]]:
    """The teams that each person decides for, or did before the change; who is new is not in it."""
    owners: defaultdict[int, set[int]] = defaultdict(set)
    here = select(MembershipRow.person_id, MembershipRow.team_id).where(MembershipRow.decides)
    for person_id, team_id in session.execute(here).tuples():
        owners[person_id].add(team_id)
    of_change = select(EventRow.subject, EventRow.act, EventRow.subject_id, EventRow.before).where(
        EventRow.change_id == change_id, EventRow.subject.in_(("membership", "person"))
    )
    for subject, act, number, before in session.execute(of_change).tuples():
        if subject == "person" and act == "created":
            owners.pop(number, None)
        elif act == "removed" and before and before.get("decides"):
            owners[before["person_id"]].add(before["team_id"])
    return owners


def _touched(session: Session, change_id: int) -> Iterator[tuple[str, str, set[int], int]]:
    """Noun, act, the teams whose it is or was, and how many rows of these: counted by the database."""
    for noun, (table, columns) in TEAMS_OF.items():
        ours = (EventRow.change_id == change_id, EventRow.subject == noun)
        written = [
            func.coalesce(EventRow.after[c].as_integer(), EventRow.before[c].as_integer()) for c in columns
        ]
        whole = (
            select(EventRow.act, func.count(), *written)
            .where(*ours, EventRow.act != "updated")
            .group_by(EventRow.act, *written)
        )
        ends = [getattr(table, c) for c in columns]
        was = [EventRow.before[c].as_integer() for c in columns]
        changed = (
            select(EventRow.act, func.count(), *ends, *was)
            .join(table, table.id == EventRow.subject_id)
            .where(*ours, EventRow.act == "updated")
            .group_by(EventRow.act, *ends, *was)
        )
        for query in (whole, changed):
            for act, number, *teams in session.execute(query):
                yield noun, act, {team for team in teams if team is not None}, number
