"""A shared session for one dependency that no plan can hold, because its people have no time in common.

It is made without a time, and a poll asks for one; the time that is chosen makes it a session like any
other: prepared, run, minuted, in calendars. It belongs to no plan, is held once and replaces nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.consolidation.agenda import elapsed
from planner.domain.consolidation.explain import why_you
from planner.domain.consolidation.selection import select as select_items
from planner.domain.errors import NotFound, NotNow
from planner.domain.notices import Notice, NoticeKind
from planner.services.calendar.polls import ask_for, times_for
from planner.services.changes import asked_before, expect_version, recorded
from planner.services.notices import write
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.scheduling import new_session
from planner.services.settings import read_rules
from planner.services.shared_sessions import agreed, coming, existing_session, leaders_of, seated
from planner.storage.models import SharedSessionRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Rules
    from planner.domain.consolidation.selection import Chosen
    from planner.domain.model import DependencyId, Organisation, Person
    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession
    from planner.storage.audit import OpenChange

IN_WRITING = "This is settled in writing, or nobody waits for it any more, so it needs no session."
IS_THERE = "A session for this is there already: “{}”. Find a time on its page."
OF_A_PLAN = "This session belongs to a plan. It ends with its plan."
IS_OVER = "This session is over or cancelled."


def hold_single(
    session: Session, actor: Actor, number: DependencyId, *, key: str | None
) -> tuple[int, OpenChange]:
    """Make a session for one dependency and ask those who speak for it which time suits; return its number.

    Whoever asks leads it where they speak for one of its sides. Raises NotFound, NotAllowed, and NotNow where
    it needs no session, has one, or no time can be proposed.
    """
    organisation = read_organisation(session)
    dependency = next((one for one in organisation.dependencies if one.id == number), None)
    if dependency is None:
        raise NotFound(f"There is no dependency {number}.")
    again = asked_before(session, actor, key)
    held = read_single(session, organisation, actor.at)
    if again is not None:
        return held[number].id if number in held else 0, again
    require(actor, Right.CHANGE_DEPENDENCY, {dependency.consumer_id, dependency.provider_id})
    if number in held:
        raise NotNow(IS_THERE.format(held[number].title))
    rules = read_rules(session)
    chosen = select_items(organisation, rules=rules, today=organisation.day_of(actor.at)).by_id.get(number)
    if chosen is None or not chosen.treatment.is_live:
        raise NotNow(IN_WRITING)
    values = _values(organisation, chosen, rules, actor)
    starts = times_for(session, organisation, values["seats"], actor.at)
    with recorded(session, actor, "session:asked", f"Asked for a time: {dependency.what}", key=key) as change:
        row = new_session(None, values, actor.at)
        session.add(row)
        session.flush()
        ask_for(session, row.id, starts)
        _tell(session, organisation, row, change)
    return row.id, change


def call_off(
    session: Session, actor: Actor, session_id: int, *, version: int | None, key: str | None
) -> OpenChange:
    """Hold no session for the dependency after all; it is settled in writing.

    Raises NotFound, NotAllowed unless one leads it, StaleVersion, and NotNow for one of a plan or one that
    is over.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    row = existing_session(session, session_id)
    require(actor, Right.LEAD_SESSION, leaders_of(read_organisation(session), row))
    if row.proposal_id is not None:
        raise NotNow(OF_A_PLAN)
    if row.is_cancelled or (row.starts_at is not None and row.starts_at <= actor.at):
        raise NotNow(IS_OVER)
    expect_version(row, version)
    summary = f"Settled in writing, without a session: {row.title}"
    with recorded(session, actor, "session:off", summary, key=key) as change:
        row.is_cancelled = True
        row.sequence, row.changed_at = row.sequence + 1, actor.at
    return change


def read_single(
    session: Session, organisation: Organisation, now: datetime
) -> Mapping[DependencyId, AgreedSession]:
    """Return the sessions of single dependencies that are ahead or wait for a time. One query."""
    rows = session.scalars(select(SharedSessionRow).where(SharedSessionRow.proposal_id.is_(None)))
    found = coming([agreed(organisation, row) for row in rows], now)
    return {one.id: each for each in reversed(found) for one in each.agenda}


def _values(organisation: Organisation, chosen: Chosen, rules: Rules, actor: Actor) -> dict[str, Any]:
    people = sorted((organisation.person[one] for one in chosen.people), key=lambda one: (one.name, one.key))
    leader = _leader(people, actor)
    minutes = elapsed(rules, chosen.minutes)
    return {
        "title": chosen.dependency.what,
        "place": None,
        "starts_at": None,
        "zone": leader.hours.zone,
        "minutes": minutes,
        "facilitator": leader.key,
        "agenda": [chosen.dependency.key],
        "seats": [{"person": one.key, "start": 0, "end": minutes, "why": why_you([1])} for one in people],
        "every_days": 14,
        "rounds": 1,
        "exceptions": [],
    }


def _leader(people: list[Person], actor: Actor) -> Person:
    return next((one for one in people if one.id == actor.person_id), people[0])


def _tell(session: Session, organisation: Organisation, row: SharedSessionRow, change: OpenChange) -> None:
    text = f"A time is asked for to talk about “{row.title}”. Which suits you?"
    notices = [
        Notice(one, NoticeKind.SESSION, None, text, session_id=row.id)
        for one in sorted(seated(organisation, row))
        if one != change.actor_id
    ]
    write(session, organisation, notices, at=change.at, change_id=change.id)
