"""Minutes: read from what became of the items, shared as a version, objected to, answered, corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow, Problem
from planner.domain.meeting.model import MeetingState
from planner.domain.minutes import (
    Minutes,
    MinutesState,
    from_plain,
    held_on,
    last_day,
    state_on,
    to_plain,
    why_not_object,
    write_minutes,
)
from planner.domain.model import PersonId
from planner.domain.notices import HowTold, Notice, NoticeKind
from planner.domain.text import clean
from planner.interchange.markdown import write_markdown
from planner.services.actor import key_of
from planner.services.changes import asked_before, recorded
from planner.services.consolidation.proposals import name_of_key
from planner.services.mail import post
from planner.services.meeting.earlier import start_of
from planner.services.meeting.meetings import existing_shared, people_of, read_meeting
from planner.services.notices import write
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.storage.models import MinutesRow, NoticeRow, ObjectionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import Meeting
    from planner.domain.meeting.rounds import SessionOrRound
    from planner.domain.model import Organisation
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

WORDS_LONGEST = 1000
SHARED = "The minutes of “{title}” are shared. Silence agrees after {day}."
CORRECTED = "The minutes of “{title}” are corrected. Silence agrees after {day}."
OBJECTED = "There is an objection to the minutes of “{title}”."
ANSWERED = "Your objection to the minutes of “{title}” is answered."
NOT_OVER = "The session is not over yet. Its minutes can be shared when whoever leads it has ended it."
THE_SAME = "Nothing has changed since version {number}, so there is nothing to correct."


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody who was there objects to, and the answer, "" while there is none."""

    id: int
    item: int | None
    by: str
    words: str
    objected_at: datetime
    answer: str
    answered_by: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class MinutesVersion:
    """One version that was shared."""

    number: int
    state: MinutesState
    shared_at: datetime
    shared_by: str
    why: str
    until: date


@dataclass(frozen=True, slots=True)
class SharedMinutes:
    """Minutes as somebody reads them: a version that was shared, else the draft of now.

    version: None for a draft. has_changed: an outcome differs from what was shared last.
    """

    session_id: int
    meeting_id: int
    meeting_state: MeetingState
    minutes: Minutes
    state: MinutesState
    version: MinutesVersion | None
    versions: tuple[MinutesVersion, ...]
    objections: tuple[Objection, ...]
    until: date | None
    has_changed: bool
    may_share: bool
    may_object: bool
    may_answer: bool
    was_there: bool
    there: frozenset[str]


def read_minutes(
    session: Session,
    organisation: Organisation,
    which: SessionOrRound,
    actor: Actor | None,
    today: date,
    *,
    number: int | None = None,
) -> SharedMinutes:
    """Return the minutes of a round, the newest version or the one of this number.

    Without a round they are those of the one that runs, else of the last that was closed.

    Raises NotFound. The number of queries does not grow with what is in them.
    """
    shared = existing_shared(session, which)
    meeting = read_meeting(session, which, to_read=True)
    rows = _versions(session, int(meeting.id))
    row = _chosen(rows, number, shared.id)
    objections = _objections(session, [one.id for one in rows])
    draft = _draft(organisation, shared, meeting)
    me = key_of(organisation, actor)
    was_there = bool(me) and any(one.person == me for one in meeting.attendance)
    versions = tuple(_version(organisation, one, rows, objections, today) for one in rows)
    version = next((one for one in versions if row is not None and one.number == row.number), None)
    state = MinutesState.DRAFT if version is None else version.state
    until = None if version is None else version.until
    takes_part = was_there or (bool(me) and me in {*meeting.invited, meeting.facilitator})
    over = meeting.state is MeetingState.CLOSED
    has_changed = bool(rows) and rows[-1].body != to_plain(draft)
    return SharedMinutes(
        session_id=shared.id,
        meeting_id=int(meeting.id),
        meeting_state=meeting.state,
        minutes=draft if row is None else from_plain(row.body),
        state=state,
        version=version,
        versions=versions,
        objections=_told(organisation, objections, row, me),
        until=until,
        has_changed=has_changed,
        may_share=takes_part and over and (not rows or has_changed),
        may_object=not why_not_object(state, until, today, was_there=was_there),
        may_answer=takes_part and state is not MinutesState.REPLACED,
        was_there=was_there,
        there=frozenset(one.person for one in meeting.attendance if one.person),
    )


