"""Somebody who cannot come leaves a word: heard with its item, kept in the minutes, neither seat nor vote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.model import Word
from planner.domain.meeting.rounds import RoundOf
from planner.domain.minutes import Said
from planner.services.calendar.beforehand import leave_word, take_word_back
from planner.services.calendar.replies import read_all_replies
from planner.services.changes import undo
from planner.services.exchange import remove_everything
from planner.services.meeting import live
from planner.services.meeting.meetings import make_meeting, read_meeting
from planner.services.meeting.minutes import read_minutes
from planner.services.meeting.pulse import read_pulse
from planner.services.meeting.votes import voters_there
from planner.services.organisation import read_organisation
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_shared

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

FILE = "payments-partner-api-settlement-file"
OLIVE, PAT, OTTO = "olive-owner", "pat-partner", "otto-outsider"
ON_THE_FILE = Word(PAT, FILE, "Settlement file", "Monday is too early")
ON_ALL = Word(PAT, "", "", "Please be quick")


@pytest.fixture
def town(session: Session) -> Session:
    """A session of Olive, who leads, and Pat, held twice; nobody has opened its agenda."""
    make_cast(session)
    make_shared(session)
    return session


def who(session: Session, key: str) -> Actor:
    return make_actor(session, key)


def leave(session: Session, word: Word, *, at: int = 0, key: str | None = None) -> OpenChange:
    place = RoundOf(1, at)
    return leave_word(session, who(session, word.person), place, about=word.matter, text=word.text, key=key)


def words(session: Session, at: int = 0) -> tuple[Word, ...]:
    return read_meeting(session, RoundOf(1, at)).words


def test_a_word_stays_with_its_item_before_and_after_the_agenda_is_kept(town: Session) -> None:
    leave(town, ON_THE_FILE)
    leave(town, ON_ALL)

    planned = read_meeting(town, 1)
    make_meeting(town, who(town, OLIVE), 1, key=None)
    kept = read_meeting(town, 1)

    for meeting in (planned, kept):
        assert [meeting.words_on(item) for item in meeting.items] == [(ON_THE_FILE,), ()]
        assert meeting.words_on_all == (ON_ALL,)


def test_a_word_is_for_one_date_and_says_that_one_does_not_come_to_it(town: Session) -> None:
    leave(town, ON_THE_FILE, at=1)
    leave(town, ON_ALL, at=1)

    said = read_all_replies(town, 1)
    assert (words(town), words(town, 1)) == ((), (ON_THE_FILE, ON_ALL))
    assert (said.to_all, said.absent(0), said.absent(1)) == ({}, frozenset(), {PAT})


def test_a_second_word_on_the_same_item_takes_the_place_of_the_first(town: Session) -> None:
    later = Word(PAT, FILE, "Settlement file", "Tuesday is fine")
    leave(town, ON_THE_FILE)

    leave(town, later)

    assert words(town) == (later,)


def test_a_form_that_is_sent_twice_leaves_one_word(town: Session) -> None:
    first = leave(town, ON_THE_FILE, key="form")

    again = leave(town, Word(PAT, FILE, "", "Something else"), key="form")

    assert (again.id, words(town)) == (first.id, (ON_THE_FILE,))


def test_a_word_is_taken_back_and_that_is_undone(town: Session) -> None:
    leave(town, ON_THE_FILE)

    change = take_word_back(town, who(town, PAT), 1, about=FILE, key=None)

    assert words(town) == ()
    assert change.id is not None
    undo(town, who(town, PAT), change.id)
    assert words(town) == (ON_THE_FILE,)


@pytest.mark.parametrize("about", ["", "topic: gone", "\x00", "\ud800", "x" * 10_000])
def test_what_nobody_has_left_is_not_taken_back(town: Session, about: str) -> None:
    leave(town, ON_THE_FILE)

    with pytest.raises(NotFound, match="You have left no word"):
        take_word_back(town, who(town, PAT), 1, about=about, key=None)

    assert words(town) == (ON_THE_FILE,)


def test_nobody_takes_back_the_word_of_somebody_else(town: Session) -> None:
    leave(town, ON_THE_FILE)

    with pytest.raises(NotFound, match="You have left no word"):
        take_word_back(town, who(town, OLIVE), 1, about=FILE, key=None)

    assert words(town) == (ON_THE_FILE,)


@pytest.mark.parametrize("person", [OTTO, ""])
def test_only_somebody_who_is_invited_leaves_a_word(town: Session, person: str) -> None:
    actor = who(town, person) if person else OPERATOR

    with pytest.raises(NotAllowed):
        leave_word(town, actor, 1, about="", text="Me too", key=None)

    assert words(town) == ()


@pytest.mark.parametrize(
    ("about", "text", "where"),
    [
        (FILE, " ", "text"),
        (FILE, "x" * 501, "text"),
        (FILE, "\ud800", "text"),
        ("topic: gone", "No", "about"),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused_at_its_field(
    town: Session, about: str, text: str, where: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        leave_word(town, who(town, PAT), 1, about=about, text=text, key=None)

    assert [problem.where for problem in refused.value.problems] == [where]


def test_a_word_comes_while_the_session_runs_and_not_once_it_is_over(town: Session) -> None:
    live.start_meeting(town, who(town, OLIVE), 1, key=None)
    leave(town, ON_THE_FILE)
    live.close_meeting(town, who(town, OLIVE), 1, key=None)

    with pytest.raises(NotNow, match="over or cancelled"):
        leave(town, ON_ALL)
    with pytest.raises(NotNow, match="over or cancelled"):
        take_word_back(town, who(town, PAT), RoundOf(1, 0), about=FILE, key=None)

    assert words(town) == (ON_THE_FILE,)


def test_every_screen_sees_that_a_word_has_come(town: Session) -> None:
    planned = read_pulse(town, RoundOf(1, 0))
    leave(town, ON_ALL)
    live.start_meeting(town, who(town, OLIVE), 1, key=None)
    running = read_pulse(town, RoundOf(1, 0))

    leave(town, ON_THE_FILE)

    assert len({planned, running, read_pulse(town, RoundOf(1, 0))}) == 3


def test_whoever_sends_a_word_is_not_there_and_has_no_vote(town: Session) -> None:
    leave(town, ON_THE_FILE)
    live.start_meeting(town, who(town, OLIVE), 1, key=None)

    meeting = read_meeting(town, 1)

    assert meeting.there == {(OLIVE, "")}
    assert set(voters_there(town, meeting, meeting.items[0])) == {OLIVE}


def test_the_minutes_tell_who_said_what_beforehand_under_its_item(town: Session) -> None:
    leave(town, ON_THE_FILE)
    leave(town, ON_ALL)
    live.start_meeting(town, who(town, OLIVE), 1, key=None)
    live.close_meeting(town, who(town, OLIVE), 1, key=None)

    found = read_minutes(town, read_organisation(town), 1, who(town, PAT), MONDAY.date()).minutes

    said = Said("Pat Partner", "Monday is too early")
    assert [line.words for line in found.lines] == [(said,), ()]
    assert found.words == (Said("Pat Partner", "Please be quick"),)
    assert (found.present, found.missing) == (("Olive Owner",), ("Pat Partner",))


def test_a_word_on_what_has_left_the_agenda_is_heard_all_the_same(town: Session) -> None:
    leave(town, ON_THE_FILE)
    found = read_meeting(town, 1)

    without = replace(found, items=found.items[1:])

    assert without.words_on_all == (ON_THE_FILE,)


def test_removing_everything_removes_words_too_and_can_be_undone(town: Session) -> None:
    leave(town, ON_THE_FILE)

    change = remove_everything(town, OPERATOR)

    assert change.id is not None
    undo(town, OPERATOR, change.id)
    assert words(town) == (ON_THE_FILE,)
