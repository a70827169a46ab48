"""An adopted session comes round until the trial ends; one date is moved or left out, and people are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow, StaleVersion
from planner.domain.model import WorkingHours
from planner.domain.transfer import PersonDraft
from planner.services import agreements
from planner.services.away import keep_busy_times
from planner.services.calendar import series
from planner.services.calendar.inviting import mail_invitations
from planner.services.organisation import read_organisation
from planner.services.people import change_person
from planner.services.shared_sessions import AgreedSession, ahead_of, read_agreed, read_sessions
from planner.storage.models import MailRow, SharedSessionRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_session,
)
from tests.support.calendars import events_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

ANY: dict[str, Any] = {"version": None, "key": None}
FIRST = datetime(2026, 2, 3, 9, tzinfo=UTC)
SECOND = FIRST + timedelta(days=14)


@pytest.fixture
def town(session: Session) -> Session:
    cast = make_cast(session)
    for key, name in ((cast.owner, "Olive Owner"), (cast.partner, "Pat Partner")):
        draft = PersonDraft("", name, f"{key}@example.org")
        change_person(session, OPERATOR, key, draft, version=None)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    make_session(session, cast.partner_team, title="Queue", attendees=(cast.partner, cast.owner))
    return session


def at(session: Session, moment: datetime, key: str = "olive-owner") -> Actor:
    return replace(make_actor(session, key), at=moment)


def held(session: Session) -> AgreedSession:
    (one,) = read_agreed(session, read_organisation(session), 1)
    return one


def leader(session: Session) -> Actor:
    return make_actor(session, session.scalars(select(SharedSessionRow)).one().facilitator)


def times(one: AgreedSession) -> list[datetime | None]:
    return [each.starts_at for each in one.rounds]


def mail(session: Session) -> list[tuple[str, str, list[tuple[int, str | None, int]]]]:
    """To whom, what is asked, and of each event its sequence, which round it is, and how many there are."""
    mail_invitations(session, make_actor(session, "olive-owner"), 1, sender="planner@example.org", address="")
    found = []
    for row in session.scalars(select(MailRow).order_by(MailRow.id)):
        events = []
        for event in events_of(row.calendar):
            which = event.decoded("recurrence-id") if "recurrence-id" in event else None
            count = event["rrule"]["count"][0] if "rrule" in event else 1
            events.append((event["sequence"], f"{which:%d %b}" if which else None, count))
        found.append((row.recipient, str(icalendar.Calendar.from_ical(row.calendar)["method"]), events))
        session.delete(row)
    session.commit()
    return found


def local_time(session: Session) -> time:
    return FIRST.astimezone(ZoneInfo(held(session).zone)).time()


def ahead(town: Session, actor: Actor) -> tuple[AgreedSession, ...]:
    return ahead_of(read_sessions(town, read_organisation(town), actor.at), actor)


def test_it_comes_round_until_the_trial_ends(town: Session) -> None:
    make_agreed(town, make_actor(town, "olive-owner"))

    assert (times(held(town)), held(town).every_days) == ([FIRST, SECOND], 14)
    assert mail(town) == [
        ("olive-owner@example.org", "REQUEST", [(0, None, 2)]),
        ("pat-partner@example.org", "REQUEST", [(0, None, 2)]),
    ]


@pytest.mark.parametrize(
    "zone",
    [
        *("Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles"),
        *("Asia/Kathmandu", "Australia/Sydney", "America/St_Johns"),
    ],
)
def test_the_local_hour_stays_when_the_clocks_change_in_between(town: Session, zone: str) -> None:
    before_the_change = datetime(2026, 3, 23, 8, tzinfo=UTC)
    for key, name in (("olive-owner", "Olive Owner"), ("pat-partner", "Pat Partner")):
        draft = PersonDraft("", name, hours=WorkingHours(zone))
        change_person(town, OPERATOR, key, draft, version=None)

    make_agreed(town, at(town, before_the_change))

    one = held(town)
    local = [moment.astimezone(ZoneInfo(zone)).hour for moment in times(one) if moment]
    assert (len(local), len(set(local)), one.zone) == (2, 1, zone)


def test_a_round_gives_way_to_who_is_busy_then(town: Session) -> None:
    event = b"BEGIN:VEVENT\nDTSTART:20260217T080000Z\nDURATION:PT3H\nEND:VEVENT\n"
    busy = b"BEGIN:VCALENDAR\n" + event + b"END:VCALENDAR\n"
    keep_busy_times(town, make_actor(town, "pat-partner"), read_organisation(town), busy)

    make_agreed(town, make_actor(town, "olive-owner"))

    assert times(held(town)) == [FIRST, SECOND + timedelta(minutes=105)]  # needed from minute 15 on


def test_one_date_is_moved_left_out_and_put_back(town: Session) -> None:
    make_agreed(town, make_actor(town, "olive-owner"))
    mail(town)
    moved_to = SECOND + timedelta(days=1)

    series.move_round(town, leader(town), 1, 1, starts_at=moved_to, **ANY)
    moved, told = held(town), mail(town)
    series.leave_out_round(town, leader(town), 1, 1, **ANY)
    left_out, cancelled = held(town), mail(town)
    series.restore_round(town, leader(town), 1, 1, **ANY)

    assert (times(moved), moved.sequence) == ([FIRST, moved_to], 1)
    assert told[0] == ("olive-owner@example.org", "REQUEST", [(1, None, 2), (1, "17 Feb", 1)])
    assert (times(left_out), left_out.sequence) == ([FIRST, None], 2)
    assert cancelled[:2] == [
        ("olive-owner@example.org", "REQUEST", [(2, None, 2)]),
        ("olive-owner@example.org", "CANCEL", [(2, "17 Feb", 1)]),
    ]
    assert (times(held(town)), held(town).uid == moved.uid) == ([FIRST, SECOND], True)
    assert [one[1] for one in mail(town)] == ["REQUEST", "REQUEST"]


def test_a_plan_that_is_kept_comes_round_for_another_half_year(town: Session) -> None:
    make_agreed(town, make_actor(town, "olive-owner"))
    moved_to = SECOND + timedelta(days=1)
    series.move_round(town, leader(town), 1, 1, starts_at=moved_to, **ANY)
    mail(town)
    after_the_trial = at(town, FIRST + timedelta(days=40))

    agreements.keep_for_good(town, after_the_trial, 1, **ANY)

    found = times(held(town))
    assert found[:3] == [FIRST, moved_to, FIRST + timedelta(days=28)]
    assert len(found) == 1 + (40 + 26 * 7) // 14
    assert {m.astimezone(ZoneInfo(held(town).zone)).time() for m in found[2:] if m} == {local_time(town)}
    assert not held(town).is_told


def test_who_may_move_a_date_and_when(town: Session) -> None:
    make_agreed(town, make_actor(town, "olive-owner"))
    (other,) = {"olive-owner", "pat-partner"} - {held(town).leader_key}
    ahead = SECOND + timedelta(hours=1)

    with pytest.raises(NotAllowed):
        series.move_round(town, make_actor(town, other), 1, 1, starts_at=ahead, **ANY)
    with pytest.raises(InvalidInput):
        series.move_round(town, leader(town), 1, 1, starts_at=MONDAY, **ANY)
    with pytest.raises(InvalidInput):
        series.move_round(town, leader(town), 1, 1, starts_at=None, **ANY)
    with pytest.raises(NotFound):
        series.leave_out_round(town, leader(town), 1, 2, **ANY)
    with pytest.raises(NotFound):
        series.leave_out_round(town, leader(town), 9, 1, **ANY)
    with pytest.raises(StaleVersion):
        series.leave_out_round(town, leader(town), 1, 1, version=99, key=None)
    late = replace(leader(town), at=FIRST + timedelta(days=1))
    with pytest.raises(NotNow):
        series.leave_out_round(town, late, 1, 0, **ANY)


def test_a_form_sent_twice_moves_once(town: Session) -> None:
    make_agreed(town, make_actor(town, "olive-owner"))

    first = series.leave_out_round(town, leader(town), 1, 1, version=None, key="one")
    second = series.leave_out_round(town, leader(town), 1, 1, version=None, key="one")

    assert (first.id, held(town).sequence) == (second.id, 1)


def test_after_its_first_date_the_next_one_is_ahead(town: Session) -> None:
    make_agreed(town, make_actor(town, "olive-owner"))

    found = ahead(town, at(town, FIRST + timedelta(days=1)))

    assert [one.starts_at for one in found] == [SECOND]
    assert ahead(town, at(town, SECOND + timedelta(days=1))) == ()
