"""An act is of the day of whoever does it; what they share ends with that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.model import WorkingHours
from planner.domain.transfer import PersonDraft
from planner.services import shares
from planner.services.people import change_person
from tests.factories import OPERATOR, make_actor, make_cast

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

WEST, EAST = "America/Los_Angeles", "Pacific/Auckland"
MOMENTS = [
    (WEST, datetime(2026, 2, 3, 0, 30, tzinfo=UTC), date(2026, 2, 2), datetime(2026, 2, 3, 8, tzinfo=UTC)),
    (EAST, datetime(2026, 2, 2, 12, 0, tzinfo=UTC), date(2026, 2, 3), datetime(2026, 2, 3, 11, tzinfo=UTC)),
]
"""A zone, a moment in it, the day that it is there, and when that day ends."""


def olive(session: Session, zone: str, at: datetime) -> Actor:
    make_cast(session)
    draft = PersonDraft("", "Olive Owner", hours=WorkingHours(zone))
    change_person(session, OPERATOR, "olive-owner", draft, version=None)
    return replace(make_actor(session, "olive-owner"), at=at)


@pytest.mark.parametrize(("zone", "moment", "today", "ends"), MOMENTS)
def test_a_link_works_to_the_end_of_the_day_of_whoever_shared_it(
    session: Session, zone: str, moment: datetime, today: date, ends: datetime
) -> None:
    actor = olive(session, zone, moment)

    token = shares.share(session, actor, shares.Shown({}), until=today)

    works = [
        [one.last_moment for one in shares.read_shares(session, replace(actor, at=at))]
        for at in (ends - timedelta(seconds=1), ends)
    ]
    assert token
    assert actor.today == today
    assert [[actor.day_of(last) for last in found] for found in works] == [[today], []]


@pytest.mark.parametrize(("zone", "moment", "today", "ends"), MOMENTS)
def test_yesterday_is_over_where_one_is(
    session: Session, zone: str, moment: datetime, today: date, ends: datetime
) -> None:
    actor = olive(session, zone, moment)

    with pytest.raises(InvalidInput, match="must be today or later"):
        shares.share(session, actor, shares.Shown({}), until=today - timedelta(days=1))

    assert ends > moment