def share_minutes(
    session: Session, actor: Actor, which: SessionOrRound, *, why: str, key: str | None, address: str = ""
) -> OpenChange:
    """Share the minutes as they are now: the first version, or a correction with what it corrects.

    Whoever is invited or was there is told, and mailed the whole text where they want mail at once.
    Raises NotFound, NotAllowed, NotNow while the session goes on or nothing has changed, InvalidInput.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared = existing_shared(session, which)
    meeting = read_meeting(session, which, to_read=True)
    organisation = read_organisation(session)
    concerned = _concerned(session, organisation, shared, meeting)
    require(actor, Right.TAKE_PART, concerned)
    rows = _versions(session, int(meeting.id))
    minutes = _draft(organisation, shared, meeting)
    _expect_shareable(meeting, rows, minutes)
    why = clean(why, where="why", longest=WORDS_LONGEST, required=False)
    if rows and not why:
        raise InvalidInput(Problem("why", "is empty; say what is corrected"))
    said = "Corrected the minutes" if rows else "Shared the minutes"
    with recorded(session, actor, "minutes:shared", f"{said}: {shared.title}", key=key) as change:
        session.add(
            MinutesRow(
                meeting_id=int(meeting.id),
                number=len(rows) + 1,
                body=to_plain(minutes),
                why=why,
                shared_at=actor.at,
                shared_by=key_of(organisation, actor),
            )
        )
        session.flush()
        day = last_day(actor.at.date(), _days_off(organisation, minutes.place))
        text = (CORRECTED if rows else SHARED).format(title=shared.title, day=f"{day:%A} {day.day} {day:%B}")
        _tell(session, organisation, shared, sorted(concerned), text, change)
        path = f"/sessions/shared/{shared.id}/minutes?round={meeting.round + 1}"
        link = address + path if address else ""
        _mail_whole(session, organisation, change, minutes, beside=[link, why])
    return change


def object_to_minutes(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    *,
    item: int | None,
    words: str,
    number: int,
    key: str | None,
) -> OpenChange:
    """Object to the version of this number, to one item or to the whole, with words.

    Raises NotFound, NotAllowed to who was not there, NotNow when it is agreed or replaced, InvalidInput.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    organisation = read_organisation(session)
    found = read_minutes(session, organisation, which, actor, actor.today, number=number)
    refusal = why_not_object(found.state, found.until, actor.today, was_there=found.was_there)
    if not found.was_there:
        raise NotAllowed(refusal)
    if refusal:
        raise NotNow(refusal)
    if item is not None and item not in {line.item for line in found.minutes.lines}:
        raise InvalidInput(Problem("item", "is not in these minutes; choose one that is"))
    said = clean(words, where="words", longest=WORDS_LONGEST)
    shared = existing_shared(session, which)
    meeting = read_meeting(session, which, to_read=True)
    row = _versions(session, int(meeting.id))[-1]
    summary = f"Objected to the minutes: {shared.title}"
    with recorded(session, actor, "minutes:objected", summary, key=key) as change:
        me = key_of(organisation, actor)
        session.add(
            ObjectionRow(
                minutes_id=row.id,
                item_id=item,
                person=me,
                words=said,
                objected_at=actor.at,
                answer="",
                answered_by="",
            )
        )
        session.flush()
        concerned = _concerned(session, organisation, shared, meeting)
        _tell(session, organisation, shared, sorted(concerned), OBJECTED.format(title=shared.title), change)
    return change


