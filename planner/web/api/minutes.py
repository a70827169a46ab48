"""The minutes of a shared session: read, shared, objected to, answered; and what it was worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from planner.domain.meeting.model import OutcomeKind
from planner.domain.minutes import MinutesState
from planner.domain.worth import SAYS
from planner.services import trials
from planner.services.meeting import minutes
from planner.services.meeting.minutes import WORDS_LONGEST
from planner.web import context
from planner.web.api.operations import File, One, operation
from planner.web.api.records import do, one
from planner.web.api.rounds import WhichMinutes
from planner.web.api.telling import told
from planner.web.api.types import Between, Number, Text
from planner.web.views.minutes import CONTENT_TYPES

if TYPE_CHECKING:
    from planner.domain.meeting.rounds import RoundOf
    from planner.storage.audit import OpenChange

MinutesFormat = StrEnum("MinutesFormat", {"MARKDOWN": "md", "PDF": "pdf"})


@dataclass(frozen=True, kw_only=True)
class WhichVersion(WhichMinutes):
    """`round`: which date, else the one that runs or was held last. `version`: else the newest."""

    version: Number | None = None


@dataclass(frozen=True, kw_only=True)
class MinutesFile(WhichVersion):
    """Which minutes, and as what."""

    format: MinutesFormat = MinutesFormat.MARKDOWN


@dataclass(frozen=True, kw_only=True)
class WordBeforehand:
    """What somebody who could not come left, by the name of the day.

    `title`: on what, where that is no item of these minutes.
    """

    by: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MinutesLine:
    """What became of one item, with the names of the day; `dependency` is a key, "" for a topic.

    `words`: what was left on it beforehand.
    """

    item: int
    title: str
    kind: OutcomeKind | None
    text: str
    dependency: str
    decider: str
    consulted: tuple[str, ...]
    idea_from: str
    agreed_for: date | None
    review_on: date | None
    deferred_to: str
    words: tuple[WordBeforehand, ...]


@dataclass(frozen=True, kw_only=True)
class MinutesObjection:
    """What somebody who was there objects to, and the answer, "" while there is none."""

    number: int
    item: int | None
    by: str
    words: str
    objected_at: datetime
    answer: str
    answered_by: str
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class MinutesVersion:
    """One version that was shared."""

    number: int
    state: MinutesState
    shared_at: datetime
    shared_by: str
    why: str
    until: date


@dataclass(frozen=True, kw_only=True)
class SessionMinutes:
    """Minutes: a version that was shared, else the draft of now, for which `version` is null.

    `words`: what was left beforehand for all of it.
    `until`: the last day on which somebody can object. `worth`: what the session was worth to you.
    """

    session: int
    round: int
    state: MinutesState
    title: str
    held_on: date | None
    place: str
    led_by: str
    decisions: tuple[MinutesLine, ...]
    set_aside: tuple[MinutesLine, ...]
    not_reached: tuple[MinutesLine, ...]
    present: tuple[str, ...]
    missing: tuple[str, ...]
    words: tuple[WordBeforehand, ...]
    version: MinutesVersion | None
    versions: tuple[MinutesVersion, ...]
    objections: tuple[MinutesObjection, ...]
    until: date | None
    has_changed: bool
    may_share: bool
    may_object: bool
    may_answer: bool
    worth: int | None


@dataclass(frozen=True, kw_only=True)
class NewMinutes:
    """Minutes to be shared as they are now. `why`: what is corrected, once a version was shared."""

    why: Annotated[str, Text(WORDS_LONGEST)] = ""


@dataclass(frozen=True, kw_only=True)
class NewObjection:
    """What you object to: one item of a version, or the whole of it."""

    version: Number
    words: Annotated[str, Text(WORDS_LONGEST, 1)]
    item: Number | None = None


@dataclass(frozen=True, kw_only=True)
class NewObjectionAnswer:
    """What is answered, for all to read."""

    words: Annotated[str, Text(WORDS_LONGEST, 1)]


@dataclass(frozen=True, kw_only=True)
class NewWorth:
    """What the session was worth to you; null takes back what you said."""

    value: Annotated[int, Between(min(SAYS), max(SAYS))] | None


@dataclass(frozen=True, kw_only=True)
class LoadOfSession:
    """What you sat in, in minutes."""

    session: int
    round: int
    title: str
    planned: int
    attended: int


@dataclass(frozen=True, kw_only=True)
class Load:
    """Your own sessions that are over, and what the paused ones would have taken in as many days."""

    sessions: tuple[LoadOfSession, ...]
    planned: int
    attended: int
    before: int
    days: int


@operation("GET", "/shared-sessions/<int:number>/minutes")
def read_session_minutes(number: Number, query: WhichVersion) -> One[SessionMinutes]:
    """Read the minutes, the newest version or another one."""
    return _told(query.of(number), version=query.version)


@operation("GET", "/shared-sessions/<int:number>/minutes/file", content_type="*/*")
def read_minutes_file(number: Number, query: MinutesFile) -> File:
    """Read the minutes as a file, Markdown or PDF."""
    found = _read(query.of(number), version=query.version)
    kind = query.format.value
    return File(minutes.minutes_file(found.minutes, kind), CONTENT_TYPES[kind])


@operation("POST", "/shared-sessions/<int:number>/minutes", status=201)
def share_session_minutes(number: Number, query: WhichMinutes, body: NewMinutes) -> One[SessionMinutes]:
    """Share the minutes as they are now: the first version, or a correction with what it corrects."""
    place = query.of(number)
    change = do(
        minutes.share_minutes, place, why=body.why, key=None, address=context.context().settings.address
    )
    return _told(place, change)


@operation("POST", "/shared-sessions/<int:number>/minutes/objections", status=201)
def object_to_minutes(number: Number, query: WhichMinutes, body: NewObjection) -> One[SessionMinutes]:
    """Object to the minutes of a session in which you were."""
    place = query.of(number)
    change = do(
        minutes.object_to_minutes, place, item=body.item, words=body.words, number=body.version, key=None
    )
    return _told(place, change)


@operation("POST", "/shared-sessions/<int:number>/minutes/objections/<int:objection>/answer")
def answer_objection(
    number: Number, objection: Number, query: WhichMinutes, body: NewObjectionAnswer
) -> One[SessionMinutes]:
    """Answer an objection; answering anew takes the place of the answer."""
    place = query.of(number)
    change = do(minutes.answer_objection, place, objection, words=body.words, key=None)
    return _told(place, change)


@operation("POST", "/shared-sessions/<int:number>/worth")
def say_worth(number: Number, query: WhichMinutes, body: NewWorth) -> One[SessionMinutes]:
    """Say what a session in which you were was worth to you; only the middle of all answers is shown."""
    place = query.of(number)
    do(trials.say_worth, place, body.value)
    return _told(place)


@operation("GET", "/me/load")
def read_my_load() -> One[Load]:
    """Read what you sat in. Nobody else can."""
    actor, organisation = context.actor(), context.organisation()
    me = next(person.key for person in organisation.people if person.id == actor.person_id)
    found = trials.read_own_load(context.database(), organisation, actor, me)
    sessions = tuple(told(LoadOfSession, one, session=one.id, round=one.round + 1) for one in found.sessions)
    return one(told(Load, found, sessions=sessions))


def _read(place: RoundOf, version: int | None = None) -> minutes.SharedMinutes:
    return minutes.read_minutes(
        context.database(),
        context.organisation(),
        place,
        context.visitor(),
        context.today(),
        number=version,
    )


def _told(
    place: RoundOf, change: OpenChange | None = None, *, version: int | None = None
) -> One[SessionMinutes]:
    found = _read(place, version)
    shown = told(
        SessionMinutes,
        found,
        found.minutes,
        session=place.session_id,
        round=place.number + 1,
        worth=trials.read_worth(context.database(), context.visitor(), place),
    )
    return one(shown, change=change)
