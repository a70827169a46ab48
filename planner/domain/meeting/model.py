"""The meeting of a shared session as a plain value: agenda, outcomes, who is there and how far it is.

People are named by their key, as shared sessions name them: a meeting outlives who was in it. A guest
has no key, only a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.meeting.learned import Sort

MeetingId = NewType("MeetingId", int)
ItemId = NewType("ItemId", int)
NOT_KEPT = 0
"""The number of a meeting, and of its items, that nobody has made yet: only its agenda is planned."""


def name_of(dependency: str | None, title: str) -> str:
    """Return the name of a matter: the key of its dependency, or its title where it is a topic."""
    return dependency or f"topic: {title}"


class MeetingState(StrEnum):
    """How far a meeting is. A closed one can be opened again; nothing is lost by either."""

    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"


class ItemState(StrEnum):
    """What has become of an item; derived from its outcome, never kept."""

    OPEN = "open"
    DECIDED = "decided"
    PARKED = "parked"
    DEFERRED = "deferred"


class ItemKind(StrEnum):
    """How an item is treated: talked about, or agreed with all others of the consent list at once."""

    TALK = "talk"
    CONSENT = "consent"


class OutcomeKind(StrEnum):
    """How an item ended. The first four have changed its dependency, DECIDED is words alone."""

    AGREED = "agreed"
    COUNTERED = "countered"
    DECLINED = "declined"
    SPLIT = "split"
    DECIDED = "decided"
    PARKED = "parked"
    DEFERRED = "deferred"

    @property
    def is_decision(self) -> bool:
        """True for what settles an item; what is parked or deferred is talked about again."""
        return self not in {OutcomeKind.PARKED, OutcomeKind.DEFERRED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an item ended, in words and facts; who wrote it and when is in the history.

    text: the decision, or why it is parked. decider and idea_from: the key of a person, "" where nobody
    is named; consulted: keys. agreed_for: the date that was agreed or offered. review_on: when to look
    at it again. deferred_to: where it is taken up, never empty on what is deferred.
    """

    kind: OutcomeKind
    text: str = ""
    decider: str = ""
    consulted: tuple[str, ...] = ()
    idea_from: str = ""
    review_on: date | None = None
    agreed_for: date | None = None
    deferred_to: str = ""

    @property
    def state(self) -> ItemState:
        """What an item with this outcome is."""
        return _STATES.get(self.kind, ItemState.DECIDED)


_STATES = {OutcomeKind.PARKED: ItemState.PARKED, OutcomeKind.DEFERRED: ItemState.DEFERRED}


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing on the agenda: a dependency by its key, or a topic of its own.

    title: what it is called; of a dependency, what it was called when it came onto the agenda.
    minutes: planned; added: by "+2 min" while it was on. used: how long it was on before it was left
    last; while it is on, the rest counts from the moment the meeting turned to it. lead: a key or "".
    sort and usual: see `learned`; None where they were not kept.
    """

    id: ItemId
    position: int
    title: str
    dependency: str | None = None
    kind: ItemKind = ItemKind.TALK
    minutes: int = 5
    added: int = 0
    used: timedelta = timedelta()
    lead: str = ""
    outcome: Outcome | None = None
    version: int = 1
    sort: Sort | None = None
    usual: int | None = None

    @property
    def name(self) -> str:
        """What tells it from all others of its agenda, also when that is written anew."""
        return name_of(self.dependency, self.title)

    @property
    def state(self) -> ItemState:
        return ItemState.OPEN if self.outcome is None else self.outcome.state

    @property
    def allowed(self) -> timedelta:
        """How long it may take, with what was added."""
        return timedelta(minutes=self.minutes + self.added)


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody who came, by key or, for a guest, by name; `left` is None while they are there."""

    id: int
    person: str
    guest: str
    arrived: datetime
    left: datetime | None = None

    @property
    def is_there(self) -> bool:
        return self.left is None


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody who cannot come left beforehand: on a matter by its name, "" for the whole session.

    title: what the matter was called then, "" for the whole session.
    """

    person: str
    matter: str
    title: str
    text: str


@dataclass(frozen=True)
class Meeting:
    """A meeting of one shared session with its agenda in order.

    facilitator: the key of who leads now. invited: keys of those with a seat. current: the item that is
    on, None before the first and after the last; turned_at: since when. round: its number in the series of
    the session. taken_out: the names of what people took from its agenda though it was left open. words: what
    people have left beforehand, in the order in which it came. A meeting that is not kept yet (see NOT_KEPT)
    has the agenda of its session, the words that were left, and nothing else.
    """

    id: MeetingId
    session_id: int
    facilitator: str
    state: MeetingState = MeetingState.PLANNED
    invited: frozenset[str] = frozenset()
    items: tuple[AgendaItem, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    current: ItemId | None = None
    turned_at: datetime | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1
    round: int = 0
    taken_out: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()

    @property
    def is_kept(self) -> bool:
        return self.id != NOT_KEPT

    @cached_property
    def item(self) -> Mapping[ItemId, AgendaItem]:
        return MappingProxyType({item.id: item for item in self.items})

    @property
    def on_now(self) -> AgendaItem | None:
        """The item that is on."""
        return None if self.current is None else self.item.get(self.current)

    @property
    def there(self) -> frozenset[tuple[str, str]]:
        """Who is there, each by key or name; once it is over, who was."""
        is_over = self.state is MeetingState.CLOSED
        return frozenset((one.person, one.guest) for one in self.attendance if is_over or one.is_there)

    @property
    def decided(self) -> tuple[AgendaItem, ...]:
        return tuple(item for item in self.items if item.state is ItemState.DECIDED)

    def words_on(self, item: AgendaItem) -> tuple[Word, ...]:
        """Return what was left on an item beforehand."""
        return tuple(word for word in self.words if word.matter == item.name)

    @cached_property
    def words_on_all(self) -> tuple[Word, ...]:
        """What was left for the session as a whole, and on what is not on its agenda any more."""
        names = {item.name for item in self.items}
        return tuple(word for word in self.words if word.matter not in names)

    def used_by(self, item: AgendaItem, now: datetime) -> timedelta:
        """Return how long an item was on so far."""
        if item.id != self.current or self.turned_at is None:
            return item.used
        return item.used + max(now - self.turned_at, timedelta())

    def ends_at(self) -> datetime | None:
        """Return when the time of the item that is on is over; None where none is on."""
        item = self.on_now
        if item is None or self.turned_at is None:
            return None
        return self.turned_at + item.allowed - item.used
