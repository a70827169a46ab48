"""Sessions that were agreed: their dates, who comes, and polls for a time that suits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from planner.domain.errors import NotFound
from planner.domain.model import DependencyId
from planner.domain.polls import Choice
from planner.services import shared_sessions, single_sessions
from planner.services.calendar import beforehand, polls, replies, series
from planner.services.calendar.beforehand import WORD_LONGEST
from planner.services.calendar.inviting import mail_single
from planner.services.calendar.replies import Answer
from planner.services.meeting.live import person_key
from planner.services.meeting.meetings import read_meeting
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.proposals import SeatIn, seat_in
from planner.web.api.records import do, done, one
from planner.web.api.rounds import WhichRound
from planner.web.api.telling import told
from planner.web.api.types import Number, Text
from planner.web.inviting import mailed

if TYPE_CHECKING:
    from planner.storage.audit import OpenChange


@dataclass(frozen=True, kw_only=True)
class SessionDate:
    """One date: when its rule has it, and when it is held, null where it is left out. `round`: from 1 on.

    `in_turn`: when its turn has it, where the session is held at two times in turn and it is the second.
    """

    round: int
    planned: datetime
    starts_at: datetime | None
    in_turn: datetime | None


@dataclass(frozen=True, kw_only=True)
class SharedSession:
    """A session that was agreed; `agenda` names dependencies by number. `version` is for its dates."""

    number: int
    proposal: int | None
    title: str
    starts_at: datetime | None
    zone: str
    minutes: int
    place: str
    facilitator: str | None
    is_cancelled: bool
    agenda: tuple[int, ...]
    seats: tuple[SeatIn, ...]
    dates: tuple[SessionDate, ...]
    version: int


class DateAct(StrEnum):
    """What becomes of one date."""

    MOVE = "move"
    LEAVE_OUT = "leave-out"
    RESTORE = "restore"


@dataclass(frozen=True, kw_only=True)
class NewDateAct:
    """What becomes of one date; `starts_at`: when it is held once it is moved."""

    act: DateAct
    starts_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NewReply:
    """Whether you come; `round`: to which date alone, from 1 on, else to all of them."""

    answer: Answer
    round: Number | None = None


@dataclass(frozen=True, kw_only=True)
class SessionReply:
    """What somebody replied, by key. `is_of_before`: the session has changed since.

    `round`: to which date alone, from 1 on, null for all of them.
    """

    person: str
    round: int | None
    answer: Answer
    said_at: datetime
    is_of_before: bool


@dataclass(frozen=True, kw_only=True)
class LeftWord:
    """What somebody who cannot come has left, by key; on a `matter` of the agenda, "" for all of it."""

    person: str
    matter: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NewWord:
    """What is to be heard when the session comes to a `matter` of its agenda, "" for all of it."""

    text: Annotated[str, Text(WORD_LONGEST, 1)]
    matter: str = ""


@dataclass(frozen=True, kw_only=True)
class WordsPage(Page, WhichRound):
    """Which part of what was left for which date."""


@dataclass(frozen=True, kw_only=True)
class WhichWord(WhichRound):
    """`round`: which date of the session, from 1 on, else the one that matters now. `matter`: on what."""

    matter: str = ""


@dataclass(frozen=True, kw_only=True)
class TimeStanding:
    """How a time stands; people by key."""

    starts_at: datetime
    yes: tuple[str, ...]
    maybe: tuple[str, ...]
    no: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TimePoll:
    """The times that are asked for. `best`: what suits most; `chosen`: what was decided."""

    times: tuple[TimeStanding, ...]
    best: datetime | None
    chosen: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChosenTime:
    """One of the times that are asked for."""

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class NewTimeAnswer(ChosenTime):
    """What you say to one time."""

    choice: Choice


@operation("GET", "/shared-sessions")
def list_shared_sessions(query: Page) -> Listed[SharedSession]:
    """List agreed sessions that are ahead or of late, cancelled ones too, by their start."""
    found = shared_sessions.read_sessions(context.database(), context.organisation(), context.now())
    return page_of(found, query, _shared)


@operation("GET", "/shared-sessions/<int:number>")
def read_shared_session(number: Number) -> One[SharedSession]:
    """Read one agreed session with its dates."""
    return _current(number)


@operation("POST", "/dependencies/<int:number>/session", status=201)
def create_single_session(number: Number) -> One[SharedSession]:
    """Ask those who speak for a dependency that no plan holds for a time to talk about it."""
    made, change = do(single_sessions.hold_single, DependencyId(number), key=None)
    return _current(made, change, at=f"/shared-sessions/{made}")


@operation("POST", "/shared-sessions/<int:number>/off")
def call_session_off(number: Number, version: int | None) -> One[SharedSession]:
    """Hold no session for a single dependency after all; it is settled in writing."""
    change = do(single_sessions.call_off, number, version=version, key=None)
    return _current(number, change)


@operation("POST", "/shared-sessions/<int:number>/invitations")
def mail_session(number: Number) -> Done:
    """Mail the invitations that people have coming to a session that belongs to no plan."""
    return done(mailed(mail_single, number))


@operation("POST", "/shared-sessions/<int:number>/dates/<int:which>/acts")
def act_on_date(number: Number, which: Number, body: NewDateAct, version: int | None) -> One[SharedSession]:
    """Hold one date at another time, not at all, or when its rule has it again."""
    at = which - 1
    if body.act is DateAct.MOVE:
        moment = body.starts_at
        change = do(series.move_round, number, at, starts_at=moment, version=version, key=None)
    elif body.act is DateAct.LEAVE_OUT:
        change = do(series.leave_out_round, number, at, version=version, key=None)
    else:
        change = do(series.restore_round, number, at, version=version, key=None)
    return _current(number, change)


@operation("GET", "/shared-sessions/<int:number>/replies")
def list_replies(number: Number, query: Page) -> Listed[SessionReply]:
    """List who has said whether they come."""
    said = replies.read_all_replies(context.database(), number)
    by_date = sorted(said.to_date.items())
    found: list[tuple[int | None, str, replies.Reply]] = [(None, *one) for one in sorted(said.to_all.items())]
    found += [(at + 1, *one) for at, to_it in by_date for one in sorted(to_it.items())]
    return page_of(found, query, lambda one: told(SessionReply, one[2], person=one[1], round=one[0]))


@operation("POST", "/shared-sessions/<int:number>/replies")
def reply_to_session(number: Number, body: NewReply) -> One[SessionReply]:
    """Say whether you come, or something else than before."""
    actor = context.actor()
    at = None if body.round is None else body.round - 1
    change = replies.reply(context.database(), actor, number, body.answer.value, number=at)
    me = next(person.key for person in context.organisation().people if person.id == actor.person_id)
    known = replies.read_all_replies(context.database(), number)
    said = known.to_all[me] if at is None else known.to_date[at][me]
    return one(told(SessionReply, said, person=me, round=body.round), change=change)


@operation("GET", "/shared-sessions/<int:number>/words")
def list_words(number: Number, query: WordsPage) -> Listed[LeftWord]:
    """List what people who cannot come have left for a round."""
    found = read_meeting(context.database(), query.of(number)).words
    return page_of(found, query, lambda left: told(LeftWord, left))


@operation("POST", "/shared-sessions/<int:number>/words")
def leave_word(number: Number, body: NewWord, query: WhichRound) -> One[LeftWord]:
    """Leave a word for a round that you cannot come to; it takes the place of what you left there before."""
    place = query.of(number)
    change = do(beforehand.leave_word, place, about=body.matter, text=body.text, key=None)
    me = person_key(context.database(), context.actor())
    words = read_meeting(context.database(), place).words
    left = next(word for word in words if (word.person, word.matter) == (me, body.matter))
    return one(told(LeftWord, left), change=change)


@operation("DELETE", "/shared-sessions/<int:number>/words")
def take_word_back(number: Number, query: WhichWord) -> Done:
    """Take back what you left."""
    return done(do(beforehand.take_word_back, query.of(number), about=query.matter, key=None))


@operation("GET", "/shared-sessions/<int:number>/poll")
def read_time_poll(number: Number) -> One[TimePoll]:
    """Read which times are asked for, and who can when."""
    return _poll(number)


@operation("POST", "/shared-sessions/<int:number>/poll", status=201)
def open_time_poll(number: Number) -> One[TimePoll]:
    """Ask those who sit there which time suits them; what was asked before is forgotten."""
    return _poll(number, do(polls.open_poll, number, key=None))


@operation("POST", "/shared-sessions/<int:number>/poll/answers")
def answer_time_poll(number: Number, body: NewTimeAnswer) -> One[TimePoll]:
    """Say whether one of the times suits you."""
    change = do(polls.answer_poll, number, start=_start(body), choice=body.choice.value)
    return _poll(number, change)


@operation("POST", "/shared-sessions/<int:number>/poll/decision")
def decide_time_poll(number: Number, body: ChosenTime) -> One[TimePoll]:
    """Hold the session at one of the times."""
    change = do(polls.decide_poll, number, start=_start(body), key=None)
    return _poll(number, change)


def _start(body: ChosenTime) -> str:
    """A time as the poll names it."""
    return body.starts_at.astimezone(UTC).isoformat()


def _current(number: int, change: OpenChange | None = None, *, at: str = "") -> One[SharedSession]:
    found = shared_sessions.read_session(context.database(), context.organisation(), number)
    return one(_shared(found), found.version, at=at, change=change)


def _shared(found: shared_sessions.AgreedSession) -> SharedSession:
    return told(
        SharedSession,
        found,
        proposal=found.proposal_id,
        facilitator=found.leader.key if found.leader else None,
        agenda=tuple(one.id for one in found.agenda),
        seats=tuple(seat_in(seat) for seat in found.seats),
        dates=tuple(told(SessionDate, one, round=one.number + 1) for one in found.rounds),
    )


def _poll(number: int, change: OpenChange | None = None) -> One[TimePoll]:
    shared_sessions.existing_session(context.database(), number)
    found = polls.read_poll(context.database(), number)
    if found is None:
        raise NotFound(polls.NO_POLL)
    times = tuple(told(TimeStanding, one) for one in found.standings)
    return one(
        told(TimePoll, found, times=times, best=found.best.starts_at if found.best else None), change=change
    )
