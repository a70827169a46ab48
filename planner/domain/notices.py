"""Who is told what about an act: only product owners of the teams concerned, never who acted.

One act gives a person at most one notice: what is asked or answered comes before what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.domain import notice_words as words
from planner.domain.graph import waits
from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyState,
    Organisation,
    PersonId,
    TeamId,
)
from planner.domain.negotiation.acts import Act
from planner.domain.negotiation.effects import proposer

MORNING = time(7)
"""When the one mail of a day is written, in each person's own time zone."""


class NoticeKind(StrEnum):
    """What a notice is about. People choose for each kind how they are told."""

    ASKED = "asked"
    ANSWERED = "answered"
    REOPENED = "reopened"
    REMINDED = "reminded"
    SLIPPED = "slipped"
    ALL_THERE = "all-there"
    DUE_TOMORROW = "due-tomorrow"
    PROPOSAL = "proposal"
    PROMISE = "promise"
    MINUTES = "minutes"
    SESSION = "session"
    CHANGED = "changed"


class HowTold(StrEnum):
    """How mail comes. The list in the product has every notice, whatever was chosen."""

    NOW = "now"
    DAILY = "daily"
    NONE = "none"


USUAL: Mapping[NoticeKind, HowTold] = {
    NoticeKind.ASKED: HowTold.NOW,
    NoticeKind.ANSWERED: HowTold.DAILY,
    NoticeKind.REOPENED: HowTold.NOW,
    NoticeKind.REMINDED: HowTold.NOW,
    NoticeKind.SLIPPED: HowTold.DAILY,
    NoticeKind.ALL_THERE: HowTold.NOW,
    NoticeKind.DUE_TOMORROW: HowTold.DAILY,
    NoticeKind.PROPOSAL: HowTold.NOW,
    NoticeKind.PROMISE: HowTold.DAILY,
    NoticeKind.MINUTES: HowTold.NOW,
    NoticeKind.SESSION: HowTold.DAILY,
    NoticeKind.CHANGED: HowTold.DAILY,
}
"""What holds for who has not chosen: at once where somebody waits, or need not wait any longer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for one person about one dependency, proposal, promise or shared session.

    once: what keeps a second one away, "" where the day and what it is about do.
    """

    person_id: PersonId
    kind: NoticeKind
    dependency_id: DependencyId | None
    text: str
    proposal_id: int | None = None
    promise_id: int | None = None
    session_id: int | None = None
    once: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    """One sentence for the product owners of one team."""

    team_id: TeamId
    kind: NoticeKind
    text: str


STILL_OPEN = frozenset(
    {DependencyState.ASKED, DependencyState.COUNTERED, DependencyState.AGREED, DependencyState.REOPENED}
)
PROMISED = frozenset({DependencyState.AGREED, DependencyState.REOPENED})
DUE = PROMISED | {DependencyState.ASKED}
"""Where the giving side has something to do on the day; a counter-offer waits for the other one."""
TO_CONSUMER = frozenset({Act.ACCEPT, Act.COUNTER, Act.DECLINE})
TO_PROVIDER = frozenset(
    {
        Act.ACCEPT_COUNTER,
        Act.ASK_AGAIN,
        Act.REWORD,
        Act.CONFIRM,
        Act.RETURN,
        Act.WITHDRAW,
        Act.HEARD,
        Act.REMIND,
    }
)
KINDS: Mapping[Act, NoticeKind] = {
    Act.ASK_AGAIN: NoticeKind.ASKED,
    Act.REWORD: NoticeKind.ASKED,
    Act.REOPEN: NoticeKind.REOPENED,
    Act.RETURN: NoticeKind.REOPENED,
    Act.REMIND: NoticeKind.REMINDED,
}
"""What is not listed is an answer."""


def notices_of(
    organisation: Organisation,
    before: Dependency | None,
    after: Dependency,
    act: Act | None,
    actor_id: PersonId | None,
) -> tuple[Notice, ...]:
    """Return who is told what, by person. The organisation is that after the act.

    Nothing before: it was asked for just now. No act: only what follows from the dates and states is told.
    A single hand-over is told by no notice of its own, only when it was the last one waited for.
    """
    found: dict[PersonId, Notice] = {}
    for word in (
        *_said(organisation, before, after, act, actor_id),
        *_all_there(organisation, before, after),
        *_slipped(organisation, before, after),
    ):
        for person_id in organisation.product_owners.get(word.team_id, ()):
            if person_id != actor_id:
                found.setdefault(person_id, Notice(person_id, word.kind, after.id, word.text))
    return tuple(found[person_id] for person_id in sorted(found))


def due_notices(organisation: Organisation, tomorrow: Mapping[PersonId, date]) -> tuple[Notice, ...]:
    """Return what is due on each person's tomorrow, for the product owners who give it."""
    return tuple(
        Notice(person_id, NoticeKind.DUE_TOMORROW, dependency.id, words.due(organisation, dependency, due))
        for dependency in organisation.dependencies
        if dependency.state in DUE and (due := _expected(dependency)) is not None
        for person_id in organisation.product_owners.get(dependency.provider_id, ())
        if tomorrow.get(person_id) == due
    )


