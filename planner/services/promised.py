"""Promises of persons as those who know of them read them: the owner and the witnesses, and nobody else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from planner.domain.errors import NotFound
from planner.domain.model import PersonId
from planner.domain.promises import (
    PromiseAct,
    PromiseRole,
    PromiseStanding,
    PromiseState,
    peers_of,
    possible_acts,
    role_of,
)
from planner.services.shared_sessions import read_sessions
from planner.storage.models import PromiseEntryRow, PromiseRow, WitnessRow
from planner.storage.models.promises import MADE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.meeting.rounds import RoundOf
    from planner.domain.model import Organisation, Person
    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession

GONE = "somebody who is gone"
NOT_THERE = "There is no promise {}."


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did to a promise; `act` None: it was made."""

    id: int
    person_id: PersonId
    name: str
    at: datetime
    act: PromiseAct | None
    words: str


@dataclass(frozen=True, slots=True)
class PersonsPromise:
    """A promise as one of those who know of it sees it. `acts` are what they can do now."""

    id: int
    version: int
    text: str
    owner: str
    witnesses: tuple[str, ...]
    seen_by: tuple[str, ...]
    standing: PromiseStanding
    role: PromiseRole
    acts: tuple[PromiseAct, ...]
    entries: tuple[Entry, ...]
    origin: str
    moved_from: int | None

    @property
    def last_asked(self) -> Entry | None:
        """What a witness asked last, while the owner has not answered."""
        last = self.entries[-1] if self.entries else None
        return last if last is not None and last.act is PromiseAct.ASK else None


@dataclass(frozen=True, slots=True)
class MyPromises:
    """What one person promised, and what they witness; what is open comes first, by its day."""

    mine: tuple[PersonsPromise, ...] = ()
    witnessed: tuple[PersonsPromise, ...] = ()


def read_promises(
    session: Session, organisation: Organisation, actor: Actor, *, closed: bool = False
) -> MyPromises:
    """Return what the actor promised and witnesses: what waits for somebody, with `closed` all of it.

    Three queries at most.
    """
    if actor.person_id is None:
        return MyPromises()
    witnessed = select(WitnessRow.promise_id).where(WitnessRow.person_id == actor.person_id)
    known = or_(PromiseRow.owner_id == actor.person_id, PromiseRow.id.in_(witnessed))
    query = select(PromiseRow).where(known)
    if not closed:
        query = query.where(PromiseRow.state.in_((PromiseState.OPEN.value, PromiseState.KEPT.value)))
    rows = session.scalars(query.order_by(PromiseRow.due_on, PromiseRow.id)).all()
    found = [one for one in _promises(session, organisation, rows, actor) if closed or _waits(one)]
    found.sort(key=lambda one: one.standing.state is not PromiseState.OPEN)
    return MyPromises(
        mine=tuple(one for one in found if one.role is PromiseRole.OWNER),
        witnessed=tuple(one for one in found if one.role is PromiseRole.WITNESS),
    )


def read_made_in(
    session: Session, organisation: Organisation, actor: Actor, place: RoundOf
) -> tuple[PersonsPromise, ...]:
    """Return what was promised in a round, as far as the actor promised or witnesses it, in that order.

    Three queries at most.
    """
    if actor.person_id is None:
        return ()
    witnessed = select(WitnessRow.promise_id).where(WitnessRow.person_id == actor.person_id)
    query = select(PromiseRow).where(
        PromiseRow.session_id == place.session_id,
        PromiseRow.session_round == place.number,
        or_(PromiseRow.owner_id == actor.person_id, PromiseRow.id.in_(witnessed)),
    )
    rows = session.scalars(query.order_by(PromiseRow.id)).all()
    found = _promises(session, organisation, rows, actor)
    return tuple(one for one in found if one.standing.state is not PromiseState.MOVED)


def read_promise(session: Session, organisation: Organisation, actor: Actor, number: int) -> PersonsPromise:
    """Return one promise. Raises NotFound to all but its owner and its witnesses."""
    return _promises(session, organisation, [existing_promise(session, number, actor)], actor)[0]


def read_peers(session: Session, organisation: Organisation, actor: Actor) -> tuple[Person, ...]:
    """Return who may witness the actor's promises, by name. One query."""
    return peers_among(read_sessions(session, organisation, actor.at), organisation, actor)


