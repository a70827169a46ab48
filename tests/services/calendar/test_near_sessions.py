"""A session that is near is told once, to those who come; who has not voted is asked once, before that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from planner.domain.ballots import Vote
from planner.domain.model import PersonId, WorkingHours
from planner.domain.transfer import PersonDraft
from planner.services.away import add_days_off
from planner.services.calendar import replies
from planner.services.calendar.beforehand import leave_word
from planner.services.calendar.series import move_round
from planner.services.meeting.ballots import vote
from planner.services.meeting.live import close_meeting, start_meeting
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.preparing import add_topic
from planner.services.organisation import read_organisation
from planner.services.people import change_person
from planner.services.work import rounds
from planner.storage.models import NoticeRow, SharedSessionRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_agreed, make_cast, make_dependency

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY = datetime(2026, 2, 12, 10, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def town(session: Session) -> Session:
    """Olive in London and Pat in New York meet on Thursday 12 February at 15:00, in London."""
    cast = make_cast(session)
    for key, name, zone in (
        (cast.owner, "Olive Owner", "Europe/London"),
        (cast.partner, "Pat Partner", "America/New_York"),
    ):
        draft = PersonDraft("", name, f"{key}@example.org", hours=WorkingHours(zone=zone))
        change_person(session, OPERATOR, key, draft, version=None)
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, cast.owner))
    hold_on(session, datetime(2026, 2, 12, 15, tzinfo=UTC))
    return session


def hold_on(session: Session, moment: datetime) -> None:
    session.execute(update(SharedSessionRow).values(starts_at=moment, rounds=1, exceptions=[]))
    session.commit()


def who(session: Session, key: str) -> Actor:
    return make_actor(session, key)


def told(session: Session, first: datetime = MONDAY, days: int = 14) -> list[tuple[str, str, datetime]]:
    """Let a worker look every hour; return whom it tells what of sessions, and when."""
    for hour in range(24 * days):
        rounds.write_due(session, now=first + hour * HOUR)
    session.commit()
    people = {one.id: one.name.partition(" ")[0] for one in read_organisation(session).people}
    query = select(NoticeRow).where(NoticeRow.kind == "session").order_by(NoticeRow.at, NoticeRow.id)
    return [(people[PersonId(row.person_id)], row.text, row.at) for row in session.scalars(query)]


VOTE = (
    "“Partner API and Payments” is on Thursday 12 February. Say before it what is important to you; "
    "nobody sees a vote until all are opened together."
)


def test_who_comes_is_reminded_with_their_window_and_asked_for_votes_before(town: Session) -> None:
    assert told(town) == [
        ("Olive", VOTE, datetime(2026, 2, 10, 7, tzinfo=UTC)),
        ("Pat", VOTE, datetime(2026, 2, 10, 12, tzinfo=UTC)),
        (
            "Olive",
            "Tomorrow at 15:00: “Partner API and Payments”, remote. You are needed from 15:15 to 15:23. "
            "Agenda: Settlement file.",
            datetime(2026, 2, 11, 7, tzinfo=UTC),
        ),
        (
            "Pat",
            "Tomorrow at 10:00: “Partner API and Payments”, remote. You are needed from 10:15 to 10:23. "
            "Agenda: Settlement file.",
            datetime(2026, 2, 11, 12, tzinfo=UTC),
        ),
    ]


def test_only_days_on_which_somebody_works_count(town: Session) -> None:
    hold_on(town, datetime(2026, 2, 9, 15, tzinfo=UTC))
    add_days_off(town, who(town, "pat-partner"), date(2026, 2, 6), None)

    assert [(name, text.split(":")[0], at.date()) for name, text, at in told(town)] == [
        ("Pat", VOTE.replace("Thursday 12", "Monday 9").split(":")[0], date(2026, 2, 4)),
        ("Olive", VOTE.replace("Thursday 12", "Monday 9").split(":")[0], date(2026, 2, 5)),
        ("Pat", "On Monday 9 February at 10", date(2026, 2, 5)),
        ("Olive", "On Monday 9 February at 15", date(2026, 2, 6)),
    ]


def test_who_has_said_no_is_told_nothing(town: Session) -> None:
    replies.reply(town, who(town, "pat-partner"), 1, "declined")

    assert {name for name, _text, _at in told(town)} == {"Olive"}


def test_who_leaves_a_word_instead_is_told_nothing(town: Session) -> None:
    leave_word(town, who(town, "pat-partner"), 1, about="", text="Monday is too early", key=None)

    assert {name for name, _text, _at in told(town)} == {"Olive"}


def test_who_has_voted_is_not_asked(town: Session) -> None:
    item = read_meeting(town, 1).items[0]
    papers = [Vote(item.name, 4)]
    vote(town, who(town, "olive-owner"), read_organisation(town), 1, papers)

    assert [name for name, text, _at in told(town) if text == VOTE] == ["Pat"]


def test_the_agenda_that_is_written_is_told(town: Session) -> None:
    add_topic(town, who(town, "olive-owner"), 1, title="Holidays", key=None)

    assert [text.rpartition("Agenda: ")[2] for _name, text, _at in told(town) if "Agenda" in text] == [
        "Settlement file; Holidays.",
        "Settlement file; Holidays.",
    ]


def test_a_session_that_moves_is_told_for_its_new_day(town: Session) -> None:
    wednesday = datetime(2026, 2, 11, 20, tzinfo=UTC)
    told(town, days=10)
    leader = read_meeting(town, 1).facilitator
    move_round(
        town,
        replace(who(town, leader), at=wednesday),
        1,
        0,
        starts_at=datetime(2026, 2, 17, 15, tzinfo=UTC),
        version=None,
        key=None,
    )

    reminders = [(name, at.date()) for name, text, at in told(town, wednesday) if text != VOTE]
    assert reminders == [
        ("Olive", date(2026, 2, 11)),
        ("Pat", date(2026, 2, 11)),
        ("Olive", date(2026, 2, 16)),
        ("Pat", date(2026, 2, 16)),
    ]


@pytest.mark.parametrize("how", ["cancelled", "over"])
def test_what_is_not_held_any_more_is_not_told(town: Session, how: str) -> None:
    if how == "cancelled":
        town.execute(update(SharedSessionRow).values(is_cancelled=True))
        town.commit()
    else:
        leader = who(town, read_meeting(town, 1).facilitator)
        start_meeting(town, leader, 1, key=None)
        close_meeting(town, leader, 1, key=None)

    assert told(town) == []
