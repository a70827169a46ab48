"""An organisation on its way in or out: the same nouns as `model`, joined by keys instead of ids.

A key is stable text: a place and a horizon are known by their name, everything else by `key`.
Readers in `interchange` produce a Draft, services store it, writers in `interchange` print it.

`silent` names the fields of which a file says nothing: what is recorded there stays. A field that a file
says to be empty is emptied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from planner.domain.model import (
    Dependency,
    DependencyKind,
    DependencyState,
    Organisation,
    Person,
    SharedGoal,
    Team,
    TeamSession,
    WorkingHours,
)


def _silent() -> Any:
    """No part of what a record is, so two are equal whichever file they stood in."""
    return field(default=frozenset(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    name: str
    zone: str = "UTC"
    days_off: tuple[date, ...] = ()
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class TravelDraft:
    place: str
    other_place: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PersonDraft:
    key: str
    name: str
    email: str | None = None
    place: str | None = None
    hours: WorkingHours = WorkingHours()
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class MemberDraft:
    person: str
    decides: bool = False
    role: str = ""
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class TeamDraft:
    key: str
    name: str
    area: str = ""
    purpose: str = ""
    place: str | None = None
    members: tuple[MemberDraft, ...] = ()
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class HorizonDraft:
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class GoalDraft:
    key: str
    outcome: str
    due_on: date | None = None
    teams: tuple[str, ...] = ()
    lead: str | None = None
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class SessionDraft:
    key: str
    title: str
    host: str
    attendees: tuple[str, ...] = ()
    minutes: int = 60
    local_minutes: int = 0
    cadence_days: int = 14
    weekday: int | None = None
    start: int | None = None
    zone: str | None = None
    place: str | None = None
    silent: frozenset[str] = _silent()


@dataclass(frozen=True, slots=True)
class DependencyDraft:
    key: str
    consumer: str
    provider: str
    what: str
    needed_by: date | None = None
    promised_for: date | None = None
    state: DependencyState = DependencyState.ASKED
    goal: str | None = None
    horizon: str | None = None
    item: str = ""
    kind: DependencyKind = DependencyKind.HAND_OVER
    gap: float | None = None
    asked_on: date | None = None
    criteria: tuple[str, ...] = ()
    silent: frozenset[str] = _silent()


class Verdict(StrEnum):
    """What an import did with a record that it could not take as it was."""

    REPAIRED = "repaired"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of an import report. `where` is "line 12" or a path such as "dependencies[3]"."""

    where: str
    verdict: Verdict
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole organisation by keys; every tuple in the order in which it is to be stored.

    agreed: proposals, shared sessions and minutes as a tree of plain values, whose shape storage knows.
    """

    name: str = ""
    places: tuple[PlaceDraft, ...] = ()
    travel: tuple[TravelDraft, ...] = ()
    people: tuple[PersonDraft, ...] = ()
    teams: tuple[TeamDraft, ...] = ()
    horizons: tuple[HorizonDraft, ...] = ()
    goals: tuple[GoalDraft, ...] = ()
    sessions: tuple[SessionDraft, ...] = ()
    dependencies: tuple[DependencyDraft, ...] = ()
    agreed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file: the draft and a remark for everything repaired or left out."""

    draft: Draft
    remarks: tuple[Remark, ...] = field(default=())


def only_horizon(draft: Draft, horizon: str) -> Draft:
    """Return the part of the draft that the dependencies of one horizon touch.

    Teams on neither side of such a dependency go, and with them their sessions; people in none of
    the remaining teams go; goals stay when a remaining dependency serves them.
    """
    dependencies = tuple(d for d in draft.dependencies if d.horizon == horizon)
    team_keys = {d.consumer for d in dependencies} | {d.provider for d in dependencies}
    teams = tuple(t for t in draft.teams if t.key in team_keys)
    person_keys = {m.person for t in teams for m in t.members}
    goal_keys = {d.goal for d in dependencies}
    return replace(
        draft,
        teams=teams,
        people=tuple(p for p in draft.people if p.key in person_keys),
        horizons=tuple(h for h in draft.horizons if h.name == horizon),
        goals=tuple(
            replace(g, teams=tuple(t for t in g.teams if t in team_keys))
            for g in draft.goals
            if g.key in goal_keys
        ),
        sessions=tuple(
            replace(s, attendees=tuple(p for p in s.attendees if p in person_keys))
            for s in draft.sessions
            if s.host in team_keys
        ),
        dependencies=dependencies,
        agreed={},
    )


