"""A poll for a time: asked of those who sit in a session, decided by whoever leads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.domain.polls import Choice, best_of, may_take_turns, options, standings
from planner.services.away import read_away
from planner.services.changes import asked_before, recorded
from planner.services.consolidation.suggestions import days_after
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.scheduling import and_seated, place_anew, presences_of
from planner.services.shared_sessions import existing_session, leaders_of, read_sessions, seated
from planner.storage.models import TimePollAnswerRow, TimePollRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation
    from planner.domain.polls import Standing
    from planner.domain.proposed_plan import KeptSeat
    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

NO_POLL = "No times are asked for in this session."
NOT_BOTH = "Not everybody has said yes, or if need be, to both times. Taking turns needs that."
NO_TIMES = "There is no time on the next ten working days at which all of them work at all and none is away."


class Finding(StrEnum):
    """How far a session without a time is, for one of its people."""

    UNASKED = "unasked"
    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Poll:
    """The times that are asked for. chosen: what was decided; best: what suits most, None without answers."""

    standings: tuple[Standing, ...]
    best: Standing | None
    chosen: datetime | None

    def turn_with_best(self, start: datetime) -> bool:
        """Return whether every other round may be held at this time, the others at the best."""
        return self.best is not None and may_take_turns(self.standings, self.best.starts_at, start)


def read_poll(session: Session, session_id: int) -> Poll | None:
    """Return the poll of a session, None where there is none."""
    row = _row(session, session_id)
    if row is None:
        return None
    shared = existing_session(session, session_id)
    answers = {
        (one.person, datetime.fromisoformat(start)): Choice(choice)
        for one in _answers(session, row)
        for start, choice in one.choices.items()
    }
    starts = [datetime.fromisoformat(text) for text in row.options]
    found = standings(starts, answers, [seat["person"] for seat in shared.seats])
    return Poll(found, best_of(found), row.chosen)


def read_finding(session: Session, found: Iterable[AgreedSession], me: str) -> Mapping[int, Finding]:
    """Return how far each of these sessions that has no time is for the person of this key.

    `ANSWERED` once they have said something to every time. One query, none where all have a time.
    """
    how = {one.id: Finding.UNASKED for one in found if one.starts_at is None}
    if not how:
        return how
    mine = and_(TimePollAnswerRow.poll_id == TimePollRow.id, TimePollAnswerRow.person == me)
    query = select(TimePollRow, TimePollAnswerRow).outerjoin(TimePollAnswerRow, mine)
    asked = query.where(TimePollRow.session_id.in_(how), TimePollRow.chosen.is_(None))
    for poll, answer in session.execute(asked):
        is_said = answer is not None and set(poll.options) <= answer.choices.keys()
        how[poll.session_id] = Finding.ANSWERED if is_said else Finding.ASKED
    return how


def open_poll(session: Session, actor: Actor, session_id: int, *, key: str | None) -> OpenChange:
    """Ask those who sit in a session which time suits them; what was asked before is forgotten.

    Raises NotFound, NotAllowed, and NotNow where no time can be proposed.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared = existing_session(session, session_id)
    organisation = read_organisation(session)
    require(actor, Right.TAKE_PART, seated(organisation, shared) | leaders_of(organisation, shared))
    if shared.is_cancelled:
        raise NotNow("This session is cancelled.")
    found = times_for(session, organisation, shared.seats, actor.at, besides=session_id)
    with recorded(session, actor, "session:polled", f"Asked for times: {shared.title}", key=key) as change:
        ask_for(session, session_id, found)
    return change


def times_for(
    session: Session,
    organisation: Organisation,
    seats: Iterable[KeptSeat],
    now: datetime,
    *,
    besides: int | None = None,
) -> tuple[datetime, ...]:
    """Return the starts that come nearest to everybody's hours, never while one sits in another session.

    `besides` is the session that a time is looked for. Raises NotNow where there are none.
    """
    days = days_after(now.date())
    away = read_away(session, organisation, days)
    held = [one for one in read_sessions(session, organisation, now) if one.id != besides]
    found = options(presences_of(organisation, seats, and_seated(away, held)), days)
    if not found:
        raise NotNow(NO_TIMES)
    return found


