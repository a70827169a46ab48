"""What teams need from one another, and every act of the negotiation about it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

from planner.domain import model
from planner.domain.model import DependencyKind, DependencyState, Side
from planner.domain.negotiation.acts import Act, Move
from planner.domain.negotiation.waiting import days_late
from planner.domain.transfer import DependencyDraft, dependency_draft
from planner.services import dependencies
from planner.services.finding import find_dependencies
from planner.services.negotiations import acts_of, negotiate, read_messages
from planner.web import context
from planner.web.api.chosen import Chosen
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import (
    do,
    done,
    expect_known,
    expect_version,
    maybe,
    one,
    team_keys,
    version,
    versions,
)
from planner.web.api.telling import told
from planner.web.api.types import (
    AtMost,
    Key,
    Name,
    Number,
    OptionalSentence,
    Partial,
    Prose,
    Sentence,
)
from planner.web.standing import stands
from planner.web.views.dependencies import find

Lines = Annotated[tuple[OptionalSentence, ...], AtMost(20)]
ActName = StrEnum("ActName", {act.name: act.value for act in Act if act is not Act.REWORD})  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True)
class NewDependency:
    """What the consumer team asks of the provider team; teams and goal by key, the horizon by name."""

    consumer: Key
    provider: Key
    what: Sentence
    needed_by: date | None = None
    criteria: Lines = ()
    goal: Key | None = None
    horizon: Name | None = None
    item: OptionalSentence = ""
    kind: DependencyKind = DependencyKind.HAND_OVER


@dataclass(frozen=True, kw_only=True)
class Negotiation:
    """How the two sides stand."""

    round: int
    asked_on: date | None
    reminded_on: date | None
    conditions: tuple[str, ...]
    proposed_for: date | None
    proposed_what: str
    proposed_provider: str | None
    proposed_by: Side | None
    proposed_on: date | None
    reason: str
    heard: str
    heard_right: bool | None
    unmet: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dependency(NewDependency):
    """A dependency. `stands` says where it stands; `acts` is what the owner of the token may do to it now."""

    number: int
    key: str
    state: DependencyState
    promised_for: date | None
    gap: float | None
    is_late: bool
    days_late: int
    stands: str
    negotiation: Negotiation
    acts: tuple[ActName, ...]
    version: int


@dataclass(frozen=True, kw_only=True)
class Dependencies(Chosen, Page):
    """Which dependencies, and which part of their list."""


@dataclass(frozen=True, kw_only=True)
class ManyDependencies:
    """Several dependencies, and the names of teams among them that are new."""

    dependencies: Annotated[tuple[NewDependency, ...], AtMost(1000)]
    new_teams: Annotated[tuple[Name, ...], AtMost(200)] = ()


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What was recorded, by key."""

    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NewAct:
    """One act of the negotiation with what is said to it; what an act has no use for is left out.

    day: the date promised, proposed or needed. what, provider: another scope, another giver. heard: what this
    side understood. met, unmet: of the criteria. held: of the conditions those that were met, at confirming.
    """

    act: ActName
    day: date | None = None
    what: OptionalSentence = ""
    provider: Key | None = None
    text: Prose = ""
    heard: OptionalSentence = ""
    heard_right: bool | None = None
    criteria: Lines | None = None
    conditions: Lines = ()
    met: Lines = ()
    unmet: Lines = ()
    held: Lines | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """A question or an answer about a dependency."""

    side: Side
    who: str
    at: datetime
    text: str


@operation("GET", "/dependencies")
def list_dependencies(query: Dependencies) -> Listed[Dependency]:
    """List dependencies by the day they are needed, without those that are over."""
    found = find_dependencies(context.organisation(), query.as_filter(), context.today())
    known = versions("dependency", found)
    return page_of(found, query, lambda dependency: dependency_as_told(dependency, known[dependency.id]))


@operation("POST", "/dependencies", status=201)
def create_dependency(body: NewDependency) -> One[Dependency]:
    """Ask for something."""
    _expect_known(body)
    (key,), change = do(dependencies.record_dependencies, [_draft(body)])
    found = next(one for one in context.organisation().dependencies if one.key == key)
    return one(*_current(found.id), at=f"/dependencies/{found.id}", change=change)