def peers_among(
    shared: Iterable[AgreedSession], organisation: Organisation, actor: Actor
) -> tuple[Person, ...]:
    """Return who may witness the actor's promises, by name, where these sessions are held together."""
    if actor.person_id is None:
        return ()
    together = [{seat.person.id for seat in one.seats if seat.person is not None} for one in shared]
    peers = peers_of(organisation, actor.person_id, together)
    return tuple(sorted((organisation.person[one] for one in peers), key=lambda p: (p.name, p.key)))


def existing_promise(session: Session, number: int, reader: Actor) -> PromiseRow:
    """Return the row of a promise. Raises NotFound to all but its owner and its witnesses."""
    row = session.get(PromiseRow, number)
    if row is None or reader.person_id is None:
        raise NotFound(NOT_THERE.format(number))
    witnesses = select(WitnessRow.person_id).where(WitnessRow.promise_id == number)
    if reader.person_id != row.owner_id and reader.person_id not in session.scalars(witnesses).all():
        raise NotFound(NOT_THERE.format(number))
    return row


def _promises(
    session: Session, organisation: Organisation, rows: Sequence[PromiseRow], actor: Actor
) -> list[PersonsPromise]:
    """The promises of these rows as the actor sees them. Two queries, none for no rows."""
    if not rows:
        return []
    numbers = [row.id for row in rows]
    witnesses: dict[int, list[PersonId]] = defaultdict(list)
    found = select(WitnessRow).where(WitnessRow.promise_id.in_(numbers)).order_by(WitnessRow.id)
    for one in session.scalars(found):
        witnesses[one.promise_id].append(PersonId(one.person_id))
    entries = entries_of(session, numbers)
    return [_promise(organisation, row, witnesses[row.id], entries[row.id], actor) for row in rows]


def _promise(
    organisation: Organisation,
    row: PromiseRow,
    witnesses: Sequence[PersonId],
    entries: Sequence[PromiseEntryRow],
    actor: Actor,
) -> PersonsPromise:
    asked = [actor.day_of(one.at) for one in entries if one.act == PromiseAct.ASK]
    standing = PromiseStanding(
        state=PromiseState(row.state),
        due_on=row.due_on,
        owner=PersonId(row.owner_id),
        witnesses=frozenset(witnesses),
        closed_on=row.closed_on,
        asked_on=max(asked, default=None),
        seen_by=frozenset(PersonId(one.person_id) for one in entries if one.act == PromiseAct.SEE),
    )
    return PersonsPromise(
        id=row.id,
        version=row.version,
        text=row.text,
        owner=_name(organisation, row.owner_id),
        witnesses=_names(organisation, witnesses),
        seen_by=_names(organisation, standing.seen_by),
        standing=standing,
        role=role_of(standing, actor.person_id),
        acts=possible_acts(standing, actor.person_id, actor.today),
        entries=tuple(_entry(organisation, one) for one in entries),
        origin=row.origin,
        moved_from=row.moved_from,
    )


def _entry(organisation: Organisation, row: PromiseEntryRow) -> Entry:
    act = None if row.act == MADE else PromiseAct(row.act)
    name = _name(organisation, row.person_id)
    return Entry(row.id, PersonId(row.person_id), name, row.at, act, row.words)


def entries_of(session: Session, numbers: Collection[int]) -> dict[int, list[PromiseEntryRow]]:
    """Return what holds of what was done to these promises, by promise, oldest first."""
    query = select(PromiseEntryRow).where(
        PromiseEntryRow.promise_id.in_(numbers), PromiseEntryRow.taken_back_at.is_(None)
    )
    found: dict[int, list[PromiseEntryRow]] = defaultdict(list)
    for one in session.scalars(query.order_by(PromiseEntryRow.id)):
        found[one.promise_id].append(one)
    return found


def _waits(one: PersonsPromise) -> bool:
    """Open, or kept and not yet seen by who looks."""
    return one.standing.state is PromiseState.OPEN or PromiseAct.SEE in one.acts


def _name(organisation: Organisation, number: int) -> str:
    person = organisation.person.get(PersonId(number))
    return person.name if person else GONE


def _names(organisation: Organisation, numbers: Iterable[PersonId]) -> tuple[str, ...]:
    return tuple(sorted(_name(organisation, number) for number in numbers))
