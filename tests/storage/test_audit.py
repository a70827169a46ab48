"""History is written by the unit of work itself, so that no service can forget it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from planner.services.changes import recorded
from planner.storage.audit import UnrecordedChange
from planner.storage.models import ChangeRow, EventRow, HorizonRow, PlaceRow
from tests.factories import OPERATOR, make_place
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HULL: dict[str, Any] = {"name": "Hull", "name_folded": "hull", "zone": "Europe/London", "days_off": []}


def events(session: Session) -> list[tuple[str, str, Any, Any]]:
    """Return subject, act, before and after of everything that happened, in order."""
    rows = session.scalars(select(EventRow).order_by(EventRow.id))
    return [(row.subject, row.act, row.before, row.after) for row in rows]


def test_a_row_that_is_saved_outside_a_change_is_refused(session: Session) -> None:
    before = everything(session)
    session.add(PlaceRow(**HULL))

    with pytest.raises(UnrecordedChange, match="place changed outside a recorded change"):
        session.flush()

    assert everything(session) == before


def test_a_row_that_is_changed_or_removed_outside_a_change_is_refused(session: Session) -> None:
    make_place(session, name="Hull")
    before = everything(session)

    row = session.scalars(select(PlaceRow)).one()
    row.zone = "UTC"
    with pytest.raises(UnrecordedChange):
        session.flush()
    session.rollback()
    session.delete(session.scalars(select(PlaceRow)).one())
    with pytest.raises(UnrecordedChange):
        session.flush()

    assert everything(session) == before


def test_adding_changing_and_removing_each_leave_what_was_and_what_became(session: Session) -> None:
    row = PlaceRow(**HULL)
    with recorded(session, OPERATOR, "place:recorded", "Added"):
        session.add(row)
    with recorded(session, OPERATOR, "place:changed", "Moved"):
        row.zone = "UTC"
    with recorded(session, OPERATOR, "place:removed", "Removed"):
        session.delete(row)

    assert events(session) == [
        ("place", "created", None, {"id": 1, **HULL}),
        ("place", "updated", {"zone": "Europe/London"}, {"zone": "UTC"}),
        ("place", "removed", {"id": 1, **HULL, "zone": "UTC"}, None),
    ]


def test_what_changes_nothing_leaves_nothing(session: Session) -> None:
    make_place(session, name="Hull")
    before = everything(session)

    with recorded(session, OPERATOR, "place:changed", "Nothing new") as change:
        row = session.scalars(select(PlaceRow)).one()
        row.zone, row.name = row.zone, str(row.name)

    assert change.id is None
    assert everything(session) == before


def test_a_change_that_fails_half_way_leaves_neither_rows_nor_history(session: Session) -> None:
    before = everything(session)

    def fail_half_way() -> None:
        with recorded(session, OPERATOR, "place:recorded", "Added"):
            session.add(PlaceRow(**HULL))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert everything(session) == before


def test_a_change_knows_who_when_and_what_and_a_long_summary_is_cut(session: Session) -> None:
    with recorded(session, OPERATOR, "place:recorded", "x" * 900) as change:
        session.add(PlaceRow(**HULL))
        session.add(HorizonRow(name="Q1", name_folded="q1"))

    row = session.get_one(ChangeRow, change.id)
    assert (row.at, row.actor_id, row.actor_name, row.tag) == (
        OPERATOR.at,
        None,
        "Operator",
        "place:recorded",
    )
    assert row.summary == "x" * 500
    assert [subject for subject, *_rest in events(session)] == ["horizon", "place"]


def test_the_next_change_is_not_noted_under_the_last_one(session: Session) -> None:
    make_place(session, name="Hull")

    session.scalars(select(PlaceRow)).one().zone = "UTC"

    with pytest.raises(UnrecordedChange):
        session.flush()
