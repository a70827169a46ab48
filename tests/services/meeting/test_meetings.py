"""The meeting of a shared session: planned until somebody makes it, made once, and read as it was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from planner.domain.errors import NotAllowed, NotFound
from planner.domain.meeting.learned import Sort
from planner.domain.meeting.model import AgendaItem, ItemId, Meeting, MeetingId
from planner.services import changes
from planner.services.meeting.meetings import make_meeting, read_meeting
from planner.storage.models import AgendaItemRow, ChangeRow, MeetingRow
from tests.factories import OPERATOR, make_actor, make_cast, make_shared

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BOTH_WAYS: dict[str, Any] = {"minutes": 15, "sort": Sort.RECIPROCAL, "usual": 15}
PLANNED = Meeting(
    id=MeetingId(0),
    session_id=1,
    facilitator="olive-owner",
    invited=frozenset({"olive-owner", "pat-partner"}),
    items=(
        AgendaItem(ItemId(0), 1, "Settlement file", "payments-partner-api-settlement-file", **BOTH_WAYS),
        AgendaItem(ItemId(0), 2, "Refunds", "partner-api-payments-refunds", **BOTH_WAYS),
    ),
)


@pytest.fixture
def agreed(session: Session) -> int:
    """The number of a session that is agreed between Olive and Pat, about two dependencies."""
    make_cast(session)
    make_shared(session)
    return 1


def test_a_meeting_that_nobody_made_is_what_its_session_plans(session: Session, agreed: int) -> None:
    assert read_meeting(session, agreed) == PLANNED
    assert session.scalar(select(func.count()).select_from(MeetingRow)) == 0


def test_a_meeting_is_made_of_the_agenda_of_its_session(session: Session, agreed: int) -> None:
    make_meeting(session, make_actor(session, "pat-partner"), agreed, key=None)

    made = replace(
        PLANNED,
        id=MeetingId(1),
        items=tuple(replace(item, id=ItemId(n)) for n, item in enumerate(PLANNED.items, 1)),
    )
    assert read_meeting(session, agreed) == made


def test_a_meeting_is_made_once(session: Session, agreed: int) -> None:
    first = make_meeting(session, OPERATOR, agreed, key="form")

    again = [make_meeting(session, OPERATOR, agreed, key=key).id for key in ("form", "other", None)]

    assert (first.id is not None, again) == (True, [first.id, None, None])
    assert session.scalar(select(func.count()).select_from(AgendaItemRow)) == 2


def test_who_is_not_invited_makes_no_meeting(session: Session, agreed: int) -> None:
    before = session.scalar(select(func.max(ChangeRow.id)))

    with pytest.raises(NotAllowed, match="invited to this session"):
        make_meeting(session, make_actor(session, "otto-outsider"), agreed, key=None)

    assert session.scalar(select(func.max(ChangeRow.id))) == before


def test_making_a_meeting_can_be_taken_back(session: Session, agreed: int) -> None:
    change = make_meeting(session, OPERATOR, agreed, key=None)
    assert change.id is not None

    changes.undo(session, OPERATOR, change.id)

    assert read_meeting(session, agreed) == PLANNED


def test_a_session_that_is_not_there_has_no_meeting(session: Session) -> None:
    with pytest.raises(NotFound):
        read_meeting(session, 9)
