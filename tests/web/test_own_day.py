"""Today is the day of whoever reads: west and east of UTC, around midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.domain.model import Organisation, WorkingHours
from planner.domain.transfer import PersonDraft
from planner.services.organisation import read_organisation
from planner.services.people import change_person
from planner.storage.models import PromiseRow
from tests.conftest import settings_for
from tests.factories import OPERATOR, make_cast, make_dependency, make_place, make_session
from tests.support.application import running
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

WEST, EAST = "America/Los_Angeles", "Pacific/Auckland"
EVENING = datetime(2026, 2, 3, 0, 30, tzinfo=UTC)
"""Monday in the west, where it is half past four; Tuesday elsewhere."""
NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
"""Monday at noon, and Tuesday in the east, where it is one in the morning."""
DAYS = [
    (WEST, EVENING, "Mon 2 Feb"),
    ("UTC", EVENING, "Tue 3 Feb"),
    ("UTC", NOON, "Mon 2 Feb"),
    (EAST, NOON, "Tue 3 Feb"),
]


class Clock:
    """A clock that a test sets."""

    time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    with running(replace(settings_for(database_url, tmp_path), clock=clock)) as app:
        yield app


@pytest.fixture
def town(session: Session) -> Session:
    """Payments needs a file from Partner API by Monday, 2 February."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, needed_by=date(2026, 2, 2))
    session.rollback()
    return session


def olive(app: Flask, session: Session, zone: str) -> Browser:
    """Olive, who works by this clock."""
    draft = PersonDraft("", "Olive Owner", hours=WorkingHours(zone))
    change_person(session, OPERATOR, "olive-owner", draft, version=None)
    session.rollback()
    browser = Browser(app)
    browser.sign_in("olive-owner")
    return browser


@pytest.mark.parametrize(("zone", "moment", "day"), DAYS)
def test_the_week_is_of_ones_own_day(
    app: Flask, town: Session, clock: Clock, zone: str, moment: datetime, day: str
) -> None:
    clock.time = moment

    assert olive(app, town, zone).open("/").words(f'.//{HTML}p[@class="crumb"]') == day


@pytest.mark.parametrize(("zone", "moment", "day"), DAYS)
def test_what_is_due_today_is_late_from_tomorrow_on(
    app: Flask, town: Session, clock: Clock, zone: str, moment: datetime, day: str
) -> None:
    clock.time = moment
    browser = olive(app, town, zone)

    shown = browser.open("/dependencies/1").words(f".//{HTML}main")
    listed = browser.fragment("/dependencies?only=late", "dependency-list").text

    is_late = day != "Mon 2 Feb"
    assert ("▲ Late" in shown, "Settlement file" in listed) == (is_late, is_late)


@pytest.mark.parametrize(("zone", "moment", "day"), DAYS)
def test_what_one_promises_for_tomorrow_is_for_ones_own(
    app: Flask, town: Session, clock: Clock, zone: str, moment: datetime, day: str
) -> None:
    clock.time = moment
    make_session(town, "payments", attendees=("olive-owner", "pat-partner"))
    browser = olive(app, town, zone)

    browser.send("/promises", {"line": "Draft by tomorrow", "witnesses": "pat-partner"})

    tomorrow = date(2026, 2, 3) if day == "Mon 2 Feb" else date(2026, 2, 4)
    assert town.scalars(select(PromiseRow.due_on)).all() == [tomorrow]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("zone", "day"), [(None, "Mon 2 Feb"), ("UTC", "Mon 2 Feb"), (EAST, "Tue 3 Feb")])
def test_a_visitor_sees_the_day_of_the_place(
    app: Flask, session: Session, zone: str | None, day: str
) -> None:
    if zone is not None:
        make_place(session, zone=zone)
        session.rollback()

    assert Browser(app).open("/").words(f'.//{HTML}p[@class="crumb"]').endswith(day)


def test_a_plan_is_of_one_day_whoever_reads(town: Session) -> None:
    make_place(town, name="Quay", zone=EAST)
    make_place(town, name="Pier", zone=EAST)
    make_place(town, name="Dock", zone=WEST)

    found = read_organisation(town)

    assert (found.zone, found.day_of(NOON), Organisation().day_of(NOON)) == (
        EAST,
        date(2026, 2, 3),
        date(2026, 2, 2),
    )


def test_when_something_was_said_is_told_by_ones_own_day(app: Flask, town: Session, clock: Clock) -> None:
    clock.time = EVENING
    browser = olive(app, town, WEST)

    page = browser.open("/dependencies/1/message")
    said = browser.submit(page, "Send", text="By file or by call?")

    assert "Mon 2 Feb" in said.words(f'.//{HTML}ol[@class="thread"]')
