"""What people are told of sessions that are near, in their own morning: who comes, and who has not voted.

A session is told on the last day on which somebody works before it, with their window and its agenda; two
such days before it those are asked for their votes who have one and have not given it. Whoever has said that
they do not come, on that date or at all, is told nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from planner.domain.calendars import working_day_before
from planner.domain.meeting.model import MeetingState
from planner.domain.notices import Notice, NoticeKind
from planner.services.away import read_days_off
from planner.services.calendar.replies import Answer
from planner.services.meeting.ballots import read_voted
from planner.services.shared_sessions import read_sessions
from planner.storage.models import ALL_DATES, AgendaItemRow, MeetingRow, ReplyRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation, Person, PersonId
    from planner.services.consolidation.proposals import Seat
    from planner.services.shared_sessions import AgreedSession

NEAR = timedelta(days=31)
ITEMS_TOLD = 6
REMINDED, ASKED = 1, 2
"""How many working days before a session people are reminded of it, and asked for their votes."""

Place = tuple[int, int]
"""The number of a session and that of its round."""


@dataclass(frozen=True, slots=True)
class _Near:
    """A round that is near, for somebody who sits in it: on which day it is, by their own clock."""

    one: AgreedSession
    round: int
    starts_at: datetime
    person: Person
    seat: Seat
    day: date

    @property
    def place(self) -> Place:
        return self.one.id, self.round


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept about the rounds of these sessions; a round that nobody has opened is not there."""

    states: Mapping[Place, MeetingState]
    titles: Mapping[Place, tuple[str, ...]]
    voted: Mapping[Place, tuple[bool, frozenset[str]]]
    replied: Mapping[tuple[int, int, str], str]

    def has_declined(self, near: _Near) -> bool:
        """Return whether they have said that they do not come: to this date, else to all."""
        to_all = self.replied.get((near.one.id, ALL_DATES, near.person.key))
        return self.replied.get((*near.place, near.person.key), to_all) == Answer.DECLINED


def near_notices(
    session: Session, organisation: Organisation, tomorrow: Mapping[PersonId, date], now: datetime
) -> tuple[Notice, ...]:
    """Return what the people whose morning has come are told of sessions.

    One query where no session is near, at most six else.
    """
    if not tomorrow:
        return ()
    near = list(_near(read_sessions(session, organisation, now), tomorrow, now))
    if not near:
        return ()
    off = read_days_off(session, organisation)
    known = _known(session, {each.one.id for each in near})
    found = (_told(each, organisation, known, tomorrow, off[each.person.id]) for each in near)
    return tuple(notice for notice in found if notice is not None)


def _near(
    found: Collection[AgreedSession], tomorrow: Mapping[PersonId, date], now: datetime
) -> Iterator[_Near]:
    for one in found:
        for each in one.held if not one.is_cancelled else ():
            if each.starts_at is None or not now < each.starts_at < now + NEAR:
                continue
            for seat in one.seats:
                if seat.person is not None and seat.person.id in tomorrow:
                    day = each.starts_at.astimezone(ZoneInfo(seat.person.hours.zone)).date()
                    yield _Near(one, each.number, each.starts_at, seat.person, seat, day)


def _told(
    near: _Near,
    organisation: Organisation,
    known: _Known,
    tomorrow: Mapping[PersonId, date],
    off: Collection[date],
) -> Notice | None:
    today = tomorrow[near.person.id] - timedelta(days=1)
    is_begun = known.states.get(near.place, MeetingState.PLANNED) is not MeetingState.PLANNED
    if is_begun or known.has_declined(near):
        return None
    if today == working_day_before(near.day, REMINDED, near.person.hours, off):
        text = _reminder(near, known, is_tomorrow=near.day == tomorrow[near.person.id])
        return _notice(near, text, f"session:{near.one.id}:{near.round}:{near.day.isoformat()}")
    is_asked = today == working_day_before(near.day, ASKED, near.person.hours, off)
    if is_asked and _has_open_vote(near, organisation, known):
        text = (
            f"“{near.one.title}” is on {_day(near.day)}. Say before it what is important to you; "
            "nobody sees a vote until all are opened together."
        )
        return _notice(near, text, f"vote:{near.one.id}:{near.round}")
    return None


def _notice(near: _Near, text: str, once: str) -> Notice:
    return Notice(near.person.id, NoticeKind.SESSION, None, text, session_id=near.one.id, once=once)


def _reminder(near: _Near, known: _Known, *, is_tomorrow: bool) -> str:
    when = "Tomorrow" if is_tomorrow else f"On {_day(near.day)}"
    titles = known.titles.get(near.place) or tuple(one.what for one in near.one.agenda)
    told = "; ".join(titles[:ITEMS_TOLD])
    more = f"; and {len(titles) - ITEMS_TOLD} more" if len(titles) > ITEMS_TOLD else ""
    agenda = f" Agenda: {told}{more}." if titles else ""
    window = f"{_clock(near, near.seat.start)} to {_clock(near, near.seat.end)}"
    return (
        f"{when} at {_clock(near, 0)}: “{near.one.title}”, {near.one.place or 'remote'}. "
        f"You are needed from {window}.{agenda}"
    )


def _has_open_vote(near: _Near, organisation: Organisation, known: _Known) -> bool:
    """Whether this person has a vote before the round and has not given it; see `ballots.voters_of`."""
    is_open, voted = known.voted.get(near.place, (False, frozenset()))
    if is_open or near.person.key in voted or not near.one.agenda:
        return False
    if near.one.leader_key != near.person.key:
        return True
    teams = {team for one in near.one.agenda for team in (one.consumer_id, one.provider_id)}
    return any(near.person.id in organisation.product_owners[team] for team in teams)


def _known(session: Session, numbers: Collection[int]) -> _Known:
    rows = session.scalars(select(MeetingRow).where(MeetingRow.session_id.in_(numbers))).all()
    place: dict[int, Place] = {row.id: (row.session_id, row.round) for row in rows}
    query = (
        select(AgendaItemRow.meeting_id, AgendaItemRow.title)
        .where(AgendaItemRow.meeting_id.in_(place))
        .order_by(AgendaItemRow.position, AgendaItemRow.id)
    )
    titles: dict[Place, list[str]] = {}
    for meeting, title in session.execute(query):
        titles.setdefault(place[meeting], []).append(title)
    said = select(ReplyRow).where(ReplyRow.session_id.in_(numbers))
    return _Known(
        states={(row.session_id, row.round): MeetingState(row.state) for row in rows},
        titles={where: tuple(found) for where, found in titles.items()},
        voted=read_voted(session, numbers),
        replied={(row.session_id, row.round, row.person): row.answer for row in session.scalars(said)},
    )


def _clock(near: _Near, minute: int) -> str:
    moment = near.starts_at + timedelta(minutes=minute)
    return f"{moment.astimezone(ZoneInfo(near.person.hours.zone)):%H:%M}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
