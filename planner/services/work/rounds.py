"""What a worker looks after: notices become mails, at once or in the morning, and old ones are forgotten."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from planner.domain.model import PersonId
from planner.domain.notices import HowTold, Notice, NoticeKind, due_notices, morning
from planner.services.calendar.near_sessions import near_notices
from planner.services.mail import post
from planner.services.notices import write
from planner.services.organisation import read_organisation
from planner.services.promises import due_promises
from planner.storage import outbox
from planner.storage.db import lost_a_race, only_reading, writing_beside
from planner.storage.models import HookDeliveryRow, MailRow, NoticeRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation, Person

KEPT_FOR = timedelta(days=180)
"""Notices older than half a year are forgotten."""


def write_mails(session: Session, *, now: datetime, address: str) -> None:
    """Turn notices into mails: what was chosen for at once, and once a day what waited for the morning.

    Forty things asked in one go are one mail. Two workers never write the same mail.
    """
    with only_reading():
        organisation = read_organisation(session)
        oldest = session.execute(_oldest())
        has_ready = any(_is_ready(organisation, who, how, at, now) for who, how, at in oldest)
        session.commit()
        if not has_ready:
            return
        try:
            with writing_beside(session) as own:
                rows = own.scalars(_unmailed().with_for_update(skip_locked=True)).all()
                ready = [r for r in rows if _is_ready(organisation, r.person_id, r.how, r.at, now)]
                _post_all(own, organisation, ready, now=now, address=address)
        except DBAPIError as error:
            if not lost_a_race(error):
                raise


def write_due(session: Session, *, now: datetime) -> None:
    """Tell people in their morning what they owe on the day after, and which sessions are near; once each."""
    with only_reading():
        organisation = read_organisation(session)
        tomorrow = _tomorrows(organisation, now)
        due = (
            *due_notices(organisation, tomorrow),
            *due_promises(session, tomorrow),
            *near_notices(session, organisation, tomorrow, now),
        )
        told = _told_already(session, organisation, due, now)
        fresh = [n for n in due if (n.person_id, _once(n, organisation, now)) not in told]
        session.commit()
        for notice in fresh:
            _write_once(session, organisation, notice, now)


def forget(session: Session, *, now: datetime) -> None:
    """Remove mails and messages that have arrived, and notices that are old."""
    old = NoticeRow.at < now - KEPT_FOR
    with only_reading():
        tables = [table for table in (MailRow, HookDeliveryRow) if outbox.has_old(session, table, now)]
        has_old_notices = session.scalar(select(exists().where(old)))
        session.commit()
        if not tables and not has_old_notices:
            return
        with writing_beside(session) as own:
            for table in tables:
                outbox.forget_old(own, table, now)
            own.execute(delete(NoticeRow).where(old).execution_options(synchronize_session=False))


def _waits() -> ColumnElement[bool]:
    wanted = (HowTold.NOW.value, HowTold.DAILY.value)
    return and_(NoticeRow.how.in_(wanted), NoticeRow.mailed_at.is_(None))


def _oldest() -> Select[tuple[int, str, datetime]]:
    """For each person and way the moment of the oldest notice that waits for a mail."""
    columns = select(NoticeRow.person_id, NoticeRow.how, func.min(NoticeRow.at))
    return columns.where(_waits()).group_by(NoticeRow.person_id, NoticeRow.how)


def _unmailed() -> Select[tuple[NoticeRow]]:
    return select(NoticeRow).where(_waits()).order_by(NoticeRow.person_id, NoticeRow.how, NoticeRow.id)


def _is_ready(organisation: Organisation, person_id: int, how: str, at: datetime, now: datetime) -> bool:
    """Whether a mail is to be written now; what is for somebody who is gone is ready, to be put aside."""
    person = organisation.person.get(PersonId(person_id))
    return how == HowTold.NOW or person is None or at <= morning(person.hours.zone, now)


def _post_all(
    session: Session, organisation: Organisation, rows: Iterable[NoticeRow], *, now: datetime, address: str
) -> None:
    for (person_id, how), group in groupby(rows, key=lambda row: (row.person_id, row.how)):
        theirs = list(group)
        person = organisation.person.get(PersonId(person_id))
        if person is not None and person.email:
            text = _text(person, theirs, organisation, address)
            post(session, to=person.email, subject=_subject(theirs, HowTold(how)), text=text, now=now)
        for row in theirs:
            row.mailed_at = now


def _subject(rows: Sequence[NoticeRow], how: HowTold) -> str:
    if len(rows) == 1:
        return rows[0].text
    return f"Your day: {len(rows)} notices" if how is HowTold.DAILY else f"{len(rows)} notices"


def _text(person: Person, rows: Sequence[NoticeRow], organisation: Organisation, address: str) -> str:
    there = {dependency.id for dependency in organisation.dependencies}
    lines = [f"Hello {person.name},", ""]
    for row in rows:
        lines.append(f"- {row.text}")
        if address and row.dependency_id in there:
            lines.append(f"  {address}/dependencies/{row.dependency_id}")
        if address and row.proposal_id is not None:
            lines.append(f"  {address}/sessions/proposals/{row.proposal_id}")
        if address and row.session_id is not None:
            about_it = f"{address}/sessions/shared/{row.session_id}"
            lines.append(f"  {about_it}" if row.kind == NoticeKind.SESSION else f"  {about_it}/minutes")
        if address and row.kind == NoticeKind.CHANGED and row.change_id is not None:
            lines.append(f"  {address}/history?before={row.change_id + 1}")
        if address and row.promise_id is not None:
            lines.append(f"  {address}/promises/{row.promise_id}")
    choices = f" on {address}/notices/choices" if address else ", under Notices in the planner"
    return "\n".join([*lines, "", f"You choose what comes by mail, and when{choices}.", ""])


def _tomorrows(organisation: Organisation, now: datetime) -> dict[PersonId, date]:
    """The day after for everybody whose morning has come today."""
    found = {}
    for person in organisation.people:
        began = morning(person.hours.zone, now)
        today = now.astimezone(began.tzinfo).date()
        if began.date() == today:
            found[person.id] = today + timedelta(days=1)
    return found


def _once(notice: Notice, organisation: Organisation, now: datetime) -> str:
    if notice.once:
        return notice.once
    day = morning(organisation.person[notice.person_id].hours.zone, now).date()
    what = notice.dependency_id if notice.promise_id is None else f"promise:{notice.promise_id}"
    return f"due:{what}:{day.isoformat()}"


def _told_already(
    session: Session, organisation: Organisation, notices: Sequence[Notice], now: datetime
) -> set[tuple[int, str | None]]:
    keys = {_once(notice, organisation, now) for notice in notices}
    query = select(NoticeRow.person_id, NoticeRow.once).where(NoticeRow.once.in_(keys))
    return {(row.person_id, row.once) for row in session.execute(query)} if keys else set()


def _write_once(session: Session, organisation: Organisation, notice: Notice, now: datetime) -> None:
    """Write a notice of this morning, unless another worker does just now."""
    at = morning(organisation.person[notice.person_id].hours.zone, now)
    try:
        with writing_beside(session) as own:
            write(own, organisation, [notice], at=at, once=_once(notice, organisation, now))
    except IntegrityError:
        return
    except DBAPIError as error:
        if not lost_a_race(error):
            raise