def ask_for(session: Session, session_id: int, starts: Iterable[datetime]) -> None:
    """Ask for these starts inside a change of the caller; what was asked before is forgotten."""
    row = _row(session, session_id)
    if row is None:
        row = TimePollRow(session_id=session_id, options=[])
        session.add(row)
    for one in _answers(session, row) if row.id else ():
        session.delete(one)
    row.options, row.chosen = [start.isoformat() for start in starts], None


def answer_poll(session: Session, actor: Actor, session_id: int, *, start: str, choice: str) -> OpenChange:
    """Say whether a time suits oneself. Saying it twice is saying it once.

    Raises NotFound, NotAllowed, NotNow once it is decided, and InvalidInput for what was not asked.
    """
    shared, row = _open(session, session_id)
    organisation = read_organisation(session)
    require(actor, Right.TAKE_PART, seated(organisation, shared))
    if start not in row.options or choice not in set(Choice):
        raise InvalidInput(Problem("choice", "is none of those asked for; choose yes, if need be or no"))
    me = next((one.key for one in organisation.people if one.id == actor.person_id), "")
    with recorded(session, actor, "session:poll-answered", f"Answered for times: {shared.title}") as change:
        mine = next((one for one in _answers(session, row) if one.person == me), None)
        if mine is None:
            mine = TimePollAnswerRow(poll_id=row.id, person=me, choices={})
            session.add(mine)
        mine.choices = {**mine.choices, start: choice}
    return change


def decide_poll(
    session: Session, actor: Actor, session_id: int, *, start: str, turn: str = "", key: str | None
) -> OpenChange:
    """Hold the session at one of the times; invitations go out when somebody mails them, as always.

    `turn`: another of the times, at which every other round is held, where everybody has agreed to both.
    Raises NotFound, NotAllowed unless one leads it, NotNow once it is decided, and InvalidInput.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared, row = _open(session, session_id)
    organisation = read_organisation(session)
    require(actor, Right.LEAD_SESSION, leaders_of(organisation, shared))
    if start not in row.options or turn not in {"", *row.options} - {start}:
        raise InvalidInput(Problem("choice", "is none of the times asked for; choose one of them"))
    moment = datetime.fromisoformat(start)
    other = datetime.fromisoformat(turn) if turn else None
    if other is not None:
        _expect_agreed(session, session_id, moment, other)
    if moment <= actor.at:
        raise NotNow("This time is past. Ask for others.")
    local = moment.astimezone(ZoneInfo(shared.zone))
    summary = f"Decided on {local.day} {local:%B %H:%M} for {shared.title}"
    with recorded(session, actor, "session:time", summary, key=key) as change:
        row.chosen = moment
        place_anew(session, organisation, shared, moment, actor.at, turn=other)
    return change


def _expect_agreed(session: Session, session_id: int, first: datetime, second: datetime) -> None:
    """Raise NotNow unless everybody has agreed to both times."""
    poll = read_poll(session, session_id)
    if poll is None or not may_take_turns(poll.standings, first, second):
        raise NotNow(NOT_BOTH)


def _open(session: Session, session_id: int) -> tuple[SharedSessionRow, TimePollRow]:
    shared = existing_session(session, session_id)
    row = _row(session, session_id)
    if row is None:
        raise NotFound(NO_POLL)
    if row.chosen is not None or shared.is_cancelled:
        raise NotNow("This was decided already. Ask for another time if it does not suit any more.")
    return shared, row


def _row(session: Session, session_id: int) -> TimePollRow | None:
    return session.scalar(select(TimePollRow).where(TimePollRow.session_id == session_id))


def _answers(session: Session, row: TimePollRow) -> Sequence[TimePollAnswerRow]:
    query = (
        select(TimePollAnswerRow).where(TimePollAnswerRow.poll_id == row.id).order_by(TimePollAnswerRow.id)
    )
    return session.scalars(query).all()
