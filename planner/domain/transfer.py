"""An organisation on its way in or out: the same nouns as `model`, joined by keys instead of ids.

A key is stable text: a place and a horizon are known by their name, everything else by `key`.
Readers in `interchange` produce a Draft, services store it, writers in `interchange` print it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from planner.domain.model import DependencyKind, DependencyState, WorkingHours


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    name: str
    zone: str = "UTC"


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


@dataclass(frozen=True, slots=True)
class MemberDraft:
    person: str
    decides: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class TeamDraft:
    key: str
    name: str
    area: str = ""
    purpose: str = ""
    place: str | None = None
    members: tuple[MemberDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class HorizonDraft:
    name: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class GoalDraft:
    key: str
    outcome: str
    due_on: date | None = None
    teams: tuple[str, ...] = ()


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


class Verdict(StrEnum):
    """What an import did with one record."""

    TAKEN = "taken"
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
    """A whole organisation by keys; every tuple in the order in which it is to be stored."""

    name: str = ""
    places: tuple[PlaceDraft, ...] = ()
    travel: tuple[TravelDraft, ...] = ()
    people: tuple[PersonDraft, ...] = ()
    teams: tuple[TeamDraft, ...] = ()
    horizons: tuple[HorizonDraft, ...] = ()
    goals: tuple[GoalDraft, ...] = ()
    sessions: tuple[SessionDraft, ...] = ()
    dependencies: tuple[DependencyDraft, ...] = ()


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
            replace(d, needed_by=move(d.needed_by), promised_for=move(d.promised_for))
            for d in draft.dependencies
        ),
    )
