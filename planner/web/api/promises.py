"""Promises of persons: yours and those that you witness. To everybody else there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated

from planner.domain.meeting.rounds import RoundOf
from planner.domain.promises import PromiseAct, PromiseRole, PromiseState
from planner.services import promised, promises
from planner.services.promises import WITNESSES_MOST
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import do, one
from planner.web.api.rounds import WhichRound
from planner.web.api.telling import told
from planner.web.api.types import AtMost, Key, Number, Prose, Sentence


@dataclass(frozen=True, kw_only=True)
class PromiseFilter(Page):
    """`closed`: also those that wait for nobody any more."""

    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class NewPromise:
    """A promise in one line with its day: “Draft of the fare table by Friday”.

    `witnesses`: peers by key, besides those who are named in the line. `session`: the shared session in
    which it was made, by number, and `round` its date, as elsewhere; who is there witnesses it too.
    """

    line: Sentence
    witnesses: Annotated[tuple[Key, ...], AtMost(WITNESSES_MOST)] = ()
    session: Number | None = None
    round: Number | None = None

    @property
    def made_in(self) -> RoundOf | None:
        """The round in which it was made. Raises NotFound."""
        return None if self.session is None else WhichRound(round=self.round).of(self.session)


@dataclass(frozen=True, kw_only=True)
class PromiseEntry:
    """What somebody did to a promise; `act` is null where it was made."""

    number: int
    name: str
    at: datetime
    act: PromiseAct | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A promise as you see it; `acts` are what you can do to it now."""

    number: int
    text: str
    due_on: date
    state: PromiseState
    closed_on: date | None
    owner: str
    witnesses: tuple[str, ...]
    seen_by: tuple[str, ...]
    role: PromiseRole
    acts: tuple[PromiseAct, ...]
    entries: tuple[PromiseEntry, ...]
    origin: str
    moved_from: int | None
    version: int


@dataclass(frozen=True, kw_only=True)
class NewPromiseAct:
    """What is done to a promise, with your words, and the day it is moved to."""

    act: PromiseAct
    words: Prose = ""
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Somebody who may witness your promises, by key."""

    key: str
    name: str


@operation("GET", "/promises")
def list_promises(query: PromiseFilter) -> Listed[Promise]:
    """List what you promised and what you witness; what is open comes first, by its day."""
    found = promised.read_promises(
        context.database(), context.organisation(), context.actor(), closed=query.closed
    )
    return page_of((*found.mine, *found.witnessed), query, promise_as_told)


@operation("POST", "/promises", status=201)
def create_promise(body: NewPromise) -> One[Promise]:
    """Make a promise that a peer knows of."""
    done = do(promises.promise, line=body.line, witnesses=body.witnesses, key=None, made_in=body.made_in)
    return one(*_current(done.promise_id), at=f"/promises/{done.promise_id}")


@operation("GET", "/promises/peers")
def list_peers(query: Page) -> Listed[Peer]:
    """List who may witness your promises."""
    found = promised.read_peers(context.database(), context.organisation(), context.actor())
    return page_of(found, query, partial(told, Peer))


@operation("GET", "/promises/<int:number>")
def read_promise(number: Number) -> One[Promise]:
    """Read one promise with what was said to it."""
    return one(*_current(number))


@operation("POST", "/promises/<int:number>/acts")
def act_on_promise(number: Number, body: NewPromiseAct, version: int | None) -> One[Promise]:
    """Keep a promise, move it, say that it was missed, ask how it goes: whatever its `acts` say.

    A promise that is moved to another day goes on as a new one, which is the answer.
    """
    done = do(
        promises.act_on_promise, number, body.act, words=body.words, day=body.day, version=version, key=None
    )
    return one(*_current(done.promise_id))


@operation("POST", "/promises/entries/<int:number>/take-back")
def take_promise_back(number: Number) -> Done:
    """Take back what you did last to a promise, by the number of the entry."""
    do(promises.take_back, number)
    return Done()


def _current(number: int) -> tuple[Promise, int]:
    found = promised.read_promise(context.database(), context.organisation(), context.actor(), number)
    return promise_as_told(found), found.version


def promise_as_told(found: promised.PersonsPromise) -> Promise:
    """Return a promise as its owner and its witnesses see it."""
    return told(Promise, found, found.standing)
