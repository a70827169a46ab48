"""Rows to the domain's picture of the organisation, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from planner.domain import model
from planner.storage.models import (
    AttendanceRow,
    ChangeRow,
    DependencyRow,
    EventRow,
    GoalRow,
    GoalTeamRow,
    HorizonRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
    PlaceRow,
    TeamRow,
    TeamSessionRow,
    TravelRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row as ResultRow
    from sqlalchemy.orm import Session

Table = TypeVar("Table")

CHANGES_MOST = 200
PARTS = (
    OrganisationRow,
    PlaceRow,
    TravelRow,
    PersonRow,
    TeamRow,
    MembershipRow,
    HorizonRow,
    GoalRow,
    GoalTeamRow,
    TeamSessionRow,
    AttendanceRow,
)
"""What an organisation is made of beside dependencies; whatever changes elsewhere, it is the same."""


@dataclass(frozen=True, slots=True)
class Revision:
    """How many changes are recorded, and the highest id among them; another one with every change."""

    count: int = 0
    newest: int = 0


def revision(session: Session) -> Revision:
    """Return the revision of what is recorded now. One query."""
    # counted as well: of two changes at once the one with the lower id may come second
    row = session.execute(select(func.count(ChangeRow.id), func.max(ChangeRow.id))).one()
    return Revision(row[0], row[1] or 0)


def refresh(
    session: Session, known: model.Organisation, *, since: Revision, now: Revision
) -> model.Organisation:
    """Return what is recorded now, from what was known at an earlier revision.

    Where nothing but dependencies changed, only those are read: three queries instead of twelve.
    """
    changed = _changed_dependencies(session, since, now)
    if changed is None:
        return load(session)
    columns = DependencyRow.__table__.columns
    rows = session.execute(select(*columns).where(columns.id.in_(changed))).all()
    kept = (d for d in known.dependencies if d.id not in changed)
    read = sorted((*kept, *(_dependency(row) for row in rows)), key=lambda d: d.id)
    return replace(known, dependencies=tuple(read))


def _changed_dependencies(session: Session, since: Revision, now: Revision) -> set[int] | None:
    """The ids of the dependencies that have changed, None when anything else has or it cannot be told."""
    of_late = EventRow.change_id > since.newest
    changes = session.scalar(select(func.count(ChangeRow.id)).where(ChangeRow.id > since.newest)) or 0
    if changes != now.count - since.count or changes > CHANGES_MOST:
        return None  # one with a lower id came second, or so much is new that all is read anew
    events = session.execute(select(EventRow.subject, EventRow.subject_id).where(of_late)).all()
    if not {part.__tablename__ for part in PARTS}.isdisjoint(subject for subject, _number in events):
        return None
    return {number for subject, number in events if subject == DependencyRow.__tablename__}


def load(session: Session) -> model.Organisation:
    """Return everything that is recorded. Twelve queries, however much there is."""
    return model.Organisation(
        name=session.scalar(select(OrganisationRow.name)) or "",
        places=tuple(_place(r) for r in _rows(session, PlaceRow)),
        travel=tuple(
            model.Travel(model.PlaceId(r.place_id), model.PlaceId(r.other_place_id), r.minutes)
            for r in _rows(session, TravelRow)
        ),
        people=tuple(_person(r) for r in _rows(session, PersonRow)),
        teams=tuple(_team(r) for r in _rows(session, TeamRow)),
        memberships=tuple(
            model.Membership(model.PersonId(r.person_id), model.TeamId(r.team_id), r.decides, r.role)
            for r in _rows(session, MembershipRow)
        ),
        horizons=tuple(
            model.Horizon(model.HorizonId(r.id), r.name, r.starts_on, r.ends_on)
            for r in _rows(session, HorizonRow)
        ),
        goals=_goals(session),
        sessions=_sessions(session),
        dependencies=tuple(_dependency(r) for r in _rows(session, DependencyRow)),
    )


def _rows(session: Session, table: type[Table]) -> Sequence[ResultRow[tuple[object, ...]]]:
    # plain columns, not objects: a snapshot is read only, and ten times cheaper without identity
    columns = table.__table__.columns  # type: ignore[attr-defined] # every mapped class has one
    return session.execute(select(*columns).order_by(columns.id)).all()


def _place_id(place_id: int | None) -> model.PlaceId | None:
    return None if place_id is None else model.PlaceId(place_id)


def _place(row: ResultRow[tuple[object, ...]]) -> model.Place:
    days_off = tuple(date.fromisoformat(day) for day in row.days_off)
    return model.Place(model.PlaceId(row.id), row.name, row.zone, days_off)


def _person(row: ResultRow[tuple[object, ...]]) -> model.Person:
    hours = model.WorkingHours(row.zone, row.work_start, row.work_end, frozenset(map(int, row.days)))
    return model.Person(model.PersonId(row.id), row.key, row.name, row.email, _place_id(row.place_id), hours)


def _team(row: ResultRow[tuple[object, ...]]) -> model.Team:
    return model.Team(model.TeamId(row.id), row.key, row.name, row.area, row.purpose, _place_id(row.place_id))


def _goals(session: Session) -> tuple[model.SharedGoal, ...]:
    teams: defaultdict[int, set[model.TeamId]] = defaultdict(set)
    for link in _rows(session, GoalTeamRow):
        teams[link.goal_id].add(model.TeamId(link.team_id))
    return tuple(
        model.SharedGoal(
            id=model.GoalId(r.id),
            key=r.key,
            outcome=r.outcome,
            due_on=r.due_on,
            team_ids=frozenset(teams[r.id]),
            lead_id=None if r.lead_id is None else model.PersonId(r.lead_id),
        )
        for r in _rows(session, GoalRow)
    )


def _sessions(session: Session) -> tuple[model.TeamSession, ...]:
    people: defaultdict[int, set[model.PersonId]] = defaultdict(set)
    for seat in _rows(session, AttendanceRow):
        people[seat.session_id].add(model.PersonId(seat.person_id))
    return tuple(
        model.TeamSession(
            id=model.SessionId(r.id),
            key=r.key,
            title=r.title,
            host_id=model.TeamId(r.host_id),
            attendee_ids=frozenset(people[r.id]),
            minutes=r.minutes,
            local_minutes=r.local_minutes,
            cadence_days=r.cadence_days,
            weekday=r.weekday,
            start=r.start,
            zone=r.zone,
            place_id=_place_id(r.place_id),
            paused_by_id=r.paused_by_id,
        )
        for r in _rows(session, TeamSessionRow)
    )


def _dependency(row: ResultRow[tuple[object, ...]]) -> model.Dependency:
    return model.Dependency(
        id=model.DependencyId(row.id),
        key=row.key,
        consumer_id=model.TeamId(row.consumer_id),
        provider_id=model.TeamId(row.provider_id),
        what=row.what,
        needed_by=row.needed_by,
        promised_for=row.promised_for,
        state=model.DependencyState(row.state),
        goal_id=None if row.goal_id is None else model.GoalId(row.goal_id),
        horizon_id=None if row.horizon_id is None else model.HorizonId(row.horizon_id),
        item=row.item,
        kind=model.DependencyKind(row.kind),
        gap=row.gap,
        negotiation=_negotiation(row),
    )


def _negotiation(row: ResultRow[tuple[object, ...]]) -> model.Negotiation:
    return model.Negotiation(
        round=row.round,
        asked_on=row.asked_on,
        reminded_on=row.reminded_on,
        criteria=tuple(row.criteria),
        conditions=tuple(row.conditions),
        proposed_for=row.proposed_for,
        proposed_what=row.proposed_what,
        proposed_provider_id=_team_id(row.proposed_provider_id),
        proposed_by=None if row.proposed_by is None else model.Side(row.proposed_by),
        proposed_on=row.proposed_on,
        reason=row.reason,
        heard=row.heard,
        heard_right=row.heard_right,
        unmet=tuple(row.unmet),
    )


def _team_id(number: int | None) -> model.TeamId | None:
    return None if number is None else model.TeamId(number)
