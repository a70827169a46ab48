"""Busy times and days off: kept for the search of times, private, and no session is placed on them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select

from planner.domain.errors import InvalidInput, NotFound
from planner.domain.transfer import PersonDraft, PlaceDraft
from planner.services import away
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.exchange import remove_everything
from planner.services.organisation import read_organisation
from planner.services.people import change_person, remove_person
from planner.services.places import change_place
from planner.storage.models import AwayRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_dependency, make_place
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

TODAY = MONDAY.date()


@pytest.fixture
def town(session: Session) -> Session:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    return session


@pytest.fixture
def olive(town: Session) -> Actor:
    return make_actor(town, "olive-owner")


def calendar(*whole_days: date) -> bytes:
    events = (
        f"BEGIN:VEVENT\nUID:{day}\nSUMMARY:Dentist\nLOCATION:Ward 7\nDTSTART:{day:%Y%m%d}T000000Z\n"
        "DURATION:P1D\nEND:VEVENT\n"
        for day in whole_days
    )
    return f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n".encode()


def start(session: Session) -> datetime | None:
    """When the one session of the suggestion begins."""
    found = answer(session, read_organisation(session), SuggestionRequest(), TODAY)
    (one,) = found.solution.plan.sessions or [None]
    if one is None or one.slot is None:
        return None
    return datetime.combine(one.slot.day, datetime.min.time(), UTC) + timedelta(minutes=one.slot.minute)


def keep(session: Session, actor: Actor, data: bytes) -> int:
    return away.keep_busy_times(session, actor, read_organisation(session), data)


def test_a_session_is_not_placed_where_somebody_is_busy(town: Session, olive: Actor) -> None:
    before = start(town)

    keep(town, olive, calendar(date(2026, 2, 3), date(2026, 2, 4)))

    assert (before, start(town)) == (datetime(2026, 2, 3, 9, tzinfo=UTC), datetime(2026, 2, 5, 9, tzinfo=UTC))


def test_nothing_of_the_file_is_kept_but_when(town: Session, olive: Actor) -> None:
    keep(town, olive, calendar(date(2026, 2, 3)))

    row = town.scalars(select(AwayRow)).one()
    kept = {column.key: getattr(row, column.key) for column in inspect(AwayRow).columns}
    assert kept == {
        "id": row.id,
        "person_id": olive.person_id,
        "stretches": [[29501280, 29502720]],
        "read_at": MONDAY,
        "until": date(2026, 8, 1),
        "days_off": [],
    }


def test_the_next_file_takes_the_place_of_the_last_and_can_be_removed(town: Session, olive: Actor) -> None:
    keep(town, olive, calendar(date(2026, 2, 3), date(2026, 2, 4)))
    keep(town, olive, calendar(date(2026, 2, 10)))
    replaced = away.read_own_times(town, olive)

    away.remove_busy_times(town, olive)

    assert (len(replaced.stretches), replaced.until) == (1, date(2026, 8, 1))
    assert away.read_own_times(town, olive) == away.OwnTimes()
    with pytest.raises(NotFound):
        away.remove_busy_times(town, olive)


def test_what_is_wrong_with_a_file_leaves_what_was_there(town: Session, olive: Actor) -> None:
    keep(town, olive, calendar(date(2026, 2, 3)))
    before = everything(town)

    with pytest.raises(InvalidInput, match="no whole iCalendar file"):
        keep(town, olive, calendar(date(2026, 2, 4))[:-5])

    assert everything(town) == before


def test_where_no_time_is_left_it_does_not_say_whose_it_was(town: Session, olive: Actor) -> None:
    pat = make_actor(town, "pat-partner")
    days = [TODAY + timedelta(days=n) for n in range(20)]
    sentences: list[str] = []
    for somebody in (olive, pat):
        keep(town, somebody, calendar(*days))
        found = answer(town, read_organisation(town), SuggestionRequest(), TODAY)
        sentences += found.solution.plan.unplaced.values()
        away.remove_busy_times(town, somebody)

    assert len(sentences) == 2
    assert sentences[0] == sentences[1]
    assert sentences[0].startswith("R5: ")


def test_own_days_off_are_kept_as_dates_and_taken_back_by_their_run(town: Session, olive: Actor) -> None:
    away.add_days_off(town, olive, date(2026, 2, 3), date(2026, 2, 4))
    away.add_days_off(town, olive, date(2026, 2, 5), None)
    away.add_days_off(town, olive, date(2026, 2, 9), None)
    kept, begins = away.read_own_times(town, olive).days_off, start(town)

    away.remove_days_off(town, olive, date(2026, 2, 3))

    assert kept == ((date(2026, 2, 3), date(2026, 2, 5)), (date(2026, 2, 9), date(2026, 2, 9)))
    assert begins == datetime(2026, 2, 6, 9, tzinfo=UTC)
    assert away.read_own_times(town, olive).days_off == ((date(2026, 2, 9), date(2026, 2, 9)),)
    with pytest.raises(NotFound):
        away.remove_days_off(town, olive, date(2026, 2, 3))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, "is empty"),
        (date(2026, 2, 3), date(2026, 2, 2), "the same day or later"),
        (date(2026, 2, 3), date(2028, 2, 2), "within a year"),
    ],
)
def test_days_off_that_are_none(olive: Actor, town: Session, first: date, last: date, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        away.add_days_off(town, olive, first, last)


def test_days_off_of_a_place_are_those_of_who_works_there(town: Session) -> None:
    hull = make_place(town, name="Hull", zone="Europe/London")
    change_person(town, OPERATOR, "pat-partner", PersonDraft("", "Pat Partner", place=hull), version=None)
    holidays = PlaceDraft("Hull", "Europe/London", (date(2026, 2, 3), date(2026, 2, 4), date(2027, 1, 1)))

    change_place(town, OPERATOR, "Hull", holidays, minutes_to={}, version=None)

    assert start(town) == datetime(2026, 2, 5, 9, tzinfo=UTC)


def test_who_is_removed_leaves_no_times_behind(town: Session, olive: Actor) -> None:
    pat = make_actor(town, "pat-partner")
    keep(town, olive, calendar(date(2026, 2, 3)))
    keep(town, pat, calendar(date(2026, 2, 3)))

    remove_person(town, OPERATOR, "olive-owner")
    first = [away.read_own_times(town, one) for one in (olive, pat)]
    remove_everything(town, OPERATOR)

    assert [bool(one.stretches) for one in first] == [False, True]
    assert away.read_own_times(town, pat) == away.OwnTimes()


def test_the_machine_itself_has_no_calendar(town: Session) -> None:
    with pytest.raises(NotFound):
        keep(town, OPERATOR, calendar())
    with pytest.raises(NotFound):
        away.add_days_off(town, OPERATOR, TODAY, None)