def answer_objection(
    session: Session, actor: Actor, which: SessionOrRound, objection_id: int, *, words: str, key: str | None
) -> OpenChange:
    """Answer an objection, for all to read in the minutes; answering anew takes the place of the answer.

    Raises NotFound, NotAllowed to who takes no part in the session, NotNow on a version that was replaced.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared = existing_shared(session, which)
    meeting = read_meeting(session, which, to_read=True)
    organisation = read_organisation(session)
    rows = _versions(session, int(meeting.id))
    row = session.get(ObjectionRow, objection_id)
    if row is None or row.minutes_id not in {one.id for one in rows}:
        raise NotFound(f"There is no objection {objection_id} to the minutes of this session.")
    require(actor, Right.TAKE_PART, _concerned(session, organisation, shared, meeting))
    if row.minutes_id != rows[-1].id:
        raise NotNow("There is a newer version of these minutes; what was said to this one stays as it is.")
    said = clean(words, where="words", longest=WORDS_LONGEST)
    summary = f"Answered an objection to the minutes: {shared.title}"
    with recorded(session, actor, "minutes:answered", summary, key=key) as change:
        row.answer, row.answered_by, row.answered_at = said, key_of(organisation, actor), actor.at
        session.flush()
        objector = [one.id for one in organisation.people if one.key == row.person]
        _tell(session, organisation, shared, objector, ANSWERED.format(title=shared.title), change)
    return change


def minutes_file(minutes: Minutes, kind: str) -> bytes:
    """Return minutes as a file of the kind "md" or "pdf"."""
    if kind == "md":
        return write_markdown(minutes).encode()
    from planner.render.minutes import minutes_pdf  # noqa: PLC0415 - slow to import, and few files are PDF

    return minutes_pdf(minutes)


def _expect_shareable(meeting: Meeting, rows: Sequence[MinutesRow], minutes: Minutes) -> None:
    if meeting.state is not MeetingState.CLOSED:
        raise NotNow(NOT_OVER)
    if rows and rows[-1].body == to_plain(minutes):
        raise NotNow(THE_SAME.format(number=rows[-1].number))


def _draft(organisation: Organisation, shared: SharedSessionRow, meeting: Meeting) -> Minutes:
    people = {one.key: one for one in organisation.people}
    return write_minutes(
        meeting,
        lambda key: name_of_key(people, key),
        title=shared.title,
        held_on=held_on(meeting, start_of(shared, meeting.round)),
        place=shared.place or "",
    )


def _versions(session: Session, meeting_id: int) -> Sequence[MinutesRow]:
    """Every version that was shared, oldest first."""
    query = select(MinutesRow).where(MinutesRow.meeting_id == meeting_id).order_by(MinutesRow.number)
    return session.scalars(query).all()


def _chosen(rows: Sequence[MinutesRow], number: int | None, session_id: int) -> MinutesRow | None:
    if number is None:
        return rows[-1] if rows else None
    row = next((one for one in rows if one.number == number), None)
    if row is None:
        raise NotFound(f"There is no version {number} of the minutes of session {session_id}.")
    return row


def _objections(session: Session, minutes_ids: Collection[int]) -> Sequence[ObjectionRow]:
    query = select(ObjectionRow).where(ObjectionRow.minutes_id.in_(minutes_ids)).order_by(ObjectionRow.id)
    return session.scalars(query).all()


def _version(
    organisation: Organisation,
    row: MinutesRow,
    rows: Sequence[MinutesRow],
    objections: Sequence[ObjectionRow],
    today: date,
) -> MinutesVersion:
    still_open = [one for one in objections if one.minutes_id == row.id and not one.answer]
    until = last_day(row.shared_at.date(), _days_off(organisation, row.body["place"]))
    state = state_on(until, today, open_objections=len(still_open), is_newest=row.id == rows[-1].id)
    people = {one.key: one for one in organisation.people}
    by = name_of_key(people, row.shared_by) if row.shared_by else "the operator"
    return MinutesVersion(row.number, state, row.shared_at, by, row.why, until)


def _days_off(organisation: Organisation, place: str) -> tuple[date, ...]:
    """The days on which nobody works at the place of this name."""
    return next((one.days_off for one in organisation.places if one.name == place), ())


def _told(
    organisation: Organisation, objections: Sequence[ObjectionRow], row: MinutesRow | None, me: str
) -> tuple[Objection, ...]:
    people = {one.key: one for one in organisation.people}
    return tuple(
        Objection(
            id=one.id,
            item=one.item_id,
            by=name_of_key(people, one.person),
            words=one.words,
            objected_at=one.objected_at,
            answer=one.answer,
            answered_by=name_of_key(people, one.answered_by) if one.answered_by else "",
            is_mine=one.person == me,
        )
        for one in objections
        if row is not None and one.minutes_id == row.id
    )


def _concerned(
    session: Session, organisation: Organisation, shared: SharedSessionRow, meeting: Meeting
) -> set[PersonId]:
    """Those who are invited, lead or were there."""
    there = {one.person for one in meeting.attendance if one.person}
    return {*people_of(session, shared), *(one.id for one in organisation.people if one.key in there)}


def _tell(
    session: Session,
    organisation: Organisation,
    shared: SharedSessionRow,
    people: Sequence[PersonId],
    text: str,
    change: OpenChange,
) -> None:
    notices = [
        Notice(one, NoticeKind.MINUTES, None, text, session_id=shared.id)
        for one in people
        if one != change.actor_id
    ]
    write(session, organisation, notices, at=change.at, change_id=change.id)


def _mail_whole(
    session: Session,
    organisation: Organisation,
    change: OpenChange,
    minutes: Minutes,
    *,
    beside: Sequence[str],
) -> None:
    """Who wants mail at once gets the minutes themselves in place of a line that tells of them."""
    session.flush()
    query = select(NoticeRow).where(NoticeRow.change_id == change.id, NoticeRow.how == HowTold.NOW.value)
    for notice in session.scalars(query):
        person = organisation.person[PersonId(notice.person_id)]
        text = "\n".join([notice.text, *filter(None, beside), "", write_markdown(minutes)])
        post(session, to=person.email or "", subject=f"Minutes: {minutes.title}", text=text, now=change.at)
        notice.mailed_at = change.at
