"""A session while it runs: steered, decided in, voted in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from planner.domain.errors import InvalidInput, Problem
from planner.domain.meeting.acts import MeetingAct, existing
from planner.domain.meeting.confidence import confidence_of, confidence_words
from planner.domain.meeting.deciding import KINDS, Decision
from planner.domain.meeting.model import (
    ItemId,
    ItemKind,
    ItemState,
    MeetingState,
    OutcomeKind,
)
from planner.domain.meeting.votes import CHOICES_MOST, DOTS_MOST, Method, Poll, PollId
from planner.domain.negotiation.acts import Act, Move
from planner.services.meeting import guests, live, outcomes, pulse, votes
from planner.services.meeting.outcomes import NO_OUTCOME, WORDS_LONGEST
from planner.services.meeting.room import Room, read_room
from planner.services.meeting.votes import REASON_LONGEST
from planner.web import context
from planner.web.api.operations import One, operation
from planner.web.api.promises import Promise, promise_as_told
from planner.web.api.records import do, one
from planner.web.api.rounds import WhichRound
from planner.web.api.telling import told
from planner.web.api.types import AtMost, Between, Key, Number, OptionalSentence, ShortText, Text
from planner.web.views.live import PLAIN, own_seat, promised_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.domain.meeting import model
    from planner.domain.meeting.rounds import RoundOf
    from planner.storage.audit import OpenChange

Words = Annotated[str, Text(WORDS_LONGEST)]
DOORS: Mapping[str, Callable[..., object]] = {
    "invite-guests": guests.open_door,
    "show-out": guests.close_door,
}
TURN, TALK, HAND_OVER, ADD_TIME = "turn", "talk", "hand-over", "add-time"
STEPS = (*PLAIN, *DOORS, TURN, TALK, HAND_OVER)
Step = StrEnum("Step", {name.upper().replace("-", "_"): name for name in STEPS})  # type: ignore[misc]
Settling = StrEnum("Settling", {act.name: act.value for act in KINDS})  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True)
class ItemOutcome:
    """How an item ended; people by key."""

    kind: OutcomeKind
    text: str
    decider: str
    consulted: tuple[str, ...]
    idea_from: str
    review_on: date | None
    agreed_for: date | None
    deferred_to: str


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """One item of a session. `number` is 0 while nobody has prepared or begun it; `dependency`: by number.

    `version` is that of its outcome: what deciding it, parking it and deferring it need.
    """

    number: int
    title: str
    dependency: int | None
    kind: ItemKind
    state: ItemState
    minutes: int
    added: int
    used_seconds: int
    lead: str
    outcome: ItemOutcome | None
    version: int


@dataclass(frozen=True, kw_only=True)
class RoomVote:
    """A vote in a session. How many have voted is told at once, what they said once it is revealed.

    `tally`: dots of each choice, how often 0 to 5 fingers, or how many object and how many are fine.
    `confidence`: what a fist of five says, in words.
    """

    number: int
    item: int
    method: Method
    choices: tuple[str, ...]
    dots: int
    cap: int
    is_revealed: bool
    voted: int
    mine: tuple[int, ...] | None
    tally: tuple[int, ...] | None
    reasons: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, kw_only=True)
class RunningSession:
    """A round of a session at one moment; people by key, guests by name.

    `ends_at`: when the time of the item that is on is over. `promises`: those that you know of. `acts`:
    what you may do. `undo`: the change that you made last and can take back. `pulse` differs whenever any
    of this does.
    """

    session: int
    round: int
    title: str
    minutes: int
    is_cancelled: bool
    state: MeetingState
    facilitator: str
    items: tuple[AgendaItem, ...]
    current: int | None
    ends_at: datetime | None
    started_at: datetime | None
    closed_at: datetime | None
    there: tuple[str, ...]
    guests: tuple[str, ...]
    code: str
    votes: tuple[RoomVote, ...]
    promises: tuple[Promise, ...]
    has_vote: bool
    acts: tuple[MeetingAct, ...]
    undo: int | None
    pulse: str


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """Differs whenever anything in the session has changed since."""

    pulse: str


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """One step of a session. `item`: the one to turn to, or to talk about.

    `person`: who leads from now on, by key. `minutes`: how many are added, 1, 2 or 5.
    """

    act: Step
    item: Number | None = None
    person: ShortText = ""
    minutes: Annotated[int, Between(1, 5)] = 2


@dataclass(frozen=True, kw_only=True)
class NewDecision:
    """What is written down. `act` and `day`: what it does to the dependency, nothing for words alone.

    `first` stays and `rest` is asked for by itself where the item is split. People by key; who writes
    decides where nobody else is named. `dependency_version`: that of the dependency as you have seen it.
    """

    text: Words = ""
    act: Settling | None = None
    day: date | None = None
    reason: Words = ""
    first: OptionalSentence = ""
    rest: OptionalSentence = ""
    rest_by: date | None = None
    decider: ShortText = ""
    consulted: Annotated[tuple[Key, ...], AtMost(500)] = ()
    idea_from: ShortText = ""
    review_on: date | None = None
    dependency_version: Number | None = None


class AsideKind(StrEnum):
    """What becomes of an item that is not decided now."""

    PARKED = "parked"
    DEFERRED = "deferred"


@dataclass(frozen=True, kw_only=True)
class NewAside:
    """Why an item is parked, or where it is taken up."""

    kind: AsideKind
    text: Words = ""
    deferred_to: OptionalSentence = ""


@dataclass(frozen=True, kw_only=True)
class NewRoomVote:
    """A vote to be called. `choices`, `dots` for each person and `cap` for each choice are for dots alone."""

    method: Method
    choices: Annotated[tuple[OptionalSentence, ...], AtMost(CHOICES_MOST)] = ()
    dots: Annotated[int, Between(1, DOTS_MOST)] = 3
    cap: Annotated[int, Between(1, DOTS_MOST)] = 2


@dataclass(frozen=True, kw_only=True)
class NewVoice:
    """What you say: dots for each choice, 0 to 5 fingers, 1 for fine, or 0 with a `reason` against it.

    With few fingers `reason` says what is missing.
    """

    numbers: Annotated[tuple[Annotated[int, Between(0, DOTS_MOST)], ...], AtMost(CHOICES_MOST)]
    reason: Annotated[str, Text(REASON_LONGEST)] = ""


@operation("GET", "/shared-sessions/<int:number>/room")
def read_running_session(number: Number, query: WhichRound) -> One[RunningSession]:
    """Read how a session runs: what is on, who is there, how votes stand, what you may do."""
    return _told(query.of(number))


@operation("GET", "/shared-sessions/<int:number>/pulse")
def read_session_pulse(number: Number, query: WhichRound) -> One[Pulse]:
    """Ask whether anything has changed; it costs far less than reading all of it."""
    return one(Pulse(pulse=pulse.read_pulse(context.database(), query.of(number))))


@operation("POST", "/shared-sessions/<int:number>/acts")
def act_in_session(number: Number, query: WhichRound, body: NewStep) -> One[RunningSession]:
    """Begin a session, go to another item, add minutes, come, leave, hand over, close, open again."""
    place = query.of(number)
    return _told(place, _step(place, body))


@operation("GET", "/shared-sessions/<int:number>/items/<int:item>")
def read_agenda_item(number: Number, item: Number, query: WhichRound) -> One[AgendaItem]:
    """Read one item with its outcome."""
    return _told_item(query.of(number), item)


@operation("POST", "/shared-sessions/<int:number>/items/<int:item>/decision")
def decide_item(
    number: Number, item: Number, query: WhichRound, body: NewDecision, version: int | None
) -> One[AgendaItem]:
    """Write a decision down and do what it says to the dependency, both or neither."""
    place = query.of(number)
    change = do(
        outcomes.decide,
        place,
        ItemId(item),
        _decision(body),
        version=_seen(item, version),
        dependency_version=body.dependency_version,
        key=None,
    )
    return _told_item(place, item, change)


@operation("POST", "/shared-sessions/<int:number>/items/<int:item>/aside")
def set_item_aside(
    number: Number, item: Number, query: WhichRound, body: NewAside, version: int | None
) -> One[AgendaItem]:
    """Park an item, or defer it to somewhere."""
    place = query.of(number)
    change = do(
        outcomes.set_aside,
        place,
        ItemId(item),
        OutcomeKind(body.kind.value),
        text=body.text,
        deferred_to=body.deferred_to,
        version=_seen(item, version),
        key=None,
    )
    return _told_item(place, item, change)


@operation("POST", "/shared-sessions/<int:number>/items/<int:item>/votes", status=201)
def call_room_vote(number: Number, item: Number, query: WhichRound, body: NewRoomVote) -> One[RunningSession]:
    """Call a vote about an item: dots, fist of five, or consent."""
    place = query.of(number)
    poll = Poll(PollId(0), ItemId(item), body.method, body.choices, body.dots, body.cap)
    return _told(place, do(votes.call_vote, place, poll, key=None))


@operation("POST", "/shared-sessions/<int:number>/votes/<int:vote>/voices")
def vote_in_room(number: Number, vote: Number, query: WhichRound, body: NewVoice) -> One[RunningSession]:
    """Vote, or vote anew while nobody sees it; with the last vote of those there all are shown."""
    place = query.of(number)
    change = do(votes.vote, place, PollId(vote), body.numbers, reason=body.reason, key=None)
    return _told(place, change)


@operation("POST", "/shared-sessions/<int:number>/votes/<int:vote>/reveal")
def reveal_room_vote(number: Number, vote: Number, query: WhichRound) -> One[RunningSession]:
    """Close a vote and show what came out."""
    place = query.of(number)
    return _told(place, do(votes.reveal, place, PollId(vote), key=None))


def _step(place: RoundOf, body: NewStep) -> OpenChange | None:
    if body.act in DOORS:
        do(DOORS[body.act], place)
        return None
    if body.act.value in {TURN, TALK}:
        if body.item is None:
            raise InvalidInput(Problem("/item", "is missing; say which item it is about"))
        act = live.turn_to if body.act.value == TURN else live.talk_about
        return do(act, place, ItemId(body.item), key=None)
    if body.act.value == HAND_OVER:
        return do(live.hand_over, place, body.person, key=None)
    if body.act.value == ADD_TIME:
        return do(live.add_time, place, minutes=body.minutes, key=None)
    return do(PLAIN[body.act], place, key=None)


def _decision(body: NewDecision) -> Decision:
    said = {one.name: getattr(body, one.name) for one in fields(Decision) if one.name != "move"}
    move = None if body.act is None else Move(Act(body.act.value), day=body.day, text=body.reason)
    return Decision(**said, move=move)


def _seen(item: int, version: int | None) -> int:
    """The version of the outcome that was seen; that of now for whatever is there."""
    return outcomes.read_versions(context.database(), item) if version is None else version


def _room(place: RoundOf) -> Room:
    return read_room(context.database(), context.organisation(), place, now=context.now())


def _told(place: RoundOf, change: OpenChange | None = None) -> One[RunningSession]:
    room = _room(place)
    meeting, seat = room.meeting, own_seat(room)
    found = told(
        RunningSession,
        room,
        meeting,
        seat,
        session=place.session_id,
        round=place.number + 1,
        items=tuple(_item(room, item) for item in meeting.items),
        ends_at=meeting.ends_at(),
        there=tuple(sorted(person for person, _guest in meeting.there if person)),
        guests=tuple(sorted(guest for _person, guest in meeting.there if guest)),
        votes=tuple(_vote(poll, seat.person) for poll in room.polls),
        promises=tuple(promise_as_told(one) for one in promised_in(room, place)),
    )
    return one(found, meeting.version, change=change)


def _told_item(place: RoundOf, item: int, change: OpenChange | None = None) -> One[AgendaItem]:
    room = _room(place)
    found = _item(room, existing(room.meeting, ItemId(item)))
    return one(found, found.version, change=change)


def _item(room: Room, item: model.AgendaItem) -> AgendaItem:
    known = {one.key: one.id for one in context.organisation().dependencies}
    return told(
        AgendaItem,
        item,
        dependency=known.get(item.dependency or ""),
        used_seconds=int(room.meeting.used_by(item, context.now()).total_seconds()),
        version=room.versions.get(item.id, NO_OUTCOME),
    )


def _vote(poll: Poll, person: str) -> RoomVote:
    mine = poll.vote_of(person)
    return told(
        RoomVote,
        poll,
        item=poll.item_id,
        voted=len(poll.votes),
        mine=None if mine is None else mine.numbers,
        tally=poll.tally if poll.is_revealed else None,
        reasons=poll.reasons if poll.is_revealed else (),
        confidence=confidence_words(confidence_of(poll)) if poll.is_revealed else "",
    )
