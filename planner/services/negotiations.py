"""Negotiating a dependency: each act of its two sides, with its rights, its history and its messages."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import NotFound, NotNow
from planner.domain.model import Negotiation, Side
from planner.domain.negotiation.acts import Act, Move, Turn
from planner.domain.negotiation.rules import perform, possible_acts, side_for, why_not
from planner.domain.negotiation.words import in_words
from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST, clean, clean_list
from planner.services.changes import asked_before, expect_version, recorded
from planner.services.dependencies import existing_dependency
from planner.services.notices import tell
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, may, require
from planner.storage.models import DependencyRow, MessageRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency, Organisation
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

ANSWERS = {Side.CONSUMER: Right.ANSWER_AS_CONSUMER, Side.PROVIDER: Right.ANSWER_AS_PROVIDER}
WORDS_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer about a dependency."""

    side: Side
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An act that may be done: what is known, the dependency before and after it, and for which side."""

    organisation: Organisation
    row: DependencyRow
    move: Move
    side: Side
    before: Dependency
    after: Dependency

    @property
    def summary(self) -> str:
        """What the history tells of it."""
        return in_words(self.organisation, self.before, self.after, self.move)


def negotiate(
    session: Session, actor: Actor, dependency_id: int, move: Move, *, version: int | None, key: str | None
) -> OpenChange:
    """Do one act of the negotiation and return its change.

    `version` is that of the dependency which was looked at, `key` that of the form: the same form sent
    again changes nothing and returns the change that it made. Raises NotFound, NotAllowed,
    NotNow when the act is not possible as things stand, InvalidInput, StaleVersion.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    prepared = prepare(session, actor, dependency_id, move, version=version)
    with recorded(session, actor, f"dependency:{move.act}", prepared.summary, key=key) as change:
        keep(session, actor, prepared)
    return change


def prepare(
    session: Session, actor: Actor, dependency_id: int, move: Move, *, version: int | None
) -> Prepared:
    """Return an act with what it makes of the dependency; nothing is written yet. Raises as `negotiate`."""
    row = existing_dependency(session, dependency_id)
    organisation = read_organisation(session)
    before = next(d for d in organisation.dependencies if d.id == dependency_id)
    today = actor.today
    side = _right_side(actor, before, move.act, today)
    expect_version(row, version)
    move = _cleaned(move)
    if move.provider_id is not None and move.provider_id not in organisation.team:
        raise NotFound("There is no such team any more. Choose another one.")
    after = perform(before, move, Turn(side, today))
    return Prepared(organisation, row, move, side, before, after)


def keep(session: Session, actor: Actor, prepared: Prepared) -> None:
    """Write a prepared act and tell who must know of it, inside the change of the caller."""
    move, after = prepared.move, prepared.after
    if move.act is Act.MESSAGE:
        session.add(_message(actor, after.id, prepared.side, move.text))
    keep_negotiated(prepared.row, after)
    tell(session, actor, prepared.organisation, before=prepared.before, after=after, act=move.act)


def require_possible(actor: Actor, dependency: Dependency, act: Act, today: date) -> None:
    """Raise NotAllowed or NotNow unless this person may do this to the dependency now."""
    side = _right_side(actor, dependency, act, today)
    refusal = why_not(dependency, act, Turn(side, today))
    if refusal:
        raise NotNow(refusal)


def _right_side(actor: Actor, dependency: Dependency, act: Act, today: date) -> Side:
    """The side for which the actor does the act. Raises NotAllowed when they decide for neither."""
    side = side_for(dependency, act, sides_of(actor, dependency), today)
    require(actor, ANSWERS[side], [dependency.team_of(side)])
    return side


def sides_of(actor: Actor, dependency: Dependency) -> frozenset[Side]:
    """Return the sides of a dependency for which the actor decides."""
    return frozenset(side for side in Side if may(actor, ANSWERS[side], [dependency.team_of(side)]))


def acts_of(actor: Actor | None, dependency: Dependency, today: date) -> Mapping[Act, Side]:
    """Return what this person may do to the dependency now, and for which side; nothing for a visitor."""
    return {} if actor is None else possible_acts(dependency, sides_of(actor, dependency), today)


def read_messages(session: Session, dependency_id: int) -> tuple[Message, ...]:
    """Return what the two sides wrote, in the order in which they did."""
    query = select(MessageRow).where(MessageRow.dependency_id == dependency_id).order_by(MessageRow.id)
    return tuple(Message(Side(m.side), m.person_name, m.written_at, m.text) for m in session.scalars(query))


def keep_negotiated(row: DependencyRow, after: Dependency) -> None:
    """Write into the row what an act has changed, and nothing else."""
    values = {
        "what": after.what,
        "provider_id": after.provider_id,
        "needed_by": after.needed_by,
        "promised_for": after.promised_for,
        "state": after.state.value,
    }
    values |= {field.name: getattr(after.negotiation, field.name) for field in fields(Negotiation)}
    for column, value in values.items():
        stored = list(value) if isinstance(value, tuple) else value
        if getattr(row, column) != stored:
            setattr(row, column, stored)


def _message(actor: Actor, dependency_id: int, side: Side, text: str) -> MessageRow:
    return MessageRow(
        dependency_id=dependency_id,
        side=side.value,
        text=text,
        person_name=actor.name,
        written_at=actor.at,
    )


def _cleaned(move: Move) -> Move:
    longest = PROSE_LONGEST if move.act is Act.MESSAGE else WORDS_LONGEST
    return replace(
        move,
        what=clean(move.what, where="what", longest=SENTENCE_LONGEST, required=False),
        text=clean(move.text, where="text", longest=longest, required=False),
        heard=clean(move.heard, where="heard", longest=WORDS_LONGEST, required=False),
        criteria=None if move.criteria is None else clean_list(move.criteria, where="criteria"),
        conditions=clean_list(move.conditions, where="conditions"),
        met=clean_list(move.met, where="met"),
        unmet=clean_list(move.unmet, where="unmet"),
        held=None if move.held is None else clean_list(move.held, where="held"),
    )