@operation("POST", "/dependencies/many", status=201)
def create_dependencies(body: ManyDependencies) -> One[Recorded]:
    """Ask for many things in one change; nothing is saved when one of them cannot be.

    A team that is new is named in `new_teams`, and by the same name in the dependencies.
    """
    for dependency in body.dependencies:
        _expect_known(dependency, new_teams=body.new_teams)
    keys, change = do(
        dependencies.record_dependencies, [_draft(one) for one in body.dependencies], new_teams=body.new_teams
    )
    return one(Recorded(keys=tuple(keys)), change=change)


@operation("GET", "/dependencies/<int:number>")
def read_dependency(number: Number) -> One[Dependency]:
    """Read one dependency, with how the two sides stand."""
    return one(*_current(number))


@operation("PATCH", "/dependencies/<int:number>")
def change_dependency(number: Number, body: Partial[NewDependency], version: int | None) -> One[Dependency]:
    """Change what is asked for while nobody has answered, and what it belongs to at any time.

    State and promise change by acts of the negotiation.
    """
    before = dependency_draft(context.organisation(), find(number))
    wanted = body.over(_of(before))
    _expect_known(wanted)
    draft = replace(before, **{one.name: getattr(wanted, one.name) for one in fields(NewDependency)})
    change = do(dependencies.change_dependency, number, draft, version=version)
    return one(*_current(number), change=change)


@operation("DELETE", "/dependencies/<int:number>")
def delete_dependency(number: Number, version: int | None) -> Done:
    """Remove a dependency."""
    expect_version("dependency", find(number), version)
    return done(do(dependencies.remove_dependency, number))


@operation("POST", "/dependencies/<int:number>/acts")
def act_on_dependency(number: Number, body: NewAct, version: int | None) -> One[Dependency]:
    """Accept, counter, decline, deliver, confirm and all the other acts of the negotiation.

    `acts` of a dependency says which ones are possible now.
    """
    find(number)
    expect_known(provider=(maybe(body.provider), team_keys()))
    change = do(negotiate, number, _move(body), version=version, key=None)
    return one(*_current(number), change=change)


@operation("GET", "/dependencies/<int:number>/messages")
def list_messages(number: Number, query: Page) -> Listed[Message]:
    """List what the two sides wrote about a dependency, oldest first."""
    find(number)
    found = read_messages(context.database(), number)
    return page_of(found, query, partial(told, Message))


def _current(number: int) -> tuple[Dependency, int]:
    found = find(number)
    known = version("dependency", found)
    return dependency_as_told(found, known), known


def dependency_as_told(found: model.Dependency, number: int) -> Dependency:
    """Return a dependency with what whoever asks may do to it; `number` is its version."""
    organisation, today = context.organisation(), context.today()
    return Dependency(
        number=found.id,
        key=found.key,
        state=found.state,
        promised_for=found.promised_for,
        gap=found.gap,
        is_late=found.is_late(today),
        days_late=days_late(found),
        stands=stands(organisation, found, today),
        negotiation=_negotiation(organisation, found.negotiation),
        acts=tuple(
            ActName(act.value) for act in acts_of(context.visitor(), found, today) if act is not Act.REWORD
        ),
        version=number,
        **vars(_of(dependency_draft(organisation, found))),
    )


def _negotiation(organisation: model.Organisation, stand: model.Negotiation) -> Negotiation:
    provider = organisation.team.get(stand.proposed_provider_id) if stand.proposed_provider_id else None
    return told(Negotiation, stand, proposed_provider=provider.key if provider else None)


def _of(draft: DependencyDraft) -> NewDependency:
    return told(NewDependency, draft)


def _draft(wanted: NewDependency) -> DependencyDraft:
    return DependencyDraft(key="", **{one.name: getattr(wanted, one.name) for one in fields(NewDependency)})


def _expect_known(wanted: NewDependency, *, new_teams: tuple[str, ...] = ()) -> None:
    organisation = context.organisation()
    teams = team_keys() | set(new_teams)
    expect_known(
        consumer=((wanted.consumer,), teams),
        provider=((wanted.provider,), teams),
        goal=(maybe(wanted.goal), {goal.key for goal in organisation.goals}),
        horizon=(maybe(wanted.horizon), {horizon.name for horizon in organisation.horizons}),
    )


def _move(body: NewAct) -> Move:
    teams = {team.key: team.id for team in context.organisation().teams}
    return Move(
        act=Act(body.act.value),
        day=body.day,
        what=body.what,
        provider_id=teams[body.provider] if body.provider else None,
        text=body.text,
        heard=body.heard,
        heard_right=body.heard_right,
        criteria=body.criteria,
        conditions=body.conditions,
        met=body.met,
        unmet=body.unmet,
        held=body.held,
    )
