"""What somebody who cannot come leaves beforehand: heard when its item comes, and kept in the minutes.

It is about one round: whoever leaves a word replies to that date that they do not come. It counts neither
as being there nor as a vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow, Problem
from planner.domain.meeting.model import MeetingState
from planner.domain.text import SENTENCE_LONGEST, clean
from planner.services.calendar.replies import Answer, keep_reply, read_all_replies
from planner.services.changes import asked_before, in_turn, recorded
from planner.services.meeting.live import person_key
from planner.services.meeting.meetings import existing_shared, people_of, read_meeting
from planner.services.permissions import Right, require
from planner.storage.models import WordRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.meeting.model import Meeting
    from planner.domain.meeting.rounds import SessionOrRound
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange
    from planner.storage.models import SharedSessionRow

WORD_LONGEST = SENTENCE_LONGEST
IS_OVER = "This session is over or cancelled, so nobody hears a word that is left for it any more."
NOBODY = "Only somebody who is invited leaves a word: it is told with their name."
NOT_THERE = "You have left no word on this."


@in_turn
def leave_word(
    session: Session, actor: Actor, which: SessionOrRound, *, about: str, text: str, key: str | None
) -> OpenChange:
    """Leave a word on an item of the agenda by its name, or for the whole session with "".

    It takes the place of what one left there before. Raises NotFound, NotAllowed to who is not invited,
    NotNow once the session is over, InvalidInput for no words, too many, or an item that is not there.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared, meeting, me = _open_to(session, actor, which)
    titles = {"": "", **{item.name: item.title for item in meeting.items}}
    if about not in titles:
        raise InvalidInput(Problem("about", "is not on the agenda any more; choose what is, or all of it"))
    said = clean(text, where="text", longest=WORD_LONGEST)
    with recorded(session, actor, "session:word-left", f"Left a word: {shared.title}", key=key) as change:
        row = _own(session, meeting, me, about)
        if row is None:
            row = WordRow(session_id=shared.id, round=meeting.round, person=me, matter=about)
            session.add(row)
        row.title, row.text = titles[about], said
        _decline(session, actor, shared, meeting.round, me)
    return change


@in_turn
def take_word_back(
    session: Session, actor: Actor, which: SessionOrRound, *, about: str, key: str | None
) -> OpenChange:
    """Take back what one left on this. Raises NotFound, NotAllowed, NotNow as `leave_word` does."""
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    shared, meeting, me = _open_to(session, actor, which)
    is_left = any((word.person, word.matter) == (me, about) for word in meeting.words)
    row = _own(session, meeting, me, about) if is_left else None  # what is no name of ours asks no database
    if row is None:
        raise NotFound(NOT_THERE)
    summary = f"Took a word back: {shared.title}"
    with recorded(session, actor, "session:word-taken", summary, key=key) as change:
        session.delete(row)
    return change


def _decline(session: Session, actor: Actor, shared: SharedSessionRow, number: int, me: str) -> None:
    """Keep that they do not come, unless they have said so already; nothing while there is no time."""
    if shared.starts_at is None or me in read_all_replies(session, shared.id).absent(number):
        return
    sequence = shared.sequence
    keep_reply(session, shared, me, Answer.DECLINED, actor.at, sequence=sequence, number=number)


def _open_to(session: Session, actor: Actor, which: SessionOrRound) -> tuple[SharedSessionRow, Meeting, str]:
    """The round that a word is about, and the key of who leaves it."""
    shared = existing_shared(session, which)
    require(actor, Right.TAKE_PART, people_of(session, shared))
    me = person_key(session, actor)
    if not me:
        raise NotAllowed(NOBODY)
    meeting = read_meeting(session, which, actor.at)
    if shared.is_cancelled or meeting.state is MeetingState.CLOSED:
        raise NotNow(IS_OVER)
    return shared, meeting, me


def _own(session: Session, meeting: Meeting, person: str, about: str) -> WordRow | None:
    of_round = (WordRow.session_id == meeting.session_id, WordRow.round == meeting.round)
    return session.scalar(select(WordRow).where(*of_round, WordRow.person == person, WordRow.matter == about))