def shift_dates(draft: Draft, days: int) -> Draft:
    """Return the draft with every date moved by the given number of days."""

    def move(day: date | None) -> date | None:
        return day + timedelta(days=days) if day else None

    return replace(
        draft,
        horizons=tuple(
            replace(h, starts_on=move(h.starts_on), ends_on=move(h.ends_on)) for h in draft.horizons
        ),
        goals=tuple(replace(g, due_on=move(g.due_on)) for g in draft.goals),
        dependencies=tuple(
            replace(
                d,
                needed_by=move(d.needed_by),
                promised_for=move(d.promised_for),
                asked_on=move(d.asked_on),
            )
            for d in draft.dependencies
        ),
    )


def draft_of(organisation: Organisation) -> Draft:
    """Return the organisation by keys, each list sorted by key, ready to be written out."""
    return Draft(
        name=organisation.name,
        places=tuple(
            sorted((PlaceDraft(p.name, p.zone, p.days_off) for p in organisation.places), key=_name)
        ),
        travel=_travel_drafts(organisation),
        people=tuple(
            sorted((person_draft(organisation, person) for person in organisation.people), key=_key)
        ),
        teams=tuple(sorted((team_draft(organisation, team) for team in organisation.teams), key=_key)),
        horizons=tuple(
            sorted((HorizonDraft(h.name, h.starts_on, h.ends_on) for h in organisation.horizons), key=_name)
        ),
        goals=tuple(sorted((goal_draft(organisation, goal) for goal in organisation.goals), key=_key)),
        sessions=tuple(sorted((session_draft(organisation, s) for s in organisation.sessions), key=_key)),
        dependencies=tuple(
            sorted((dependency_draft(organisation, d) for d in organisation.dependencies), key=_key)
        ),
    )


def person_draft(organisation: Organisation, person: Person) -> PersonDraft:
    """Return one person by keys."""
    place = organisation.place[person.place_id].name if person.place_id is not None else None
    return PersonDraft(person.key, person.name, person.email, place, person.hours)


def team_draft(organisation: Organisation, team: Team) -> TeamDraft:
    """Return one team by keys, with its members by key."""
    members = organisation.members_of[team.id]
    place = organisation.place[team.place_id].name if team.place_id is not None else None
    return TeamDraft(
        team.key,
        team.name,
        team.area,
        team.purpose,
        place,
        tuple(
            sorted(
                (MemberDraft(organisation.person[m.person_id].key, m.decides, m.role) for m in members),
                key=lambda member: member.person,
            )
        ),
    )


def goal_draft(organisation: Organisation, goal: SharedGoal) -> GoalDraft:
    """Return one goal by keys."""
    teams = tuple(sorted(organisation.team[team_id].key for team_id in goal.team_ids))
    lead = organisation.person[goal.lead_id].key if goal.lead_id is not None else None
    return GoalDraft(goal.key, goal.outcome, goal.due_on, teams, lead)


def session_draft(organisation: Organisation, session: TeamSession) -> SessionDraft:
    """Return one team session by keys."""
    return SessionDraft(
        key=session.key,
        title=session.title,
        host=organisation.team[session.host_id].key,
        attendees=tuple(sorted(organisation.person[p].key for p in session.attendee_ids)),
        minutes=session.minutes,
        local_minutes=session.local_minutes,
        cadence_days=session.cadence_days,
        weekday=session.weekday,
        start=session.start,
        zone=session.zone,
        place=organisation.place[session.place_id].name if session.place_id is not None else None,
    )


def dependency_draft(organisation: Organisation, dependency: Dependency) -> DependencyDraft:
    """Return one dependency by keys."""
    goal_id, horizon_id = dependency.goal_id, dependency.horizon_id
    return DependencyDraft(
        key=dependency.key,
        consumer=organisation.team[dependency.consumer_id].key,
        provider=organisation.team[dependency.provider_id].key,
        what=dependency.what,
        needed_by=dependency.needed_by,
        promised_for=dependency.promised_for,
        state=dependency.state,
        goal=organisation.goal[goal_id].key if goal_id is not None else None,
        horizon=organisation.horizon[horizon_id].name if horizon_id is not None else None,
        item=dependency.item,
        kind=dependency.kind,
        gap=dependency.gap,
        asked_on=dependency.negotiation.asked_on,
        criteria=dependency.negotiation.criteria,
    )


def _travel_drafts(organisation: Organisation) -> tuple[TravelDraft, ...]:
    found = []
    for way in organisation.travel:
        places = sorted((organisation.place[way.place_id].name, organisation.place[way.other_place_id].name))
        found.append(TravelDraft(places[0], places[1], way.minutes))
    return tuple(sorted(found, key=lambda way: (way.place, way.other_place)))


def _name(draft: PlaceDraft | HorizonDraft) -> str:
    return draft.name


def _key(draft: PersonDraft | TeamDraft | GoalDraft | SessionDraft | DependencyDraft) -> str:
    return draft.key
