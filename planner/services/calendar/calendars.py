"""Agreed sessions in people's calendars: one to take away, and feeds that a secret address opens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.errors import NotFound, NotNow
from planner.domain.model import TeamId
from planner.interchange.ics import Entry, Guest, Method, write_calendar
from planner.services.accounts.accounts import is_disabled
from planner.services.accounts.tickets import (
    WORKS_NO_MORE,
    Purpose,
    make_ticket,
    open_tickets,
    read_ticket,
    revoke_tickets,
)
from planner.services.changes import one_transaction
from planner.services.permissions import Right, require
from planner.services.shared_sessions import read_session, read_sessions, sessions_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency, Organisation, Person
    from planner.services.actor import Actor
    from planner.services.consolidation.proposals import Seat
    from planner.services.shared_sessions import AgreedSession

NO_TIME = "No time was found for this session, so it is in no calendar yet. Agree on one first."


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that works: somebody's own sessions, or those of a team."""

    id: int
    team_id: TeamId | None
    made_at: datetime


def session_calendar(
    session: Session, organisation: Organisation, number: int, person: Person | None, *, replies_to: str = ""
) -> bytes:
    """Return one session as a calendar, as it concerns this person.

    replies_to: the address of the inbox, "" where replies go to whoever leads. It is an
    invitation where its leader has an address to answer to. Raises NotFound, NotNow without a time.
    """
    found = read_session(session, organisation, number)
    if found.starts_at is None:
        raise NotNow(NO_TIME)
    entry = answered_to(entry_of(organisation, found, person), replies_to)
    if entry.organiser is None or not entry.guests:
        return write_calendar([entry], Method.PUBLISH)
    return write_calendar([entry], Method.CANCEL if found.is_cancelled else Method.REQUEST)


def make_feed(session: Session, actor: Actor, *, team_id: TeamId | None) -> str:
    """Return the secret of a new feed of one's own sessions, or of a team's; it is never to be read again.

    Raises NotAllowed for a team that one is not in.
    """
    if team_id is not None:
        require(actor, Right.FEED, [team_id])
    with one_transaction(session):
        return make_ticket(
            session,
            Purpose.CALENDAR,
            now=actor.at,
            person_id=actor.person_id,
            team_id=team_id,
            made_by=actor.person_id,
        )


def read_feeds(session: Session, actor: Actor) -> list[Feed]:
    """Return the actor's own feeds that work, newest first."""
    found = open_tickets(session, Purpose.CALENDAR, actor.at, made_by=actor.person_id)
    return [Feed(one.id, _team(one.team_id), one.created_at) for one in found]


def revoke_feed(session: Session, actor: Actor, feed_id: int) -> None:
    """Make one of one's own feeds worthless. Raises NotFound for any other."""
    with one_transaction(session):
        if not revoke_tickets(session, Purpose.CALENDAR, actor.at, made_by=actor.person_id, id=feed_id):
            raise NotFound("There is no such calendar address of yours.")


def read_feed(session: Session, organisation: Organisation, token: str, now: datetime) -> bytes:
    """Return the calendar behind a secret.

    Raises NotFound when it does not work, also when whoever made it is gone, shut out, or out of the team.
    """
    ticket = read_ticket(session, Purpose.CALENDAR, token, now)
    maker = next((one for one in organisation.people if one.id == ticket.made_by), None)
    if maker is None or is_disabled(session, maker.id):
        raise NotFound(WORKS_NO_MORE)
    found = read_sessions(session, organisation, now)
    if ticket.team_id is None:
        theirs = [entry_of(organisation, one, maker) for one in sessions_of(found, {maker.id}) if one.slot]
        return write_calendar(theirs, Method.PUBLISH, name=f"Shared sessions of {maker.name}")
    team = organisation.team.get(TeamId(ticket.team_id))
    members = {one.person_id for one in organisation.memberships if one.team_id == ticket.team_id}
    if team is None or maker.id not in members:
        raise NotFound(WORKS_NO_MORE)
    ours = [entry_of(organisation, one, None) for one in sessions_of(found, members) if one.slot]
    return write_calendar(ours, Method.PUBLISH, name=f"Shared sessions of {team.name}")


def entry_of(organisation: Organisation, one: AgreedSession, person: Person | None) -> Entry:
    """Return a session that has a time as this person's calendar tells it."""
    assert one.starts_at is not None  # noqa: S101 - whoever calls has asked
    return Entry(
        uid=one.uid,
        sequence=one.sequence,
        changed_at=one.changed_at,
        title=one.title,
        starts_at=one.starts_at,
        zone=one.zone,
        minutes=one.minutes,
        place=one.place,
        organiser=_guest(one.leader),
        guests=tuple(guest for seat in one.seats if (guest := _guest(seat.person)) is not None),
        lines=lines_of(organisation, one, person),
        is_cancelled=one.is_cancelled,
        every_days=one.every_days,
        rounds=tuple(round_.starts_at for round_ in one.rounds),
    )


def answered_to(entry: Entry, replies_to: str) -> Entry:
    """Return the entry with the inbox as the organiser whom calendar programs answer; "" leaves it."""
    if not replies_to:
        return entry
    return replace(entry, organiser=Guest(entry.organiser.name if entry.organiser else "planner", replies_to))


def lines_of(organisation: Organisation, one: AgreedSession, person: Person | None) -> tuple[str, ...]:
    """Return what is told beside a session: the person's own window, the agenda, and everybody's windows."""
    mine = [seat for seat in one.seats if person is not None and seat.key == person.key]
    return (
        *(line for seat in mine for line in _window(one, seat)),
        "Agenda:",
        *(f"{n}. {_item(organisation, d)}" for n, d in enumerate(one.agenda, start=1)),
        "",
        "Who, and in which minutes:",
        *(f"{seat.name}, {seat.start} to {seat.end}" for seat in one.seats),
    )


def _window(one: AgreedSession, seat: Seat) -> tuple[str, ...]:
    """When somebody is needed, by their own clock."""
    if one.starts_at is None or seat.person is None:
        return ()
    zone = seat.person.hours.zone
    start, end = (
        (one.starts_at + timedelta(minutes=m)).astimezone(ZoneInfo(zone)) for m in (seat.start, seat.end)
    )
    when = f"minute {seat.start} to {seat.end}, {start:%H:%M} to {end:%H:%M} ({zone})"
    return f"You are needed from {when}, because of {seat.why}", ""


def _item(organisation: Organisation, dependency: Dependency) -> str:
    provider, consumer = organisation.team[dependency.provider_id], organisation.team[dependency.consumer_id]
    return f"{dependency.what}, from {provider.name} to {consumer.name}"


def _guest(person: Person | None) -> Guest | None:
    return Guest(person.name, person.email) if person is not None and person.email else None


def _team(number: int | None) -> TeamId | None:
    return None if number is None else TeamId(number)