def morning(zone: str, now: datetime) -> datetime:
    """Return the last seven o'clock in the morning that has passed in this zone."""
    local = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), MORNING, local.tzinfo)
    if today <= local:
        return today
    return datetime.combine(local.date() - timedelta(days=1), MORNING, local.tzinfo)


def _said(
    organisation: Organisation,
    before: Dependency | None,
    after: Dependency,
    act: Act | None,
    actor_id: PersonId | None,
) -> Iterator[_Word]:
    """What the act itself says: to the other side, and to a team that is asked in place of another."""
    if before is None:
        yield _Word(after.provider_id, NoticeKind.ASKED, words.asked(organisation, after))
    if before is None or act is None or act is Act.DELIVER:
        return
    if after.provider_id != before.provider_id:
        yield _Word(after.provider_id, NoticeKind.ASKED, words.asked(organisation, after))
        yield _Word(
            before.provider_id, NoticeKind.ANSWERED, words.asked_elsewhere(organisation, before, after)
        )
        return
    kind = KINDS.get(act, NoticeKind.ANSWERED)
    for team_id in _other_side(organisation, before, after, act, actor_id):
        yield _Word(team_id, kind, words.said(organisation, after, act))


def _other_side(
    organisation: Organisation, before: Dependency, after: Dependency, act: Act, actor_id: PersonId | None
) -> tuple[TeamId, ...]:
    if act in TO_CONSUMER:
        return (after.consumer_id,)
    if act in TO_PROVIDER:
        return (after.provider_id,)
    if act is Act.MESSAGE:
        return _where_not_at_home(organisation, after, actor_id)
    if act is Act.REOPEN:
        return (after.team_of(proposer(after).other),)
    waiting = proposer(before)
    return (after.team_of(waiting.other if act is Act.TAKE_BACK else waiting),)


def _where_not_at_home(
    organisation: Organisation, dependency: Dependency, actor_id: PersonId | None
) -> tuple[TeamId, ...]:
    """The sides that this person is not in; a message does not say for which side it was written."""
    home = {m.team_id for m in organisation.memberships if m.person_id == actor_id}
    return tuple(t for t in (dependency.consumer_id, dependency.provider_id) if t not in home)


def _all_there(organisation: Organisation, before: Dependency | None, after: Dependency) -> Iterator[_Word]:
    """The last one that a team waited for within a goal, or a horizon, was handed over just now."""
    if before is None or before.state not in STILL_OPEN or after.state is not DependencyState.DELIVERED:
        return
    others = [d for d in organisation.dependencies if d.id != after.id and _belongs_with(d, after)]
    if any(d.state in STILL_OPEN for d in others):
        return
    came = any(d.state in {DependencyState.DELIVERED, DependencyState.CONFIRMED} for d in others)
    text = words.all_there(organisation, after) if came else words.there(organisation, after)
    yield _Word(after.consumer_id, NoticeKind.ALL_THERE, text)


def _belongs_with(other: Dependency, dependency: Dependency) -> bool:
    if other.consumer_id != dependency.consumer_id or other.goal_id != dependency.goal_id:
        return False
    if dependency.goal_id is not None:
        return True
    return dependency.horizon_id is not None and other.horizon_id == dependency.horizon_id


def _slipped(organisation: Organisation, before: Dependency | None, after: Dependency) -> Iterator[_Word]:
    """Teams further down, which wait for what this one feeds, when it is promised for later than it was."""
    if before is None or after.state not in PROMISED:
        return
    was, will = _expected(before), _expected(after)
    if was is None or will is None or will <= was:
        return
    waiting: dict[TeamId, list[Dependency]] = {}
    for dependency in _waiting_for(organisation, before):
        waiting.setdefault(dependency.consumer_id, []).append(dependency)
    for team_id, theirs in waiting.items():
        yield _Word(team_id, NoticeKind.SLIPPED, words.slipped(after, was, will, theirs))


def _expected(dependency: Dependency) -> date | None:
    """The day on which others count: the promise where there is one, the need until then."""
    promised = dependency.promised_for if dependency.state in PROMISED else None
    return promised or dependency.needed_by


def _waiting_for(organisation: Organisation, dependency: Dependency) -> tuple[Dependency, ...]:
    """What waits for this one of the same goal, over any number of steps, by id."""
    if dependency.goal_id is None:
        return ()
    same = [d for d in organisation.active_dependencies if d.goal_id == dependency.goal_id]
    # as it was: with its new date it would come after what waits for it
    steps = waits(replace(dependency, state=d.state) if d.id == dependency.id else d for d in same)
    reached = {dependency.id}
    while fresh := {id_ for id_, sooner in steps.items() if not reached.isdisjoint(sooner)} - reached:
        reached |= fresh
    return tuple(d for d in same if d.id in reached and d.id != dependency.id and d.state in STILL_OPEN)
