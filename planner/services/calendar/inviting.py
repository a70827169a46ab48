"""Invitations by mail: sent when somebody says so, never by themselves, and each change once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.errors import NotNow
from planner.domain.text import counted
from planner.interchange.ics import Guest, Method, write_calendar
from planner.services.calendar.calendars import answered_to, entry_of
from planner.services.changes import recorded
from planner.services.consolidation.proposals import existing_proposal, standing_of
from planner.services.mail import post
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.shared_sessions import (
    agreed,
    existing_session,
    is_untold,
    leaders_of,
    rows_of,
    seated,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation, Person
    from planner.interchange.ics import Entry
    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

NOTHING = "Every invitation is mailed already, or nobody in these sessions has a mail address."
HOW_IT_WORKS = "The invitation is attached; your calendar changes when you accept it there, and not before."
SUBJECTS = {Method.REQUEST: "Invitation", Method.CANCEL: "Cancelled"}


@dataclass(frozen=True, slots=True)
class _Letter:
    """One session for one person: come, or come no more."""

    person: Person
    method: Method
    entry: Entry


def mail_invitations(
    session: Session, actor: Actor, proposal_id: int, *, sender: str, address: str, replies_to: str = ""
) -> OpenChange:
    """Mail what is new or has changed in the sessions of a proposal to everybody in them.

    Whoever is not needed any more, or sits in what was cancelled, gets a cancellation if they were invited.
    `sender` answers for sessions whose leader has no mail address; `address` is ours, "" for no links.
    `replies_to` is the address of the inbox, "" where replies go to whoever leads.
    Raises NotFound, NotAllowed, and NotNow when there is nothing to mail.
    """
    row = existing_proposal(session, proposal_id)
    organisation = read_organisation(session)
    standing = standing_of(organisation, row, ())
    sharer = {standing.sharer} if standing.sharer is not None else set()
    require(actor, Right.ADOPT_PROPOSAL, standing.asked | sharer)
    link = f"{address}/sessions/proposals/{proposal_id}" if address else ""
    rows = rows_of(session, proposal_id)
    return _mail(session, actor, organisation, rows, sender=sender, link=link, replies_to=replies_to)


def mail_single(
    session: Session, actor: Actor, session_id: int, *, sender: str, address: str, replies_to: str = ""
) -> OpenChange:
    """Mail what is new or has changed in a session outside of any plan. Raises as `mail_invitations` does."""
    row = existing_session(session, session_id)
    if row.proposal_id is not None:
        raise NotNow("This session belongs to a plan; its invitations are mailed from there.")
    organisation = read_organisation(session)
    require(actor, Right.TAKE_PART, seated(organisation, row) | leaders_of(organisation, row))
    link = f"{address}/sessions/shared/{session_id}" if address else ""
    return _mail(session, actor, organisation, [row], sender=sender, link=link, replies_to=replies_to)


def _mail(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    rows: Iterable[SharedSessionRow],
    *,
    sender: str,
    link: str,
    replies_to: str,
) -> OpenChange:
    waiting = [one for one in rows if is_untold(one)]
    letters = [letter for one in waiting for letter in _letters(organisation, one, sender, replies_to)]
    if not letters:
        raise NotNow(NOTHING)
    with recorded(session, actor, "proposal:invited", f"Mailed {_mails(letters)}") as change:
        for letter in letters:
            _post(session, actor, letter, link)
        for one in waiting:
            one.mailed = one.sequence
            one.mailed_to = [] if one.is_cancelled else [seat["person"] for seat in one.seats]
            one.mailed_off = [each["round"] for each in one.exceptions if each["starts_at"] is None]
    return change


def _letters(
    organisation: Organisation, row: SharedSessionRow, sender: str, replies_to: str
) -> Iterator[_Letter]:
    """Invitations for who sits in the session, cancellations for who was invited and does not any more."""
    invited = set() if row.is_cancelled else {seat["person"] for seat in row.seats}
    one = agreed(organisation, row)
    for person in organisation.people:
        if person.email is None or person.key not in invited | set(row.mailed_to):
            continue
        entry = answered_to(entry_of(organisation, one, person), replies_to)
        entry = replace(entry, organiser=entry.organiser or Guest("planner", sender))
        if person.key in invited:
            yield _Letter(person, Method.REQUEST, entry)
            if person.key in row.mailed_to:
                yield from (
                    _Letter(person, Method.CANCEL, gone) for gone in _left_out(row, one, entry, person)
                )
        else:
            gone = replace(entry, guests=(Guest(person.name, person.email),))
            yield _Letter(person, Method.CANCEL, gone)


def _left_out(row: SharedSessionRow, one: AgreedSession, entry: Entry, person: Person) -> Iterator[Entry]:
    """Each date that is left out and of which nobody was told yet, on its own."""
    for each in one.rounds:
        if each.starts_at is None and each.number not in row.mailed_off:
            alone = replace(entry, starts_at=each.planned, round_at=each.planned, rounds=(), every_days=0)
            yield replace(alone, guests=(Guest(person.name, person.email or ""),))


def _post(session: Session, actor: Actor, letter: _Letter, link: str) -> None:
    entry, person = letter.entry, letter.person
    held = [moment for moment in entry.rounds if moment is not None] or [entry.starts_at]
    local = held[0].astimezone(ZoneInfo(person.hours.zone))
    when = f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({person.hours.zone}), {entry.minutes} minutes"
    lines = [
        f"Hello {person.name},",
        "",
        entry.title,
        when,
        *_further(held[1:], person),
        entry.place or "Remote",
        "",
    ]
    if letter.method is Method.CANCEL:
        lines += ["It does not take place, or you are not needed in it any more.", ""]
    else:
        lines += [*entry.lines, "", HOW_IT_WORKS, ""]
    post(
        session,
        to=person.email or "",
        subject=f"{SUBJECTS[letter.method]}: {entry.title}",
        text="\n".join([*lines, *([link, ""] if link else [])]),
        now=actor.at,
        calendar=write_calendar([entry], letter.method).decode(),
    )


def _further(moments: Sequence[datetime], person: Person) -> list[str]:
    """The dates that follow, by the person's own clock."""
    times = [moment.astimezone(ZoneInfo(person.hours.zone)) for moment in moments]
    return [f"and on {', '.join(f'{one:%a} {one.day} {one:%b %H:%M}' for one in times)}"] if times else []


def _mails(letters: list[_Letter]) -> str:
    sessions = len({letter.entry.uid for letter in letters})
    people = len({letter.person.id for letter in letters})
    return f"invitations to {counted(sessions, 'session')}, for {counted(people, 'person', 'people')}"
