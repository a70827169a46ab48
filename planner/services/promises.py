"""Promises of persons: made in one line, kept or moved by their owner, seen by their witnesses.

Only the owner and the witnesses know that one is there; for everybody else, administrators too, it is not
found. The history of the organisation has nothing of it: `planner/storage/models/promises.py` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import (
    CannotUndo,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotNow,
    Problem,
    StaleVersion,
)
from planner.domain.meeting.model import MeetingState
from planner.domain.meeting.rounds import RoundOf
from planner.domain.model import PersonId
from planner.domain.notices import Notice, NoticeKind
from planner.domain.promise_words import DONE, MADE_TOLD, due_tomorrow, told_of
from planner.domain.promises import (
    RULES,
    PromiseAct,
    PromiseStanding,
    PromiseState,
    expect_day,
    named,
    perform,
    read_line,
    role_of,
    why_not,
)
from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST, clean
from planner.services.changes import SOMEBODY_ELSE, one_transaction
from planner.services.meeting.meetings import existing_shared, people_of, read_meeting
from planner.services.meeting.sittings import find_round
from planner.services.notices import write
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.promised import NOT_THERE, entries_of, existing_promise, read_peers, read_promise
from planner.storage.models import PromiseEntryRow, PromiseRow, WitnessRow
from planner.storage.models.promises import MADE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.meeting.rounds import SessionOrRound
    from planner.domain.model import Organisation, Person
    from planner.services.actor import Actor

WITNESSES_MOST = 12
NOBODY_THERE = "has no witness: nobody else has said to be here. End it with one, such as “, witness Dana”"


@dataclass(frozen=True, slots=True)
class Done:
    """What an act on a promise came to: of which promise, what is said of it, and the entry to take back."""

    promise_id: int
    summary: str
    entry_id: int


def promise(
    session: Session,
    actor: Actor,
    *,
    line: str,
    witnesses: Collection[str],
    key: str | None,
    made_in: SessionOrRound | None = None,
) -> Done:
    """Make a promise from one line, seen by the peers that are named in it or by their keys.

    `made_in`: the shared session in which it was made, which the promise then tells; who is there beside its
    owner is its witness where nobody is named. NotAllowed for who is nobody or not invited there,
    InvalidInput for a line without a day or without a witness.
    """
    again = _asked_before(session, actor, key)
    if again is not None:
        return again
    if actor.person_id is None:
        raise NotAllowed("Only a person can promise something. Say who you are first.")
    organisation = read_organisation(session)
    read = read_line(clean(line, where="line", longest=SENTENCE_LONGEST), actor.today, organisation)
    peers = {one.id: one for one in read_peers(session, organisation, actor)}
    chosen = _by_key(peers, witnesses) | named(read.witnesses, {one.id: one.name for one in peers.values()})
    origin, place = "", None
    if made_in is not None:
        origin, place = _origin(session, actor, made_in), find_round(session, made_in, actor.at)
        chosen = chosen or _there(session, place, actor, peers)
    with one_transaction(session):
        entry = make_promise(
            session,
            organisation,
            actor,
            text=read.text,
            due_on=read.due_on,
            witnesses=chosen,
            key=key,
            origin=origin,
            made_in=place,
        )
        return Done(entry.promise_id, DONE[None].format(text=read.text), entry.id)


def make_promise(
    session: Session,
    organisation: Organisation,
    actor: Actor,
    *,
    text: str,
    due_on: date,
    witnesses: Collection[PersonId],
    key: str | None = None,
    origin: str = "",
    made_in: RoundOf | None = None,
    moved_from: int | None = None,
) -> PromiseEntryRow:
    """Write a promise of the actor in a transaction that is open, and tell its witnesses; its first entry.

    Raises InvalidInput without a witness, or with too many.
    """
    if not witnesses:
        raise InvalidInput(Problem("witnesses", "has nobody; choose at least one peer who may ask about it"))
    if len(witnesses) > WITNESSES_MOST:
        raise InvalidInput(
            Problem("witnesses", f"has {len(witnesses)} people; at most {WITNESSES_MOST} can be")
        )
    row = PromiseRow(
        owner_id=actor.person_id,
        text=text,
        due_on=due_on,
        state=PromiseState.OPEN.value,
        origin=origin,
        session_id=None if made_in is None else made_in.session_id,
        session_round=0 if made_in is None else made_in.number,
        moved_from=moved_from,
    )
    session.add(row)
    session.flush()
    session.add_all(WitnessRow(promise_id=row.id, person_id=one) for one in sorted(witnesses))
    if moved_from is None:
        sentence = MADE_TOLD.format(owner=actor.name, text=text)
        _tell(session, organisation, actor, row.id, sorted(witnesses), sentence)
    return _enter(session, actor, row.id, MADE, key=key)


def act_on_promise(
    session: Session,
    actor: Actor,
    number: int,
    act: PromiseAct,
    *,
    words: str,
    day: date | None,
    version: int | None,
    key: str | None,
) -> Done:
    """Do something to a promise, and tell the others who know of it.

    Raises NotFound, NotAllowed, NotNow, StaleVersion, and InvalidInput for a missing day or missing words.
    """
    again = _asked_before(session, actor, key)
    if again is not None:
        return again
    row = existing_promise(session, number, actor)
    organisation = read_organisation(session)
    today = actor.today
    standing = read_promise(session, organisation, actor, number).standing
    person = _may(standing, act, actor)
    if version is not None and row.version != version:
        raise StaleVersion(SOMEBODY_ELSE)
    said = clean(words, where="words", longest=PROSE_LONGEST, required=False)
    if act.needs_words and not said:
        raise InvalidInput(Problem("words", "is empty; say it in your own words"))
    moved_to = expect_day(standing, day, today) if act is PromiseAct.MOVE else None
    with one_transaction(session):
        after = perform(standing, act, person, today)
        row.state, row.closed_on = after.state.value, after.closed_on
        entry = _enter(session, actor, row.id, act.value, words=said, key=key)
        if moved_to is not None:
            number = _move(session, organisation, actor, row, standing, moved_to)
        sentence = told_of(act, who=actor.name, text=row.text, day=moved_to)
        readers = [standing.owner] if act is PromiseAct.ASK else sorted(standing.witnesses)
        _tell(session, organisation, actor, number, readers if sentence else (), sentence)
        return Done(number, DONE[act].format(text=row.text), entry.id)


def take_back(session: Session, actor: Actor, entry_id: int) -> Done:
    """Take back what one has done to a promise last; making it, it is as if it had never been made.

    Raises NotFound, NotAllowed for what somebody else did, CannotUndo where something came after it.
    """
    entry = session.get(PromiseEntryRow, entry_id)
    if entry is None:
        raise NotFound(NOT_THERE.format(entry_id))
    row = existing_promise(session, entry.promise_id, actor)
    if entry.person_id != actor.person_id:
        raise NotAllowed("Only who did this can take it back.")
    entries = entries_of(session, [row.id])[row.id]
    if entry.taken_back_at is not None or not entries or entries[-1].id != entry.id:
        raise CannotUndo("Something was said to this promise since, so this cannot be taken back alone.")
    if entry.act == MADE and row.moved_from is not None:
        raise CannotUndo("This came of moving another promise. Move it once more instead.")
    done = Done(row.id, f"Took it back: {row.text}", 0)
    with one_transaction(session):
        if entry.act == MADE:
            _remove(session, row)
        else:
            entry.taken_back_at = actor.at
            _set_back(session, row, PromiseAct(entry.act))
    return done


def due_promises(session: Session, tomorrow: Mapping[PersonId, date]) -> tuple[Notice, ...]:
    """Return what people are asked before the day: the open promises that are due on their tomorrow."""
    if not tomorrow:
        return ()
    query = select(PromiseRow).where(
        PromiseRow.state == PromiseState.OPEN.value, PromiseRow.due_on.in_(set(tomorrow.values()))
    )
    return tuple(
        Notice(PersonId(row.owner_id), NoticeKind.PROMISE, None, due_tomorrow(row.text), promise_id=row.id)
        for row in session.scalars(query.order_by(PromiseRow.id))
        if tomorrow.get(PersonId(row.owner_id)) == row.due_on
    )


def _there(
    session: Session, place: RoundOf, actor: Actor, peers: Mapping[PersonId, Person]
) -> frozenset[PersonId]:
    """Those who are in the room beside the actor, by when they came, as many as may witness a promise.

    Once it is over they are those who came. Raises InvalidInput where nobody is.
    """
    known = {one.key: number for number, one in peers.items()}
    meeting = read_meeting(session, place)
    is_over = meeting.state is MeetingState.CLOSED
    came = [one.person for one in meeting.attendance if is_over or one.is_there]
    found = [known[key] for key in came if key in known and known[key] != actor.person_id]
    if not found:
        raise InvalidInput(Problem("line", NOBODY_THERE))
    return frozenset(found[:WITNESSES_MOST])


def _origin(session: Session, actor: Actor, which: SessionOrRound) -> str:
    """Where a promise was made, in words. Raises NotFound, NotAllowed."""
    shared = existing_shared(session, which)
    require(actor, Right.TAKE_PART, people_of(session, shared))
    return f"made in {shared.title}"


def _may(standing: PromiseStanding, act: PromiseAct, actor: Actor) -> PersonId:
    """Who acts, once they may. Raises NotAllowed, NotNow."""
    refusal = why_not(standing, act, actor.person_id, actor.today)
    if actor.person_id is None or role_of(standing, actor.person_id) is not RULES[act].role:
        raise NotAllowed(refusal)
    if refusal:
        raise NotNow(refusal)
    return actor.person_id


def _by_key(peers: Mapping[PersonId, Person], keys: Collection[str]) -> frozenset[PersonId]:
    known = {one.key: number for number, one in peers.items()}
    strangers = sorted(key for key in keys if key not in known)
    if strangers:
        listed = ", ".join(f"“{key}”" for key in strangers)
        raise InvalidInput(
            Problem("witnesses", f"has {listed}, who shares no team and no session with you; choose a peer")
        )
    return frozenset(known[key] for key in keys)


def _asked_before(session: Session, actor: Actor, key: str | None) -> Done | None:
    """What the same form of the same person has done already."""
    if key is None:
        return None
    query = select(PromiseEntryRow).where(
        PromiseEntryRow.key == key, PromiseEntryRow.person_id == actor.person_id
    )
    entry = session.scalar(query)
    if entry is None:
        return None
    act = None if entry.act == MADE else PromiseAct(entry.act)
    text = session.get_one(PromiseRow, entry.promise_id).text
    return Done(entry.promise_id, DONE[act].format(text=text), entry.id)


def _enter(
    session: Session, actor: Actor, number: int, act: str, *, words: str = "", key: str | None = None
) -> PromiseEntryRow:
    entry = PromiseEntryRow(
        promise_id=number, person_id=actor.person_id, at=actor.at, act=act, words=words, key=key
    )
    session.add(entry)
    session.flush()
    return entry


def _move(
    session: Session,
    organisation: Organisation,
    actor: Actor,
    row: PromiseRow,
    standing: PromiseStanding,
    day: date,
) -> int:
    """The number of the promise that this one becomes."""
    entry = make_promise(
        session,
        organisation,
        actor,
        text=row.text,
        due_on=day,
        witnesses=standing.witnesses,
        origin=row.origin,
        made_in=None if row.session_id is None else RoundOf(row.session_id, row.session_round),
        moved_from=row.id,
    )
    return entry.promise_id


def _tell(
    session: Session,
    organisation: Organisation,
    actor: Actor,
    number: int,
    people: Iterable[PersonId],
    sentence: str,
) -> None:
    notices = [
        Notice(one, NoticeKind.PROMISE, None, sentence, promise_id=number)
        for one in people
        if one in organisation.person and one != actor.person_id
    ]
    write(session, organisation, notices, at=actor.at)


def _set_back(session: Session, row: PromiseRow, act: PromiseAct) -> None:
    if act in {PromiseAct.ASK, PromiseAct.TELL, PromiseAct.SEE}:
        return
    if act is PromiseAct.MOVE:
        _remove_follower(session, row)
    row.state, row.closed_on = PromiseState.OPEN.value, None


def _remove_follower(session: Session, row: PromiseRow) -> None:
    follower = session.scalar(select(PromiseRow).where(PromiseRow.moved_from == row.id))
    if follower is None:
        return
    if len(entries_of(session, [follower.id])[follower.id]) > 1:
        raise CannotUndo("Something was said to this promise since it was moved, so it stays moved.")
    _remove(session, follower)


def _remove(session: Session, row: PromiseRow) -> None:
    """Make it as if the promise had never been: what was written of it goes with it."""
    for table in (PromiseEntryRow, WitnessRow):
        for one in session.scalars(select(table).where(table.promise_id == row.id)):
            session.delete(one)
    session.flush()
    session.delete(row)
    session.flush()
